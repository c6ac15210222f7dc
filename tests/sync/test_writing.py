"""What is sent, and what is made of each answer: on a state in memory, with systems that answer what they are told."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bothways.errors import Stopped
from bothways.mapping import Mapping
from bothways.sync.connectors import (
    Abilities,
    Done,
    Gone,
    Kind,
    Outcome,
    Partly,
    Refused,
    Stale,
    Unknown,
    Write,
)
from bothways.sync.model import Ref, Trouble
from bothways.sync.observe import gone
from bothways.sync.shape import Shape
from bothways.sync.writing import bring
from tests.sync.pair import (
    COUNT,
    LEFT,
    NAME,
    NOON,
    RIGHT,
    TEXT,
    alone,
    at,
    edited,
    linked,
    pair,
    record,
    seen,
    with_a_part,
)
from tests.sync.under_way import NewWorld, UnderWay, brought, intended, pending, settled

# -- outcomes


def test_a_creation_that_was_done_is_linked_with_its_source(new_world: NewWorld) -> None:
    world = new_world()
    number = pending(world, world.keep(alone(world.cycle.shape, name="Cup", count=1)))
    shown = record(RIGHT, 1, title="Cup", stock=1)
    [write] = brought(world, number, answers=(Done(shown),))
    assert (write.kind, write.body) == (Kind.CREATE, {"title": "Cup", "stock": 1})
    assert world.refs(number) == [LEFT, RIGHT]
    assert world.member(RIGHT).slots["title"].of == world.entity(number).versions[NAME].number
    assert (world.cycle.report.created, world.cycle.report.written) == (1, {RIGHT})
    assert (world.store.pending(NOON), world.store.intents()) == ([], [])


def test_the_key_of_a_creation_follows_from_its_source_and_that_of_a_change_from_nothing(
    new_world: NewWorld,
) -> None:
    keys = []
    for _ in range(2):
        world = new_world()
        [made] = brought(world, world.keep(alone(world.cycle.shape, name="Cup", count=1)))
        [changed] = brought(world, world.keep(edited(world.cycle.shape)))
        [again] = brought(world, world.keep(edited(world.cycle.shape)))
        assert changed.key != again.key
        assert len(made.key) == len(changed.key) == 40
        keys.append(made.key)
    assert keys[0] == keys[1]
    other = new_world()
    [made] = brought(
        other, other.keep(alone(other.cycle.shape, Ref("left", "Thing", "l2"), name="Cup", count=1))
    )
    assert made.key != keys[0]


def test_what_is_refused_is_filed_and_stops_only_itself(new_world: NewWorld) -> None:
    world = new_world()
    one, other = (world.keep(edited(world.cycle.shape)) for _ in range(2))
    shown = record(RIGHT, 6, title="Mug", stock=10)
    sent = brought(world, one, other, answers=(Refused("too long"), Done(shown)))
    assert len(sent) == 2
    assert world.entity(one).troubles == {"right Item r1": Trouble("too long", 1, at(1))}
    assert world.entity(other).troubles == {}
    assert world.cycle.report.written == {RIGHT}
    assert world.cycle.report.created == 0
    assert world.store.intents() == []


def test_a_write_without_an_answer_stays_an_intent_and_is_asked_for_with_growing_pauses(
    new_world: NewWorld,
) -> None:
    world = new_world()
    number = pending(world, world.keep(edited(world.cycle.shape)))
    brought(world, number, answers=(Unknown("no answer"),))
    [intent] = world.store.intents()
    assert (intent.tries, intent.due, intent.entity) == (1, NOON, number)
    assert world.store.pending(NOON) == [number]
    assert brought(world, number) == []
    world.right.able = Abilities(keys_kept=timedelta(hours=1))
    world.right.records[RIGHT.id] = record(RIGHT, 6, title="Cup", stock=10)
    intended(world, number, Write(Kind.ADJUST, "Item", key="k", id="r1", body={"stock": 1}))
    for tries, due in ((1, NOON), (2, at(1)), (3, at(3))):
        settled(world, Unknown("no answer"))
        [left] = world.store.intents()
        assert (left.tries, left.due) == (tries, due)
        world.clock.time = due


def test_what_changed_under_a_write_is_read_and_planned_again_three_times(new_world: NewWorld) -> None:
    world = new_world()
    number = world.keep(edited(world.cycle.shape))
    world.right.records[RIGHT.id] = record(RIGHT, 6, title="Cup", stock=10)
    sent = brought(world, number, answers=(Stale(),) * 9)
    assert len(sent) == 3
    assert [write.version for write in sent] == ["0", "6", "6"]
    assert world.right.asked == [("Item", ["r1"])] * 3
    assert world.entity(number).troubles["right Item r1"].reason == "it changed under each of 3 writes"
    assert world.entity(number).troubles["right Item r1"].tries == 1


def test_a_change_that_was_done_the_second_time_is_no_trouble(new_world: NewWorld) -> None:
    world = new_world()
    number = world.keep(edited(world.cycle.shape))
    world.right.records[RIGHT.id] = record(RIGHT, 6, title="Cup", stock=10)
    shown = record(RIGHT, 7, title="Mug", stock=10)
    assert len(brought(world, number, answers=(Stale(), Stale(), Done(shown)))) == 3
    assert world.entity(number).troubles == {}
    assert world.cycle.report.written == {RIGHT}


def test_a_record_that_turns_out_to_be_gone_is_gone(new_world: NewWorld) -> None:
    world = new_world()
    number = world.keep(edited(world.cycle.shape))
    brought(world, number, answers=(Gone(),))
    assert world.member(RIGHT).gone_at == NOON
    assert world.cycle.report.written == set()


def test_of_an_update_that_was_done_in_part_the_rest_is_tried_again_or_filed(new_world: NewWorld) -> None:
    note = {"name": "note", "type": "string", "source": "note", "target": "note"}
    shape = pair(TEXT, note)
    start = seen(shape, linked(shape, name="Cup", note="a"), LEFT, 5, name="Mug", note="b")
    shown = record(RIGHT, 6, title="Mug", note="a")
    done = Done(record(RIGHT, 7, title="Mug", note="b"))
    world = new_world(shape)
    number = world.keep(start)
    sent = brought(world, number, answers=(Partly(shown, frozenset({"title"})), done))
    assert [write.body for write in sent] == [{"title": "Mug", "note": "b"}, {"note": "b"}]
    assert world.entity(number).troubles == {}
    world = new_world(shape)
    number = world.keep(start)
    assert len(brought(world, number, answers=(Partly(shown, frozenset({"title"}), "no notes"),))) == 1
    assert world.entity(number).troubles["right Item r1"].reason == "no notes"
    assert world.member(RIGHT).slots["title"].of == world.entity(number).versions[NAME].number
    assert world.member(RIGHT).slots["note"].of != world.entity(number).versions["left.Thing.note"].number


def test_an_adjustment_is_owed_no_more_once_it_was_done(new_world: NewWorld) -> None:
    world = new_world()
    number = world.keep(edited(world.cycle.shape, name="Cup", count=7))
    [write] = brought(world, number, answers=(Done(record(RIGHT, 6, title="Cup", stock=7)),))
    assert (write.kind, write.body) == (Kind.ADJUST, {"stock": -3})
    assert world.member(RIGHT).slots["stock"].value == 7
    assert world.entity(number).versions[COUNT].value == 7
    assert brought(world, number) == []


def test_a_deletion_that_crossed_bears_the_time_of_the_one_that_it_follows(new_world: NewWorld) -> None:
    world = new_world(pair(TEXT, policies={"deletes": "propagate"}))
    number = world.keep(gone(linked(world.cycle.shape, name="Cup"), LEFT, at(5)))
    world.clock.time = at(9)
    [write] = brought(world, number, answers=(Done(),))
    assert (write.kind, write.id) == (Kind.DELETE, RIGHT.id)
    assert world.member(RIGHT).gone_at == at(5)


def test_an_update_whose_answer_shows_nothing_is_read_and_not_sent_again(new_world: NewWorld) -> None:
    world = new_world()
    number = world.keep(edited(world.cycle.shape))
    world.right.records[RIGHT.id] = record(RIGHT, 6, title="Mug", stock=10)
    assert len(brought(world, number, answers=[Done()] * 5)) == 1
    assert world.member(RIGHT).slots["title"].value == "Mug"


def test_an_update_that_neither_answer_nor_record_shows_is_given_up_for_now(new_world: NewWorld) -> None:
    world = new_world()
    number = world.keep(edited(world.cycle.shape))
    world.right.records[RIGHT.id] = record(RIGHT, 1, title="Cup", stock=10)
    assert len(brought(world, number, answers=[Done()] * 5)) == 3
    assert "right Item r1" in world.entity(number).troubles


def test_a_creation_whose_answer_shows_nothing_is_without_an_outcome(new_world: NewWorld) -> None:
    world = new_world()
    number = world.keep(alone(world.cycle.shape, name="Cup", count=1))
    assert len(brought(world, number, answers=[Done()] * 5)) == 1
    assert [intent.entity for intent in world.store.intents()] == [number]


def test_a_record_that_a_deletion_without_an_outcome_has_left_nothing_of_is_gone(new_world: NewWorld) -> None:
    world = new_world()
    number = world.keep(edited(world.cycle.shape))
    intended(world, number, Write(Kind.DELETE, "Item", key="k", id="r1"))
    before = world.entity(number)
    settled(world)
    assert not world.member(RIGHT).live
    assert world.entity(number).versions == before.versions


# -- before anything is sent


def test_an_api_that_checks_no_version_is_read_just_before_each_write(new_world: NewWorld) -> None:
    world = new_world()
    world.right.able = Abilities(versions=False)
    number = world.keep(edited(world.cycle.shape))
    world.right.records[RIGHT.id] = record(RIGHT, 6, title="Cup", stock=10)
    [write] = brought(world, number, answers=(Done(record(RIGHT, 7, title="Mug", stock=10)),))
    assert world.right.asked == [("Item", ["r1"])]
    assert write.version == "6"
    seen_late = world.keep(edited(world.cycle.shape))
    world.right.records[RIGHT.id] = record(RIGHT, 9, title="Jug", stock=10)
    assert brought(world, seen_late) == []


def test_an_adjustment_needs_no_look_before(new_world: NewWorld) -> None:
    world = new_world()
    world.right.able = Abilities(versions=False)
    number = world.keep(edited(world.cycle.shape, name="Cup", count=7))
    brought(world, number, answers=(Done(record(RIGHT, 6, title="Cup", stock=7)),))
    assert world.right.asked == []


@pytest.mark.parametrize(("allowance", "sent", "held"), [(None, 2, 0), (2, 2, 0), (1, 0, 2)])
def test_what_would_pass_the_limit_is_held_back_and_stays_pending(
    new_world: NewWorld, allowance: int | None, sent: int, held: int
) -> None:
    world = new_world()
    numbers = [pending(world, world.keep(edited(world.cycle.shape))) for _ in range(2)]
    world.cycle.allowance = allowance
    assert len(brought(world, *numbers, answers=(Gone(), Gone()))) == sent
    assert world.cycle.report.held == held
    assert world.store.pending(NOON) == ([] if sent else numbers)


def test_what_follows_from_others_counts_with_what_was_written_before(new_world: NewWorld) -> None:
    world = new_world()
    world.cycle.allowance = 3
    world.cycle.report.written = {LEFT, RIGHT, Ref("right", "Item", "r9")}
    number = pending(world, world.keep(edited(world.cycle.shape)))
    assert brought(world, number) == []
    assert world.cycle.report.held == 4


def test_what_appears_with_another_is_linked_once_it_is_there(new_world: NewWorld) -> None:
    world = new_world(with_a_part(TEXT | {"target": "label"}))
    number = world.keep(linked(world.cycle.shape, name="Cup"))
    part = Ref("right", "Part", RIGHT.id)
    assert brought(world, number) == []
    assert world.entity(number).troubles["right.Part"].reason == "right Part r1 hasn't appeared"
    world.another()
    world.right.records[part.id] = record(part, 5, label="Cup")
    world.clock.time = at(2)
    assert brought(world, number) == []
    assert world.refs(number) == [LEFT, RIGHT, part]
    assert world.entity(number).troubles == {}


def test_what_appears_and_was_seen_alone_before_joins_with_its_company(new_world: NewWorld) -> None:
    world = new_world(with_a_part(TEXT | {"target": "label"}))
    number = world.keep(linked(world.cycle.shape, name="Cup"))
    part, twin = Ref("right", "Part", RIGHT.id), Ref("right", "Part", "r7")
    early = world.see(part, label="Cup")
    world.see(twin, into=early, label="Cup")
    world.right.records[part.id] = record(part, 5, label="Cup")
    assert brought(world, number) == []
    assert world.refs(number) == [LEFT, RIGHT, part, twin]
    assert world.store.everything() == [number]


def test_sides_are_written_in_the_order_of_references(new_world: NewWorld) -> None:
    raw = with_a_part(TEXT | {"target": "label"}, appears_with=None).mapping.model_dump(
        mode="json", by_alias=True
    )
    raw["systems"]["left"]["datatypes"]["Box"] = {}
    raw["flows"][1]["source"] = {"system": "left", "datatype": "Box"}
    world = new_world(Shape(Mapping.model_validate(raw)))
    box = world.keep(alone(world.cycle.shape, Ref("left", "Box", "b1"), name="New"))
    thing = world.keep(alone(world.cycle.shape, name="Cup"))
    sent = brought(world, box, thing, answers=(Refused("no"), Refused("no")))
    assert [write.datatype for write in sent] == ["Item", "Part"]


@pytest.mark.parametrize(("most", "shape_of"), [(1, ["", "", ""]), (2, ["a", "a", ""]), (5, ["a", "a", "a"])])
def test_creations_that_a_key_would_find_again_travel_together(
    new_world: NewWorld, most: int, shape_of: list[str]
) -> None:
    code = {"name": "code", "type": "string", "source": "code", "target": "ean"}
    world = new_world(pair(code, flow={"criteria": [{"source": "code", "target": "ean"}]}))
    world.right.able = Abilities(batch=most)
    numbers = [
        world.keep(alone(world.cycle.shape, Ref("left", "Thing", f"l{n}"), code=code))
        for n, code in enumerate(("a", "b", "c", ""))
    ]
    sent = brought(world, *numbers, answers=(Refused("no"),) * 4)
    batches = [write.batch for write in sent]
    assert batches[3] == ""
    names = {batch: "a" if batch else "" for batch in batches}
    assert [names[batch] for batch in batches[:3]] == shape_of
    assert len(set(batches) - {""}) == (1 if most > 1 else 0)


def test_stopped_before_anything_was_sent_nothing_is_left_to_find_out(
    new_world: NewWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    for asked in (0, 1):
        world = new_world()
        number = world.keep(edited(world.cycle.shape))

        async def stop(_: object, world: UnderWay = world, asked: int = asked) -> list[Outcome]:
            world.right.asked += [("Item", "x")] * asked
            raise Stopped("stopped")

        monkeypatch.setattr(world.right, "write", stop)
        with pytest.raises(Stopped):
            asyncio.run(bring(world.cycle, [number]))
        assert len(world.store.intents()) == asked

"""What became of a write that was never answered is found out (S24): on a state in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bothways.sync.connectors import (
    Abilities,
    Done,
    Kind,
    Record,
    Refused,
    Unknown,
    Write,
)
from bothways.sync.merging import found
from bothways.sync.model import Ref
from tests.sync.pair import (
    LEFT,
    NAME,
    NOON,
    RIGHT,
    STOCK,
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
from tests.sync.under_way import NewWorld, intended, settled


def update(**body: Any) -> Write:
    return Write(Kind.UPDATE, "Item", key="k", id="r1", body=body)


def test_within_its_time_a_key_is_asked_again_and_nothing_else_is(new_world: NewWorld) -> None:
    world = new_world()
    world.right.able = Abilities(keys_kept=timedelta(hours=1))
    number = world.keep(edited(world.cycle.shape, name="Cup", count=7))
    write = Write(Kind.ADJUST, "Item", key="k", id="r1", body={"stock": -3})
    intended(world, number, write)
    world.clock.time = at(59)
    settled(world, Done(record(RIGHT, 6, title="Cup", stock=7)))
    assert world.right.sent == [[write]]
    assert (world.right.asked, world.store.intents()) == ([], [])
    assert world.member(RIGHT).slots["stock"].value == 7


@pytest.mark.parametrize("kept", [timedelta(hours=1), None])
def test_once_its_key_is_forgotten_an_adjustment_is_taken_for_what_is_shown(
    new_world: NewWorld, kept: timedelta | None
) -> None:
    world = new_world()
    world.right.able = Abilities(keys_kept=kept)
    number = world.keep(edited(world.cycle.shape, name="Cup", count=7))
    intended(world, number, Write(Kind.ADJUST, "Item", key="k", id="r1", body={"stock": -3}))
    world.clock.time = at(60)
    world.right.records[RIGHT.id] = record(RIGHT, 6, title="Cup", stock=8)
    settled(world)
    assert world.right.sent == []
    assert world.member(RIGHT).slots["stock"].value == 8
    reason = "an adjustment's outcome will never be known: the counter may be off by it"
    assert world.entity(number).troubles["right Item r1 stock exactness"].reason == reason


def test_a_creation_without_a_key_is_looked_for(new_world: NewWorld) -> None:
    world = new_world()
    number = world.keep(alone(world.cycle.shape, name="Cup", count=1))
    write = Write(Kind.CREATE, "Item", key="k", body={"title": "Cup", "stock": 1})
    intended(world, number, write, when=at(-5))
    settled(world)
    assert world.right.asked == [("Item", (write.body, at(-5)))]
    assert (world.refs(number), world.store.intents()) == ([LEFT], [])
    intended(world, number, write, {"title": 1, "stock": 2})
    world.right.made = record(RIGHT, 1, title="Cup", stock=1)
    settled(world)
    assert world.refs(number) == [LEFT, RIGHT]
    assert (world.cycle.report.created, world.cycle.report.written) == (1, {RIGHT})
    assert world.store.pending(NOON) == [number]


def test_what_a_created_record_that_was_found_shows_otherwise_than_it_was_sent_is_an_edit(
    new_world: NewWorld,
) -> None:
    shape = pair(
        TEXT, TEXT | {"name": "note", "source": "note", "target": "note"}, STOCK | {"target": "stock"}
    )
    world = new_world(shape)
    number = world.keep(found(shape, alone(shape, name="Cup", note="a", count=5)))
    versions = world.entity(number).versions
    sent = {
        "title": versions[NAME].number,
        "note": versions["left.Thing.note"].number,
        "stock": versions["left.Thing.count"].number,
    }
    write = Write(
        Kind.CREATE, "Item", key="k", body={"title": "Cup", "note": "a", "stock": 5, "kind": "thing"}
    )
    intended(world, number, write, sent)
    world.right.made = record(RIGHT, -1, title="Mug", note="a", stock=3)
    settled(world)
    after = world.entity(number).versions
    assert {name: version.value for name, version in after.items()} == {
        NAME: "Mug",
        "left.Thing.note": "a",
        "left.Thing.count": 3,
    }
    assert (after[NAME].edit.origin, after[NAME].edit.why) == (
        RIGHT,
        "made where the other was already shown",
    )
    assert world.member(RIGHT).slots["note"].of == sent["note"]
    assert (world.cycle.report.created, world.cycle.report.written) == (1, {RIGHT})


@pytest.mark.parametrize("kept", [timedelta(hours=1), None])
def test_a_creation_is_not_asked_about_once_its_entity_has_met_a_record_there(
    new_world: NewWorld, kept: timedelta | None
) -> None:
    world = new_world()
    world.right.able = Abilities(keys_kept=kept)
    number = world.keep(linked(world.cycle.shape, name="Cup", count=1))
    write = Write(Kind.CREATE, "Item", key="k", body={"title": "Cup"})
    intended(world, number, write)
    settled(world)
    assert (world.right.sent, world.right.asked, world.store.intents()) == ([], [], [])
    assert world.refs(number) == [LEFT, RIGHT]
    world.lose(number, RIGHT)
    intended(world, number, write)
    settled(world)
    assert (len(world.right.sent), len(world.right.asked)) == ((0, 1) if kept is None else (1, 0))


@pytest.mark.parametrize(
    ("shown", "numbers"),
    [
        ({"title": "Mug", "note": "b"}, {"title": True, "note": True}),
        ({"title": "Mug", "note": "a"}, {"title": True, "note": False}),
        ({"title": "Cup", "note": "a"}, {"title": False, "note": False}),
    ],
)
def test_an_update_was_done_as_far_as_the_record_shows_it(
    new_world: NewWorld, shown: dict[str, str], numbers: dict[str, bool]
) -> None:
    shape = pair(TEXT, TEXT | {"name": "note", "source": "note", "target": "note"})
    world = new_world(shape)
    number = world.keep(seen(shape, linked(shape, name="Cup", note="a"), LEFT, 5, name="Mug", note="b"))
    versions = world.entity(number).versions
    sent = {"title": versions[NAME].number, "note": versions["left.Thing.note"].number}
    intended(world, number, update(title="Mug", note="b"), sent)
    world.right.records[RIGHT.id] = record(RIGHT, 6, **shown)
    settled(world)
    assert world.right.asked == [("Item", ["r1"])] * (
        1 if any(numbers.values()) else 2
    )  # anew, to plan again
    slots = world.member(RIGHT).slots
    assert {path: slots[path].of == sent[path] for path in sent} == numbers
    assert world.store.intents() == []
    assert (RIGHT in world.cycle.report.written) is all(numbers.values())


def test_a_deletion_was_done_if_the_record_is_gone_else_it_is_planned_again(new_world: NewWorld) -> None:
    for there in (False, True):
        world = new_world()
        number = world.keep(linked(world.cycle.shape, name="Cup", count=1))
        intended(world, number, Write(Kind.DELETE, "Item", key="k", id="r1"))
        if there:
            world.right.records[RIGHT.id] = record(RIGHT, 0, title="Cup", stock=1)
        settled(world)
        assert world.member(RIGHT).gone_at == (None if there else NOON)
        assert world.right.asked == [("Item", ["r1"])] * (2 if there else 1)
        assert (RIGHT in world.cycle.report.written) is not there


def test_what_was_updated_and_is_gone_is_gone(new_world: NewWorld) -> None:
    world = new_world()
    number = world.keep(edited(world.cycle.shape))
    intended(world, number, update(title="Mug"))
    settled(world)
    assert world.member(RIGHT).gone_at == NOON
    assert world.cycle.report.written == set()


def test_what_is_not_due_is_not_asked(new_world: NewWorld) -> None:
    world = new_world()
    number = world.keep(edited(world.cycle.shape))
    intended(world, number, update(title="Mug"))
    with world.store.transaction():
        world.store.postpone(world.store.intents()[0], at(5))
    settled(world)
    assert (world.right.asked, len(world.store.intents())) == ([], 1)
    world.clock.time = at(5)
    settled(world)
    assert world.store.intents() == []


def test_of_a_side_that_is_not_shared_what_would_be_written_again_is_not_asked(new_world: NewWorld) -> None:
    world = new_world(pair(right={"share": False}))
    world.right.able = Abilities(keys_kept=timedelta(hours=1))
    number = world.keep(alone(world.cycle.shape, name="Cup", count=1))
    intended(world, number, Write(Kind.CREATE, "Item", key="k", body={"title": "Cup", "stock": 1}))
    settled(world)
    assert (world.right.sent, len(world.store.intents())) == ([], 1)
    world.another(pair())
    settled(world)
    assert len(world.right.sent) == 1


def test_of_a_side_that_is_not_shared_what_is_known_by_reading_is_asked(new_world: NewWorld) -> None:
    world = new_world(pair(right={"share": False}))
    number = world.keep(edited(world.cycle.shape))
    intended(world, number, update(title="Mug"))
    world.right.records[RIGHT.id] = record(RIGHT, 6, title="Mug", stock=10)
    settled(world)
    assert (world.right.sent, world.store.intents()) == ([], [])
    assert world.member(RIGHT).slots["title"].value == "Mug"


def test_an_adjustment_of_a_path_that_the_mapping_has_lost_is_not_asked(new_world: NewWorld) -> None:
    world = new_world(pair(TEXT))
    number = world.keep(linked(world.cycle.shape, name="Cup"))
    intended(world, number, Write(Kind.ADJUST, "Item", key="k", id="r1", body={"stock": -3}))
    settled(world)
    assert (world.right.asked, len(world.store.intents())) == ([], 1)


def test_an_update_of_a_path_that_the_mapping_has_lost_is_asked_for_all_the_same(new_world: NewWorld) -> None:
    world = new_world(pair(TEXT))
    number = world.keep(linked(world.cycle.shape, name="Cup"))
    intended(world, number, update(note="b"))
    world.right.records[RIGHT.id] = record(RIGHT, 6, title="Cup", note="b")
    settled(world)
    assert (world.right.asked, world.store.intents()) == ([("Item", ["r1"])], [])


def test_a_batch_is_asked_for_once_all_of_it_is_due(new_world: NewWorld) -> None:
    world = new_world()
    world.right.able = Abilities(keys_kept=timedelta(hours=1))
    for id in ("l1", "l2"):
        thing = alone(world.cycle.shape, Ref("left", "Thing", id), name="Cup", count=1)
        intended(world, world.keep(thing), Write(Kind.CREATE, "Item", key=id, batch="b"))
    with world.store.transaction():
        world.store.postpone(world.store.intents()[1], at(5))
    settled(world)
    assert world.right.sent == []
    world.clock.time = at(5)
    settled(world)
    assert [[write.key for write in some] for some in world.right.sent] == [["l1", "l2"]]


@pytest.mark.parametrize("kind", [Kind.UPDATE, Kind.DELETE])
def test_what_can_be_seen_is_looked_for_though_the_api_keeps_keys(new_world: NewWorld, kind: Kind) -> None:
    world = new_world()
    world.right.able = Abilities(keys_kept=timedelta(hours=1))
    intended(world, world.keep(edited(world.cycle.shape)), Write(kind, "Item", key="k", id="r1"))
    settled(world)
    assert (world.right.sent, world.right.asked) == ([], [("Item", ["r1"])])


def test_creations_of_one_batch_are_asked_for_together_and_all_else_alone(new_world: NewWorld) -> None:
    world = new_world()
    world.right.able = Abilities(keys_kept=timedelta(hours=1))
    things = [alone(world.cycle.shape, Ref("left", "Thing", f"l{n}"), name="Cup", count=1) for n in range(3)]
    numbers = [world.keep(thing) for thing in things]
    for number, batch in zip(numbers, ("b", "", "b"), strict=True):
        intended(world, number, Write(Kind.CREATE, "Item", key=f"k{number}", batch=batch))
    settled(world, Refused("no"), Refused("no"), Refused("no"))
    assert [[write.key for write in some] for some in world.right.sent] == [["k1", "k3"], ["k2"]]


@pytest.mark.parametrize("unknown", [Unknown("no answer"), Done()])
def test_what_is_unknown_of_a_batch_holds_back_nothing_else(
    new_world: NewWorld, unknown: Done | Unknown
) -> None:
    world = new_world()
    world.right.able = Abilities(keys_kept=timedelta(hours=1))
    things = [alone(world.cycle.shape, Ref("left", "Thing", f"l{n}"), name="Cup", count=1) for n in range(2)]
    numbers = [world.keep(thing) for thing in things]
    for number in numbers:
        intended(world, number, Write(Kind.CREATE, "Item", key=f"k{number}", batch="b"))
    settled(world, unknown, Done(record(RIGHT, 1, title="Cup", stock=1)))
    assert [intent.entity for intent in world.store.intents()] == numbers[:1]
    assert world.refs(numbers[1])[-1] == RIGHT


def test_records_that_one_answer_after_another_makes_find_the_entity_they_belong_to(
    new_world: NewWorld,
) -> None:
    world = new_world(with_a_part(TEXT | {"target": "label"}, appears_with=None))
    shape = world.cycle.shape
    number = world.keep(alone(shape, name="Cup"))
    early = world.see(RIGHT, title="Cup")
    shown: Record = record(RIGHT, 1, title="Cup")
    intended(world, number, Write(Kind.CREATE, "Item", key="k", body={"title": "Cup"}), {"title": 1})
    world.right.made = shown
    settled(world)
    assert world.refs(number) == [LEFT, RIGHT]
    assert world.store.everything() == [number]
    assert early not in world.store.entities([early])
    assert replace(world.member(RIGHT), slots={}).version == "1"

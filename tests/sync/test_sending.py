"""What goes out together, in which order and by which key, and what is planned anew in between."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import replace

import pytest

from bothways.mapping import Mapping
from bothways.sync.connectors import (
    Abilities,
    Done,
    Kind,
    Outcome,
    Page,
    Partly,
    Record,
    Refused,
    Stale,
    Unknown,
    Write,
)
from bothways.sync.looking import look
from bothways.sync.model import Entity, Ref
from bothways.sync.observe import gone
from bothways.sync.shape import Shape
from tests.sync.pair import (
    LEFT,
    NAME,
    NOON,
    PART,
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
from tests.sync.under_way import KEYED, NewWorld, Showing, brought, pending

LABEL = TEXT | {"target": "label"}
NOTE = TEXT | {"name": "note", "source": "note", "target": "note"}


def made_with(*company: str, appears_with: str | None = "Item") -> Shape:
    """The pair with its name alone, and records of these datatypes that appear with the right one's, or don't."""
    raw = with_a_part(LABEL, appears_with=appears_with).mapping.model_dump(mode="json", by_alias=True)
    twin = raw["flows"].pop()
    for number, datatype in enumerate(company, start=2):
        raw["systems"]["right"]["datatypes"][datatype] = {}
        raw["flows"].append(twin | {"section": number, "target": {"system": "right", "datatype": datatype}})
    return Shape(Mapping.model_validate(raw))


def called(entity: Entity, id: str) -> Entity:
    """The entity, with another id for its record on the right."""
    copy = entity.copy()
    for member in copy.members:
        member.ref = member.ref._replace(id=id) if member.ref == RIGHT else member.ref
    return copy


# -- keys


def test_the_key_of_a_creation_is_what_it_was_in_every_version(new_world: NewWorld) -> None:
    world = new_world()
    [made] = brought(world, world.keep(alone(world.cycle.shape, name="Cup", count=1)))
    assert made.key == hashlib.sha256(b"right.Item\nleft Thing l1").hexdigest()[:40]


def test_no_key_of_a_change_is_used_again_though_the_state_was_lost(new_world: NewWorld) -> None:
    keys = set()
    for time, id in ((NOON, "r1"), (NOON, "r2"), (at(1), "r1")):
        world = new_world()
        world.clock.time = time
        [changed] = brought(world, world.keep(called(edited(world.cycle.shape), id)))
        keys.add(changed.key)
    assert len(keys) == 3


def test_no_key_of_a_batch_is_used_again_for_another_datatype(new_world: NewWorld) -> None:
    batches = set()
    code = TEXT | {"source": "code", "target": "ean"}
    flow = {"criteria": [{"source": "code", "target": "ean"}]}
    for datatype in ("Item", "Part"):
        target = {"target": {"system": "right", "datatype": datatype}}
        world = new_world(pair(code, flow=flow | target, right={"datatypes": {datatype: {}}}))
        world.right.able = Abilities(batch=2)
        things = [alone(world.cycle.shape, LEFT._replace(id=id), code=id) for id in "ab"]
        sent = brought(world, *map(world.keep, things))
        assert len({write.batch for write in sent}) == 1
        batches.add(sent[0].batch)
    assert len(batches - {""}) == 2


@pytest.mark.parametrize(
    ("able", "sizes"),
    [(Abilities(), [1, 1]), (Abilities(batch=2), [2]), (KEYED, [2])],
)
def test_without_keys_an_outcome_is_stored_before_the_next_write_is_sent(
    new_world: NewWorld, able: Abilities, sizes: list[int]
) -> None:
    class Counting(Showing):
        async def write(self, writes: Sequence[Write]) -> list[Outcome]:
            under_way.append(len(world.store.intents()))
            return await super().write(writes)

    under_way: list[int] = []
    world = new_world()
    world.systems["right"] = Counting()
    world.right.able = able
    things = [alone(world.cycle.shape, LEFT._replace(id=id), name="Cup") for id in "ab"]
    brought(world, *map(world.keep, things), answers=[Refused("no")] * 2)
    assert [len(sent) for sent in world.right.sent] == sizes
    assert under_way == sizes


# -- what is read first


def test_what_appears_is_read_together_and_each_takes_only_its_own(new_world: NewWorld) -> None:
    world = new_world(made_with("Part", "Sign"))
    other = called(linked(world.cycle.shape, name="Jug"), "r2")
    numbers = [world.keep(linked(world.cycle.shape, name="Cup")), world.keep(other)]
    world.right.records = {PART.id: record(PART, 1, label="Cup")}
    assert brought(world, *numbers) == []
    assert world.right.asked[:2] == [("Part", ["r1", "r2"]), ("Sign", ["r1", "r2"])]
    assert PART in world.refs(numbers[0])
    assert {subject: trouble.reason for subject, trouble in world.entity(numbers[1]).troubles.items()} == {
        "right.Part": "right Part r2 hasn't appeared",
        "right.Sign": "right Sign r2 hasn't appeared",
    }


def test_what_appears_is_not_taken_for_what_has_its_id_elsewhere(new_world: NewWorld) -> None:
    class WithoutSigns(Showing):
        async def read(self, datatype: str, ids: Sequence[str]) -> dict[str, Record]:
            return {} if datatype == "Sign" else await super().read(datatype, ids)

    world = new_world(made_with("Part", "Sign"))
    world.systems["right"] = WithoutSigns()
    world.right.records = {PART.id: record(PART, 1, label="Cup")}
    number = world.keep(linked(world.cycle.shape, name="Cup"))
    brought(world, number)
    assert world.refs(number) == [LEFT, RIGHT, PART]


def test_what_appears_with_something_else_than_was_seen_was_edited_by_now(new_world: NewWorld) -> None:
    world = new_world(with_a_part(LABEL))
    number = world.keep(linked(world.cycle.shape, name="Cup"))
    early = world.see(PART, label="Cup")
    world.see(Ref("right", "Part", "p2"), into=early, label="Cup")
    world.right.records[PART.id] = record(PART, None, label="Mug")
    world.clock.time = at(9)
    brought(world, number, answers=(Refused("no"),))
    edit = world.entity(number).versions[NAME].edit
    assert (edit.value, edit.at, edit.origin) == ("Mug", at(9), PART)


def test_a_deletion_is_preceded_by_a_look_where_the_api_checks_no_version(new_world: NewWorld) -> None:
    world = new_world(pair(TEXT, policies={"deletes": "propagate"}))
    world.right.able = Abilities(versions=False)
    number = world.keep(gone(linked(world.cycle.shape, name="Cup"), LEFT, at(5)))
    world.right.records[RIGHT.id] = record(RIGHT, 3, title="Cup")
    [write] = brought(world, number, answers=(Done(),))
    assert world.right.asked == [("Item", ["r1"])]
    assert (write.kind, write.version) == (Kind.DELETE, "3")


def test_a_second_write_to_a_record_is_preceded_by_a_look_of_its_own(new_world: NewWorld) -> None:
    shape = pair(TEXT, NOTE)
    world = new_world(shape)
    world.right.able = Abilities(versions=False)
    number = world.keep(seen(shape, linked(shape, name="Cup", note="a"), LEFT, 5, name="Mug", note="b"))
    world.right.records[RIGHT.id] = record(RIGHT, 0, title="Cup", note="a")
    shown = record(RIGHT, 6, title="Mug", note="a")
    sent = brought(world, number, answers=(Partly(shown, frozenset({"title"})), Refused("no")))
    assert len(sent) == 2
    assert world.right.asked == [("Item", ["r1"])] * 2


# -- the limit


@pytest.mark.parametrize(("allowance", "sent"), [(1, 2), (0, 0)])
def test_all_writes_to_one_record_count_as_one(new_world: NewWorld, allowance: int, sent: int) -> None:
    second = STOCK | {"name": "seats", "source": "seats", "target": "seats"}
    shape = pair(STOCK | {"target": "stock"}, second)
    world = new_world(shape)
    world.cycle.allowance = allowance
    number = world.keep(seen(shape, linked(shape, count=1, seats=1), LEFT, 5, count=2, seats=3))
    assert len(brought(world, number)) == sent
    assert world.cycle.report.held == (0 if sent else 1)


def test_each_creation_counts(new_world: NewWorld) -> None:
    world = new_world()
    world.cycle.allowance = 1
    things = [alone(world.cycle.shape, LEFT._replace(id=id), name="Cup", count=1) for id in "ab"]
    assert brought(world, *map(world.keep, things)) == []
    assert world.cycle.report.held == 2


# -- side by side


def test_what_changed_under_a_write_is_planned_anew_before_anything_else_of_it(new_world: NewWorld) -> None:
    world = new_world(made_with("Part", "Sign", appears_with=None))
    numbers = []
    for id in ("1", "2"):
        number = world.see(Ref("left", "Thing", f"l{id}"), 5, name="Mug")
        world.see(Ref("right", "Item", f"r{id}"), into=number, title="Cup")
        world.see(Ref("right", "Part", f"p{id}"), into=number, label="Cup")
        world.see(Ref("right", "Sign", f"s{id}"), into=number, label="Cup")
        numbers.append(number)
    world.right.records["r1"] = record(Ref("right", "Item", "r1"), 9, title="Jug")
    refused = (Refused("no"),) * 6
    sent = brought(world, *numbers, answers=(Stale(), *refused))
    assert [(write.datatype, write.id, *write.body.values()) for write in sent] == [
        ("Item", "r1", "Mug"),
        ("Item", "r2", "Mug"),
        ("Part", "p2", "Mug"),
        ("Sign", "s2", "Mug"),
        ("Part", "p1", "Jug"),
        ("Sign", "s1", "Jug"),
    ]


def test_what_became_part_of_another_meanwhile_is_planned_anew(new_world: NewWorld) -> None:
    raw = pair(TEXT).mapping.model_dump(mode="json", by_alias=True)
    raw["systems"]["left"]["datatypes"]["Sign"] = {}
    sign = raw["flows"][0]["properties"][0] | {"source": {"path": "title"}, "target": {"path": "text"}}
    raw["flows"].append(
        {
            "section": 2,
            "source": {"system": "right", "datatype": "Item"},
            "target": {"system": "left", "datatype": "Sign"},
            "properties": [sign],
        }
    )
    world = new_world(Shape(Mapping.model_validate(raw)))
    number = world.keep(alone(world.cycle.shape, name="Cup"))
    early = world.see(RIGHT, title="Cup")
    world.left.outcomes = [Done(record(Ref("left", "Sign", "s1"), 1, text="Cup"))]
    sent = brought(world, number, early, answers=(Done(record(RIGHT, 1, title="Cup")),))
    assert [write.kind for write in sent] == [Kind.CREATE]
    assert [write.datatype for some in world.left.sent for write in some] == ["Sign"]
    assert world.refs(number) == [Ref("left", "Sign", "s1"), LEFT, RIGHT]
    assert (world.store.everything(), world.store.intents()) == ([number], [])


def test_the_outcome_of_what_became_part_of_another_meanwhile_goes_to_the_other(new_world: NewWorld) -> None:
    world = new_world()
    world.right.able = KEYED
    shape = world.cycle.shape
    number = world.keep(alone(shape, LEFT._replace(id="l2"), name="Cup", count=1))
    known = pending(world, world.keep(edited(shape)))
    shown = Done(record(RIGHT, 6, title="Mug", stock=10))
    sent = brought(world, number, known, answers=(shown, shown))
    assert [write.kind for write in sent[:2]] == [Kind.CREATE, Kind.UPDATE]
    assert world.store.everything() == [number]
    assert world.refs(number) == [LEFT, LEFT._replace(id="l2"), RIGHT]


def test_only_what_is_without_an_outcome_is_still_to_be_done(new_world: NewWorld) -> None:
    world = new_world()
    numbers = [pending(world, world.keep(called(edited(world.cycle.shape), id))) for id in ("r1", "r2", "r3")]
    brought(world, *numbers, answers=(Refused("no"), Unknown("no answer"), Refused("no")))
    assert world.store.pending(NOON) == [numbers[1]]


# -- answers


def test_a_record_that_was_seen_before_its_creation_was_answered_claims_nothing(new_world: NewWorld) -> None:
    world = new_world(pair(TEXT))
    number = world.keep(alone(world.cycle.shape, name="Cup"))
    world.see(RIGHT, 1, title="Cup")
    brought(world, number, answers=(Done(record(RIGHT, 1, title="Cup")),))
    assert world.store.everything() == [number]
    version = world.entity(number).versions[NAME]
    assert (version.edit.origin, version.beat) == (LEFT, ())


@pytest.mark.parametrize("listed", [False, True])
def test_a_creation_that_is_answered_with_a_record_listed_as_deleted_was_not_done(
    new_world: NewWorld, listed: bool
) -> None:
    world = new_world(pair(TEXT))
    number = world.keep(alone(world.cycle.shape, name="Cup"))
    made = record(RIGHT, 0, title="Cup")
    world.left.records[LEFT.id] = record(LEFT, 0, name="Cup")
    world.right.pages["Item"] = [Page([replace(made, deleted=True)] if listed else [], "next")]
    asyncio.run(look(world.cycle))
    brought(world, number, answers=(Done(made),))
    assert world.refs(number) == ([LEFT] if listed else [LEFT, RIGHT])
    reasons = [trouble.reason for trouble in world.entity(number).troubles.values()]
    assert reasons == (["the system knows it as done, but the record is gone"] if listed else [])


@pytest.mark.parametrize("kind", ["partly", "done", "added"])
def test_what_an_answer_without_a_time_shows_beside_what_was_sent_was_edited_by_now(
    new_world: NewWorld, kind: str
) -> None:
    shape = pair(TEXT, NOTE, STOCK | {"target": "stock"})
    world = new_world(shape)
    start = linked(shape, name="Cup", note="a", count=1)
    changed = {"name": "Cup", "count": 3} if kind == "added" else {"name": "Mug", "count": 1}
    number = world.keep(seen(shape, start, LEFT, 5, note="a", **changed))
    world.clock.time = at(9)
    shown = record(RIGHT, None, title=changed["name"], note="theirs", stock=changed["count"])
    answer = Partly(shown, frozenset({"title"})) if kind == "partly" else Done(shown)
    brought(world, number, answers=(answer,))
    edit = world.entity(number).versions["left.Thing.note"].edit
    assert (edit.value, edit.at) == ("theirs", at(9))


def test_what_a_created_record_shows_otherwise_than_when_it_was_first_seen_was_edited_by_now(
    new_world: NewWorld,
) -> None:
    world = new_world(pair(TEXT, NOTE | {"direction": "to_source"}))
    number = world.keep(alone(world.cycle.shape, name="Cup"))
    early = world.see(RIGHT, title="Cup", note="a")
    world.see(RIGHT._replace(id="r2"), into=early, title="Cup", note="a")
    world.clock.time = at(9)
    brought(world, number, answers=(Done(record(RIGHT, None, title="Cup", note="theirs")),))
    edit = world.entity(number).versions["left.Thing.note"].edit
    assert (edit.value, edit.at) == ("theirs", at(9))


def test_an_adjustment_whose_answer_shows_nothing_has_added_what_it_said(new_world: NewWorld) -> None:
    world = new_world()
    number = world.keep(edited(world.cycle.shape, name="Cup", count=7))
    assert len(brought(world, number, answers=(Done(),))) == 1
    assert world.member(RIGHT).slots["stock"].value == 7


def test_what_comes_with_a_creation_shows_what_the_answer_says_of_it(new_world: NewWorld) -> None:
    world = new_world(with_a_part(STOCK))
    number = world.keep(alone(world.cycle.shape, name="Cup", count=4))
    shown = record(RIGHT, 1, title="Cup", part={"stock": 4})
    [made] = brought(world, number, answers=(Done(shown),))
    assert made.body == {"title": "Cup", "part.stock": 4}
    assert world.refs(number) == [LEFT, RIGHT, PART]
    assert world.member(PART).slots["stock"].value == 4

"""What people are told of a state: what doesn't cross and why, and where each value comes from (S25, S30)."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from bothways.sync.connectors import Kind, Write
from bothways.sync.model import Edit, Member, Ref, Trouble, Version
from bothways.sync.observe import gone
from bothways.sync.shape import reference_space
from bothways.sync.status import explain, status
from bothways.sync.store import Cursor
from tests.sync.pair import (
    COUNT,
    LEFT,
    LEFT_SIDE,
    NAME,
    NOON,
    RIGHT,
    RIGHT_SIDE,
    STOCK,
    TEXT,
    alone,
    at,
    linked,
    pair,
    seen,
    with_a_part,
)
from tests.sync.under_way import NewWorld, UnderWay, intended

READ_ONLY = TEXT | {"target": {"path": "title", "access": "read_only"}}
BY_NAME = {"criteria": [{"source": "name", "target": "title"}]}
THING = {"system": "left", "datatype": "Thing", "id": "l1"}
ITEM = {"system": "right", "datatype": "Item", "id": "r1"}


def told(world: UnderWay) -> dict[str, Any]:
    """The status of what a cycle works on."""
    return status(world.cycle.shape, world.store)


# -- status


def test_of_a_new_state_there_is_nothing_to_tell(new_world: NewWorld) -> None:
    assert told(new_world()) == {
        "uncrossed": [],
        "failing": [],
        "orphans": [],
        "collisions": [],
        "unknown": [],
        "cursors": [],
        "linked": 0,
        "cycles": 0,
        "last_cycle": None,
    }


def test_what_is_in_order_is_counted_and_not_listed(new_world: NewWorld) -> None:
    world = new_world()
    world.keep(linked(world.cycle.shape, name="Cup", count=1))
    world.keep(alone(world.cycle.shape, LEFT._replace(id="l2"), name="Mug", count=1))
    found = told(world)
    assert found["linked"] == 1
    assert not any(found[name] for name in ("uncrossed", "failing", "orphans", "collisions"))


def test_an_edit_that_can_not_cross_is_told_with_its_value_where_it_is_missing(new_world: NewWorld) -> None:
    world = new_world(pair(READ_ONLY | {"name": "the name"}))
    for number in "12":
        refs = {LEFT: LEFT._replace(id=f"l{number}"), RIGHT: RIGHT._replace(id=f"r{number}")}
        entity = linked(world.cycle.shape, name="Cup")
        entity = seen(world.cycle.shape, entity, LEFT, 5, name=f"Mug {number}")
        world.keep(replace(entity, members=[replace(m, ref=refs[m.ref]) for m in entity.members]))
    reason = "the system's API can't write it on this record"
    assert told(world)["uncrossed"] == [
        {
            "system": "right",
            "datatype": "Item",
            "id": f"r{number}",
            "property": "the name",
            "path": "title",
            "value": f"Mug {number}",
            "reason": reason,
        }
        for number in "12"
    ]


def test_of_several_properties_at_one_place_the_edit_that_would_be_shown_is_told(new_world: NewWorld) -> None:
    world = new_world(pair(READ_ONLY, READ_ONLY | {"name": "nick", "source": "nick"}))
    entity = linked(world.cycle.shape, name="", nick="C")
    world.keep(seen(world.cycle.shape, entity, LEFT, 5, name="", nick="K"))
    [row] = told(world)["uncrossed"]
    assert (row["property"], row["path"], row["value"]) == ("nick", "title", "K")


def test_content_that_was_never_readable_has_no_value_to_tell(new_world: NewWorld) -> None:
    world = new_world()
    entity = linked(world.cycle.shape, name="Cup", count=1)
    entity = seen(world.cycle.shape, entity, RIGHT, 5, title=["Mug"], stock=1)
    del entity.versions[NAME]
    world.keep(entity)
    [row] = told(world)["uncrossed"]
    assert (row["property"], row["value"], row["reason"]) == ("name", None, "['Mug'] is no text")


def test_a_property_that_nobody_has_named_is_told_by_what_the_core_calls_it(new_world: NewWorld) -> None:
    world = new_world()
    world.keep(
        seen(
            world.cycle.shape,
            linked(world.cycle.shape, name="Cup", count=1),
            RIGHT,
            5,
            title=["Mug"],
            stock=1,
        )
    )
    world.cycle.shape.names.clear()
    assert [row["property"] for row in told(world)["uncrossed"]] == [NAME]


def test_what_is_tried_again_is_told_with_its_reason_and_how_often_it_was_tried(new_world: NewWorld) -> None:
    world = new_world()
    for number in "12":
        refs = {LEFT: LEFT._replace(id=f"l{number}"), RIGHT: RIGHT._replace(id=f"r{number}")}
        entity = linked(world.cycle.shape, name="Cup", count=1)
        members = [replace(member, ref=refs[member.ref]) for member in entity.members]
        troubles = {str(refs[RIGHT]): Trouble("no room", 2, NOON), "right.Part": Trouble("no such", 3, NOON)}
        world.keep(replace(entity, members=members, troubles=troubles))
    assert told(world)["failing"] == [
        row
        for number in "12"
        for row in (
            ITEM | {"id": f"r{number}", "concerns": f"right Item r{number}", "reason": "no room", "tries": 2},
            THING | {"id": f"l{number}", "concerns": "right.Part", "reason": "no such", "tries": 3},
        )
    ]


def test_records_whose_partner_is_gone_are_told(new_world: NewWorld) -> None:
    world = new_world()
    for number in "12":
        entity = linked(world.cycle.shape, name="Cup", count=1)
        kept = [replace(entity.members[0], ref=LEFT._replace(id=f"l{number}")), entity.members[1]]
        world.keep(gone(replace(entity, members=kept), RIGHT, at(1)))
    assert told(world)["orphans"] == [THING, THING | {"id": "l2"}]


def test_writes_without_an_outcome_are_told(new_world: NewWorld) -> None:
    world = new_world()
    intended(world, 1, Write(Kind.UPDATE, "Item", "k", id="r1", body={"title": "Mug"}))
    intended(world, 2, Write(Kind.CREATE, "Item", "l", body={"title": "Mug"}))
    with world.store.transaction():
        world.store.postpone(world.store.intents()[0], at(1))
    assert told(world)["unknown"] == [
        {"write": "right Item r1", "tries": 1},
        {"write": "right.Item", "tries": 0},
    ]


def test_where_listing_goes_on_is_told_of_sides_that_were_listed(new_world: NewWorld) -> None:
    world = new_world()
    with world.store.transaction():
        world.store.set_cursor(RIGHT_SIDE, Cursor("page 7", at(1)))
    right = {"system": "right", "datatype": "Item"}
    told_of_right = right | {"cursor": "page 7", "scanned_at": "2024-10-01T12:01:00+00:00"}
    assert told(world)["cursors"] == [told_of_right]
    with world.store.transaction():
        world.store.set_cursor(LEFT_SIDE, Cursor(None, NOON))
    left = {"system": "left", "datatype": "Thing"}
    told_of_left = left | {"cursor": None, "scanned_at": "2024-10-01T12:00:00+00:00"}
    cursors = {(row["system"], row["datatype"]): row for row in told(world)["cursors"]}
    assert cursors == {("left", "Thing"): told_of_left, ("right", "Item"): told_of_right}


def test_how_many_cycles_there_were_and_how_the_last_went(new_world: NewWorld) -> None:
    world = new_world()
    with world.store.transaction():
        world.store.set_note("cycles", "12")
        world.store.set_note("last_cycle", json.dumps({"updates": 3, "held": 0}))
    found = told(world)
    assert found["cycles"] == 12
    assert found["last_cycle"] == {"updates": 3, "held": 0}


# -- records that share a key


def keyed(world: UnderWay, space: str, *refs: Ref, value: str = "Cup") -> None:
    """Records with one key, each in an entity of its own."""
    for ref in refs:
        with world.store.transaction():
            entity = world.store.new_entity()
            entity.members.append(Member(ref, keys={space: value}))
            world.store.save(entity, None, pending=False, due=None, notable=False, linked=False)


SPACE = "left.Thing:name"


@pytest.mark.parametrize(
    ("refs", "collide"),
    [
        ([LEFT, RIGHT], True),
        ([LEFT, LEFT._replace(id="l2")], True),
        ([RIGHT, RIGHT._replace(id="r2")], True),
        ([RIGHT, Ref("right", "Part", "p1")], False),
        ([LEFT], False),
    ],
)
def test_records_of_one_key_collide_where_they_could_be_the_same_thing(
    refs: list[Ref], collide: bool, new_world: NewWorld
) -> None:
    """A source and others, or several of one side: two targets of one source are no double of each other."""
    world = new_world()
    keyed(world, SPACE, *refs)
    rows = [
        {"system": ref.system, "datatype": ref.datatype, "id": ref.id, "criterion": SPACE, "value": "Cup"}
        for ref in refs
    ]
    assert told(world)["collisions"] == (rows if collide else [])


def test_a_name_by_which_others_refer_to_a_record_is_no_criterion(new_world: NewWorld) -> None:
    world = new_world()
    keyed(world, reference_space(LEFT_SIDE), LEFT, LEFT._replace(id="l2"))
    assert told(world)["collisions"] == []


def test_each_shared_key_collides_by_itself(new_world: NewWorld) -> None:
    world = new_world()
    keyed(world, SPACE, LEFT, RIGHT, value="Mug")
    keyed(world, SPACE, LEFT._replace(id="l2"), LEFT._replace(id="l3"), value="Cup")
    keyed(world, "left.Thing:code", LEFT._replace(id="l4"), RIGHT._replace(id="r4"), value="Mug")
    keyed(world, SPACE, RIGHT._replace(id="r5"), Ref("right", "Part", "p5"), value="Jug")
    assert [(row["id"], row["criterion"], row["value"]) for row in told(world)["collisions"]] == [
        ("l4", "left.Thing:code", "Mug"),
        ("r4", "left.Thing:code", "Mug"),
        ("l2", SPACE, "Cup"),
        ("l3", SPACE, "Cup"),
        ("l1", SPACE, "Mug"),
        ("r1", SPACE, "Mug"),
    ]


def test_records_of_one_key_collide_as_they_are_seen(new_world: NewWorld) -> None:
    world = new_world(pair(TEXT, flow=BY_NAME))
    world.see(LEFT, name="Cup")
    world.see(LEFT._replace(id="l2"), name="Cup")
    world.see(LEFT._replace(id="l3"), name="Mug")
    assert [row["id"] for row in told(world)["collisions"]] == ["l1", "l2"]


# -- explain


def test_a_record_that_the_state_does_not_know_can_not_be_explained(new_world: NewWorld) -> None:
    world = new_world()
    world.see(LEFT._replace(id="l2"), name="Cup", count=1)
    with pytest.raises(LookupError) as refusal:
        explain(world.cycle.shape, world.store, LEFT)
    assert refusal.value.args == ("left Thing l1 is not known here",)


def test_each_value_is_explained_by_the_edit_it_came_from_and_those_that_it_beat(new_world: NewWorld) -> None:
    world = new_world()
    entity = linked(world.cycle.shape, name="Cup", count=1)
    lost = (Edit("Mug", at(3), LEFT, "older"), Edit("Jug", None, RIGHT))
    entity.versions[NAME] = Version(4, Edit("Pot", at(5), RIGHT, "newest"), lost)
    entity.versions[COUNT] = Version(5, Edit(7, None, LEFT, "only"))
    world.keep(gone(entity, RIGHT, at(9)))
    assert explain(world.cycle.shape, world.store, RIGHT) == {
        "members": [THING | {"live": True}, ITEM | {"live": False}],
        "properties": {
            "name": {
                "value": "Pot",
                "edited_at": "2024-10-01T12:05:00+00:00",
                "where": "right Item r1",
                "why": "newest",
                "beat": [
                    {
                        "value": "Mug",
                        "edited_at": "2024-10-01T12:03:00+00:00",
                        "where": "left Thing l1",
                        "why": "older",
                    },
                    {"value": "Jug", "edited_at": None, "where": "right Item r1", "why": ""},
                ],
            },
            "count": {"value": 7, "edited_at": None, "where": "left Thing l1", "why": "only", "beat": []},
        },
    }


@pytest.mark.parametrize(
    ("asked", "explained"),
    [
        (None, ["the name", "count"]),
        ("the name", ["the name"]),
        (NAME, ["the name"]),
        ("count", ["count"]),
        ("stock", []),
        ("", []),
    ],
)
def test_one_property_is_explained_by_either_of_its_names(
    asked: str | None, explained: list[str], new_world: NewWorld
) -> None:
    world = new_world(pair(TEXT | {"name": "the name"}, STOCK | {"target": "stock"}))
    world.keep(linked(world.cycle.shape, name="Cup", count=1))
    found = explain(world.cycle.shape, world.store, LEFT, asked)
    assert list(found["properties"]) == explained
    assert len(found["members"]) == 2


def test_a_property_that_nobody_has_named_is_explained_by_what_the_core_calls_it(new_world: NewWorld) -> None:
    world = new_world()
    world.keep(linked(world.cycle.shape, name="Cup", count=1))
    world.cycle.shape.names.clear()
    assert list(explain(world.cycle.shape, world.store, LEFT)["properties"]) == [NAME, COUNT]


def test_of_what_is_redacted_no_value_is_told(new_world: NewWorld) -> None:
    world = new_world(pair(TEXT | {"redact": True}, STOCK | {"target": "stock"}))
    entity = linked(world.cycle.shape, name="Cup", count=10)
    entity.versions[NAME] = Version(4, Edit("Mug", at(5), LEFT), (Edit("Cup", NOON, RIGHT, "older"),))
    world.keep(entity)
    found = explain(world.cycle.shape, world.store, LEFT)["properties"]
    assert found["name"]["value"] == "(redacted)"
    assert [(lost["value"], lost["why"]) for lost in found["name"]["beat"]] == [("(redacted)", "older")]
    assert found["count"]["value"] == 10


def test_only_the_entity_of_the_record_is_explained(new_world: NewWorld) -> None:
    world = new_world()
    world.see(LEFT, name="Cup", count=1)
    world.see(LEFT._replace(id="l2"), name="Mug", count=1)
    found = explain(world.cycle.shape, world.store, LEFT._replace(id="l2"))
    assert found == {"members": [THING | {"id": "l2", "live": True}], "properties": {}}


# -- what nobody is to read, and whose it is


def test_trouble_with_a_counter_is_told_at_its_record(new_world: NewWorld) -> None:
    world = new_world()
    entity = linked(world.cycle.shape, name="Cup", count=1)
    world.keep(replace(entity, troubles={f"{RIGHT} stock": Trouble("no", 1, NOON)}))
    assert told(world)["failing"][0] == ITEM | {"concerns": f"{RIGHT} stock", "reason": "no", "tries": 1}


def test_neither_a_redacted_value_nor_what_quotes_it_is_told(new_world: NewWorld) -> None:
    world = new_world(pair(TEXT | {"redact": True}, flow=BY_NAME))
    shape = world.cycle.shape
    world.keep(seen(shape, linked(shape, name="Cup"), RIGHT, 5, title=["Mug"]))
    world.see(LEFT._replace(id="l2"), name="Secret")
    world.see(LEFT._replace(id="l3"), name="Secret")
    found = told(world)
    assert [(one["value"], one["reason"]) for one in found["uncrossed"]] == [("(redacted)", "(redacted)")]
    assert {one["value"] for one in found["collisions"]} == {"(redacted)"}


def test_a_value_that_one_of_two_names_hides_is_hidden(new_world: NewWorld) -> None:
    shape = with_a_part(
        {"name": "secret", "type": "string", "source": "name", "target": "label", "redact": True}
    )
    world = new_world(shape)
    world.keep(linked(shape, name="Cup"))
    assert explain(shape, world.store, LEFT)["properties"]["name"]["value"] == "(redacted)"


def test_of_two_properties_of_one_name_both_are_explained(new_world: NewWorld) -> None:
    shape = with_a_part({"name": "name", "type": "string", "source": "partname", "target": "label"})
    world = new_world(shape)
    world.keep(linked(shape, name="Cup", partname="P"))
    explained = explain(shape, world.store, LEFT)["properties"]
    assert {name: one["value"] for name, one in explained.items()} == {
        "name": "Cup",
        "left.Thing.partname": "P",
    }

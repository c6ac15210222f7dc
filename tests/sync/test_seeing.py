"""What is kept of a record that was read, and what the answer to a write says: each in the smallest entity for it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bothways.mapping import Mapping, Side
from bothways.sync.members import active_slots, orphans, partners, supplier
from bothways.sync.merging import found, join
from bothways.sync.model import Edit, Entity, Member, Ref, Shown, Trouble
from bothways.sync.observe import gone, observe
from bothways.sync.shape import Shape
from tests.sync.pair import (
    COUNT,
    LEFT,
    NAME,
    NOON,
    PART,
    RIGHT,
    RIGHT_SIDE,
    STOCK,
    TEXT,
    alone,
    at,
    linked,
    member,
    pair,
    record,
    seen,
    with_a_part,
)

LIMIT = {"name": "limit", "type": "decimal", "source": "limit", "target": "limit", "merge": "counter"}


# -- a record is read


def test_a_record_is_kept_as_it_was_read() -> None:
    shape = pair(
        TEXT,
        flow={
            "criteria": [{"source": "code", "target": "ean"}],
            "constants": {"kind": {"source": "sort"}},
            "start": "when",
            "condition": "active",
        },
    )
    read = replace(
        record(LEFT, 3, name="Cup", code="a", sort="x", active=True),
        created_at=at(1),
        read_only=frozenset({"name"}),
    )
    [kept] = observe(shape, Entity(1), LEFT, read, at(9)).members
    [key] = shape.keys(Side(system="left", datatype="Thing"))
    assert kept == Member(
        LEFT,
        version="3",
        stamp=at(3),
        modified_at=at(3),
        created_at=at(1),
        slots={"name": Shown("Cup")},
        read_only=frozenset({"name"}),
        starts=frozenset({0}),
        extras={"sort": "x"},
        keys={key.space: "a"},
    )


def test_a_record_without_a_key_keeps_none() -> None:
    shape = pair(TEXT, flow={"criteria": [{"source": "code", "target": "ean"}]})
    assert alone(shape, name="Cup", code="").members[0].keys == {}


def test_the_time_of_an_edit_is_fixed_when_it_is_first_seen() -> None:
    shape = pair()
    first = replace(record(LEFT, 5, name="Cup", count=1), modified_at=at(4))
    again = replace(first, modified_at=at(3))
    entity = observe(shape, observe(shape, Entity(1), LEFT, first, at(9)), LEFT, again, at(10))
    assert entity.members[0].modified_at == at(4)
    later = replace(record(LEFT, 6, name="Cup", count=1), modified_at=at(5))
    entity = observe(shape, entity, LEFT, later, at(11))
    assert (entity.members[0].modified_at, entity.members[0].stamp) == (at(5), at(6))


def test_a_record_keeps_the_time_of_its_creation_and_comes_back_from_the_dead() -> None:
    shape = pair()
    born = replace(record(LEFT, 0, name="Cup", count=1), created_at=at(-5))
    entity = gone(observe(shape, Entity(1), LEFT, born, at(1)), LEFT, at(2))
    back = seen(shape, entity, LEFT, 3, name="Cup", count=1).members[0]
    assert (back.created_at, back.live) == (at(-5), True)


def test_an_edit_of_a_record_without_times_is_as_late_as_it_was_seen() -> None:
    shape = pair()
    entity = observe(
        shape, linked(shape, name="Cup", count=1), RIGHT, record(RIGHT, 7, title="Cup", stock=1), at(8)
    )
    entity = seen(shape, entity, RIGHT, 8, title="Mug", stock=1)
    assert entity.versions[NAME].edit == Edit("Mug", at(8), RIGHT, "made where the other was already shown")


def test_a_frozen_counter_is_left_as_it_was_and_the_rest_is_not() -> None:
    shape = pair(STOCK | {"target": "stock"}, TEXT)
    read = record(RIGHT, 5, title="Mug", stock=7)
    entity = observe(shape, linked(shape, name="Cup", count=10), RIGHT, read, at(5), frozen={"stock"})
    assert (entity.versions[NAME].value, entity.versions[COUNT].value) == ("Mug", 10)
    assert member(entity, RIGHT).slots["stock"].value == 10


@pytest.mark.parametrize(
    ("changed", "kept"),
    [
        ({}, True),
        ({"active": False}, False),
        ({"sort": "y"}, False),
        ({"count": "many"}, False),
        ({"other": 1}, True),
    ],
)
def test_what_a_creation_depends_on_revives_it_when_it_changes(changed: dict[str, Any], kept: bool) -> None:
    flow = {"start": "when", "condition": "active", "constants": {"kind": {"source": "sort"}}}
    shape = pair(flow=flow)
    fields: dict[str, Any] = {"name": "Cup", "count": 1, "active": True, "sort": "x"}
    entity = alone(shape, **fields)
    entity.troubles["right.Item"] = Trouble("no", 1, NOON)
    assert bool(seen(shape, entity, LEFT, 5, **fields | changed).troubles) is kept


def test_content_that_can_be_read_again_is_no_trouble_any_more() -> None:
    shape = pair()
    entity = seen(shape, linked(shape, name="Cup", count=1), RIGHT, 5, title=["no text"], stock=4)
    assert member(entity, RIGHT).slots["stock"].value == 4
    assert member(seen(shape, entity, RIGHT, 6, title="Cup", stock=4), RIGHT).unreadable == {}


def test_a_property_that_the_mapping_gains_meets_what_is_known_as_at_merge() -> None:
    old, new = pair(TEXT), pair()
    entity = linked(old, name="Cup")
    entity = seen(new, entity, LEFT, 5, name="Cup", count=3)
    assert entity.versions[COUNT].edit == Edit(3, at(5), LEFT)
    assert entity.versions[COUNT].number == entity.numbers == 2
    later = seen(new, entity, RIGHT, 6, title="Cup", stock=4)
    assert (later.versions[COUNT].value, [edit.value for edit in later.versions[COUNT].beat]) == (4, [3])
    earlier = seen(new, entity, RIGHT, 4, title="Cup", stock=4)
    assert earlier.versions[COUNT].value == 3
    empty = seen(new, entity, RIGHT, 6, title="Cup", stock=None)
    assert empty.versions[COUNT].value == 3


def test_of_several_properties_a_value_seen_first_meets_the_one_that_is_shown() -> None:
    nick = {"name": "nick", "type": "string", "source": "nick", "target": "title"}
    shape = pair(TEXT, nick)
    entity = linked(shape, name="", nick="C")
    del member(entity, RIGHT).slots["title"]
    entity = seen(shape, entity, RIGHT, 6, title="Mug")
    assert (entity.versions[NAME].value, entity.versions["left.Thing.nick"].value) == (None, "Mug")


def test_of_two_places_on_one_record_the_first_that_is_seen_counts() -> None:
    shape = pair(TEXT, TEXT | {"name": "label", "target": "label"})
    entity = seen(shape, found(shape, alone(shape, name="")), RIGHT, 6, title="First", label="Second")
    assert entity.versions[NAME].value == "First"


def test_where_nobody_listens_a_value_seen_first_is_no_claim() -> None:
    counted = {
        "name": "count",
        "type": "integer",
        "source": "count",
        "target": "stock",
        "direction": "to_target",
    }
    entity = linked(pair(TEXT), name="Cup")
    assert COUNT not in seen(pair(TEXT, counted), entity, RIGHT, 5, title="Cup", stock=4).versions


# -- edits that win, lose and add up


def test_an_edit_on_the_other_side_that_comes_late_is_remembered_as_beaten() -> None:
    shape = pair()
    entity = seen(shape, linked(shape, name="Cup", count=1), LEFT, 6, name="Late", count=1)
    number = entity.versions[NAME].number
    entity = seen(shape, entity, RIGHT, 5, title="Early", stock=1)
    assert entity.versions[NAME].number == number
    assert entity.versions[NAME].beat[0] == Edit("Early", at(5), RIGHT, "the earlier edit")
    assert member(entity, RIGHT).slots["title"].of != number


def test_an_edit_of_a_place_that_shows_several_properties_is_of_the_one_that_it_shows() -> None:
    shape = pair(TEXT, TEXT | {"name": "nick", "source": "nick"})
    entity = seen(shape, linked(shape, name="", nick="C"), RIGHT, 5, title="Mug")
    assert (entity.versions[NAME].value, entity.versions["left.Thing.nick"].value) == (None, "Mug")


def test_of_two_places_on_one_record_that_are_edited_at_once_the_first_counts() -> None:
    shape = pair(TEXT, TEXT | {"name": "label", "target": "label"})
    entity = seen(shape, linked(shape, name="Cup"), RIGHT, 6, title="First", label="Second")
    assert entity.versions[NAME].value == "First"
    assert [edit.value for edit in entity.versions[NAME].beat] == ["Second", "Cup"]


def test_who_is_not_looked_at_has_seen_nothing_though_it_shows_the_same() -> None:
    shape = pair()
    entity = seen(shape, linked(shape, name="Cup", count=1), LEFT, 6, name="Jug", count=1)
    entity = seen(shape, entity, RIGHT, 5, title="Mug", stock=1)
    entity = seen(shape, entity, LEFT, 7, name="Mug", count=1)
    assert member(entity, RIGHT).slots["title"].of == 1
    assert member(entity, LEFT).slots["name"].of == entity.versions[NAME].number


def test_a_change_of_scale_alone_is_no_edit() -> None:
    shape = pair(TEXT | {"type": "decimal"})
    start = linked(shape, name="1.5")
    assert seen(shape, start, RIGHT, 5, title="1.50").versions == start.versions


def test_a_tie_within_one_system_goes_to_the_flow_that_comes_first() -> None:
    raw = pair(TEXT).mapping.model_dump(mode="json", by_alias=True)
    raw["systems"]["left"]["datatypes"]["Part"] = {}
    part = {"system": "left", "datatype": "Part"}
    raw["flows"].append(raw["flows"][0] | {"section": 2, "source": part})
    shape = Shape(Mapping.model_validate(raw))
    other = Ref("left", "Part", "z9")
    entity = linked(shape, name="Cup")
    entity = join(shape, entity, alone(shape, other, 0, 2, name="Cup"))
    for first, second in (((LEFT, "Thing"), (other, "Part")), ((other, "Part"), (LEFT, "Thing"))):
        after = seen(shape, seen(shape, entity, first[0], 5, name=first[1]), second[0], 5, name=second[1])
        assert after.versions[NAME].value == "Thing"


def test_a_later_edit_says_why_it_won() -> None:
    shape = pair()
    entity = seen(shape, linked(shape, name="Cup", count=1), LEFT, 5, name="Early", count=1)
    entity = seen(shape, entity, RIGHT, 6, title="Late", stock=1)
    assert entity.versions[NAME].edit == Edit("Late", at(6), RIGHT, "the later edit")
    assert member(entity, RIGHT).slots["title"] == Shown("Late", 4)
    assert entity.versions[NAME].number == entity.numbers == 4


def test_an_edit_where_nobody_listens_has_seen_the_present_version() -> None:
    shape = pair(TEXT | {"direction": "to_target"})
    entity = seen(shape, linked(shape, name="Cup"), RIGHT, 5, title="Mug")
    assert member(entity, RIGHT).slots["title"] == Shown("Mug", entity.versions[NAME].number)


def test_differences_of_decimals_add_up_exactly() -> None:
    shape = pair(LIMIT)
    entity = seen(shape, linked(shape, limit="1.10"), LEFT, 5, limit="1.30")
    entity = seen(shape, entity, RIGHT, 6, limit="1.00")
    version = entity.versions["left.Thing.limit"]
    assert (version.value, version.edit.why) == ("1.20", "a difference: it adds up")
    assert version.edit.origin == RIGHT
    assert [edit.value for edit in version.beat] == ["1.30", "1.10"]


@pytest.mark.parametrize("name", [NAME, COUNT])
def test_a_version_remembers_the_four_edits_that_it_beat_last(name: str) -> None:
    shape = pair()
    entity = linked(shape, name="0", count=0)
    for minute in range(1, 7):
        entity = seen(shape, entity, LEFT, minute, name=str(minute), count=minute)
    assert [int(edit.value) for edit in entity.versions[name].beat] == [5, 4, 3, 2]


@pytest.mark.parametrize(("before", "after"), [(None, 4), (4, None)])
def test_a_counter_that_becomes_limited_or_unlimited_is_an_edit_and_no_difference(
    before: int | None, after: int | None
) -> None:
    shape = pair()
    entity = seen(shape, linked(shape, name="Cup", count=before), RIGHT, 5, title="Cup", stock=after)
    assert entity.versions[COUNT].value == after
    assert entity.versions[COUNT].edit.why == "made where the other was already shown"


def test_a_counter_that_is_limited_on_both_sides_at_once_is_no_difference_either() -> None:
    shape = pair()
    entity = seen(shape, linked(shape, name="Cup", count=None), LEFT, 5, name="Cup", count=4)
    assert seen(shape, entity, RIGHT, 6, title="Cup", stock=7).versions[COUNT].value == 7
    assert seen(shape, entity, RIGHT, 4, title="Cup", stock=7).versions[COUNT].value == 4


# -- who owns a value, and who is whose partner


def test_a_view_of_a_stored_value_speaks_only_while_its_owner_is_away() -> None:
    view = STOCK | {"target": {"path": "part.stock", "stored_as": "Part"}}
    shape = with_a_part(STOCK, first=view, appears_with=None)
    entity = linked(shape, count=1)
    part = observe(shape, Entity(2), PART, record(PART, 5, stock=1), at(5))
    item, both = member(entity, RIGHT), join(shape, entity, part)
    assert [slot.path for slot in active_slots(shape, entity, item)] == ["part.stock"]
    assert active_slots(shape, both, member(both, RIGHT)) == []
    assert [slot.path for slot in active_slots(shape, both, member(both, PART))] == ["stock"]
    away = gone(both, PART, at(6))
    assert [slot.path for slot in active_slots(shape, away, member(away, RIGHT))] == ["part.stock"]


def test_partners_are_at_the_other_end_and_twins_on_the_same() -> None:
    shape = with_a_part(STOCK, appears_with=None)
    twin, part = Ref("left", "Thing", "l2"), Ref("right", "Part", "p1")
    entity = Entity(1, [Member(ref) for ref in (LEFT, twin, RIGHT, part)])
    assert [each.ref for each in partners(shape, entity, entity.members[0])] == [twin, RIGHT, part]
    assert [each.ref for each in partners(shape, entity, entity.members[2])] == [LEFT, twin]
    stranger = Member(Ref("left", "Forgotten", "f1"))
    entity.members.append(stranger)
    assert partners(shape, entity, stranger) == []


def test_who_has_lost_all_partners_is_an_orphan_and_who_never_had_one_is_not() -> None:
    shape = pair()
    entity = linked(shape, name="Cup", count=1)
    assert orphans(shape, entity) == []
    assert [each.ref for each in orphans(shape, gone(entity, RIGHT, at(1)))] == [LEFT]
    assert orphans(shape, gone(gone(entity, RIGHT, at(1)), LEFT, at(2))) == []
    assert orphans(shape, alone(shape, name="Cup", count=1)) == []
    entity.members.append(Member(Ref("right", "Item", "r2")))
    assert orphans(shape, gone(entity, RIGHT, at(1))) == []


def test_of_several_properties_the_first_that_is_filled_is_shown() -> None:
    nick = {"name": "nick", "type": "string", "source": "nick", "target": "title"}
    shape = pair(TEXT, nick)
    [slot] = shape.slots[RIGHT_SIDE]
    for name, nick_name, shown in (("Cup", "C", NAME), ("", "C", "left.Thing.nick"), ("", "", NAME)):
        assert supplier(linked(shape, name=name, nick=nick_name), slot) == shown
    assert supplier(Entity(1), slot) == NAME

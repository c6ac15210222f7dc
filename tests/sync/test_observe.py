"""Which edit wins, what adds up, what a merge takes: each rule in the smallest entity that shows it."""

from __future__ import annotations

from bothways.sync.merging import align, found, join, rebased
from bothways.sync.model import Entity, Shown, Trouble
from bothways.sync.observe import acknowledge, adjusted, gone
from bothways.sync.shape import Shape
from tests.sync.pair import COUNT, LEFT, NAME, NOON, RIGHT, alone, at, linked, pair, record, seen


def value(entity: Entity, name: str = NAME) -> object:
    return entity.versions[name].value


def beaten(entity: Entity, name: str = NAME) -> list[object]:
    return [edit.value for edit in entity.versions[name].beat]


# -- S08, S09, S10: the latest edit


def test_an_edit_on_either_side_becomes_the_present_version() -> None:
    shape = pair()
    start = linked(shape, name="Cup", count=1)
    for ref, fields in ((LEFT, {"name": "Mug", "count": 1}), (RIGHT, {"title": "Mug", "stock": 1})):
        entity = seen(shape, start, ref, 5, **fields)
        assert (value(entity), beaten(entity)) == ("Mug", ["Cup"])
        assert entity.versions[NAME].edit.origin == ref
        assert entity.versions[NAME].edit.at == at(5)


def test_of_two_edits_the_later_wins_whichever_is_seen_first() -> None:
    shape = pair()
    start = linked(shape, name="Cup", count=1)
    earlier = {"ref": LEFT, "minutes": 5, "name": "Early", "count": 1}
    later = {"ref": RIGHT, "minutes": 6, "title": "Late", "stock": 1}
    for first, second in ((earlier, later), (later, earlier)):
        entity = seen(shape, seen(shape, start, **first), **second)  # type: ignore[arg-type]  # told by name
        assert value(entity) == "Late"
        assert "Early" in beaten(entity)


def test_an_edit_of_what_already_showed_the_other_is_later_whatever_the_clocks_say() -> None:
    shape = pair()
    start = linked(shape, name="Cup", count=1)
    entity = seen(shape, start, RIGHT, 10, title="Mug", stock=1)
    number = entity.versions[NAME].number
    entity = acknowledge(shape, entity, LEFT, {"name": number}, record(LEFT, 11, name="Mug", count=1), at(11))
    entity = seen(shape, entity, LEFT, 3, name="Jug", count=1)  # its clock is behind
    assert value(entity) == "Jug"
    assert entity.versions[NAME].edit.at == at(10)


def test_a_tie_goes_to_the_system_that_the_mapping_names_first() -> None:
    shape = pair(right={"granularity_ms": 60_000})
    start = linked(shape, name="Cup", count=1)
    for order in ((LEFT, RIGHT), (RIGHT, LEFT)):
        entity = start
        for ref in order:
            fields = {"name": "Left", "count": 1} if ref == LEFT else {"title": "Right", "stock": 1}
            entity = seen(shape, entity, ref, 5.1 if ref == LEFT else 5.9, **fields)
        assert value(entity) == "Left"


def test_without_a_record_time_an_edit_is_as_late_as_it_was_first_seen() -> None:
    shape = pair()
    entity = seen(shape, linked(shape, name="Cup", count=1), RIGHT, None, title="Mug", stock=1)
    assert entity.versions[NAME].edit.at == at(60)


def test_edits_of_different_properties_both_survive() -> None:
    shape = pair()
    entity = seen(shape, linked(shape, name="Cup", count=1), LEFT, 5, name="Mug", count=1)
    entity = seen(shape, entity, RIGHT, 6, title="Cup", stock=4)
    assert (value(entity), value(entity, COUNT)) == ("Mug", 4)


def test_what_changed_in_nothing_but_its_time_is_no_edit() -> None:
    shape = pair()
    start = linked(shape, name="Cup", count=1)
    assert seen(shape, start, LEFT, 50, name="Cup", count=1).versions == start.versions


def test_clearing_is_an_edit_after_linking() -> None:
    shape = pair()
    entity = seen(shape, linked(shape, name="Cup", count=1), RIGHT, 5, title="", stock=1)
    assert (value(entity), beaten(entity)) == (None, ["Cup"])


def test_an_edit_where_nobody_listens_changes_nothing_elsewhere() -> None:
    one_way = {
        "name": "name",
        "type": "string",
        "source": "name",
        "target": "title",
        "direction": "to_target",
    }
    shape = pair(one_way)
    entity = seen(shape, linked(shape, name="Cup"), RIGHT, 5, title="Mug")
    assert (value(entity), beaten(entity)) == ("Cup", [])


# -- S11: at merge


def merged(shape: Shape, left: Entity, right: Entity) -> Entity:
    return join(shape, left, right)


def test_at_merge_a_value_beats_an_empty_one_whatever_the_times() -> None:
    shape = pair()
    left = alone(shape, LEFT, 0, 1, name="Cup", count=None)
    right = alone(shape, RIGHT, 50, 2, title="", stock=7)
    entity = merged(shape, left, right)
    assert (value(entity), value(entity, COUNT)) == ("Cup", 7)


def test_at_merge_the_later_of_two_values_wins_and_a_side_without_times_loses() -> None:
    shape = pair()
    left = alone(shape, LEFT, 5, 1, name="Cup", count=1)
    assert value(merged(shape, left, alone(shape, RIGHT, 6, 2, title="Mug", stock=2))) == "Mug"
    assert value(merged(shape, left, alone(shape, RIGHT, 4, 2, title="Mug", stock=2))) == "Cup"
    assert value(merged(shape, left, alone(shape, RIGHT, None, 2, title="Mug", stock=2))) == "Cup"


def test_at_merge_a_counter_takes_one_sides_value_and_adds_nothing() -> None:
    shape = pair()
    left = alone(shape, LEFT, 5, 1, name="Cup", count=3)
    assert value(merged(shape, left, alone(shape, RIGHT, 6, 2, title="Cup", stock=4)), COUNT) == 4


# -- S14: counters


def test_differences_on_both_sides_add_up() -> None:
    shape = pair()
    entity = seen(shape, linked(shape, name="Cup", count=10), LEFT, 5, name="Cup", count=8)
    entity = seen(shape, entity, RIGHT, 4, title="Cup", stock=15)
    assert value(entity, COUNT) == 13


def test_a_difference_of_ours_is_not_counted_again_when_it_is_seen() -> None:
    shape = pair()
    entity = seen(shape, linked(shape, name="Cup", count=10), LEFT, 5, name="Cup", count=8)
    entity = adjusted(shape, entity, RIGHT, "stock", -2, None, at(6))
    assert seen(shape, entity, RIGHT, 7, title="Cup", stock=8).versions[COUNT].value == 8


def test_a_sale_that_came_between_is_counted_with_our_difference() -> None:
    shape = pair()
    entity = seen(shape, linked(shape, name="Cup", count=10), LEFT, 5, name="Cup", count=8)
    entity = adjusted(shape, entity, RIGHT, "stock", -2, record(RIGHT, 6, title="Cup", stock=7), at(6))
    assert value(entity, COUNT) == 7


def test_rebased_counters_start_anew_from_what_is_shown() -> None:
    shape = pair()
    entity = seen(shape, linked(shape, name="Cup", count=10), RIGHT, 5, title="Cup", stock=15)
    assert value(rebased(shape, entity), COUNT) == 15
    assert value(rebased(shape, entity)) == "Cup"


# -- S16: renderings; S19: gone


def test_a_rewritten_value_renders_what_was_sent_and_is_no_edit() -> None:
    shape = pair()
    entity = seen(shape, linked(shape, name="Cup", count=1), LEFT, 5, name=" Mug ", count=1)
    number = entity.versions[NAME].number
    shown = record(RIGHT, 6, title="Mug", stock=1)
    entity = acknowledge(shape, entity, RIGHT, {"title": number}, shown, at(6))
    assert value(entity) == " Mug "
    right = entity.member(RIGHT)
    assert right is not None
    assert right.slots["title"].of == number
    assert value(seen(shape, entity, RIGHT, 7, title="Mug", stock=1)) == " Mug "


def test_a_record_is_gone_from_the_time_it_was_first_missed() -> None:
    shape = pair()
    entity = gone(gone(linked(shape, name="Cup", count=1), RIGHT, at(1)), RIGHT, at(9))
    member = entity.member(RIGHT)
    assert member is not None
    assert member.gone_at == at(1)
    assert [left.ref for left in entity.live()] == [LEFT]
    assert value(entity) == "Cup"


def test_what_already_shows_the_present_value_has_seen_its_version() -> None:
    shape = pair()
    entity = found(shape, alone(shape, name="Cup", count=1))
    member = entity.members[0]
    assert {shown.of for shown in member.slots.values()} == {1, 2}
    member.slots["name"] = Shown("Mug", 0)
    align(shape, entity)
    assert member.slots["name"].of == 0


def test_a_new_edit_revives_what_had_failed() -> None:
    shape = pair()
    entity = linked(shape, name="Cup", count=1)
    entity.troubles["right.Item"] = Trouble("no", 3, NOON)
    assert seen(shape, entity, LEFT, 5, name="Cup", count=1).troubles
    assert not seen(shape, entity, LEFT, 5, name="Mug", count=1).troubles


def test_what_the_type_can_not_hold_is_kept_with_its_reason_and_changes_nothing() -> None:
    shape = pair()
    entity = seen(shape, linked(shape, name="Cup", count=1), RIGHT, 5, title=["no text"], stock=1)
    member = entity.member(RIGHT)
    assert member is not None
    assert member.unreadable == {"title": "['no text'] is no text"}
    assert value(entity) == "Cup"

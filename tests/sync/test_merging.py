"""Records turn out to be the same thing: which value each property takes, and what is kept of the others (S11)."""

from __future__ import annotations

from typing import Any

import pytest

from bothways.mapping import Mapping
from bothways.sync.merging import aligned, found, join, rebased
from bothways.sync.model import Edit, Entity, Member, Ref, Shown
from bothways.sync.observe import acknowledge, gone
from bothways.sync.shape import Shape
from tests.sync.pair import (
    COUNT,
    LEFT,
    NAME,
    RIGHT,
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

WHY = "at merge: a value before none, then the later"
NICK = {"name": "nick", "type": "string", "source": "nick", "target": "title"}
TWIN = Ref("right", "Item", "r2")


def test_a_record_alone_is_the_version_of_each_of_its_properties() -> None:
    shape = pair()
    entity = found(shape, alone(shape, minutes=3, name="Cup", count=1))
    assert {name: version.edit for name, version in entity.versions.items()} == {
        NAME: Edit("Cup", at(3), LEFT, WHY),
        COUNT: Edit(1, at(3), LEFT, WHY),
    }
    assert [version.beat for version in entity.versions.values()] == [(), ()]
    assert found(shape, entity) is entity
    assert found(shape, entity).numbers == 2


def test_the_merged_entity_has_all_records_and_goes_on_counting_from_both() -> None:
    shape = pair()
    one, other = linked(shape, name="Cup", count=1), alone(shape, TWIN, 5, 2, title="Mug", stock=2)
    assert one.numbers == 2
    joined = join(shape, other, one)
    assert (joined.id, [each.ref for each in joined.members]) == (2, [TWIN, LEFT, RIGHT])
    assert {version.number for version in joined.versions.values()} == {3, 4}
    assert joined.numbers == 4


def test_who_shows_the_winner_has_seen_it_and_the_others_have_seen_nothing() -> None:
    shape = pair()
    left = alone(shape, LEFT, 5, 1, name="Cup", count=1)
    entity = join(shape, left, alone(shape, RIGHT, 6, 2, title="Mug", stock=1))
    name, count = entity.versions[NAME].number, entity.versions[COUNT].number
    assert member(entity, LEFT).slots == {"name": Shown("Cup"), "count": Shown(1, count)}
    assert member(entity, RIGHT).slots == {"title": Shown("Mug", name), "stock": Shown(1, count)}
    assert entity.versions[NAME].beat == (Edit("Cup", at(5), LEFT),)


def test_what_showed_a_version_before_the_merge_has_seen_nothing_of_those_after_it() -> None:
    shape = pair(TEXT)
    later = alone(shape, TWIN, 5, 2, title="Mug")
    joined = join(shape, linked(shape, name="Cup"), later)
    assert member(joined, LEFT).slots == {"name": Shown("Cup")}
    assert member(joined, RIGHT).slots == {"title": Shown("Cup")}


def test_a_record_of_which_not_everything_can_be_read_is_merged_with_the_rest_of_it() -> None:
    shape = pair()
    entity = linked(shape, name="Cup", count=1)
    twin = alone(shape, TWIN, 5, 2, title="Mug", stock=["no", "number"])
    for joined in (join(shape, entity, twin), join(shape, found(shape, twin), entity)):
        assert {name: version.value for name, version in joined.versions.items()} == {NAME: "Mug", COUNT: 1}
        assert member(joined, TWIN).slots.keys() == {"title"}


def test_a_linked_entity_brings_its_versions_and_not_what_its_records_show() -> None:
    shape = pair()
    entity = seen(shape, linked(shape, name="Cup", count=1), LEFT, 9, name="Jug", count=1)
    joined = join(shape, entity, alone(shape, TWIN, 8, 2, title="Mug", stock=1))
    assert joined.versions[NAME].value == "Jug"
    assert [edit.value for edit in joined.versions[NAME].beat] == ["Mug"]


def test_an_orphan_brings_what_it_shows() -> None:
    shape = pair()
    entity = seen(shape, linked(shape, name="Cup", count=1), RIGHT, 9, title="Jug", stock=1)
    joined = join(shape, gone(entity, RIGHT, at(10)), alone(shape, TWIN, 5, 2, title="Mug", stock=2))
    assert joined.versions[NAME].value == "Mug"
    assert [edit.value for edit in joined.versions[NAME].beat] == ["Cup"]


def test_an_orphan_that_was_behind_claims_nothing_that_its_neighbour_has_seen_replaced() -> None:
    shape = with_a_part(TEXT | {"target": "label"}, appears_with=None)
    part = Ref("right", "Part", "p1")
    entity = join(shape, linked(shape, name="Cup"), alone(shape, part, 0, 2, label="Cup"))
    entity = seen(shape, entity, LEFT, 9, name="Mug")
    sent = {"label": entity.versions[NAME].number}
    entity = acknowledge(shape, entity, part, sent, record(part, 9, label="Mug"), at(9))
    alike = alone(shape, Ref("left", "Thing", "l2"), 5, 3, name="Jug")
    joined = join(shape, gone(entity, LEFT, at(10)), alike)
    assert [joined.versions[NAME].value, *(edit.value for edit in joined.versions[NAME].beat)] == [
        "Mug",
        "Jug",
    ]
    another = Ref("left", "Thing", "l9")
    after = join(shape, entity, alone(shape, another, 8, 4, name="Pot"))
    joined = join(shape, gone(gone(after, LEFT, at(10)), another, at(10)), alike)
    assert "Cup" not in [joined.versions[NAME].value, *(edit.value for edit in joined.versions[NAME].beat)]
    unseen = gone(entity, LEFT, at(10))
    member(unseen, RIGHT).slots["title"] = Shown("Cup")
    joined = join(shape, unseen, alike)
    assert [edit.value for edit in joined.versions[NAME].beat] == ["Jug", "Cup"]
    behind = gone(gone(entity, LEFT, at(10)), part, at(10))
    joined = join(shape, behind, alike)
    assert [joined.versions[NAME].value, *(edit.value for edit in joined.versions[NAME].beat)] == [
        "Jug",
        "Cup",
    ]


def test_a_view_claims_nothing_beside_the_owner_of_its_value() -> None:
    view = TEXT | {"target": {"path": "title", "stored_as": "Part"}}
    shape = with_a_part(TEXT | {"target": "label"}, first=view, appears_with=None)
    entity = alone(shape, Ref("right", "Part", "p1"), 0, 2, label="Own")
    entity.members.append(Member(RIGHT, modified_at=at(5), slots={"title": Shown("Another")}))
    assert found(shape, entity).versions[NAME].value == "Own"


def test_of_many_values_the_four_latest_that_lost_are_remembered() -> None:
    shape = pair()
    entity = alone(shape, LEFT, 0, 1, name="0", count=0)
    for number in range(1, 7):
        twin = Ref("left", "Thing", f"t{number}")
        entity.members += alone(shape, twin, number, 9, name=str(number), count=0).members
    assert [edit.value for edit in found(shape, entity).versions[NAME].beat] == ["5", "4", "3", "2"]


@pytest.mark.parametrize(
    ("left", "right", "winner"),
    [
        ((5, "a"), (5, "b"), "a"),
        ((None, "a"), (None, "b"), "a"),
        ((5, ""), (6, ""), None),
        ((1, "a"), (None, ""), "a"),
    ],
)
def test_at_merge_the_systems_order_settles_what_the_times_leave_open(
    left: tuple[float | None, str], right: tuple[float | None, str], winner: str | None
) -> None:
    shape = pair(TEXT)
    one = alone(shape, LEFT, left[0], 1, name=left[1])
    other = alone(shape, RIGHT, right[0], 2, title=right[1])
    for first, second in ((one, other), (other, one)):
        assert join(shape, first, second).versions[NAME].value == winner


def test_of_twins_at_the_same_time_the_greater_id_wins_whichever_is_first() -> None:
    shape = pair(TEXT)
    one, other = alone(shape, name="a"), alone(shape, Ref("left", "Thing", "l2"), 0, 2, name="b")
    assert join(shape, one, other).versions[NAME].value == join(shape, other, one).versions[NAME].value == "b"


def test_where_nobody_listens_a_record_claims_nothing() -> None:
    shape = pair(TEXT | {"direction": "to_target"})
    entity = join(shape, alone(shape, name="Cup"), alone(shape, RIGHT, 5, 2, title="Mug"))
    assert (entity.versions[NAME].value, entity.versions[NAME].beat) == ("Cup", ())


def test_what_a_record_has_not_shown_it_does_not_claim() -> None:
    shape = pair()
    entity = alone(shape, name="Cup", count=["no", "number"])
    assert found(shape, entity).versions.keys() == {NAME}


@pytest.mark.parametrize(
    ("name", "nick", "claimed"),
    [("Cup", "C", NAME), ("", "C", "left.Thing.nick"), ("", "", NAME)],
)
def test_a_value_that_may_be_of_several_is_of_the_one_that_would_be_shown(
    name: str, nick: str, claimed: str
) -> None:
    shape = pair(TEXT, NICK)
    left = alone(shape, LEFT, 5, 1, name=name, nick=nick)
    entity = join(shape, left, alone(shape, RIGHT, 6, 2, title="Mug"))
    assert [key for key, version in entity.versions.items() if version.value == "Mug"] == [claimed]


def test_once_all_were_looked_at_who_shows_the_present_version_has_seen_it() -> None:
    shape = pair()
    entity = linked(shape, name="Cup", count=1)
    for ref in (LEFT, RIGHT):
        slots = member(entity, ref).slots
        slots |= {path: Shown(shown.value) for path, shown in slots.items()}
    after = aligned(shape, entity)
    assert {shown.of for ref in (LEFT, RIGHT) for shown in member(after, ref).slots.values()} == {1, 2}
    assert {shown.of for shown in member(entity, LEFT).slots.values()} == {0}


# -- rebased counters (S14)


def counted(shape: Shape, left: int, right: int, **more: Any) -> Entity:
    """A pair with ten in stock, then counted anew on both sides, the right one later."""
    entity = seen(shape, linked(shape, name="Cup", count=10), LEFT, 5, name="Cup", count=left, **more)
    return seen(shape, entity, RIGHT, 6, title="Mug", stock=right)


def test_a_rebased_counter_takes_the_value_that_was_counted_last() -> None:
    shape = pair()
    entity = counted(shape, 12, 9)
    assert entity.versions[COUNT].value == 11
    after = rebased(shape, entity)
    assert after.versions[COUNT].edit == Edit(9, at(6), RIGHT, WHY)
    assert after.versions[NAME] == entity.versions[NAME]
    number = after.versions[COUNT].number
    assert member(after, RIGHT).slots["stock"] == Shown(9, number)
    assert member(after, LEFT).slots["count"].of != number


def test_a_counter_of_which_another_record_owns_the_value_is_rebased_from_that() -> None:
    own = {"name": "count", "type": "integer", "source": "count", "target": "stock", "merge": "counter"}
    view = own | {"target": {"path": "part.stock", "stored_as": "Part"}}
    raw = pair(own).mapping.model_dump(mode="json", by_alias=True)
    raw["systems"]["right"]["datatypes"]["Part"] = {}
    part = {"system": "right", "datatype": "Part"}
    raw["flows"] = [
        raw["flows"][0] | {"properties": [view]},
        raw["flows"][0] | {"section": 2, "target": part},
    ]
    shape = Shape(Mapping.model_validate(raw))
    entity = linked(shape, count=10)
    owner = alone(shape, Ref("right", "Part", "r1"), 0, 2, stock=10)
    entity = seen(shape, join(shape, entity, owner), Ref("right", "Part", "r1"), 5, stock=7)
    member(entity, RIGHT).slots["part.stock"] = Shown(99)
    assert rebased(shape, entity).versions[COUNT].value == 7


def test_a_counter_that_was_never_shared_is_not_rebased() -> None:
    shape = pair()
    entity = counted(shape, 12, 9)
    del entity.versions[COUNT]
    assert rebased(shape, entity).versions.keys() == {NAME}


def test_a_counter_of_which_no_record_says_anything_stays_as_it_was() -> None:
    shape = pair()
    entity = counted(shape, 12, 9)
    for ref in (LEFT, RIGHT):
        member(entity, ref).slots.clear()
    assert rebased(shape, entity).versions == entity.versions

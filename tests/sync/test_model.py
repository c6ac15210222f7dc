"""What is known of an entity and its records, without a state or a mapping."""

from __future__ import annotations

import pytest

from bothways.sync.model import MOST_BEATEN, Edit, Entity, Member, Ref, Shown, Trouble, Version
from tests.sync.pair import LEFT, NOON, RIGHT, at


def edit(value: str) -> Edit:
    return Edit(value, NOON, LEFT)


def whole_member() -> Member:
    """One of which everything is known."""
    return Member(
        LEFT,
        version="3",
        stamp=at(1),
        modified_at=at(2),
        created_at=at(3),
        gone_at=at(4),
        slots={"name": Shown("Cup", 1)},
        read_only=frozenset({"count"}),
        unreadable={"mail": "7 is no text"},
        starts=frozenset({1}),
        extras={"parent": "l0"},
        keys={"left.Thing:name": "Cup"},
    )


def test_a_record_is_named_by_its_system_its_datatype_and_its_id() -> None:
    assert str(LEFT) == "left Thing l1"


# -- versions


def test_a_version_remembers_whom_it_has_beaten_the_latest_first() -> None:
    version = Version(1, edit("Cup")).having_beaten(edit("first")).having_beaten(edit("second"))
    assert version == Version(1, edit("Cup"), (edit("second"), edit("first")))


def test_of_the_beaten_only_the_latest_few_are_remembered() -> None:
    version = Version(1, edit("Cup"))
    for number in range(MOST_BEATEN + 2):
        version = version.having_beaten(edit(str(number)))
    assert [beaten.value for beaten in version.beat] == ["5", "4", "3", "2"]


# -- members and entities


def test_a_copied_member_is_the_same_and_changes_alone() -> None:
    member = whole_member()
    copy = member.copy()
    assert copy == member
    copy.slots["name"] = Shown("Mug", 2)
    assert member == whole_member()


def test_a_copied_entity_is_the_same_and_changes_alone() -> None:
    def whole() -> Entity:
        return Entity(
            7, [whole_member()], {"name": Version(1, edit("Cup"))}, {str(LEFT): Trouble("no", 1, NOON)}, 4
        )

    entity = whole()
    copy = entity.copy()
    assert copy == entity
    copy.members[0].gone_at = None
    copy.members.append(Member(RIGHT))
    copy.versions.clear()
    copy.troubles.clear()
    copy.next_number()
    assert entity == whole()


def test_the_numbers_of_an_entity_go_on_one_by_one() -> None:
    entity = Entity(1)
    assert [entity.next_number(), entity.next_number()] == [1, 2]
    assert Entity(1, numbers=4).next_number() == 5


@pytest.fixture
def family() -> Entity:
    """A thing, an item that is gone, and two records that share but the system or the datatype with them."""
    others = [Member(Ref("left", "Item", "l1")), Member(Ref("right", "Thing", "l1"))]
    return Entity(1, [Member(LEFT, "3"), *others, Member(RIGHT, gone_at=NOON)])


def test_a_member_is_found_by_its_record(family: Entity) -> None:
    assert family.member(LEFT) is family.members[0]
    assert family.member(RIGHT) is family.members[-1]
    assert family.member(LEFT._replace(id="l2")) is None
    assert Entity(1).member(LEFT) is None


def test_live_are_those_that_are_not_gone(family: Entity) -> None:
    assert family.live() == family.members[:-1]


def test_on_a_side_are_the_records_of_its_system_and_datatype_gone_ones_too(family: Entity) -> None:
    assert list(family.on("left", "Thing")) == [family.members[0]]
    assert list(family.on("right", "Item")) == [family.members[-1]]
    assert list(family.on("right", "Part")) == []

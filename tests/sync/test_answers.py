"""What the answer to a write says of a record: each in the smallest entity that shows it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bothways.sync.model import Ref, Shown, Trouble
from bothways.sync.observe import accompanied, acknowledge, adjusted, gone, taken
from tests.sync.pair import (
    COUNT,
    LEFT,
    NAME,
    NOON,
    PART,
    RIGHT,
    STOCK,
    TEXT,
    at,
    linked,
    member,
    pair,
    record,
    seen,
    with_a_part,
)


def test_an_answer_tells_only_of_what_was_sent_and_ends_the_trouble() -> None:
    shape = pair()
    entity = seen(shape, linked(shape, name="Cup", count=1), LEFT, 5, name="Mug", count=1)
    number = entity.versions[NAME].number
    for subject in ("right Item r1", "right.Item", "left Thing l1"):
        entity.troubles[subject] = Trouble("no", 1, NOON)
    answer = record(RIGHT, 6, title="Mug", stock=1)
    after = acknowledge(shape, entity, RIGHT, {"title": number}, answer, at(6))
    assert member(after, RIGHT).slots["title"] == Shown("Mug", number)
    assert member(after, RIGHT).version == "6"
    assert after.troubles.keys() == {"left Thing l1"}


def test_an_answer_that_can_not_be_read_is_kept_with_its_reason() -> None:
    shape = pair(TEXT, TEXT | {"name": "note", "source": "note", "target": "note"})
    entity = seen(shape, linked(shape, name="Cup", note="a"), LEFT, 5, name="Mug", note="b ")
    numbers = {"title": entity.versions[NAME].number, "note": entity.versions["left.Thing.note"].number}
    after = acknowledge(shape, entity, RIGHT, numbers, record(RIGHT, 6, title=["Mug"], note="b"), at(6))
    assert member(after, RIGHT).unreadable == {"title": "['Mug'] is no text"}
    assert member(after, RIGHT).slots["title"].value == "Cup"
    assert member(after, RIGHT).slots["note"] == Shown("b", numbers["note"])
    assert after.versions == entity.versions


def test_an_edit_that_an_answer_without_a_time_shows_is_as_late_as_the_answer() -> None:
    shape = pair()
    entity = linked(shape, name="Cup", count=1)
    entity.members[1] = replace(member(entity, RIGHT), modified_at=None)
    answer = replace(record(RIGHT, 6, title="Jug", stock=1), modified_at=None, stamp=None)
    after = acknowledge(shape, entity, RIGHT, {}, answer, at(8))
    assert after.versions[NAME].edit.at == at(8)


def test_what_comes_with_a_creation_begins_with_what_the_answer_says() -> None:
    shape = with_a_part(STOCK)
    entity = linked(shape, name="Cup", count=5)
    answer = record(RIGHT, 1, title="Cup", part={"stock": 5})
    after = accompanied(shape, entity, RIGHT, answer)
    assert member(after, PART).slots == {"stock": Shown(5, entity.versions[COUNT].number)}
    assert [each.ref for each in accompanied(shape, after, RIGHT, answer).members] == [LEFT, RIGHT, PART]
    assert accompanied(shape, entity, RIGHT, record(RIGHT, 1, title="Cup")) == entity
    assert accompanied(shape, entity, LEFT, answer) == entity


def test_what_does_not_come_with_a_creation_begins_with_nothing() -> None:
    shape = with_a_part(STOCK, appears_with=None)
    entity = linked(shape, name="Cup", count=5)
    assert accompanied(shape, entity, RIGHT, record(RIGHT, 1, title="Cup", part={"stock": 5})) == entity


def test_an_adjustment_ends_its_own_trouble_and_its_answer_may_say_nothing() -> None:
    shape = pair()
    entity = seen(shape, linked(shape, name="Cup", count=10), LEFT, 5, name="Cup", count=8)
    for subject in ("right Item r1 stock", "right Item r1"):
        entity.troubles[subject] = Trouble("no", 1, NOON)
    after = adjusted(shape, entity, RIGHT, "stock", -2, None, at(6))
    assert member(after, RIGHT).slots["stock"] == Shown(8, entity.versions[COUNT].number)
    assert after.troubles.keys() == {"right Item r1"}
    answer = replace(record(RIGHT, 6, title="Cup", stock=7), modified_at=None, stamp=None)
    untimed = replace(
        entity, members=[member(entity, LEFT), replace(member(entity, RIGHT), modified_at=None)]
    )
    assert adjusted(shape, untimed, RIGHT, "stock", -2, answer, at(8)).versions[COUNT].edit.at == at(8)
    with pytest.raises(LookupError, match="right Item r9 is no member of entity 1"):
        adjusted(shape, entity, Ref("right", "Item", "r9"), "stock", -2, None, at(6))


def test_where_the_outcome_is_lost_the_present_value_is_taken() -> None:
    shape = pair()
    entity = seen(shape, linked(shape, name="Cup", count=10), LEFT, 5, name="Cup", count=8)
    before = member(entity, RIGHT).slots["stock"]
    after = taken(shape, entity, RIGHT, "stock", record(RIGHT, 6, title="Mug", stock=7))
    assert member(after, RIGHT).slots["stock"] == replace(before, value=7)
    assert after.versions == entity.versions
    assert taken(shape, entity, Ref("right", "Item", "r9"), "stock", record(RIGHT, 6, stock=7)) == entity


def test_with_a_record_its_own_trouble_goes_and_no_other() -> None:
    shape = pair()
    entity = linked(shape, name="Cup", count=1)
    for subject in ("right Item r1", "left Thing l1"):
        entity.troubles[subject] = Trouble("no", 1, NOON)
    assert gone(entity, RIGHT, at(1)).troubles.keys() == {"left Thing l1"}
    assert gone(entity, Ref("right", "Item", "r9"), at(1)) == entity

"""Writes under way, and where listings go on, as the state keeps them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from bothways.errors import StateError
from bothways.mapping import Side
from bothways.sync.connectors import Kind, Write
from bothways.sync.plan import Send
from bothways.sync.store import Cursor, Intent, Store
from tests.sync.pair import LEFT_SIDE, NOON, RIGHT_SIDE, at

MANY = 501
"""More than the state asks for at once."""

UPDATE = Send("right", Write(Kind.UPDATE, "Item", "k", id="r1", body={"title": "Cup"}), {"title": 1})


def intend(store: Store, *owners: int, when: datetime = NOON) -> list[Intent]:
    """A write for each of these entities."""
    with store.lock(), store.transaction():
        return [store.intend(owner, UPDATE, when) for owner in owners]


def test_an_intent_is_not_tried_yet_and_due_at_once(store: Store) -> None:
    [intent] = intend(store, 7, when=at(3))
    assert intent == Intent(1, 7, UPDATE, at(3), 0, at(3))
    assert store.intents() == [intent]


def test_intents_come_in_the_order_in_which_they_were_made(store: Store) -> None:
    first, second, third = intend(store, 7, 5, 7)
    assert store.intents() == [first, second, third]
    assert store.intents([7]) == [first, third]
    assert store.intents(iter([5, 6])) == [second]
    assert store.intents([]) == []


def test_only_the_intent_that_is_postponed_is_asked_for_later(store: Store) -> None:
    first, second = intend(store, 7, 7)
    with store.transaction():
        store.postpone(first, at(1))
    after = replace(first, tries=1, due=at(1))
    assert store.intents() == [after, second]
    with store.transaction():
        store.postpone(after, at(3))
    assert store.intents() == [replace(first, tries=2, due=at(3)), second]


def test_only_intents_of_known_outcome_are_forgotten(store: Store) -> None:
    first, second, third = intend(store, 7, 7, 7)
    with store.transaction():
        store.forget([third])
        store.forget([first])
    assert store.intents() == [second]


def test_the_owner_of_a_forgotten_intent_is_as_it_was_read(store: Store) -> None:
    intents = intend(store, *range(1, MANY + 1))
    with store.transaction():
        store.forget(intents[:1])
    assert store.owners(intents) == {intent.number: intent.entity for intent in intents}
    assert store.owners([]) == {}


def test_outside_the_lock_no_write_is_intended(store: Store) -> None:
    with pytest.raises(StateError) as refusal, store.transaction():
        store.intend(1, UPDATE, NOON)
    assert str(refusal.value) == "a write is intended only by the holder of the lock"


def test_each_side_has_a_cursor_of_its_own(store: Store) -> None:
    sides = {
        LEFT_SIDE: Cursor("3", at(1)),
        RIGHT_SIDE: Cursor(None, at(2)),
        Side(system="left", datatype="Item"): Cursor("5", at(3)),
    }
    with store.transaction():
        for side, cursor in sides.items():
            store.set_cursor(side, cursor)
    assert {side: store.cursor(side) for side in sides} == sides
    assert store.cursor(Side(system="right", datatype="Thing")) is None

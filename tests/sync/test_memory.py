"""What was read of the state stays at hand, within bounds."""

from __future__ import annotations

import pytest

from bothways.sync import memory
from bothways.sync.memory import Memory
from bothways.sync.model import Entity, Ref
from tests.sync.pair import LEFT, RIGHT

ELSEWHERE = Ref("right", "Item", "r2")


@pytest.fixture(autouse=True)
def _bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two of each kind are at hand, or what was read last."""
    monkeypatch.setattr(memory, "MOST", 2)


def test_what_was_asked_for_and_not_found_is_known_to_belong_to_none() -> None:
    known = Memory()
    known.keep_places([LEFT, RIGHT], {LEFT: 1, ELSEWHERE: 2})
    assert known.places == {LEFT: 1, RIGHT: None}
    known.keep_places([RIGHT], {RIGHT: 1})
    assert known.places == {LEFT: 1, RIGHT: 1}
    assert known.entities == {}


def test_the_last_form_of_an_entity_is_at_hand() -> None:
    known = Memory()
    known.keep_entities({1: Entity(1), 2: Entity(2)})
    known.keep_entities({1: Entity(1, numbers=7)})
    assert known.entities == {1: Entity(1, numbers=7), 2: Entity(2)}
    assert known.places == {}


def test_what_passes_the_bound_is_forgotten_before_more_is_kept() -> None:
    known = Memory()
    known.keep_entities({1: Entity(1), 2: Entity(2)})
    known.keep_entities({3: Entity(3)})
    assert known.entities.keys() == {1, 2, 3}
    known.keep_entities({4: Entity(4)})
    assert known.entities.keys() == {4}
    known.keep_places([LEFT, RIGHT, ELSEWHERE], {})
    known.keep_places([LEFT], {LEFT: 4})
    assert known.places == {LEFT: 4}


def test_a_dissolved_entity_is_known_no_more_nor_where_any_record_belongs() -> None:
    known = Memory()
    known.keep_entities({1: Entity(1), 2: Entity(2)})
    known.keep_places([LEFT, RIGHT], {LEFT: 1, RIGHT: 2})
    known.dissolved(1)
    assert known.entities == {2: Entity(2)}
    assert known.places == {}
    known.dissolved(7)  # it was never read
    assert known.entities == {2: Entity(2)}

"""What was read of the state, while nobody else can change it: it needn't be read again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from bothways.sync.model import Entity, Ref

MOST = 2_000
"""How much of each kind is kept at hand, so that no cycle holds the whole state."""

Name = TypeVar("Name")
Known = TypeVar("Known")


@dataclass(slots=True)
class Memory:
    """Entities by number, and to which of them each record belongs, None where it is known to belong to none."""

    entities: dict[int, Entity] = field(default_factory=dict)
    places: dict[Ref, int | None] = field(default_factory=dict)

    def keep_entities(self, read: Mapping[int, Entity]) -> None:
        """These were read, or written."""
        _keep(self.entities, read)

    def keep_places(self, asked: Iterable[Ref], found: Mapping[Ref, int]) -> None:
        """These were asked for, or written."""
        _keep(self.places, {ref: found.get(ref) for ref in asked})

    def dissolved(self, number: int) -> None:
        """An entity is no more, and its records belong to another."""
        self.entities.pop(number, None)
        self.places.clear()


def _keep(known: dict[Name, Known], more: Mapping[Name, Known]) -> None:
    if len(known) > MOST:
        known.clear()
    known.update(more)

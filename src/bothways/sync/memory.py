"""What a transaction has read: it needn't ask twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from bothways.sync.model import Entity, Ref

MOST = 2_000
"""How much of each kind is kept at hand, so that no cycle holds the whole state."""


@dataclass(slots=True)
class Memory:
    """Entities by number, and to which of them each record belongs, None where it is known to belong to none."""

    entities: dict[int, Entity] = field(default_factory=dict)
    places: dict[Ref, int | None] = field(default_factory=dict)

    def keep_entities(self, read: dict[int, Entity]) -> None:
        if len(self.entities) > MOST:
            self.entities.clear()
        self.entities |= read

    def keep_places(self, asked: Iterable[Ref], found: dict[Ref, int]) -> None:
        if len(self.places) > MOST:
            self.places.clear()
        self.places |= {ref: found.get(ref) for ref in asked}

    def saved(self, entities: dict[int, Entity], records: dict[Ref, tuple[int, bool]]) -> None:
        """These were sent, in their last form."""
        self.entities |= entities
        self.places |= {ref: entity for ref, (entity, _) in records.items()}

    def dissolved(self, number: int) -> None:
        """An entity is no more, and its records belong to another."""
        self.entities.pop(number, None)
        self.places.clear()

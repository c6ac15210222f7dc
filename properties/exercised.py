"""What a run did: a property test that never does the thing proves nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from properties.history import Member


class Exercised(Counter[str]):
    """Counts of events, faults, conflicts and outcomes, by name."""

    def __init__(self) -> None:
        super().__init__()
        self._since_last_cycle: dict[str, set[Member]] = {}

    def note(self, what: str) -> None:
        """It happened."""
        self[what] += 1

    def edited(self, member: Member, name: str, value: Any) -> None:
        """A person edited a property: two sides before a cycle make a conflict, an empty value a clear."""
        sides = self._since_last_cycle.setdefault(name, set())
        sides.add(member)
        if len(sides) > 1:
            self.note("conflict")
        if value in (None, "", []):
            self.note("clear")

    def cycle_begins(self) -> None:
        """From here on, edits meet others."""
        self._since_last_cycle.clear()


def below(counted: Mapping[str, int], floors: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    """Where the counts miss the floors: name to (count, floor)."""
    return {
        what: (counted.get(what, 0), floor) for what, floor in floors.items() if counted.get(what, 0) < floor
    }

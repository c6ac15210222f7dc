"""What both systems hold at one moment, and what differs between two moments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from bothways.mapping import Side
from steps.renderings import BOOKKEEPING


@dataclass(frozen=True)
class Record:
    """One record of one system."""

    side: Side
    id: str

    def __str__(self) -> str:
        return f"{self.side} {self.id}"


class Shown(Protocol):
    """The eyes of a person who uses a system."""

    def ids(self, datatype: str) -> list[str]: ...

    def show(self, datatype: str, id: str) -> dict[str, Any] | None: ...


Picture = dict[Record, dict[str, Any]]
"""Every record with its leaves by dotted path, without the system's bookkeeping."""


def take(systems: Mapping[str, Shown], sides: list[Side]) -> Picture:
    """A picture of every record of `sides`."""
    return {
        Record(side, id_): dict(_leaves(systems[side.system].show(side.datatype, id_) or {}))
        for side in sides
        for id_ in systems[side.system].ids(side.datatype)
    }


def differing(before: Picture, after: Picture) -> Iterator[tuple[Record, str]]:
    """The (record, path) pairs that differ among records that stand in both pictures."""
    for record in before.keys() & after.keys():
        old, new = before[record], after[record]
        yield from (
            (record, path) for path in sorted(old.keys() | new.keys()) if old.get(path) != new.get(path)
        )


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Dotted paths and what stands there; lists are leaves, and so is what is empty."""
    if not isinstance(value, Mapping) or not value:
        yield path, value
        return
    for name, member in value.items():
        if name not in BOOKKEEPING:
            yield from _leaves(member, f"{path}.{name}" if path else name)

"""The fields that the generic contract gives a datatype for the properties that a checklist names."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bothways.checklist.model import Side
from bothways.checklist.scaffold.soundness import Bound, Soundness

OWN_FIELDS = frozenset({"id", "created_at", "updated_at", "version"})
"""What every record of the generic contract has already: a property of such a name gets a field beside it."""


class Fields:
    """The fields of each side by the paths that the checklist writes."""

    def __init__(self, bound: Sequence[Bound], soundness: Soundness) -> None:
        self._soundness = soundness
        self._native = {
            side: _told_apart([path for place, path in soundness.types if place == side])
            for side in dict.fromkeys(side for _, *sides in bound for side in sides)
        }

    def native(self, side: Side, path: str) -> str:
        """The field that holds a property: its path, unless that is taken or the parent of another property."""
        return self._native[side][path]

    def typed(self, side: Side) -> dict[str, str]:
        """A side's fields and their types."""
        return {field: self._soundness.types[side, path] for path, field in self._native[side].items()}


def _told_apart(paths: Sequence[str]) -> dict[str, str]:
    """A field for each path, so that none is one of the contract's own or leads to another."""
    free = [
        path
        for path in paths
        if not _crossed(path, [*OWN_FIELDS, *(other for other in paths if other != path)])
    ]
    native = {path: path for path in free}
    for path in sorted(set(paths) - set(free), key=lambda path: (-path.count("."), path)):
        first, dot, rest = path.partition(".")
        field = f"{first}_{dot}{rest}" if first in OWN_FIELDS else path
        while _crossed(field, OWN_FIELDS.union(native.values())):
            field += "_"
        native[path] = field
    return {path: native[path] for path in paths}


def _crossed(path: str, others: Collection[str]) -> bool:
    return any(f"{path}.".startswith(f"{other}.") or f"{other}.".startswith(f"{path}.") for other in others)

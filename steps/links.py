"""Which records are the same thing, as far as two systems' users can tell by looking (S02, S03)."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

from bothways.mapping import Criterion, Flow, Side
from steps import values
from steps.pictures import Record, Shown
from steps.vocabulary import Vocabulary


class Links:
    """The partners of the records that a scenario knows. A partner that was seen once stays the partner."""

    def __init__(self, words: Vocabulary, systems: Mapping[str, Shown]) -> None:
        self._words = words
        self._systems = systems
        self._seen: dict[tuple[Record, Side], Record] = {}

    def partner(self, source: Record, side: Side) -> Record | None:
        """The record of `side` that `source` is linked with, by all appearance; None if there is none."""
        if (source, side) not in self._seen:
            found = self._find(source, self._words.flow(source.side, side))
            if found is None:
                return None
            self._seen[source, side] = found
        return self._seen[source, side]

    def look(self, sources: list[Record]) -> None:
        """See which partners these source records have by now."""
        for source in sources:
            for flow in self._words.flows(source=source.side):
                self.partner(source, flow.target)

    def pairs(self) -> list[tuple[Record, Record]]:
        """Every (source record, target record) seen linked."""
        return [(source, target) for (source, _), target in self._seen.items()]

    def entity(self, record: Record) -> set[Record]:
        """A record with all records linked to it, directly or through another."""
        entity = {record}
        while more := {end for pair in self.pairs() if entity & set(pair) for end in pair} - entity:
            entity |= more
        return entity

    def _find(self, source: Record, flow: Flow) -> Record | None:
        shown = self._systems[source.side.system].show(source.side.datatype, source.id)
        system = self._systems[flow.target.system]
        claimed = {target for other, target in self.pairs() if other.side == source.side}
        for id_ in system.ids(flow.target.datatype):
            candidate = Record(flow.target, id_)
            other = system.show(flow.target.datatype, id_)
            if shown is None or other is None:
                continue
            if any(_same_key(shown, other, criterion) for criterion in flow.criteria):
                return candidate
            if (
                not _carries_keys(flow, shown)
                and candidate not in claimed
                and self._alike(flow, shown, other)
            ):
                return candidate
        return None

    def _alike(self, flow: Flow, shown: dict[str, Any], other: dict[str, Any]) -> bool:
        """Whether two records show the same in every property that they both show."""
        pairs = self._words.pairs(flow, shown, other)
        common = [pair for pair in pairs if pair.source is not None and pair.target is not None]
        return bool(common) and all(pair.source == pair.target for pair in common)


def _carries_keys(flow: Flow, source: dict[str, Any]) -> bool:
    """Whether a created record shows a key that its source has, so that by it alone a partner is known."""
    synchronised = {(prop.source.path, prop.target.path) for prop in flow.properties}
    return any(
        (criterion.source, criterion.target) in synchronised and values.dig(source, criterion.source)
        for criterion in flow.criteria
    )


def _same_key(source: dict[str, Any], target: dict[str, Any], criterion: Criterion) -> bool:
    """Whether a criterion holds; what is empty equals nothing (S02)."""
    keys = [values.dig(source, criterion.source), values.dig(target, criterion.target)]
    forms = [unicodedata.normalize("NFC", "" if key is None else str(key)).strip() for key in keys]
    one, other = [form.casefold() for form in forms] if criterion.fold_case else forms
    return one != "" and one == other

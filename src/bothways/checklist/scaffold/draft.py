"""What a checklist's mapping and features have in common: systems, names, types, and what can be shown at all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from bothways.checklist.datatypes.declared import read_data_type
from bothways.checklist.model import Checklist, Section, Side, Statement

OWN_FIELDS = frozenset({"id", "created_at", "updated_at", "version"})
"""What every record of the generic contract has already: a property of such a name gets a field beside it."""

Place = tuple[Side, str]
"""A property's path on a side, as the checklist writes it."""


@dataclass(frozen=True)
class System:
    """A system under the key that the mapping gives it. `label` is what features call it."""

    key: str
    name: str
    label: str


@dataclass(frozen=True)
class Row:
    """A property that crosses. `name` is what features call it, unique in its section.

    `ids` are the items that it is a row of: two, if the table lists it twice. `rivals` are the names of rows that feed
    the same target property and come before it: while one of them is filled, this one doesn't show there.
    """

    ids: tuple[str, ...]
    name: str
    source: str
    target: str
    type: str
    rivals: tuple[str, ...] = ()


@dataclass(frozen=True)
class Flow:
    """A section as far as it can be bound: see the mapping's `Flow` for the terms.

    `connected` maps the field that holds a reference to the datatype that it refers to. `missing` says what a person
    has to fill in before anything of the section can be shown, "" for nothing.
    """

    section: Section
    rows: tuple[Row, ...]
    creates: bool
    connected: dict[str, str] = field(default_factory=dict)
    missing: str = ""

    def statement(self, kind: str) -> Statement | None:
        """The section's statement of a kind, if it has one."""
        return next((one for one in self.section.statements if one.kind == kind), None)


class Draft:
    """A checklist, prepared for binding both systems to the generic contract."""

    def __init__(self, checklist: Checklist) -> None:
        self.checklist = checklist
        self.systems = _systems(checklist)

    @cached_property
    def flows(self) -> list[Flow]:
        """The sections that name two sides, in the document's order."""
        reachable = _reachable(self.checklist.sections)
        return [
            self._flow(section, reachable)
            for section in self.checklist.sections
            if section.source.datatype and section.target.datatype
        ]

    @cached_property
    def types(self) -> dict[Place, str]:
        """The type of every property on either side: where rows differ, what the first of them says."""
        types: dict[Place, str] = {}
        for section in self.checklist.sections:
            for row in section.properties:
                source, target = (section.source, row.source), (section.target, row.target)
                own = read_data_type(row.data_type).takes
                kind = types.get(source) or types.get(target) or own
                types.setdefault(source, kind)
                types.setdefault(target, kind)
            for criterion in section.criteria:
                source, target = (section.source, criterion.source), (section.target, criterion.target)
                kind = types.get(source) or types.get(target) or "string"
                types.setdefault(source, kind)
                types.setdefault(target, kind)
        return {place: kind for place, kind in types.items() if place[1]}

    def native(self, side: Side, path: str) -> str:
        """The field that holds a property: its path, unless that is taken or the parent of another property."""
        parent = any(other != path and f"{other}.".startswith(f"{path}.") for _, other in self._paths(side))
        return f"{path}_" if path in OWN_FIELDS or parent else path

    def _paths(self, side: Side) -> Iterator[Place]:
        return (place for place in self.types if place[0] == side)

    def fields(self, side: Side) -> dict[str, str]:
        """All fields of a datatype and their types, references included."""
        fields = {self.native(side, path): self.types[side, path] for _, path in self._paths(side)}
        for flow in self.flows:
            if flow.section.source == side:
                fields |= dict.fromkeys(flow.connected, "string")
        return fields

    def sides(self) -> list[Side]:
        """Both sides of every flow, once each."""
        return list(
            dict.fromkeys(s for flow in self.flows for s in (flow.section.source, flow.section.target))
        )

    def _flow(self, section: Section, reachable: set[Side]) -> Flow:
        kinds = {statement.kind for statement in section.statements}
        link_first = "link_required" in kinds
        connected = _connected(section, self.checklist.sections)
        creates = not link_first or bool(kinds & {"created_if_connected", "create_if_no_match"})
        missing = ""
        if "created_if_connected" in kinds and section.source not in reachable:
            creates = False
            missing = "no section lets a record that it could be connected to cross first"
        if not creates and not section.criteria:
            missing = missing or "nothing says how a link comes about: merge criteria, or a creation"
        return Flow(section, tuple(self._rows(section)), creates, connected, missing)

    def _rows(self, section: Section) -> Iterator[Row]:
        listed: dict[tuple[str, str], list[str]] = {}
        for row in section.properties:
            if row.source and row.target:
                listed.setdefault((row.source, row.target), []).append(row.id)
        sources = [source for source, _ in listed]
        names = {
            pair: pair[0] if sources.count(pair[0]) == 1 else f"{pair[0]} as {pair[1]}" for pair in listed
        }
        for position, (pair, ids) in enumerate(listed.items()):
            rivals = [names[other] for other in list(listed)[:position] if other[1] == pair[1]]
            kind = self.types[section.source, pair[0]]
            yield Row(tuple(ids), names[pair], *pair, kind, tuple(rivals))


def slug(words: str) -> str:
    """`Customers company` as `customers_company`."""
    return re.sub(r"[^a-z0-9]+", "_", words.casefold()).strip("_")


def _systems(checklist: Checklist) -> dict[str, System]:
    """The systems of all sections by the name that headings give them; sources first."""
    systems: dict[str, System] = {}
    keys: set[str] = set()
    for end in ("source", "target"):
        for section in checklist.sections:
            name = getattr(section, end).system
            if name in systems:
                continue
            key = slug(name) or end
            while key in keys:
                key += "_"
            keys.add(key)
            systems[name] = System(key, name, name.replace('"', "").replace("'", "") or f"unnamed {end}")
    return systems


def _connected(section: Section, sections: Sequence[Section]) -> dict[str, str]:
    """Fields for references to the datatypes that a record must be connected to, as far as a section has them."""
    known = {one.source.datatype.casefold(): one.source.datatype for one in sections}
    wanted = (name for one in section.statements for name in one.datatypes)
    found = (known[name.casefold()] for name in wanted if name.casefold() in known)
    return {
        f"{slug(datatype)}_reference": datatype for datatype in found if datatype != section.source.datatype
    }


def _reachable(sections: Iterable[Section]) -> set[Side]:
    """Source sides whose records can ever cross: circles of records that wait for each other can't."""
    waiting = list(sections)
    reachable: set[Side] = set()
    while True:
        crossing = {
            section.source
            for section in waiting
            if not any(one.datatypes for one in section.statements)
            or any(
                side.datatype in _connected(section, waiting).values()
                and side.system == section.source.system
                for side in reachable
            )
        }
        if crossing <= reachable:
            return reachable
        reachable |= crossing

"""What a checklist's mapping and features have in common: systems, names, types, and what can be shown at all."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from bothways.checklist.datatypes.declared import read_data_type
from bothways.checklist.headings import folded
from bothways.checklist.model import Checklist, Criterion, Property, Section, Side, Statement
from bothways.checklist.scaffold.fields import Fields
from bothways.checklist.scaffold.naming import Names, name_rows, said, slug, unsayable
from bothways.checklist.scaffold.soundness import Soundness, transformation


@dataclass(frozen=True)
class System:
    """A system under the key that the mapping gives it. `label` is what features call it."""

    key: str
    name: str
    label: str


@dataclass(frozen=True)
class Row:
    """A property that crosses. `name` is what features call it, unique on each side.

    `ids` are the items that it is a row of: two, if the table lists it twice. `rivals` are the names of rows that feed
    the same target property and come before it: while one of them is filled, this one doesn't show there. `type` is
    that of the source's values; what `transform` (an expression in full) makes of them is of the type `made`.
    """

    ids: tuple[str, ...]
    name: str
    source: str
    target: str
    type: str
    rivals: tuple[str, ...] = ()
    transform: str = ""
    made: str = ""

    @property
    def one_way(self) -> str:
        """Why values can't come back, "" if they can."""
        return (read_data_type(self.transform).one_way or "") if self.transform else ""


@dataclass(frozen=True)
class Flow:
    """A section as far as it can be bound: see the mapping's `Flow` for the terms. Sides' systems are keys.

    `connected` maps the field that holds a reference to the datatype that it refers to. `unshown` maps items to what
    a person has to fill in before they can be shown, `missing` says so of the whole section, "" for nothing.
    """

    section: Section
    source: Side
    target: Side
    rows: tuple[Row, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    creates: bool = False
    connected: dict[str, str] = field(default_factory=dict)
    unshown: dict[str, str] = field(default_factory=dict)
    missing: str = ""

    def statement(self, kind: str) -> Statement | None:
        """The section's statement of a kind, if it has one."""
        return next((one for one in self.section.statements if one.kind == kind), None)


class Draft:
    """A checklist, prepared for binding both systems to the generic contract."""

    def __init__(self, checklist: Checklist) -> None:
        self.checklist = checklist
        self._keys, self.systems = _systems(checklist)
        bound = [(section, *self._sides(section)) for section in checklist.sections]
        self.soundness = Soundness(bound)
        self.fields = Fields(bound, self.soundness)
        self._named = [side for _, *sides in bound for side in sides if side.datatype]
        self._problems = {section.number: self._problem(*sides) for section, *sides in bound}
        self._bound = [one for one in bound if not self._problems[one[0].number]]

    def _sides(self, section: Section) -> tuple[Side, Side]:
        """A section's sides with the keys of their systems. Two unnamed ones are two."""
        ends = (("source", section.source), ("target", section.target))
        source, target = (
            Side(self._keys[side.system or f"unnamed {end}"], side.datatype) for end, side in ends
        )
        return source, target

    def words(self, side: Side) -> str:
        """What features call a record of a side."""
        return said(self._plain(side))

    def _plain(self, side: Side) -> str:
        return f"{self.systems[side.system].name} {side.datatype}".strip()

    @cached_property
    def flows(self) -> list[Flow]:
        """One for each section, in the document's order."""
        names = name_rows(self._bound, self.soundness, self.fields)
        creating = self._creating()
        return [
            Flow(section, source, target, missing=problem)
            if (problem := self._problems[section.number])
            else self._flow(section, source, target, names, section.number in creating)
            for section, source, target in self.soundness.bound
        ]

    def sides(self) -> list[Side]:
        """Both sides of every flow that is bound, and what their records refer to, once each."""
        sides: dict[Side, None] = {}
        for flow in (flow for flow in self.flows if not flow.missing):
            sides |= dict.fromkeys((flow.source, flow.target))
        for flow in (flow for flow in self.flows if not flow.missing):
            sides |= dict.fromkeys(Side(flow.source.system, name) for name in flow.connected.values())
        return list(sides)

    def _flow(self, section: Section, source: Side, target: Side, names: Names, creates: bool) -> Flow:
        keys = (one for one in section.criteria if self.soundness.is_key(source, target, one))
        criteria = tuple({(one.source, one.target): one for one in keys}.values())
        return Flow(
            section=section,
            source=source,
            target=target,
            rows=tuple(self._rows(section, source, target, names)),
            criteria=criteria,
            creates=creates,
            connected=dict(self._connected(section, source)),
            unshown=self._unshown(section, source, creates),
            missing="" if creates or criteria else "how a link comes about",
        )

    def _problem(self, source: Side, target: Side) -> str:
        """What keeps a section from being bound at all, "" for nothing."""
        if not source.datatype or not target.datatype:
            return "the heading's two sides, which can't be told apart"
        if source == target:
            return "two sides: both are one and the same datatype"
        alike = Counter(map(self._plain, set(self._named)))
        places = Counter((side.system, slug(side.datatype)) for side in set(self._named))
        for side in (source, target):
            words = self._plain(side)
            if alike[words] > 1 or places[side.system, slug(side.datatype)] > 1:
                return f"a name that tells “{words}” from another datatype"
            if not slug(side.datatype):
                return f"a name with a plain letter for “{words}”"
            if problem := unsayable(words):
                return f"a name that features can speak of: “{words}” holds {problem}"
        return ""

    def _unshown(self, section: Section, source: Side, creates: bool) -> dict[str, str]:
        unshown = {row.id: problem for row in section.properties if (problem := self.soundness.problem(row))}
        for statement in section.statements:
            if statement.kind == "when":
                unshown[statement.id] = "the condition, which the checklist says in prose"
            elif statement.kind == "note":
                unshown[statement.id] = "what this note stands for"
            elif statement.kind == "created_if_connected" and not creates:
                unshown[statement.id] = self._unconnected(statement, source)
        return unshown

    def _unconnected(self, statement: Statement, source: Side) -> str:
        """What keeps records from being created once a connected one has crossed."""
        known = [
            side.datatype
            for other, side, _ in self.soundness.bound
            for wanted in statement.datatypes
            if side.system == source.system and _is_called(side, other.source.system, wanted)
        ]
        if others := dict.fromkeys(datatype for datatype in known if datatype != source.datatype):
            return f"how {' or '.join(others)} comes to cross: no new record of it ever does"
        if known:
            return f"how one {source.datatype} is connected to another that has crossed"
        return "which records are meant: no section synchronises any such datatype"

    def _rows(self, section: Section, source: Side, target: Side, names: Names) -> Iterator[Row]:
        listed: dict[tuple[str, str], list[Property]] = {}
        for row in section.properties:
            if not self.soundness.problem(row):
                listed.setdefault((row.source, row.target), []).append(row)
        feeding = [key for key in names if key[:2] == (source, target)]
        for (path, into), alike in listed.items():
            before = feeding[: feeding.index((source, target, path, into))]
            yield Row(
                ids=tuple(row.id for row in alike),
                name=names[source, target, path, into],
                source=path,
                target=into,
                type=self.soundness.types[source, path],
                rivals=tuple(names[key] for key in before if key[3] == into),
                transform=transformation(alike[0]),
                made=self.soundness.types[target, into],
            )

    def _connected(self, section: Section, source: Side) -> Iterator[tuple[str, str]]:
        """Fields for references to the datatypes that a record must be connected to, as far as a section has them."""
        for wanted in dict.fromkeys(name for one in section.statements for name in one.datatypes):
            for other, side, _ in self._bound:
                own = side.system == source.system and side != source
                if own and _is_called(side, other.source.system, wanted):
                    yield f"{slug(side.datatype)}_reference", side.datatype
                    break

    def _creating(self) -> set[int]:
        """The sections by which a new record gets a partner. Those that wait for each other never do."""
        conditional = {
            section.number: any(one.kind == "created_if_connected" for one in section.statements)
            for section in self.checklist.sections
        }
        creating: set[int] = set()
        while True:
            crossing = {source for section, source, _ in self._bound if section.number in creating}
            grown = {
                section.number
                for section, source, _ in self._bound
                if (
                    any(Side(source.system, name) in crossing for _, name in self._connected(section, source))
                    if conditional[section.number]
                    else _creates(section)
                )
            }
            if grown == creating:
                return creating
            creating = grown


def _is_called(side: Side, system: str, name: str) -> bool:
    """Whether a condition may mean a side by a name: its datatype, with or without the system's name."""
    return folded(name) in (folded(side.datatype), folded(system + side.datatype))


def _creates(section: Section) -> bool:
    """Whether a section without a condition creates records: not if a link must be there first."""
    kinds = {statement.kind for statement in section.statements}
    return "link_required" not in kinds or "create_if_no_match" in kinds


def _systems(checklist: Checklist) -> tuple[dict[str, str], dict[str, System]]:
    """The keys of all systems by the names that headings give them, and the systems by key; sources first."""
    keys: dict[str, str] = {}
    systems: dict[str, System] = {}
    for end in ("source", "target"):
        for section in checklist.sections:
            name = getattr(section, end).system
            known_as = name or f"unnamed {end}"
            if known_as in keys:
                continue
            key = slug(name) or end
            while key in systems:
                key += "_"
            keys[known_as] = key
            label = " ".join(re.findall(r"[\w.$@-]+", name)) or f"unnamed {end}"
            if any(system.label == label for system in systems.values()):
                label = f"{label} {key}"
            systems[key] = System(key, name, label)
    return keys, systems

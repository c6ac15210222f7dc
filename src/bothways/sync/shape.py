"""The mapping, compiled for the engine: which paths of which sides show the same property of an entity."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple

import jmespath
from jmespath.parser import ParsedResult

from bothways.errors import MappingError
from bothways.mapping import Criterion, Direction, End, Flow, Mapping, Merge, Property, Side, Start, Type
from bothways.sync.codecs import Unrepresentable, Value, empty, key_form, lift, lower, pick, same
from bothways.sync.groups import Groups, Place, crowded, key_ends, keyed
from bothways.sync.transforms import Transformation


@dataclass(frozen=True, slots=True)
class Slot:
    """A path on a side that shows a property of the entity.

    Several `properties`: the first non-empty one is shown, and an edit goes to the one that supplied it. Edits
    made here count if `heard`, edits made elsewhere are written here if `told`. `stored_as` is the side that owns
    the stored value, where this one is only another view of it. What a `transform` makes of the entity's value is
    shown here instead; where nothing comes back of it, `type` is the type of what is shown.
    """

    side: Side
    path: str
    end: End
    type: Type
    counter: bool
    properties: tuple[str, ...]
    heard: bool
    told: bool
    stored_as: Side | None
    transform: Transformation | None = None

    def lift(self, native: Any) -> Value:
        """The entity's value for what is shown here, else what is shown. Raises `Unrepresentable`."""
        if self.transform is None or not self.transform.reversible:
            return lift(self.type, self.end, native)
        return self.transform.undone(lift(self.transform.target, self.end, native))

    def lower(self, value: Value, now: datetime) -> Any:
        """The native value that is to be shown here for the entity's. Raises `Unrepresentable`."""
        if self.transform is None:
            return lower(self.type, self.end, value)
        return lower(self.transform.target, self.end, self.transform.applied(value, now))

    def shows(self, shown: Value, value: Value) -> bool:
        """Whether what was lifted here is the entity's value, as far as it can be shown here."""
        if self.transform is None or empty(value):
            return same(self.type, self.end, shown, value)
        try:
            made = self.transform.applied(value)
            return same(
                self.type, self.end, shown, self.transform.undone(made) if self.transform.reversible else made
            )
        except Unrepresentable:
            return False


class Key(NamedTuple):
    """A value by which records are found: in `space`, what a record's `path` holds in key form."""

    space: str
    path: str
    fold_case: bool

    def of(self, fields: dict[str, Any]) -> str:
        """The record's key, "" where it has none (empty never matches)."""
        return key_form(pick(fields, self.path), fold_case=self.fold_case)


class Shape:
    """What the engine asks of a mapping. `views` are the sides that show values which another side stores.

    Raises `MappingError` for a condition that is no JMESPath expression.
    """

    def __init__(self, mapping: Mapping) -> None:
        self.mapping = mapping
        self.flows = _distinct(mapping.flows)
        self.sides = _in_reference_order(self.flows)
        self._order = {key: number for number, key in enumerate(mapping.systems)}
        self._ranks = {side: number for number, side in enumerate(self.sides)}
        self.conditions = {
            n: _compiled(flow.section, flow.condition)
            for n, flow in enumerate(self.flows)
            if flow.start is Start.WHEN and flow.condition is not None
        }
        self.partners = _partners(self.flows)
        self._keyed = keyed(self.flows)
        self._crowded = crowded(self.flows, self._keyed)
        self.slots = defaultdict(list, _slots(self.flows, self.sides))  # a record outlives its flow
        self.names = _names(self.flows, self.slots)
        self.views = {side for side, slots in self.slots.items() if any(slot.stored_as for slot in slots)}
        self._keys = {side: list(dict.fromkeys(self._keys_of(side))) for side in self.sides}
        self._extras = {side: sorted(self._extras_of(side)) for side in self.sides}
        self._starting = {
            side: [n for n, f in enumerate(self.flows) if f.source == side] for side in self.sides
        }

    @cached_property
    def granularity(self) -> timedelta:
        """The coarsest granularity among the systems (S09)."""
        return max(system.granularity for system in self.mapping.systems.values())

    def cut(self, at: datetime) -> datetime:
        """`at`, cut to the coarsest granularity."""
        since = at - datetime.min.replace(tzinfo=at.tzinfo)
        return at - since % self.granularity

    def precedence(self, side: Side) -> tuple[int, int]:
        """Smaller goes first where times tie: by the systems' order, then the flows' (S09)."""
        system = self._order.get(side.system, len(self._order))  # an edit outlives the flow that it came by
        return system, self._ranks.get(side, len(self._ranks))

    def slot(self, side: Side, path: str) -> Slot:
        return next(slot for slot in self.slots[side] if slot.path == path)

    def keys(self, side: Side) -> list[Key]:
        """The keys by which a side's records are found: merge criteria, and what other records refer to."""
        return self._keys.get(side, [])

    def _keys_of(self, side: Side) -> Iterator[Key]:
        for flow in self.flows:
            for criterion in flow.criteria:
                for end, path in ((flow.source, criterion.source), (flow.target, criterion.target)):
                    if end == side:
                        yield Key(self.space(flow, criterion), path, criterion.fold_case)
            for prop in flow.properties:
                named = prop.resolves
                if named and (flow.source.system, named.datatype) == (side.system, side.datatype):
                    yield Key(reference_space(side), self._path_of(side, named.property), fold_case=False)

    def space(self, flow: Flow, criterion: Criterion) -> str:
        """The key space of a criterion. Criteria that share an end share it: equality is transitive (S02). Where a
        record would have two keys there, each criterion has a space of its own."""
        ends = key_ends(flow, criterion)
        side, path = group = self._keyed.first(ends[0])
        if group in self._crowded:
            return " = ".join(f"{side}:{path}" for side, path in ends)
        return f"{side}:{path}"

    def _path_of(self, side: Side, name: str) -> str:
        for flow in self.flows:
            for prop in flow.properties:
                if flow.source == side and prop.name == name:
                    return prop.source.path
        return name

    def extras(self, side: Side) -> list[str]:
        """Paths of unsynchronised content that creations and references need, and that carry our mark."""
        return self._extras.get(side, [])

    def _extras_of(self, side: Side) -> set[str]:
        wanted: set[str] = set()
        for flow in self.flows:
            if flow.source == side:
                wanted |= {constant.source for constant in flow.constants.values() if constant.source}
                wanted |= set(flow.connected)
            if flow.target == side:
                wanted |= set(flow.mark)
        return wanted

    def marked(self, side: Side, extras: dict[str, Any]) -> bool:
        """Whether a record carries the mark of our own creations (S32)."""
        return any(
            flow.target == side
            and flow.mark
            and all(extras.get(path) == flow.constants[path].value for path in flow.mark)
            for flow in self.flows
        )

    def shared(self, side: Side) -> bool:
        """Whether the side is written at all (S22)."""
        if side not in self._ranks:
            return False
        system = self.mapping.systems[side.system]
        return system.share and system.datatypes[side.datatype].share

    def knows(self, side: Side, paths: Iterable[str]) -> bool:
        """Whether all `paths` of a side are part of the mapping."""
        return side in self._ranks and {slot.path for slot in self.slots[side]}.issuperset(paths)

    def starts(self, side: Side, fields: dict[str, Any]) -> frozenset[int]:
        """The flows that a record of this content may cross by (S06)."""
        return frozenset(
            number
            for number in self._starting.get(side, ())
            if number not in self.conditions or bool(self.conditions[number].search(fields))
        )


def reference_space(side: Side) -> str:
    """The key space of the property by which other records name a record of `side`."""
    return f"{side}@"


def _partners(flows: Iterable[Flow]) -> dict[Side, set[Side]]:
    """The sides at the other end of each side's flows."""
    partners: dict[Side, set[Side]] = {}
    for flow in flows:
        partners.setdefault(flow.source, set()).add(flow.target)
        partners.setdefault(flow.target, set()).add(flow.source)
    return partners


def _distinct(flows: Iterable[Flow]) -> list[Flow]:
    """A flow that is listed twice is one flow, with the properties of both (S04). It creates as the first that does."""
    distinct: dict[tuple[Side, Side], Flow] = {}
    for flow in flows:
        first = distinct.setdefault((flow.source, flow.target), flow)
        if first is not flow:
            known = {(p.source.path, p.target.path) for p in first.properties}
            more = [p for p in flow.properties if (p.source.path, p.target.path) not in known]
            criteria = [c for c in flow.criteria if c not in first.criteria]
            starting = flow if first.start is Start.LINK_REQUIRED else first
            distinct[flow.source, flow.target] = first.model_copy(
                update={
                    "properties": (*first.properties, *more),
                    "criteria": (*first.criteria, *criteria),
                    "constants": {**flow.constants, **first.constants},
                    **{
                        name: getattr(starting, name)
                        for name in ("start", "condition", "creates", "connected")
                    },
                }
            )
    return list(distinct.values())


def _in_reference_order(flows: list[Flow]) -> list[Side]:
    """All sides, those that others refer to first (S06); otherwise in the flows' order."""
    sides = list(dict.fromkeys(side for flow in flows for side in (flow.source, flow.target)))
    parents: dict[Side, set[Side]] = {side: set() for side in sides}
    for flow in flows:
        wanted = set(flow.connected.values())
        wanted |= {prop.resolves.datatype for prop in flow.properties if prop.resolves}
        for side in sides:
            if side.system == flow.source.system and side.datatype in wanted:
                parents[flow.source].add(side)
            if side.system == flow.target.system and side.datatype == flow.appears_with:
                parents[flow.target].add(side)
    ordered: list[Side] = []

    def visit(side: Side, above: frozenset[Side]) -> None:
        if side in ordered or side in above:
            return  # a circle has no order: the flows' own stands
        for parent in sides:
            if parent in parents[side]:
                visit(parent, above | {side})
        ordered.append(side)

    for side in sides:
        visit(side, frozenset())
    return ordered


def _compiled(section: int, condition: str) -> ParsedResult:
    try:
        return jmespath.compile(condition)
    except jmespath.exceptions.JMESPathError as error:
        reason = str(error).splitlines()[0]
        raise MappingError("mapping", None, f"flows: condition of section {section}: {reason}") from None


def _fed_by_several(flow: Flow) -> set[str]:
    """Target paths that several source properties of one flow feed."""
    counts = Counter(target for _, target in {(p.source.path, p.target.path) for p in flow.properties})
    return {path for path, count in counts.items() if count > 1}


def _slots(flows: list[Flow], sides: list[Side]) -> dict[Side, list[Slot]]:
    group = Groups()
    rows = [(flow, prop) for flow in flows for prop in flow.properties]
    for flow in flows:
        several = _fed_by_several(flow)
        for prop in flow.properties:
            if prop.target.path not in several:
                group.union((flow.source, prop.source.path), (flow.target, prop.target.path))
    slots: dict[Side, dict[str, Slot]] = {side: {} for side in sides}
    for flow, prop in rows:
        name = _property_id(group.first((flow.source, prop.source.path)))
        for side, end in ((flow.source, prop.source), (flow.target, prop.target)):
            is_source = end is prop.source
            into, outof = prop.direction is not Direction.TO_SOURCE, prop.direction is not Direction.TO_TARGET
            heard, told = (into, outof) if is_source else (outof, into)
            before = slots[side].get(end.path)
            transform = _transformation(flow, prop, is_source=is_source, before=before)
            slots[side][end.path] = Slot(
                side=side,
                path=end.path,
                end=before.end if before else end,
                type=before.type if before else prop.type if transform is None else transform.shown_type,
                counter=prop.merge is Merge.COUNTER,
                properties=tuple(dict.fromkeys([*(before.properties if before else ()), name])),
                heard=heard or (before is not None and before.heard),
                told=told or (before is not None and before.told),
                stored_as=_owner(sides, side, end),
                transform=transform,
            )
    return {side: list(found.values()) for side, found in slots.items()}


def _transformation(
    flow: Flow, prop: Property, *, is_source: bool, before: Slot | None
) -> Transformation | None:
    """What makes the value that a place shows. Raises `MappingError` where rows would have it made in two ways."""
    made = None if is_source or prop.transform is None else Transformation(prop.transform, prop.type)
    if before is not None and str(before.transform) != str(made):
        reason = f"section {flow.section}: '{prop.name}' is transformed, and other rows of its place not in this way"
        raise MappingError("mapping", None, f"flows: {reason}")
    return made


def _owner(sides: list[Side], side: Side, end: End) -> Side | None:
    """The side that owns the stored value, if it is part of the mapping."""
    return next((s for s in sides if s.system == side.system and s.datatype == end.stored_as), None)


def _property_id(place: Place) -> str:
    side, path = place
    return f"{side}.{path}"


def _names(flows: list[Flow], slots: dict[Side, list[Slot]]) -> dict[str, str]:
    """What people call each property."""
    names: dict[str, str] = {}
    for flow in flows:
        for prop in flow.properties:
            slot = next(slot for slot in slots[flow.source] if slot.path == prop.source.path)
            names.setdefault(slot.properties[0], prop.name)
    return names

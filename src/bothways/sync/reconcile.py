"""Comparing both sides of every flow as their APIs show them, whatever keeps them in sync. Reads only, keeps nothing.

Records are matched by the mapping's merge criteria alone: no state is needed, nor our own engine.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Dict
from dataclasses import dataclass, field
from typing import Any

from bothways.mapping import Flow, Property, Side
from bothways.sync.codecs import Unrepresentable, Value, empty, key_form, lift, lower, pick, same
from bothways.sync.connectors import Connector, Fields, Record
from bothways.sync.connectors.renderings import renders
from bothways.sync.redaction import Redaction
from bothways.sync.shape import Shape
from bothways.sync.transforms import Transformation


@dataclass(frozen=True, slots=True)
class Difference:
    """A property that two matching records show differently."""

    source_id: str
    target_id: str
    property: str
    source: Value
    target: Value


@dataclass(slots=True)
class Comparison:
    """One flow. `only_source` and `only_target` map ids to what the records are known by.

    `several`: keys that more than one record of a side has, so that nobody can tell what belongs to what.
    `matched` is None for a flow without criteria, which can only be counted.
    """

    source: Side
    target: Side
    sources: int = 0
    targets: int = 0
    matched: int | None = None
    only_source: dict[str, str] = field(default_factory=dict)
    only_target: dict[str, str] = field(default_factory=dict)
    several: list[str] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)

    @property
    def differs(self) -> bool:
        """Whether a person should look. A record only in the target is none of the flow's business (S01)."""
        if self.matched is None:
            return self.sources != self.targets
        return bool(self.only_source or self.several or self.differences)

    def as_json(self) -> dict[str, Any]:
        """Plain JSON, for scripts."""
        return {
            "source": {"system": self.source.system, "datatype": self.source.datatype, "count": self.sources},
            "target": {"system": self.target.system, "datatype": self.target.datatype, "count": self.targets},
            "matched": self.matched,
            "only_source": [{"id": id, "key": key} for id, key in self.only_source.items()],
            "only_target": [{"id": id, "key": key} for id, key in self.only_target.items()],
            "several": self.several,
            "differences": [
                {
                    "source_id": each.source_id,
                    "target_id": each.target_id,
                    "property": each.property,
                    "source": each.source,
                    "target": each.target,
                }
                for each in self.differences
            ],
        }


async def reconcile(shape: Shape, connectors: Dict[str, Connector]) -> list[Comparison]:
    """Compare every flow. Raises `SyncError` for a system that can't be read."""
    listed: dict[Side, list[Record]] = {}
    for side in shape.sides:
        records: dict[str, Record] = {}
        async for page in connectors[side.system].changes(side.datatype, None):
            records |= {record.id: record for record in page.records}
        listed[side] = [record for record in records.values() if not record.deleted]
    redaction = Redaction(shape.mapping)
    return [compare(flow, listed[flow.source], listed[flow.target], redaction) for flow in shape.flows]


def compare(flow: Flow, sources: list[Record], targets: list[Record], redaction: Redaction) -> Comparison:
    """Compare what the two sides of a flow show."""
    found = Comparison(flow.source, flow.target, len(sources), len(targets))
    if not flow.criteria:
        return found
    pairs = _pairs(flow, sources, targets, found)
    found.matched = len(pairs)
    for source, target in pairs:
        for name, here, there in _differing(flow, source.fields, target.fields):
            shown = redaction.named(name, here), redaction.named(name, there)
            found.differences.append(Difference(source.id, target.id, name, *shown))
    return found


def _pairs(
    flow: Flow, sources: list[Record], targets: list[Record], found: Comparison
) -> list[tuple[Record, Record]]:
    """Records that match on any criterion, each one once; the rest goes into `found`."""
    pairs: list[tuple[Record, Record]] = []
    left = {record.id: record for record in targets}
    alone = {record.id: record for record in sources}
    several: dict[str, None] = {}
    for number, criterion in enumerate(flow.criteria):
        here = _by_key(alone.values(), criterion.source, fold_case=criterion.fold_case)
        there = _by_key(left.values(), criterion.target, fold_case=criterion.fold_case)
        for key, same_here in here.items():
            same_there = there.get(key, [])
            if number == 0 and (len(same_here) > 1 or len(same_there) > 1):
                several[f"{criterion.source}={key}"] = None
            for source, target in zip(same_here, same_there, strict=False):
                pairs.append((source, target))
                del alone[source.id], left[target.id]
    found.several = list(several)
    found.only_source = {id: _called(flow, record, 0) for id, record in alone.items()}
    found.only_target = {id: _called(flow, record, 1) for id, record in left.items()}
    return pairs


def _by_key(records: Iterable[Record], path: str, *, fold_case: bool) -> dict[str, list[Record]]:
    """Records by key; those without one match nothing."""
    keyed: dict[str, list[Record]] = {}
    for record in records:
        if key := key_form(pick(record.fields, path), fold_case=fold_case):
            keyed.setdefault(key, []).append(record)
    return keyed


def _called(flow: Flow, record: Record, end: int) -> str:
    """What people know a record by: its first key, "" without any."""
    paths = ((criterion.source, criterion.target)[end] for criterion in flow.criteria)
    return next((str(value) for path in paths if not empty(value := pick(record.fields, path))), "")


def _differing(flow: Flow, source: Fields, target: Fields) -> Iterator[tuple[str, Value, Value]]:
    by_path: dict[str, list[Property]] = {}
    for prop in flow.properties:
        by_path.setdefault(prop.target.path, []).append(prop)
    for choices in by_path.values():  # of several properties for one path, the first non-empty one is shown
        filled = (prop for prop in choices if not empty(pick(source, prop.source.path)))
        prop = next(filled, choices[0])
        here, there = pick(source, prop.source.path), pick(target, prop.target.path)
        if not _alike(prop, here, there):
            yield prop.name, here, there


def _alike(prop: Property, here: Any, there: Any) -> bool:
    """Whether two native values show the same, or the target's rendering of it (S16)."""
    try:
        kind, value = prop.type, lift(prop.type, prop.source, here)
        if prop.transform is not None:
            kind, value = prop.transform.type, Transformation(prop.transform, prop.type).applied(value)
        other = lift(kind, prop.target, there)
        return same(kind, prop.source, value, other) or renders(lower(kind, prop.target, value), there)
    except Unrepresentable:
        return False

"""A checklist's items with what the mapping binds them to: basis, directions, known limitations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from bothways.acceptance.verdict import LIMITATION_PREFIX
from bothways.checklist.model import Checklist, Item, Section, item_key
from bothways.checklist.model import Property as Row
from bothways.mapping import Basis, Direction, Flow, Limitation, Mapping, Property

_WAYS = {
    Direction.BOTH: frozenset({"to_target", "to_source"}),
    Direction.TO_TARGET: frozenset({"to_target"}),
    Direction.TO_SOURCE: frozenset({"to_source"}),
}


@dataclass(frozen=True)
class BoundItem(Item):
    """An item, and what has to be seen of it.

    `properties` are the mapping's names of what it speaks of, `directions` the ways in which they are to
    cross, `rows` the ids of the property rows that a statement lists.
    """

    basis: Basis = Basis.STATED
    limitations: tuple[Limitation, ...] = ()
    properties: tuple[str, ...] = ()
    directions: frozenset[str] = frozenset()
    rows: tuple[str, ...] = ()

    @property
    def tags(self) -> frozenset[str]:
        """The tags whose scenarios are evidence of this item."""
        limits = (LIMITATION_PREFIX + limitation.id for limitation in self.limitations)
        return frozenset({self.id, *self.rows, *limits})


def items_of(checklist: Checklist, mapping: Mapping) -> list[BoundItem]:
    """All items in the document's order; where a section's table is empty, the mapping's rows are assumed.

    A statement that a link stays in sync carries the known limitations of its whole section, a row its own.
    """
    flows = {flow.section: flow for flow in mapping.flows}
    sections = {section.number: section for section in checklist.sections}
    seen: Counter[tuple[str, str, str]] = Counter()
    bound: list[BoundItem] = []
    for item in checklist.items():
        section, flow = sections[item.section], flows.get(item.section)
        if item.kind == "property":
            bound.append(_row(item, _listed(section, item.id, flow), Basis.STATED))
        elif item.kind == "properties":
            assumed = [] if section.properties else list(_assumed(item, section, flow, seen))
            rows = (*(row.id for row in section.properties), *(row.id for row in assumed))
            bound.extend([BoundItem(**asdict(item), rows=rows), *assumed])
        else:
            bound.append(_statement(item, flow))
    return bound


def _statement(item: Item, flow: Flow | None) -> BoundItem:
    if flow is None or item.kind != "stays_in_sync":
        return BoundItem(**asdict(item))
    own = (*flow.limitations, *(limit for prop in flow.properties for limit in prop.limitations))
    ways = frozenset(way for prop in flow.properties for way in _WAYS[prop.direction])
    names = tuple(prop.name for prop in flow.properties)
    return BoundItem(**asdict(item), limitations=own, properties=names, directions=ways)


def _row(item: Item, prop: Property | None, basis: Basis) -> BoundItem:
    if prop is None:
        return BoundItem(**asdict(item), basis=basis)
    return BoundItem(
        **asdict(item),
        basis=basis,
        limitations=prop.limitations,
        properties=(prop.name,),
        directions=_WAYS[prop.direction],
    )


def _listed(section: Section, row_id: str, flow: Flow | None) -> Property | None:
    """The mapping's property for a row of the checklist's own table: the one with the same two paths."""
    row: Row = next(row for row in section.properties if row.id == row_id)
    same = (
        prop
        for prop in (flow.properties if flow else ())
        if (prop.source.path, prop.target.path) == (row.source, row.target)
    )
    return next(same, None)


def _assumed(
    statement: Item, section: Section, flow: Flow | None, seen: Counter[tuple[str, str, str]]
) -> Iterator[BoundItem]:
    for number, prop in enumerate(flow.properties if flow else (), start=1):
        text = f"{prop.source.path} to {prop.target.path}"
        alike = (section.source.datatype, section.target.datatype, text)
        seen[alike] += 1
        key = item_key("property", *alike, seen[alike])
        row = Item(f"{statement.id}.{number}", key, "property", text, statement.line, section.number)
        yield _row(row, prop, Basis.ASSUMED)


def limitations_of(mapping: Mapping) -> list[Limitation]:
    """Every known limitation that a mapping declares, once: a flow listed twice has no more of them."""
    found: dict[str, Limitation] = {}
    for flow in mapping.flows:
        for limitation in (
            *flow.limitations,
            *(limit for prop in flow.properties for limit in prop.limitations),
        ):
            found.setdefault(limitation.id, limitation)
    return list(found.values())

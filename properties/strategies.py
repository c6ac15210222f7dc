"""What can happen under a mapping, as Hypothesis strategies: who can edit what, and with which values."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from hypothesis import strategies as st

from properties.layout import Layout, Place, Property, Side
from properties.people import ORDER_SCREEN
from properties.values import TEXTS, unique

FLAVOURS = st.integers(0, len(TEXTS) - 1)
SECONDS = st.sampled_from([0.0, 0.001, 0.4, 1.0, 2.5, 90.0])
"""Pauses between people's acts: none, a tie's width, less and more than the coarsest granularity and clock error."""
SKEWS = st.sampled_from([-120.0, -1.5, 0.0, 0.7, 1.9, 3600.0])
FAULTS = (
    "drop_after_commit",
    "timeout_before",
    "error_before",
    "error_after",
    "throttle",
    "stale_page",
    "truncated_page",
    "doubled_page",
    "dead_cursor",
    "partial_batch",
    "kill_before",
    "kill_after",
)
KILLS_AND_LOSSES = ("drop_after_commit", "kill_before", "kill_after")


@dataclass(frozen=True)
class Edit:
    """A property that a person can edit on a side."""

    side: Side
    prop: Property
    place: Place


class Possible:
    """What people can do under a mapping."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout

    @cached_property
    def creatable(self) -> list[Side]:
        """Sides on which people create records, sources twice as often."""
        alone = {flow.target for flow in self.layout.flows if flow.appears_with is None}
        sources = sorted(self.layout.sources)
        return [*sources, *sources, *sorted(alone)]

    @cached_property
    def edits(self) -> list[Edit]:
        """Everything but counters that people can change."""
        return [edit for edit in self._places() if not edit.prop.counter and self._on_screen(edit)]

    @cached_property
    def counts(self) -> list[Edit]:
        """Every counter that people can change."""
        return [edit for edit in self._places() if edit.prop.counter]

    def _places(self) -> list[Edit]:
        every = [
            Edit(place.side, prop, place) for prop in self.layout.properties.values() for place in prop.places
        ]
        return sorted(every, key=lambda edit: (edit.side, edit.place.path))

    def _on_screen(self, edit: Edit) -> bool:
        return not (edit.place.squarespace and edit.side[1] == "Order") or edit.place.path in ORDER_SCREEN

    def is_key(self, prop: Property) -> bool:
        """Whether records are matched by this property."""
        return any(
            (place.side, place.path) in ((flow.source, source), (flow.target, target))
            for flow in self.layout.flows
            for source, target, _ in flow.criteria
            for place in prop.places
        )

    def value(self, prop: Property, number: int, flavour: int) -> Any:
        """A value for the property, in the entity's words; unique to `number` where the type allows it."""
        words = [word for place in prop.places for word in place.values]
        if words:
            return words[flavour % len(words)]
        if self.is_key(prop):
            return f"K-{number}"
        items = [place.items for place in prop.places if place.items]
        if items:
            return [{word: unique(item["type"], number) for word, item in items[0].items()}]
        objects = [place.fields for place in prop.places if place.type == "object" and place.fields]
        if objects:
            return {word: f"{word} {number}" for word in objects[0]}
        return unique(prop.places[0].type, number, flavour)

    def new(self, side: Side, number: int, flavour: int, sku: str | None) -> dict[str, Any]:
        """Values for a new record on a side; an order's line names `sku`."""
        values: dict[str, Any] = {}
        for prop in self.layout.properties.values():
            for place in prop.places:
                if place.side == side or (place.at_creation and place.side[0] == side[0]):
                    values[prop.name] = 20 + number if prop.counter else self.value(prop, number, flavour)
        if any(flow.references and side in (flow.source, flow.target) for flow in self.layout.flows):
            line = {"sku": sku or "nobody's", "name": f"line {number}", "quantity": 2, "unit_price": "2.50"}
            values |= {"lines": [line], "currency": "USD", "total": f"{number}.00", "status": "open"}
        return values

"""What people do in the simulated systems, by the mapping's names: they know screens, not APIs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fakes.system import System
from properties.layout import Layout, Place, Property, Side, dig

ORDER_SCREEN = {"fulfillmentStatus", "customerEmail"}
"""What a merchant's screens let a person change of an order on Squarespace."""


class CantHappen(Exception):
    """There is no such record, or the screen has no such field: the event is passed over."""


def native(place: Place, value: Any) -> Any:
    """A value in the entity's words as this place holds it."""
    if isinstance(value, str) and place.values:
        return place.values.get(value, value)
    if isinstance(value, dict) and place.fields:
        return {place.fields.get(word, word): part for word, part in value.items()}
    if isinstance(value, list) and place.items:
        return [_native_item(place, item) for item in value]
    return value


def _native_item(place: Place, item: Mapping[str, Any]) -> dict[str, Any]:
    nested: dict[str, Any] = {}
    for word, part in item.items():
        plant(nested, place.items[word]["path"], part)
    return nested


def plant(record: dict[str, Any], path: str, value: Any) -> None:
    """Put a value at a dotted path."""
    *parents, last = path.split(".")
    for part in parents:
        record = record.setdefault(part, {})
    record[last] = value


class People:
    """Everybody who works in one of the systems."""

    def __init__(self, layout: Layout, systems: Mapping[str, System]) -> None:
        self.layout = layout
        self.systems = systems

    def create(self, side: Side, values: Mapping[str, Any]) -> str:
        """Make a record; gives its id."""
        if self.layout.comes_with(side) is not None:
            raise CantHappen(f"{side[1]} can't be created by itself")
        fields: dict[str, Any] = {}
        for prop in self.layout.properties.values():
            for place in prop.places if prop.name in values else ():
                path = self._path_at_creation(side, place)
                if path is not None:
                    plant(fields, path, native(place, values[prop.name]))
        try:
            return self.systems[side[0]].create(side[1], fields)
        except ValueError as error:
            raise CantHappen(str(error)) from None

    def _path_at_creation(self, side: Side, place: Place) -> str | None:
        if place.side == side:
            return None if place.view else place.path
        return place.at_creation if self.layout.comes_with(place.side) == side else None

    def edit(self, side: Side, id_: str, name: str, value: Any) -> None:
        """Change a property; None clears it."""
        _, place = self.place(side, name)
        self._change(side, id_, place.path, native(place, value))

    def count(self, side: Side, id_: str, name: str, by: int) -> None:
        """Sell or restock. Nobody sells what isn't there."""
        prop, place = self.place(side, name)
        present = dig(self.systems[side[0]].show(side[1], id_) or {}, place.path)
        if not prop.counter or not isinstance(present, int) or present + by < 0:
            raise CantHappen(f"{present} and {by} make no stock")
        self._change(side, id_, place.path, present + by)

    def delete(self, side: Side, id_: str) -> None:
        """Delete a record."""
        try:
            self.systems[side[0]].delete(side[1], id_)
        except (KeyError, ValueError) as error:
            raise CantHappen(str(error)) from None

    def place(self, side: Side, name: str) -> tuple[Property, Place]:
        """The property of that name where `side` shows it, as a view only if nowhere else."""
        found = [
            (prop, place)
            for prop in self.layout.properties.values()
            for place in prop.places
            if place.side == side and prop.name == name
        ]
        if not found:
            raise CantHappen(f"{side[1]} has no {name}")
        return found[0]

    def _change(self, side: Side, id_: str, path: str, value: Any) -> None:
        if (
            self.systems[side[0]].contract == "squarespace"
            and side[1] == "Order"
            and path not in ORDER_SCREEN
        ):
            raise CantHappen(f"the screen has no field for {path}")
        try:
            self.systems[side[0]].edit(side[1], id_, {path: value})
        except (KeyError, ValueError) as error:
            raise CantHappen(str(error)) from None

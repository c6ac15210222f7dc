"""Words for what happens in a Squarespace shop."""

from __future__ import annotations

from typing import Any

from fakes.squarespace import SquarespaceSystem
from tests.sync.connectors.connected import Connected


def item(shop: Connected, **fields: Any) -> str:
    return shop.system.create("Inventory", {"quantity": 5, **fields})


def stock(shop: Connected, id: str) -> tuple[bool, int]:
    shown = shop.system.show("Inventory", id) or {}
    return shown["isUnlimited"], shown["quantity"]


def sibling(shop: Connected, id: str, **fields: Any) -> str:
    """One more variant of the same product."""
    assert isinstance(shop.system, SquarespaceSystem)
    return shop.system.add_variant(id, fields)

"""What a system makes of a value by itself, from its API's page: renderings, and fields that follow others (S16)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from steps import values

_PARAGRAPH = re.compile(r"<p[^>]*>(.*)</p>", re.DOTALL)


def _unwrapped(text: str) -> str:
    paragraph = _PARAGRAPH.fullmatch(text.strip())
    return paragraph.group(1) if paragraph else text


# contract -> native path -> a rendering with what the system adds or trims taken away
_PLAIN: dict[str, dict[str, Callable[[str], str]]] = {
    "squarespace": {"description": _unwrapped, "sku": str.strip, "variants.sku": str.strip},
}

# contract -> (datatype, path) -> fields that the system itself changes with it, under the same record id
_FOLLOWERS: dict[str, dict[tuple[str, str], tuple[tuple[str, str], ...]]] = {
    "squarespace": {
        ("Sesamproducts", "name"): (("Inventory", "descriptor"),),
        ("Inventory", "quantity"): (
            ("Inventory", "isUnlimited"),
            ("Sesamproducts", "variants.stock.unlimited"),
        ),
        ("Order", "fulfillmentStatus"): (("Order", "fulfillments"), ("Order", "fulfilledOn")),
    },
}

# contract -> datatype -> (flag, count): while the flag is set, nothing is counted, whatever number stands there
_UNCOUNTED: dict[str, dict[str, tuple[str, str]]] = {
    "squarespace": {
        "Inventory": ("isUnlimited", "quantity"),
        "Sesamproducts": ("variants.stock.unlimited", "variants.stock.quantity"),
    },
}

# Fields that say when and how often a record was written, not what it is.
BOOKKEEPING = frozenset({"updated_at", "version", "modifiedOn"})


def plain(contract: str, path: str, value: Any) -> Any:
    """A compared value without what the system of this contract adds to it or trims from it."""
    rendering = _PLAIN.get(contract, {}).get(path)
    return rendering(value) if rendering is not None and isinstance(value, str) else value


def as_meant(contract: str, datatype: str, record: dict[str, Any]) -> dict[str, Any]:
    """A record as its system means it: unlimited stock is no number. The record is changed."""
    flag, count = _UNCOUNTED.get(contract, {}).get(datatype, ("", ""))
    if flag and values.dig(record, flag):
        values.plant(record, count, None)
    return record


def followers(contract: str, datatype: str, path: str) -> tuple[tuple[str, str], ...]:
    """The (datatype, path) pairs that change by themselves when `path` of `datatype` does."""
    return _FOLLOWERS.get(contract, {}).get((datatype, path), ())

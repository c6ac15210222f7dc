"""Inventory 1.0: what is left of each variant. Items come and go with variants; nothing here makes one."""

from __future__ import annotations

from fakes.http import Answer, Call, Operation
from fakes.squarespace.catalogue import Catalogue
from fakes.squarespace.http import Keys, Listing, ids_of, serving
from fakes.squarespace.refusals import Refusal
from fakes.squarespace.stock import adjust
from fakes.squarespace.wire import Wire

BASE = "/1.0/commerce/inventory"


class InventoryApi:
    """The operations of Inventory 1.0."""

    def __init__(self, catalogue: Catalogue, wire: Wire, listing: Listing, keys: Keys) -> None:
        self._catalogue = catalogue
        self._wire = wire
        self._listing = listing
        self._keys = keys

    def operations(self) -> list[Operation]:
        """The contract, line by line."""
        return [
            Operation("GET", BASE, serving(self.list), lists=True),
            Operation("POST", f"{BASE}/adjustments", serving(self.adjust)),
            Operation("GET", f"{BASE}/{{id}}", serving(self.read)),
        ]

    def list(self, call: Call) -> Answer:
        """All items, in the order of their creation: there is no filter by time or SKU."""
        rows, pagination = self._listing.page(
            call, self._catalogue.variants, lambda variant: variant.changed, by_modification=False
        )
        return Answer(200, {"inventory": [self._wire.item(row) for row in rows], "pagination": pagination})

    def read(self, call: Call) -> Answer:
        """Up to 50 items by id; any unknown id makes the whole request fail."""
        variants = self._catalogue.variants.rows
        ids = ids_of(call)
        if unknown := [id for id in ids if id not in variants]:
            raise Refusal("INVENTORY_ITEM_NOT_FOUND", f"there is no item {unknown[0]}")
        return Answer(200, {"inventory": [self._wire.item(variants[id]) for id in ids]})

    def adjust(self, call: Call) -> Answer:
        """Change stock by difference, or set it."""

        def adjusted() -> Answer:
            adjust(self._catalogue, call.body)
            return Answer(204)

        return self._keys.once(call, adjusted)

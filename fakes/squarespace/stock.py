"""Stock adjustments: what may be done to how much is left."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from fakes.squarespace.arguments import Arguments
from fakes.squarespace.catalogue import Catalogue, Variant
from fakes.squarespace.refusals import Refusal, invalid

MOST = 50
LISTS = {
    "incrementOperations": "increment",
    "decrementOperations": "decrement",
    "setFiniteOperations": "set",
}


@dataclass(frozen=True, slots=True)
class Adjustment:
    """One operation on one variant's stock."""

    kind: str
    variant: Variant
    quantity: int = 0

    def applied(self, most: int) -> Variant:
        """The variant with its stock adjusted. Raises Refusal where that can't be."""
        variant = self.variant
        if self.kind == "unlimit":
            return replace(variant, quantity=0, unlimited=True)
        if self.kind != "set" and variant.unlimited:
            raise Refusal("STOCK_NOT_TRACKED", f"the stock of {variant.id} is unlimited")
        change = {"increment": self.quantity, "decrement": -self.quantity}
        left = self.quantity if self.kind == "set" else variant.quantity + change[self.kind]
        if left < 0:
            raise Refusal("INSUFFICIENT_STOCK", f"only {variant.quantity} of {variant.id} are left")
        if left > most:
            raise Refusal("STOCK_EXCEEDS_MAX", f"no more than {most} of {variant.id} can be in stock")
        return replace(variant, quantity=left, unlimited=False)


def adjust(catalogue: Catalogue, body: Any) -> None:
    """Carry out a request for adjustments: all of them, or none where one can't be (see
    Switches.all_or_nothing). Raises Refusal.
    """
    adjustments = _asked(catalogue, body)
    changed: list[Variant] = []
    refusals: list[Refusal] = []
    for adjustment in adjustments:
        try:
            changed.append(adjustment.applied(catalogue.switches.max_stock))
        except Refusal as refusal:
            refusals.append(refusal)
    if not refusals or not catalogue.switches.all_or_nothing:
        catalogue.set_stock(changed)
    if refusals:
        raise refusals[0]


def _asked(catalogue: Catalogue, body: Any) -> list[Adjustment]:
    asked = Arguments(body, (*LISTS, "setUnlimitedOperations"))
    found: list[Adjustment] = []
    for name, kind in LISTS.items():
        least = 0 if kind == "set" and catalogue.switches.sets_to_zero else 1
        for part in asked.rows(name) or []:
            operation = Arguments(part, ("variantId", "quantity"), at=f"{name}[]")
            operation.require("variantId", "quantity")
            variant = _known(catalogue, operation.text("variantId"))
            found.append(Adjustment(kind, variant, operation.whole("quantity", least) or 0))
    found += [
        Adjustment("unlimit", _known(catalogue, id)) for id in asked.texts("setUnlimitedOperations") or ()
    ]
    if not found:
        raise Refusal("MISSING_ARGUMENT", "there is no operation to carry out")
    if len(found) > MOST:
        raise invalid(f"there are more than {MOST} operations")
    if len({adjustment.variant.id for adjustment in found}) < len(found):
        raise invalid("a variant stands in more than one operation")
    return found


def _known(catalogue: Catalogue, id: str | None) -> Variant:
    variant = catalogue.variants.rows.get(id or "")
    if variant is None:
        raise Refusal("INVENTORY_ITEM_NOT_FOUND", f"there is no variant {id}", status=400)
    return variant

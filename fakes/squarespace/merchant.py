"""What a merchant does in the shop's own screens."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, TypeVar

from fakes.clock import SystemClock, iso_milliseconds
from fakes.squarespace.arguments import Arguments, Json
from fakes.squarespace.catalogue import Catalogue, Variant
from fakes.squarespace.order_book import PAYMENT_STATES, STATUSES, Order, OrderBook
from fakes.squarespace.refusals import Refusal, invalid
from fakes.squarespace.wire import Wire
from fakes.store import Store

Result = TypeVar("Result")
UPDATES = {"FULFILLED": "FULFILLED", "CANCELED": "CANCELED", "PENDING": None}
"""What subscribers hear of a new status."""


@dataclass(frozen=True, slots=True)
class Merchant:
    """The screens, over the same shop as the API. Methods raise ValueError for what a screen would not take,
    KeyError for a record that is not there.
    """

    store: Store
    clock: SystemClock
    catalogue: Catalogue
    book: OrderBook
    wire: Wire

    # a product with one variant: Sesamproducts, and the Inventory item that comes with it

    def create_product(self, fields: Json) -> str:
        """A product with one variant; gives the variant's id."""
        given = copy.deepcopy(fields)
        variant = self._with_defaults(given.pop("variants", {}))
        body: Json = {"type": "PHYSICAL", "storePageId": self.catalogue.pages[0].id, "name": "Untitled"}
        body |= {**given, "variants": [variant]}
        return _screened(lambda: self.catalogue.create(body)).variants[0]

    def create_item(self, fields: Json) -> str:
        """The same, told as an Inventory item."""
        asked = _screened(
            lambda: Arguments(fields, ("sku", "descriptor", "quantity", "isUnlimited"), at="Inventory")
        )
        variant: Json = {name: asked.body[name] for name in ("sku",) if name in asked}
        variant["stock"] = {
            "quantity": fields.get("quantity", 0),
            "unlimited": fields.get("isUnlimited", False),
        }
        name = {"name": fields["descriptor"]} if fields.get("descriptor") else {}
        return self.create_product({**name, "variants": variant})

    def add_variant(self, variant_id: str, fields: Json) -> str:
        """One more variant beside that with `variant_id`; told apart by an attribute if need be. Gives its
        id.
        """
        product = self.catalogue.products.rows[self._variant(variant_id).product]
        given = copy.deepcopy(fields)
        variant = self._with_defaults(given.pop("variants", given))
        names = list(product.attributes) or ["Option"]
        variant.setdefault("attributes", {names[0]: str(len(product.variants) + 1)})

        def added() -> Variant:
            grown = self.catalogue.update(product, {"variantAttributes": names})
            return self.catalogue.add_variant(grown, variant)

        return _screened(added).id

    def edit_product(self, id: str, changes: Json) -> None:
        """Change a variant, or its product's own fields, by dotted paths."""
        variant = self._variant(id)
        product = self.catalogue.products.rows[variant.product]
        own = {path: value for path, value in changes.items() if not path.startswith("variants.")}
        inner = {path.removeprefix("variants."): changes[path] for path in changes if path not in own}
        stock = {path: inner.pop(path) for path in list(inner) if path.split(".")[0] == "stock"}
        shown = self.wire.variant(variant)
        body: Json = {}
        for path, value in inner.items():
            top = path.split(".")[0]
            body.setdefault(top, copy.deepcopy(shown.get(top)))
            _set(body, path, value)

        def edited() -> None:
            if own:
                self.catalogue.update(product, own)
            if body:
                self.catalogue.update_variant(variant, body)
            if stock:
                self._set_stock(
                    id, stock.get("stock.quantity", variant.quantity), stock.get("stock.unlimited")
                )

        _screened(edited)

    def edit_item(self, id: str, changes: Json) -> None:
        """Change a variant's SKU or stock as its Inventory item shows them."""
        paths = {
            "sku": "variants.sku",
            "quantity": "variants.stock.quantity",
            "isUnlimited": "variants.stock.unlimited",
        }
        if odd := changes.keys() - paths.keys():
            raise ValueError(f"no screen changes an Inventory item's {min(odd)}")
        self.edit_product(id, {paths[name]: value for name, value in changes.items()})

    def delete_variant(self, id: str) -> None:
        """Delete a variant, and its product with the last one."""
        variant = self._variant(id)
        product = self.catalogue.products.rows[variant.product]
        if product.variants == (id,):
            self.catalogue.delete(product)
        else:
            self.catalogue.remove_variant(variant)

    def _variant(self, id: str) -> Variant:
        return self.catalogue.variants.rows[id]

    def _with_defaults(self, variant: Json) -> Json:
        """A variant with the price and SKU that a screen proposes."""
        zero = {"currency": self.catalogue.currency, "value": "0.00"}
        pricing = {"basePrice": zero, **(variant.get("pricing") or {})}
        number = self.store.numbers["sku"] = self.store.numbers["sku"] + 1
        return {"sku": f"SQ{number:07}", **variant, "pricing": pricing}

    def _set_stock(self, id: str, quantity: Any, unlimited: bool | None) -> None:
        if quantity is None:
            unlimited, quantity = True, 0
        if not isinstance(quantity, int) or not 0 <= quantity <= self.catalogue.switches.max_stock:
            raise invalid(f"the stock can't be {quantity!r}")
        unlimited = unlimited or False
        changed = replace(self._variant(id), quantity=0 if unlimited else quantity, unlimited=unlimited)
        self.catalogue.set_stock([changed])

    # orders

    def create_order(self, fields: Json) -> str:
        """An order, as if it had been placed in the shop. `paymentState` may be given; stock is deducted only
        where `inventoryBehavior` says so.
        """
        given = copy.deepcopy(fields)
        payment = given.pop("paymentState", "PAID")
        if payment not in PAYMENT_STATES:
            raise ValueError(f"there is no payment state {payment!r}")
        lines = given.get("lineItems") or [self._any_line()]
        currency = self.catalogue.currency
        total = sum(
            (Decimal(line["unitPricePaid"]["value"]) * line["quantity"] for line in lines), Decimal("0.00")
        )
        amount = {"currency": currency, "value": str(total)}
        body: Json = {
            "channelName": "Storefront",
            "externalOrderReference": "-",
            "createdOn": iso_milliseconds(self.clock.now()),
            "priceTaxInterpretation": "EXCLUSIVE",
            "fulfillments": [],
            "subtotal": amount,
            "grandTotal": amount,
            **given,
            "lineItems": lines,
        }
        order = _screened(lambda: self.book.take(body, payment))
        return order.id

    def edit_order(self, id: str, changes: Json) -> None:
        """Fulfil, cancel or refund an order, or correct its e-mail; no screen changes anything else."""
        order = self.book.orders.rows[id]
        for path, value in changes.items():
            order = self._edited(order, path, value)

    def _edited(self, order: Order, path: str, value: Any) -> Order:
        if path == "fulfillmentStatus" and value in STATUSES:
            return self.book.change(order, UPDATES[value], status=value)
        if path == "customerEmail" and (value is None or isinstance(value, str)):
            return self.book.change(order, "EMAIL_UPDATED", email=value)
        if path in ("refundedTotal", "refundedTotal.value"):
            money = {"refundedTotal": value}
            if path == "refundedTotal.value":
                money = {"refundedTotal": {"currency": self.catalogue.currency, "value": value}}
            asked = Arguments(money, ("refundedTotal",))
            refunded = _screened(lambda: asked.money("refundedTotal", self.catalogue.currency, 2))
            return self.book.change(order, "REFUNDED", refunded=refunded)
        raise ValueError(f"no screen changes an order's {path} to {value!r:.40}")

    def delete_order(self, id: str) -> None:
        """Remove an order without a trace."""
        self.book.orders.drop(id)

    def _any_line(self) -> Json:
        """A line for an order of no matter what, on a product made for it if there is none."""
        variants = self.catalogue.variants.rows
        id = next(iter(variants), None) or self.create_product({})
        price = {"currency": self.catalogue.currency, "value": variants[id].base_price}
        return {"variantId": id, "quantity": 1, "unitPricePaid": price}


def _set(body: Json, path: str, value: Any) -> None:
    *steps, last = path.split(".")
    here = body
    for step in steps:
        if not isinstance(here.get(step), dict):
            here[step] = {}
        here = here[step]
    here[last] = value


def _screened(change: Callable[[], Result]) -> Result:
    try:
        return change()
    except Refusal as refusal:
        raise ValueError(refusal.message) from None

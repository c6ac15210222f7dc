"""What a merchant does in the shop's own screens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, TypeVar

from fakes.squarespace.arguments import DECIMAL, Arguments, Json
from fakes.squarespace.catalogue import Catalogue, Variant
from fakes.squarespace.order_book import PAYMENT_STATES, STATUSES, Order, OrderBook
from fakes.squarespace.refusals import Refusal, invalid
from fakes.squarespace.wire import Wire
from fakes.store import Store

Result = TypeVar("Result")
UPDATES = {"FULFILLED": "FULFILLED", "CANCELED": "CANCELED", "PENDING": None}
"""What subscribers hear of a new status."""
ITEM_STOCK = {"quantity": "quantity", "isUnlimited": "unlimited"}
"""An Inventory item's words for a variant's stock."""
VIEW = "variants."
"""How the paths of a Sesamproducts record begin that lead into its variant."""
ANY_LINE = {"productName": "Something", "quantity": 1}


@dataclass(frozen=True, slots=True)
class Merchant:
    """The screens, over the same shop as the API. Methods raise ValueError for what a screen would not take,
    KeyError for a record that is not there.
    """

    store: Store
    catalogue: Catalogue
    book: OrderBook
    wire: Wire

    # a product with one variant: Sesamproducts, and the Inventory item that comes with it

    def create_product(self, fields: Json) -> str:
        """A product with one variant; gives the variant's id."""
        variant = self._proposed(fields.pop("variants", None) or {})
        body: Json = {"type": "PHYSICAL", "storePageId": self.catalogue.pages[0].id, "name": "Untitled"}
        body |= {**fields, "variants": [variant]}
        return _screened(lambda: self.catalogue.create(body)).variants[0]

    def create_item(self, fields: Json) -> str:
        """The same, told as an Inventory item, whose `descriptor` is the product's name."""
        name = fields.pop("descriptor", None)
        return self.create_product({"variants": fields} | ({"name": name} if name else {}))

    def add_variant(self, variant_id: str, fields: Json) -> str:
        """One more variant beside that with `variant_id`; told apart by an attribute if need be. Gives its
        id.
        """
        product = self.catalogue.products.rows[self._variant(variant_id).product]
        variant = self._proposed(fields.pop("variants", fields))
        names = list(product.attributes) or ["Option"]
        variant.setdefault("attributes", {names[0]: str(len(product.variants) + 1)})

        def added() -> Variant:
            grown = self.catalogue.update(product, {"variantAttributes": names})
            return self.catalogue.add_variant(grown, variant)

        return _screened(added).id

    def edit_product(self, id: str, changes: Json) -> None:
        """Change a variant, or its product's own fields, by dotted paths."""
        variant = self._variant(id)
        own = {path: value for path, value in changes.items() if not path.startswith(VIEW)}
        inner = {path.removeprefix(VIEW): value for path, value in changes.items() if path not in own}
        part = self._edited(variant, inner)
        stock = part.pop("stock", None)

        def edited() -> None:
            if own:
                self.catalogue.update(self.catalogue.products.rows[variant.product], own)
            if part:
                self.catalogue.update_variant(variant, part)
            if stock is not None:
                self._set_stock(id, stock)

        _screened(edited)

    def _edited(self, variant: Variant, changes: Json) -> Json:
        """Those parts of a variant that `changes` touches, as they are to be. A quantity makes stock
        counted.
        """
        shown = self.wire.variant(variant)
        if "stock.quantity" in changes:
            shown["stock"]["unlimited"] = False
        for path, value in changes.items():
            _set(shown, path, value)
        touched = dict.fromkeys(path.partition(".")[0] for path in changes)
        return self._in_shop_currency({name: shown[name] for name in touched})

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

    def _proposed(self, given: Json) -> Json:
        """A variant with what a screen fills in: a price, a SKU, unlimited stock for a quantity left
        blank.
        """
        stock = {name: given.pop(key) for key, name in ITEM_STOCK.items() if key in given}
        stock = {**(given.get("stock") or {}), **stock}
        if stock.get("quantity", 0) is None:
            stock["unlimited"] = True
        pricing = {"basePrice": {"value": "0.00"}, **(given.get("pricing") or {})}
        if "sku" not in given:
            self.store.numbers["sku"] += 1
            given["sku"] = f"SQ{self.store.numbers['sku']:07}"
        return self._in_shop_currency({**given, "pricing": pricing, "stock": stock})

    def _in_shop_currency(self, fields: Json) -> Json:
        """`fields` with the shop's currency wherever an amount is given without one."""
        filled = {}
        for name, value in fields.items():
            part = self._in_shop_currency(value) if isinstance(value, dict) else value
            if isinstance(part, dict) and "value" in part:
                part = {"currency": self.catalogue.currency, **part}
            filled[name] = part
        return filled

    def _set_stock(self, id: str, stock: Json) -> None:
        quantity, unlimited = stock.get("quantity"), stock.get("unlimited") or False
        if quantity is None or unlimited:
            quantity, unlimited = 0, True
        if not isinstance(quantity, int) or not 0 <= quantity <= self.catalogue.switches.max_stock:
            raise invalid(f"the stock can't be {quantity!r}")
        self.catalogue.set_stock([replace(self._variant(id), quantity=quantity, unlimited=unlimited)])

    # orders

    def create_order(self, fields: Json) -> str:
        """An order, as if it had been placed in the shop. `paymentState` may be given; stock is deducted only
        where `inventoryBehavior` says so; totals are worked out from the lines.
        """
        payment = fields.pop("paymentState", "PAID")
        if payment not in PAYMENT_STATES:
            raise ValueError(f"there is no payment state {payment!r}")
        lines = [self._in_shop_currency(line) for line in fields.get("lineItems") or [dict(ANY_LINE)]]
        for line in lines:
            line.setdefault("quantity", 1)
            line.setdefault("unitPricePaid", {"currency": self.catalogue.currency, "value": "0.00"})
        body: Json = {"channelName": "Shop", **fields, "lineItems": lines}
        total = sum((_cost(line) for line in lines), Decimal("0.00"))
        for name in ("subtotal", "grandTotal"):
            body[name] = {"value": str(total), **(fields.get(name) or {})}
        return _screened(lambda: self.book.place(self._in_shop_currency(body), payment)).id

    def edit_order(self, id: str, changes: Json) -> None:
        """Fulfil, cancel or refund an order, or correct its e-mail; no screen changes anything else."""
        order = self.book.orders.rows[id]
        for path, value in changes.items():
            order = self._order_edited(order, path, value)

    def _order_edited(self, order: Order, path: str, value: Any) -> Order:
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


def _cost(line: Json) -> Decimal:
    """What a line comes to; nothing for one that the order book will refuse."""
    price, quantity = line["unitPricePaid"].get("value"), line["quantity"]
    sound = isinstance(price, str) and DECIMAL.fullmatch(price) and isinstance(quantity, int)
    return Decimal(price) * quantity if sound else Decimal(0)


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

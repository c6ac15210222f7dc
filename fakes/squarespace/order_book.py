"""The shop's orders: how they come in and what becomes of them, whoever asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from fakes.clock import SystemClock
from fakes.squarespace.arguments import Arguments, Json
from fakes.squarespace.catalogue import Catalogue
from fakes.squarespace.refusals import Refusal, invalid, missing
from fakes.squarespace.stock import Adjustment
from fakes.store import Store, Table

STATUSES = ("PENDING", "FULFILLED", "CANCELED")
PAYMENT_STATES = (
    "NOT_CHARGED",
    "AUTHORIZED",
    "PAID",
    "REFUNDED",
    "PENDING",
    "FAILED",
    "REFUND_PENDING",
    "REFUND_FAILED",
    "PARTIALLY_PAID",
)
SHOWN_PAYMENT_STATES = PAYMENT_STATES[:4]
"""What a listing shows when it isn't asked for others."""
ADDRESS = (
    "firstName",
    "lastName",
    "address1",
    "address2",
    "city",
    "state",
    "countryCode",
    "postalCode",
    "phone",
)
SHIPMENT = ("shipDate", "carrierName", "service", "trackingNumber", "trackingUrl")
LINE = ("variantId", "sku", "productName", "quantity", "unitPricePaid")
REQUIRED = (
    "channelName",
    "externalOrderReference",
    "createdOn",
    "grandTotal",
    "priceTaxInterpretation",
    "subtotal",
)
IMPORT = (
    *REQUIRED,
    "fulfillments",
    "lineItems",
    "inventoryBehavior",
    "fulfillmentStatus",
    "customerEmail",
    "billingAddress",
    "shippingAddress",
    "shippingTotal",
    "discountTotal",
    "taxTotal",
    "internalNotes",
)


@dataclass(frozen=True, slots=True)
class Line:
    """What was bought. `price` is for one, in the shop's currency."""

    id: str
    variant: str | None
    sku: str | None
    name: str
    quantity: int
    price: str


@dataclass(frozen=True, slots=True)
class Order:
    """An order. Totals are decimal text in the shop's currency; `payment` is never shown."""

    id: str
    number: str
    created: datetime
    modified: datetime
    channel: str
    reference: str | None
    email: str | None
    status: str
    lines: tuple[Line, ...]
    subtotal: str
    total: str
    billing_address: Json | None = None
    shipping_address: Json | None = None
    fulfillments: tuple[Json, ...] = ()
    notes: tuple[Json, ...] = ()
    shipping: str | None = None
    discount: str | None = None
    tax: str | None = None
    refunded: str | None = None
    payment: str = "PAID"


class OrderBook:
    """All orders of one shop. `announce` hears of them: topic, order id, what was updated."""

    def __init__(
        self,
        store: Store,
        clock: SystemClock,
        catalogue: Catalogue,
        announce: Callable[[str, str, str | None], None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._catalogue = catalogue
        self._announce = announce

    @property
    def orders(self) -> Table[Order]:
        """Orders by id, placed by their modification."""
        return self._store.tables["orders"]

    def order(self, id: str) -> Order:
        """An order. Raises Refusal."""
        if id not in self.orders.rows:
            raise Refusal(None, f"there is no order {id}", status=404)
        return self.orders.rows[id]

    def take(self, body: Any, payment: str) -> Order:
        """Import an order from another channel. Raises Refusal."""
        asked = Arguments(body, IMPORT)
        asked.require(*REQUIRED)
        if asked.rows("fulfillments") is None:
            raise missing("fulfillments")
        for part in asked.rows("lineItems") or []:
            Arguments(part, LINE, at="lineItems[]").require("variantId")
        return self.place(body, payment)

    def place(self, body: Any, payment: str) -> Order:
        """An order, from wherever it comes. Raises Refusal."""
        asked = Arguments(body, IMPORT)
        asked.choice("priceTaxInterpretation", ("INCLUSIVE", "EXCLUSIVE"))
        now = self._clock.now()
        order = Order(
            id=self._store.ids(),
            number=str(self._store.numbers["order"] + 1),
            created=asked.moment("createdOn") or now,
            modified=now,
            channel=asked.text("channelName") or "",
            reference=asked.text("externalOrderReference"),
            email=asked.text("customerEmail"),
            status=asked.choice("fulfillmentStatus", STATUSES) or "PENDING",
            lines=self._lines(asked),
            subtotal=self._money(asked, "subtotal") or "",
            total=self._money(asked, "grandTotal") or "",
            billing_address=_address(asked, "billingAddress"),
            shipping_address=_address(asked, "shippingAddress"),
            fulfillments=_shipments(asked, "fulfillments"),
            notes=_notes(asked),
            shipping=self._money(asked, "shippingTotal"),
            discount=self._money(asked, "discountTotal"),
            tax=self._money(asked, "taxTotal"),
            payment=payment,
        )
        if sum(Decimal(line.price) * line.quantity for line in order.lines) != Decimal(order.subtotal):
            raise invalid("subtotal is not the sum of the line items")
        if asked.choice("inventoryBehavior", ("DEDUCT", "SKIP")) == "DEDUCT":
            self._deduct(order)
        self._store.numbers["order"] += 1
        self.orders.put(order.id, order, now)
        self._announce("order.create", order.id, None)
        return order

    def fulfil(self, order: Order, body: Any) -> Order:
        """Ship an order, again if need be. Raises Refusal."""
        asked = Arguments(body, ("shouldSendNotification", "shipments"))
        if asked.rows("shipments") is None:
            raise missing("shipments")
        asked.flag("shouldSendNotification")
        if order.status == "CANCELED" and not self._catalogue.switches.fulfils_cancelled:
            raise Refusal(None, "the order was cancelled", status=409)
        shipped = (*order.fulfillments, *_shipments(asked, "shipments"))
        return self.change(order, "FULFILLED", fulfillments=shipped, status="FULFILLED")

    def change(self, order: Order, update: str | None, **changes: Any) -> Order:
        """Change an order; subscribers hear of `update`, if there is a word for it."""
        changed = replace(order, modified=self._clock.now(), **changes)
        self.orders.put(order.id, changed, changed.modified)
        if update:
            self._announce("order.update", order.id, update)
        return changed

    def _money(self, asked: Arguments, name: str) -> str | None:
        decimals = 2 if self._catalogue.switches.pads_money else None
        return asked.money(name, self._catalogue.currency, decimals)

    def _lines(self, asked: Arguments) -> tuple[Line, ...]:
        parts = asked.rows("lineItems")
        if not parts:
            raise missing("lineItems")
        return tuple(self._line(Arguments(part, LINE, at="lineItems[]")) for part in parts)

    def _line(self, asked: Arguments) -> Line:
        asked.require("quantity", "unitPricePaid")
        id = asked.text("variantId")
        variant = self._catalogue.variants.rows.get(id or "")
        if id is not None and variant is None:
            raise Refusal("PRODUCT_VARIANT_NOT_FOUND", f"there is no variant {id}", status=400)
        sku, name = asked.text("sku"), asked.text("productName")
        if variant is not None:
            sku = sku or variant.sku
            name = name or self._catalogue.products.rows[variant.product].name
        price = self._money(asked, "unitPricePaid") or ""
        return Line(self._store.ids(), id, sku, name or "", asked.whole("quantity", 1) or 1, price)

    def _deduct(self, order: Order) -> None:
        """Take what was bought out of stock, all of it or, raising Refusal, nothing."""
        bought: dict[str, int] = {}
        for line in order.lines:
            if line.variant:
                bought[line.variant] = bought.get(line.variant, 0) + line.quantity
        variants = [self._catalogue.variants.rows[id] for id in bought]
        tracked = [variant for variant in variants if not variant.unlimited]
        most = self._catalogue.switches.max_stock
        self._catalogue.set_stock(
            [Adjustment("decrement", variant, bought[variant.id]).applied(most) for variant in tracked]
        )


def _address(asked: Arguments, name: str) -> Json | None:
    address = asked.object(name, ADDRESS)
    return None if address is None else {part: address.text(part) for part in ADDRESS}


def _shipments(asked: Arguments, name: str) -> tuple[Json, ...]:
    parts = [Arguments(part, SHIPMENT, at=f"{name}[]") for part in asked.rows(name) or []]
    return tuple({field: part.text(field) for field in SHIPMENT} for part in parts)


def _notes(asked: Arguments) -> tuple[Json, ...]:
    parts = [
        Arguments(part, ("content",), at="internalNotes[]") for part in asked.rows("internalNotes") or []
    ]
    return tuple({"content": part.text("content")} for part in parts)

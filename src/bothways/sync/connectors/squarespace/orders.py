"""Orders 1.0: what was bought. An order is imported whole; later the API can fulfil it, and nothing else."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from bothways.errors import SyncError
from bothways.sync.codecs import Unrepresentable, nest, number, pick
from bothways.sync.connectors import (
    Abilities,
    Done,
    Fields,
    Gone,
    Kind,
    Outcome,
    Page,
    Record,
    Refused,
    Unknown,
    Write,
)
from bothways.sync.connectors.answers import Answer
from bothways.sync.connectors.http import Http
from bothways.sync.connectors.listing import listed
from bothways.sync.connectors.squarespace.api import KEYS_KEPT, Listing, done, refused
from bothways.sync.connectors.times import moment

PATH = "/1.0/commerce/orders"

PAYMENT_STATES = (
    "NOT_CHARGED,AUTHORIZED,PAID,REFUNDED,PENDING,FAILED,REFUND_PENDING,REFUND_FAILED,PARTIALLY_PAID"
)
"""All of them: a listing that doesn't name one hides its orders."""

NEVER_SHOWN = frozenset({"priceTaxInterpretation", "inventoryBehavior"})
"""What an import says about an order, and the order doesn't."""

FULFILMENT = {"shouldSendNotification": False, "shipments": []}
"""No shipment is known here, and customers hear from the webshop."""


class Orders:
    """The orders of one shop."""

    def __init__(self, http: Http) -> None:
        self._http = http
        filters = {"paymentStates": PAYMENT_STATES}
        self._listing = Listing(http, PATH, "result", lambda row: [self._record(row)], filters)

    def abilities(self) -> Abilities:
        return Abilities(keys_kept=KEYS_KEPT)

    def changes(self, cursor: str | None) -> AsyncGenerator[Page, None]:
        return listed(self._listing.turn, self._http, cursor)

    async def read(self, ids: Sequence[str]) -> dict[str, Record]:
        found = {}
        for id in dict.fromkeys(ids):
            answer = await self._http.get(f"{PATH}/{quote(id, safe='')}")
            if answer.good:
                found[id] = self._record(answer.body)
            elif answer.status != 404:
                raise SyncError(f"the {self._http.name} doesn't show order {id}: {answer.reason}")
        return found

    async def write(self, write: Write) -> Outcome:
        match write.kind:
            case Kind.CREATE:
                return await self._create(write)
            case Kind.UPDATE if write.body == {"fulfillmentStatus": "FULFILLED"}:
                return await self._fulfil(write)
        return Refused("the Orders API can fulfil an order, but neither edit, cancel, reopen nor delete it")

    async def _create(self, write: Write) -> Outcome:
        try:
            order = completed(nest(write.body))
        except Unrepresentable as error:
            return Refused(f"the order can't be summed up: {error}")
        answer = await self._http.send("POST", PATH, order, key=write.key)
        if not isinstance(answer, Answer):
            return answer
        if not answer.good:
            return Refused(answer.reason)
        if answer.body is None:
            return Unknown("the order was answered without its content")
        return Done(self._record(answer.body))

    async def _fulfil(self, write: Write) -> Outcome:
        """Fulfil an order that isn't. There is no idempotency key: a blind second request would ship it twice."""
        id = write.id or ""
        present = (await self.read([id])).get(id)
        if present is None:
            return Gone()
        if present.fields["fulfillmentStatus"] == "FULFILLED":
            return Done(present)
        answer = await self._http.send("POST", f"{PATH}/{quote(id, safe='')}/fulfillments", FULFILMENT)
        if not isinstance(answer, Answer):
            return answer
        if not answer.good:
            return await refused(write, answer, self.read)
        return await done(id, self.read, write.body)

    def _record(self, row: Fields) -> Record:
        with self._http.as_contracted("an order"):
            stamp = moment(row["modifiedOn"])
            return Record(
                id=row["id"],
                fields=row,
                stamp=stamp,
                modified_at=self._http.offset.corrected(stamp),
                created_at=self._http.offset.corrected(moment(row["createdOn"])),
            )


def completed(order: Fields) -> Fields:
    """The order with what an import requires and no mapping can know: no shipments yet, one currency, a subtotal.

    Raises `Unrepresentable` for a price or a quantity that is no number.
    """
    currency = pick(order, "grandTotal.currency")
    order = {"fulfillments": [], **_with_currency(order, currency)}
    lines = order.get("lineItems") or []
    prices = [(pick(line, "unitPricePaid.value"), line.get("quantity")) for line in lines]
    subtotal = sum((number(price) * number(quantity) for price, quantity in prices), Decimal(0))
    return order | {"subtotal": {"currency": currency, "value": f"{subtotal:f}"}}


def _with_currency(value: Any, currency: str | None) -> Any:
    """The same, every amount in it (`{value}`) in the order's currency unless it names its own."""
    if isinstance(value, list):
        return [_with_currency(one, currency) for one in value]
    if not isinstance(value, dict):
        return value
    if "value" in value:
        return {"currency": currency, **value}
    return {name: _with_currency(one, currency) for name, one in value.items()}

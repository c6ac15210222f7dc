"""Orders 1.0: read, import, ship. Nothing else can be done to an order through the API."""

from __future__ import annotations

from collections.abc import Callable

from fakes.clock import SystemClock
from fakes.http import Answer, Call, Operation, Refused
from fakes.squarespace.arguments import Json
from fakes.squarespace.http import Keys, Listing, RateLimit, choices, error, serving
from fakes.squarespace.order_book import PAYMENT_STATES, SHOWN_PAYMENT_STATES, STATUSES, Order, OrderBook
from fakes.squarespace.refusals import invalid
from fakes.squarespace.switches import Switches
from fakes.squarespace.wire import Wire

BASE = "/1.0/commerce/orders"
FILTERS = ("modifiedAfter", "modifiedBefore", "fulfillmentStatus", "paymentStates")


class OrdersApi:
    """The operations of Orders 1.0."""

    def __init__(
        self,
        book: OrderBook,
        wire: Wire,
        keys: Keys,
        *,
        imports: RateLimit,
        clock: SystemClock,
        switches: Switches,
    ) -> None:
        self._book = book
        self._wire = wire
        self._keys = keys
        self._imports = imports
        self._clock = clock
        self._switches = switches
        self._listing = Listing(switches, clock, FILTERS)

    def operations(self) -> list[Operation]:
        """The contract, line by line."""
        return [
            Operation("GET", BASE, serving(self.list), lists=True),
            Operation("POST", BASE, serving(self.take)),
            Operation("GET", f"{BASE}/{{id}}", serving(self.read)),
            Operation("POST", f"{BASE}/{{id}}/fulfillments", serving(self.fulfil)),
        ]

    def list(self, call: Call) -> Answer:
        """A page by modification; orders in some payment states are hidden unless asked for."""
        query = call.query
        if ("modifiedAfter" in query) != ("modifiedBefore" in query):
            raise invalid("modifiedAfter and modifiedBefore are given both or not at all")
        rows, pagination = self._listing.page(
            call, self._book.orders, lambda order: order.modified, self._kept
        )
        return Answer(200, {"result": [self._wire.order(row) for row in rows], "pagination": pagination})

    def _kept(self, filters: Json) -> Callable[[Order], bool]:
        statuses = choices(filters, "fulfillmentStatus", STATUSES, STATUSES)
        payments = choices(filters, "paymentStates", PAYMENT_STATES, SHOWN_PAYMENT_STATES)
        within = self._listing.within(filters)
        return lambda order: order.payment in payments and order.status in statuses and within(order.modified)

    def take(self, call: Call) -> Answer:
        """Import an order from another channel."""

        def taken() -> Answer:
            if not self._imports.admits(self._clock.true.now()):
                raise Refused(error(429, "too many orders were imported within an hour"))
            order = self._book.take(call.body, self._switches.imported_payment_state)
            return Answer(201, self._wire.order(order))

        return self._keys.once(call, taken)

    def read(self, call: Call) -> Answer:
        """One order, whatever its payment state."""
        return Answer(200, self._wire.order(self._book.order(call.params["id"])))

    def fulfil(self, call: Call) -> Answer:
        """Ship an order. There is no idempotency key: a request sent again ships again."""
        self._book.fulfil(self._book.order(call.params["id"]), call.body)
        return Answer(204)

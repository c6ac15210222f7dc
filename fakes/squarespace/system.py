"""The simulated shop: its records, its API, its merchant."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any, ClassVar

from fakes.clock import SystemClock
from fakes.http import MALFORMED, Answer, Call, Operation, Refused
from fakes.log import RequestLog
from fakes.notifications import Subscription
from fakes.squarespace.catalogue import Catalogue, Product, StorePage, Variant
from fakes.squarespace.http import KEYS_KEPT, MINUTE, Keys, Listing, RateLimit, error
from fakes.squarespace.inventory import InventoryApi
from fakes.squarespace.merchant import Merchant
from fakes.squarespace.order_book import Order, OrderBook
from fakes.squarespace.orders import OrdersApi
from fakes.squarespace.products import ProductsApi
from fakes.squarespace.switches import Switches
from fakes.squarespace.webhooks import TOPICS, notification
from fakes.squarespace.wire import Wire
from fakes.store import Ids, KeyMemory, Store, Table
from fakes.system import System

DATATYPES = ("Inventory", "Order", "Sesamproducts")


class SquarespaceSystem(System):
    """A shop on Squarespace's Commerce APIs.

    `switches` holds what is not known for certain of the real ones. `limit` is how many requests a minute are
    answered before a minute of 429; `scopes` what the token may do; `expired` an account that wasn't paid.

    For its users: `Inventory` and `Sesamproducts` both have one record per variant, with the variant's id;
    creating either makes one product with one variant, `add_variant` a sibling.

    Not imitated:
    - checkout, carts, payment, tax and shipping calculation
    - images, SEO data, custom forms, product options beyond plain attributes
    - which operations each product type allows
    - profiles, transactions, discounts, subscriptions and donations
    - OAuth and the webhook subscription API: a test subscribes through `subscribe`
    - delivery and retries of webhooks: they wait in `notifications` for a test to deliver them
    - order lines without a variant, and the fields of an order that the contract page doesn't list
    - test-mode orders, several currencies, websites with more than one shop
    - HTML that the real shop cleans out of descriptions
    """

    contract: ClassVar[str] = "squarespace"

    def __init__(
        self,
        name: str,
        clock: SystemClock,
        *,
        token: str,
        ids: Ids,
        log: RequestLog | None = None,
        currency: str = "USD",
        switches: Switches | None = None,
        limit: int = 300,
    ) -> None:
        self.switches = switches or Switches()
        self.scopes = {"inventory", "orders", "products"}
        self.expired = False
        tables: dict[str, Table[Any]] = {
            "products": Table[Product](),
            "variants": Table[Variant](),
            "orders": Table[Order](),
        }
        store = Store(tables, KeyMemory(KEYS_KEPT), ids, {"sku": {}, "slug": {}}, {"order": 1000, "sku": 0})
        pages = (StorePage(ids(), "Shop", "shop"), StorePage(ids(), "Archive", "archive"))
        self.catalogue = Catalogue(store, clock, currency, self.switches, pages)
        self.book = OrderBook(store, clock, self.catalogue, self._announce)
        self.wire = Wire(self.catalogue, self.switches)
        self._merchant = Merchant(store, self.catalogue, self.book, self.wire)
        self._limit = RateLimit(store, "requests", limit, within=MINUTE, cooldown=MINUTE)
        self._keys = Keys(store, clock)
        super().__init__(name, clock, store, token=token, log=log)

    @property
    def datatypes(self) -> Collection[str]:
        """The names of what a shop holds."""
        return DATATYPES

    def add_variant(self, variant_id: str, fields: Mapping[str, Any]) -> str:
        """A sibling of a variant, from its own fields (`{sku, pricing, stock, attributes}`, all optional), an
        Inventory item's, or a Sesamproducts record's `variants`. Gives its id.
        """
        with self.turn:
            return self._merchant.add_variant(variant_id, copy.deepcopy(dict(fields)))

    def _create(self, datatype: str, fields: dict[str, Any]) -> str:
        make = {
            "Inventory": self._merchant.create_item,
            "Order": self._merchant.create_order,
            "Sesamproducts": self._merchant.create_product,
        }
        return make[datatype](fields)

    def _edit(self, datatype: str, id: str, changes: dict[str, Any]) -> None:
        change = {
            "Inventory": self._merchant.edit_item,
            "Order": self._merchant.edit_order,
            "Sesamproducts": self._merchant.edit_product,
        }
        change[datatype](id, changes)

    def _delete(self, datatype: str, id: str) -> None:
        remove = self._merchant.delete_order if datatype == "Order" else self._merchant.delete_variant
        remove(id)

    def _show(self, datatype: str, id: str) -> dict[str, Any] | None:
        if datatype == "Order":
            order = self.book.orders.rows.get(id)
            return None if order is None else self.wire.order(order)
        variant = self.catalogue.variants.rows.get(id)
        if variant is None:
            return None
        return self.wire.item(variant) if datatype == "Inventory" else self.wire.view(variant)

    def _ids(self, datatype: str) -> list[str]:
        return list(self.book.orders.rows if datatype == "Order" else self.catalogue.variants.rows)

    def subscribe(self, url: str, topics: tuple[str, ...] = TOPICS, secret: str | None = None) -> str:
        """Have orders announced at `url`; gives the secret, 64 hexadecimal digits."""
        if odd := set(topics) - set(TOPICS):
            raise ValueError(f"there is no topic {min(odd)!r}")
        id = self.store.ids()
        secret = secret or hashlib.sha256(id.encode()).hexdigest().upper()
        self.store.subscriptions.append(Subscription(id, url, topics, secret))
        return secret

    def operations(self) -> list[Operation]:
        """The contract, line by line."""
        clock, switches = self.clock, self.switches
        imports = RateLimit(
            self.store, "imports", switches.order_imports, switches.order_imports_per, timedelta(0)
        )
        return [
            *InventoryApi(self.catalogue, self.wire, Listing(switches, clock), self._keys).operations(),
            *OrdersApi(
                self.book, self.wire, self._keys, imports=imports, clock=clock, switches=switches
            ).operations(),
            *ProductsApi(self.catalogue, self.wire, clock, switches).operations(),
        ]

    def admit(self, call: Call) -> None:
        """Let a request in: rate limit, User-Agent, token, account, scope, content type, in this order."""
        answer = self._turned_away(call)
        if answer is not None:
            raise Refused(answer)

    def _turned_away(self, call: Call) -> Answer | None:
        if not self._limit.admits(self.clock.true.now()):
            return error(429, "too many requests")
        if self.switches.requires_user_agent and not call.headers.get("user-agent"):
            return error(400, "User-Agent is required", "MISSING_ARGUMENT")
        if call.headers.get("authorization") != f"Bearer {self.token}":
            return error(401, "no valid token")
        if self.expired:
            return error(402, "this website has expired")
        scope = call.path.split("/")[3].replace("store_pages", "products")
        if scope not in self.scopes:
            return error(403, f"the token has no right to {scope}", "MISSING_SCOPE")
        media_type = call.headers.get("content-type", "").partition(";")[0].strip().lower()
        if call.body is not None and media_type != "application/json":
            return error(400, "Content-Type must be application/json", "INVALID_ARGUMENT")
        if call.body is MALFORMED:
            return error(400, "the body must be JSON", "INVALID_ARGUMENT")
        return None

    def problem(self, status: int, detail: str) -> Answer:
        """An error in Squarespace's shape; 409 is a concurrent modification."""
        return error(status, detail, "CONCURRENT_MODIFICATION" if status == 409 else None)

    def _announce(self, topic: str, order: str, update: str | None) -> None:
        for subscription in self.store.subscriptions:
            if topic in subscription.topics:
                made = notification(subscription, self.store.ids(), topic, order, update)
                self.store.notifications.append(made)

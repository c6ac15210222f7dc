"""Products v2, and the store pages that products stand on."""

from __future__ import annotations

from collections.abc import Callable

from fakes.clock import SystemClock
from fakes.http import Answer, Call, Operation
from fakes.squarespace.arguments import Json
from fakes.squarespace.catalogue import PRODUCT_TYPES, Catalogue, Product
from fakes.squarespace.http import Listing, choices, ids_of, serving
from fakes.squarespace.refusals import Refusal
from fakes.squarespace.switches import Switches
from fakes.squarespace.wire import Wire

BASE = "/v2/commerce/products"
FILTERS = ("modifiedAfter", "modifiedBefore", "type")


class ProductsApi:
    """The operations of Products v2."""

    def __init__(self, catalogue: Catalogue, wire: Wire, clock: SystemClock, switches: Switches) -> None:
        self._catalogue = catalogue
        self._wire = wire
        self._listing = Listing(switches, clock, FILTERS)

    def operations(self) -> list[Operation]:
        """The contract, line by line."""
        return [
            Operation("GET", "/1.0/commerce/store_pages", serving(self.store_pages)),
            Operation("GET", BASE, serving(self.list), lists=True),
            Operation("POST", BASE, serving(self.create)),
            Operation("GET", f"{BASE}/{{id}}", serving(self.read)),
            Operation("POST", f"{BASE}/{{id}}", serving(self.update)),
            Operation("DELETE", f"{BASE}/{{id}}", serving(self.delete)),
            Operation("POST", f"{BASE}/{{id}}/variants", serving(self.add_variant)),
            Operation("POST", f"{BASE}/{{id}}/variants/{{variant}}", serving(self.update_variant)),
            Operation("DELETE", f"{BASE}/{{id}}/variants/{{variant}}", serving(self.remove_variant)),
        ]

    def store_pages(self, _: Call) -> Answer:
        """All store pages, on one page."""
        pages = [self._wire.store_page(page) for page in self._catalogue.pages]
        pagination = {"hasNextPage": False, "nextPageCursor": None, "nextPageUrl": None}
        return Answer(200, {"storePages": pages, "pagination": pagination})

    def list(self, call: Call) -> Answer:
        """A page by modification."""
        rows, pagination = self._listing.page(
            call, self._catalogue.products, lambda product: product.modified, self._kept
        )
        return Answer(200, {"products": [self._wire.product(row) for row in rows], "pagination": pagination})

    def _kept(self, filters: Json) -> Callable[[Product], bool]:
        types = choices(filters, "type", PRODUCT_TYPES, PRODUCT_TYPES)
        within = self._listing.within(filters)
        return lambda product: product.type in types and within(product.modified)

    def read(self, call: Call) -> Answer:
        """Up to 50 products by id; any unknown id makes the whole request fail."""
        products = self._catalogue.products.rows
        ids = ids_of(call)
        if unknown := [id for id in ids if id not in products]:
            raise Refusal(None, f"there is no product {unknown[0]}", status=404)
        return Answer(200, {"products": [self._wire.product(products[id]) for id in ids]})

    def create(self, call: Call) -> Answer:
        """A product with its variants. There is no idempotency key: a request sent again creates again."""
        return Answer(201, self._wire.product(self._catalogue.create(call.body)))

    def update(self, call: Call) -> Answer:
        """Change a product's own fields; what isn't named stays."""
        product = self._catalogue.product(call.params["id"])
        return Answer(200, self._wire.product(self._catalogue.update(product, call.body)))

    def delete(self, call: Call) -> Answer:
        """Delete a product with its variants."""
        self._catalogue.delete(self._catalogue.product(call.params["id"]))
        return Answer(204)

    def add_variant(self, call: Call) -> Answer:
        """One more variant."""
        product = self._catalogue.product(call.params["id"])
        return Answer(201, self._wire.variant(self._catalogue.add_variant(product, call.body)))

    def update_variant(self, call: Call) -> Answer:
        """Change a variant; its stock and its siblings stay."""
        variant = self._catalogue.variant(call.params["variant"], call.params["id"])
        return Answer(200, self._wire.variant(self._catalogue.update_variant(variant, call.body)))

    def remove_variant(self, call: Call) -> Answer:
        """Delete a variant, unless it is the last one."""
        self._catalogue.remove_variant(self._catalogue.variant(call.params["variant"], call.params["id"]))
        return Answer(204)

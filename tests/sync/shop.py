"""Two simulated systems with the core between them, for tests that drive the engine itself."""

from __future__ import annotations

import itertools
from collections.abc import Mapping as Dict
from typing import Any

import httpx

from bothways.mapping import Mapping
from bothways.sync.connectors import Setup, connect
from bothways.sync.cycle import Report
from bothways.sync.engine import Engine
from bothways.sync.store import Store
from fakes.clock import SimulatedClock, SystemClock
from fakes.log import RequestLog
from fakes.mount import base_urls, in_process
from fakes.rest import RestSystem
from fakes.squarespace import SquarespaceSystem
from fakes.store import Ids

TOKENS = {"webshop": "token-of-the-webshop", "storefront": "token-of-the-storefront"}


class Shop:
    """A webshop on the generic contract and a Squarespace storefront, and what people do there."""

    def __init__(self, mapping: Mapping, clock: SimulatedClock, *, seed: str = "shop") -> None:
        self.mapping = mapping
        self.clock = clock
        numbers = itertools.count(1)
        datatypes = {
            name: datatype.model_dump(mode="json")
            for name, datatype in mapping.systems["webshop"].datatypes.items()
        }
        self.webshop = RestSystem(
            "webshop",
            datatypes,
            SystemClock(clock),
            token=TOKENS["webshop"],
            ids=Ids(f"{seed}/webshop"),
            log=RequestLog(numbers),
        )
        self.storefront = SquarespaceSystem(
            "storefront",
            SystemClock(clock),
            token=TOKENS["storefront"],
            ids=Ids(f"{seed}/storefront"),
            log=RequestLog(numbers),
        )
        self.systems: Dict[str, RestSystem | SquarespaceSystem] = {
            "webshop": self.webshop,
            "storefront": self.storefront,
        }

    # -- what people do

    def add_product(self, sku: str, *, stock: int = 5, price: str = "12.50", **more: Any) -> str:
        """Somebody adds a product in the webshop."""
        fields = {
            "sku": sku,
            "name": f"Cup {sku}",
            "description": "Nice",
            "price": {"amount": price, "currency": "USD"},
            "stock_quantity": stock,
        }
        return self.webshop.create("Product", fields | more)

    def add_order(self, number: str, sku: str) -> str:
        """Somebody orders two of a product in the webshop."""
        line = {"sku": sku, "name": f"Cup {sku}", "quantity": 2, "unit_price": "12.50"}
        address = {
            "first_name": "Ada",
            "last_name": "Berg",
            "address1": "Storgata 1",
            "city": "Oslo",
            "country_code": "NO",
            "postal_code": "0001",
        }
        fields = {
            "number": number,
            "status": "open",
            "currency": "USD",
            "email": "ada@example.org",
            "lines": [line],
            "ship_to": address,
            "totals": {"grand_total": "25.00"},
        }
        return self.webshop.create("Order", fields)

    def add_variant(self, sku: str, *, stock: int = 3, name: str = "Mug") -> str:
        """The merchant adds a product in the storefront."""
        pricing = {"basePrice": {"value": "9.00", "currency": "USD"}}
        variant = {"sku": sku, "pricing": pricing, "stock": {"quantity": stock}}
        return self.storefront.create("Sesamproducts", {"name": name, "variants": variant})

    # -- what is seen

    def contents(self) -> dict[str, Any]:
        """Every record by system and datatype, under a name that doesn't depend on ids or times, without either."""
        return {
            "Product": _by(self.webshop, "Product", "sku"),
            "webshop Order": _by(self.webshop, "Order", "number"),
            "Inventory": _by(self.storefront, "Inventory", "sku"),
            "Sesamproducts": _by(self.storefront, "Sesamproducts", "variants.sku"),
            "storefront Order": _by(self.storefront, "Order", "externalOrderReference"),
        }

    def product(self, id: str) -> dict[str, Any]:
        """What the webshop shows of a product."""
        return _shown(self.webshop, "Product", id)

    def variant(self, sku: str) -> str:
        """The id of the only variant with this sku."""
        (found,) = [
            id
            for id in self.storefront.ids("Inventory")
            if _shown(self.storefront, "Inventory", id)["sku"] == sku
        ]
        return found

    def quantity(self, sku: str) -> int:
        """What the storefront has in stock."""
        return int(_shown(self.storefront, "Inventory", self.variant(sku))["quantity"])

    @property
    def writes(self) -> int:
        """How many requests asked for a change."""
        return sum(len(system.log.writes) for system in self.systems.values())

    # -- the core between them

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=in_process(self.systems))

    def engine(self, state: str, client: httpx.AsyncClient, mapping: Mapping | None = None) -> Engine:
        """An engine on the state."""
        mapping = mapping or self.mapping
        connectors = {
            key: connect(Setup(system, base_urls(self.systems)[key], TOKENS[key], client, self.clock))
            for key, system in mapping.systems.items()
        }
        return Engine(mapping, connectors, Store(state), self.clock)

    async def cycle(self, state: str, mapping: Mapping | None = None, **how: bool) -> Report:
        """One cycle by an engine of its own."""
        async with self.client() as client:
            engine = self.engine(state, client, mapping)
            try:
                return await engine.cycle(**how)
            finally:
                engine.store.close()

    async def synchronise(self, state: str, *, most: int = 6) -> int:
        """Cycles until quiet; gives how many wrote something."""
        for count in range(most):
            before = self.writes
            await self.cycle(state, allow_bulk=True)
            if self.writes == before:
                return count
        raise AssertionError(f"still writing after {most} cycles")


FLEETING = frozenset(
    {"id", "variantId", "productId", "version", "created_at", "updated_at", "createdOn", "modifiedOn"}
)


def _shown(system: RestSystem | SquarespaceSystem, datatype: str, id: str) -> dict[str, Any]:
    shown = system.show(datatype, id)
    assert shown is not None, f"no {datatype} {id}"
    return shown


def _by(system: RestSystem | SquarespaceSystem, datatype: str, path: str) -> list[tuple[str, Any]]:
    found = []
    for id in system.ids(datatype):
        shown = name = _shown(system, datatype, id)
        for part in path.split("."):
            name = name[part]
        found.append((str(name), _lasting(shown)))
    return sorted(found, key=lambda pair: (pair[0], repr(pair[1])))


def _lasting(shown: Any) -> Any:
    """Without ids and times, which differ between two runs."""
    if isinstance(shown, list):
        return [_lasting(item) for item in shown]
    if isinstance(shown, dict):
        return {name: _lasting(value) for name, value in shown.items() if name not in FLEETING}
    return shown

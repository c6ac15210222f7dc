"""A long time of edits and faults, after which both systems are equal and a cycle is quiet.

Small here; at full length by `make soak`, or BOTHWAYS_SOAK=RECORDSxCYCLES. Of more than 200 cycles' worth of edits,
several are made before each cycle, since a large shop's inventory is listed whole in each.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections import Counter, defaultdict
from random import Random
from typing import Any

import pytest

from bothways.errors import SyncError
from bothways.mapping import Mapping
from fakes.clock import SimulatedClock
from fakes.faults import EngineKilled, Fault, drawn
from tests.sync.shop import Shop

RECORDS, CYCLES = (int(text) for text in os.environ.get("BOTHWAYS_SOAK", "12x40").split("x"))
WORTH = max(1, CYCLES // 200)
"""How many cycles' worth of edits are made before each."""

RATE = 2 / (20 + RECORDS / 50)
"""How many of all requests a fault strikes: two a cycle, of some 20 requests and one for each page of the inventory."""

FAULTS = [
    Fault(kind)
    for kind in (
        "drop_after_commit",
        "timeout_before",
        "error_before",
        "error_after",
        "throttle",
        "partial_batch",
        "stale_page",
        "truncated_page",
        "doubled_page",
        "dead_cursor",
        "kill_before",
        "kill_after",
    )
]
DAY = 24 * 3600


class Soak:
    """People who edit on both sides, at random, and what must be true in the end."""

    def __init__(self, shop: Shop, state: str, random: Random) -> None:
        self._shop = shop
        self._state = state
        self._random = random
        self.skus = [f"s{number}" for number in range(RECORDS)]
        self._products = {sku: shop.add_product(sku, stock=1000) for sku in self.skus}
        self._variants: dict[str, str] = {}
        self.stock = dict.fromkeys(self.skus, 1000)
        self.written: defaultdict[str, set[str]] = defaultdict(set)
        self.happened: Counter[str] = Counter()

    def settle(self) -> None:
        """Without faults, with a whole scan, and longer than anything rests."""
        for system in self._shop.systems.values():
            system.faults.clear()
        for _ in range(3):
            self._shop.clock.advance(DAY + 1)
            asyncio.run(self._shop.synchronise(self._state))
        storefront = self._shop.storefront
        shown = {id: storefront.show("Inventory", id) for id in storefront.ids("Inventory")}
        self._variants = {str(item["sku"]): id for id, item in shown.items() if item is not None}

    def unsettle(self) -> None:
        """From here on, faults strike."""
        for system in self._shop.systems.values():
            system.faults.source = drawn(self._random, FAULTS, RATE)

    def live(self) -> None:
        """A few edits, then a cycle, whatever becomes of it."""
        for _ in range(self._random.randint(0, 4 * WORTH)):
            self._edit(self._random.choice(self.skus))
            self._shop.clock.advance(self._random.choice((0.001, 1, 20, 90)))
        try:
            asyncio.run(self._shop.cycle(self._state, allow_bulk=True))
            self.happened["cycle"] += 1
        except SyncError:
            self.happened["could not run"] += 1
        except EngineKilled:
            self.happened["killed"] += 1

    def _edit(self, sku: str) -> None:
        what = self._random.choice((self._sell, self._restock, self._rename, self._reprice))
        self.happened[what.__name__] += 1
        what(sku)

    def _sell(self, sku: str) -> None:
        count = self._random.randint(1, 3)
        self.stock[sku] -= count
        product = self._shop.product(self._products[sku])
        changes = {"stock_quantity": product["stock_quantity"] - count}
        self._shop.webshop.edit("Product", self._products[sku], changes)

    def _restock(self, sku: str) -> None:
        count = self._random.randint(1, 3)
        self.stock[sku] += count
        shown = self._shop.storefront.show("Inventory", self._variants[sku])
        assert shown is not None
        self._shop.storefront.edit("Inventory", self._variants[sku], {"quantity": shown["quantity"] + count})

    def _rename(self, sku: str) -> None:
        name = f"Cup {self._random.getrandbits(40):x}"
        self.written[sku].add(name)
        if self._random.random() < 0.5:
            self._shop.webshop.edit("Product", self._products[sku], {"name": name})
        else:
            self._shop.storefront.edit("Sesamproducts", self._variants[sku], {"name": name})

    def _reprice(self, sku: str) -> None:
        amount = f"{self._random.randint(1, 9999) / 100:.2f}"
        self.written[sku].add(amount)
        if self._random.random() < 0.5:
            price = {"price": {"amount": amount, "currency": "USD"}}
            self._shop.webshop.edit("Product", self._products[sku], price)
        else:
            price = {"variants.pricing.basePrice": {"value": amount, "currency": "USD"}}
            self._shop.storefront.edit("Sesamproducts", self._variants[sku], price)

    # -- what both systems show

    def left(self) -> dict[str, Any]:
        return {
            sku: (shown["name"], float(shown["price"]["amount"]), shown["stock_quantity"])
            for sku, shown in self._shop.contents()["Product"]
        }

    def right(self) -> dict[str, Any]:
        stock = {sku: shown["quantity"] for sku, shown in self._shop.contents()["Inventory"]}
        return {
            sku: (shown["name"], float(shown["variants"]["pricing"]["basePrice"]["value"]), stock[sku])
            for sku, shown in self._shop.contents()["Sesamproducts"]
        }


@pytest.mark.timeout(0)
def test_after_a_long_time_of_edits_and_faults_both_systems_are_equal(
    mapping: Mapping, clock: SimulatedClock, state: str, seed: int
) -> None:
    print(f"BOTHWAYS_SOAK={RECORDS}x{CYCLES} python -m pytest {os.path.relpath(__file__)} --seed {seed}")  # noqa: T201
    began = time.process_time()
    shop = Shop(mapping, clock)
    soak = Soak(shop, state, Random(seed))  # noqa: S311  # repeatable, not secret
    soak.settle()
    soak.unsettle()
    for done in range(1, CYCLES // WORTH + 1):
        soak.live()
        if done % 20 == 0:
            print(f"{done} cycles, {time.process_time() - began:.0f} s of work", flush=True)  # noqa: T201
    soak.settle()
    left, right = soak.left(), soak.right()
    assert left == right
    assert sorted(left) == sorted(soak.skus) == sorted(sku for sku, _ in shop.contents()["Inventory"])
    assert {sku: shown[2] for sku, shown in left.items()} == soak.stock
    for sku, (name, price, _) in left.items():
        assert name in soak.written[sku] | {f"Cup {sku}"}
        assert f"{price:.2f}" in soak.written[sku] | {"12.50"}
    writes = shop.writes
    asyncio.run(shop.cycle(state))
    assert shop.writes == writes
    struck = Counter(fault.kind for system in shop.systems.values() for fault in system.faults.happened)
    print(dict(soak.happened), dict(struck))  # noqa: T201
    assert sum(struck.values()) > CYCLES / WORTH / 4, struck
    assert soak.happened["cycle"] > CYCLES / WORTH / 4, soak.happened

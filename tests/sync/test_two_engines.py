"""Two engines on one PostgreSQL state, while people are at work: nothing is made twice."""

from __future__ import annotations

import signal
import subprocess
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from bothways.acceptance.evidence import Evidence
from tests.sync.conftest import MAPPING
from tests.sync.console import logged, opened
from tests.sync.shop import Shop

PRODUCTS = 40
CYCLES = 12
"""How many cycles each engine is to run meanwhile."""


class Follower:
    """Reads what an engine logs, so that it never waits for a reader."""

    def __init__(self, engine: subprocess.Popen[str]) -> None:
        self.engine = engine
        self.events: Counter[str] = Counter()
        self.reasons: Counter[str] = Counter()
        self.enough = threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        for told in logged(self.engine):
            self._count(told)
        self.enough.set()

    def _count(self, told: dict[str, Any]) -> None:
        self.events[told["event"]] += 1
        self.reasons[told.get("reason", "")] += 1
        if self.events["cycle"] >= CYCLES:
            self.enough.set()

    def stop(self) -> int:
        """End the engine; gives its exit code."""
        self.engine.send_signal(signal.SIGTERM)
        code = self.engine.wait(30)
        self._thread.join(10)
        return code


@pytest.mark.proves("S29", "S04")
def test_two_engines_on_one_state_make_nothing_twice(
    shop: Shop, new_state: Callable[[str], str], evidence: Evidence
) -> None:
    with opened(shop, new_state("postgresql"), MAPPING) as console:
        with console.start("--every", "0.05s") as one, console.start("--every", "0.05s") as other:
            followers = [Follower(one), Follower(other)]
            for number in range(PRODUCTS):
                product = shop.add_product(f"s{number}")
                shop.add_order(f"W{number}", f"s{number}")
                shop.clock.advance(1)
                shop.webshop.edit("Product", product, {"stock_quantity": 4})
                for follower in followers:
                    follower.enough.wait(0.05)
            for follower in followers:
                follower.enough.wait(180)
            codes = [follower.stop() for follower in followers]
        evidence.holds(set(codes) <= {0, 3}, "each ended clean, or while the other was at work", codes)
        evidence.holds(all(each.events["cycle"] >= CYCLES for each in followers), "both were at work")
        refusals = sum(each.reasons["another engine is running a cycle on this state"] for each in followers)
        evidence.holds(refusals > 0, "they met", refusals)
        for _ in range(2):
            shop.clock.advance(60)
            evidence.same(0, console.sync("--allow-bulk").exit_code, "a cycle afterwards")
    contents = shop.contents()
    skus = sorted(f"s{number}" for number in range(PRODUCTS))
    evidence.same(skus, [sku for sku, _ in contents["Inventory"]], "one variant for each product")
    evidence.same({4}, {item["quantity"] for _, item in contents["Inventory"]}, "each sale counted once")
    numbers = sorted(f"W{number}" for number in range(PRODUCTS))
    evidence.same(numbers, [number for number, _ in contents["storefront Order"]], "one order for each")

"""Requests against the least possible: `python -m benchmarks.least PRODUCTS`, figures as JSON.

The least is counted from what the contracts allow: pages of a listing, parts of a batch, one request where nothing
travels together. A listing of Squarespace's Inventory counts, for nothing else shows what was sold.
"""

from __future__ import annotations

import asyncio
import json
import math
import tempfile
from pathlib import Path

import click

from benchmarks.board import ROOT, Figures
from bothways import mapping_file
from fakes.clock import SimulatedClock
from tests.sync.shop import Shop

PAGE = 50
"""Records on a page of Squarespace's, and ids in one look-up."""

REST_PAGE = 100
RATE = 300
"""Requests a minute, after which Squarespace turns all away for a minute."""

SETTLING = 600.0
"""Seconds between two cycles: further than a listing reaches back."""


class Storefront:
    """A webshop of so many products, and an engine that runs on from cycle to cycle."""

    def __init__(self, products: int, state: str, runner: asyncio.Runner) -> None:
        self.products = products
        self._runner = runner
        self.clock = SimulatedClock()
        self.shop = Shop(mapping_file.load(ROOT / "mappings" / "custom_webshop.yaml"), self.clock)
        self.ids = [self.shop.add_product(f"s{number}") for number in range(products)]
        self._client = self.shop.client()
        self._engine = self.shop.engine(state, self._client)

    def cycle(self) -> tuple[int, float]:
        """One cycle after a while: its requests, those turned away left out, and the seconds it took."""
        self.clock.advance(SETTLING)
        logs = [system.log for system in self.shop.systems.values()]
        for log in logs:
            log.clear()
        began = self.clock.now()
        self._runner.run(self._engine.cycle(allow_bulk=True))
        seconds = (self.clock.now() - began).total_seconds()
        return sum(exchange.status != 429 for log in logs for exchange in log), seconds

    def close(self) -> None:
        """The engine ends."""
        self._engine.store.close()
        self._runner.run(self._client.aclose())

    @property
    def looking(self) -> int:
        """The least that any cycle asks: a page of each side's changes, and the whole Inventory."""
        orders_and_products_on_both_sides = 4
        return orders_and_products_on_both_sides + self.pages

    @property
    def pages(self) -> int:
        return math.ceil(self.products / PAGE)


def kinds(front: Storefront) -> Figures:
    """Each kind of cycle: requests, the least, and their ratio."""
    shop = front.shop
    found: Figures = {}

    def cycle(name: str, least: int) -> float:
        requests, seconds = front.cycle()
        found[name] = {"requests": requests, "least": least, "ratio": round(requests / least, 3)}
        return seconds

    at_the_webshop = math.ceil(front.products / REST_PAGE) + 1
    one_empty_page_of_each, store_pages = 3, 1
    at_the_storefront = one_empty_page_of_each + store_pages + front.products
    seconds = cycle("first", at_the_webshop + at_the_storefront)
    floor = (math.ceil(at_the_storefront / RATE) - 1) * 60.0
    found["first"]["seconds_over_floor"] = round(seconds / floor, 3) if floor else None
    front.cycle()  # reads back what was made
    cycle("quiet", front.looking)
    edited = min(100, front.products)
    for id in front.ids[:edited]:
        shop.webshop.edit("Product", id, {"name": "Renamed"})
    looks_before_writing = math.ceil(edited / PAGE)
    cycle("renamed in the webshop", front.looking + looks_before_writing + edited)
    front.cycle()
    for id in front.ids[:edited]:
        shop.webshop.edit("Product", id, {"stock_quantity": 4})
    cycle("sold in the webshop", front.looking + edited)
    front.cycle()
    for variant in shop.storefront.ids("Sesamproducts")[:edited]:
        shop.storefront.edit("Sesamproducts", variant, {"name": "Renamed there"})
    written = math.ceil(edited / REST_PAGE)
    more_pages_of_products = math.ceil(edited / PAGE) - 1
    cycle("renamed in the storefront", front.looking + more_pages_of_products + written)
    front.cycle()
    for variant in shop.storefront.ids("Inventory")[:edited]:
        shop.storefront.edit("Inventory", variant, {"quantity": 3})
    cycle("sold in the storefront", front.looking + more_pages_of_products + edited)
    return found


@click.command()
@click.argument("products", type=int)
def main(products: int) -> None:
    """Count the requests of each kind of cycle."""
    with tempfile.TemporaryDirectory() as folder, asyncio.Runner() as runner:
        front = Storefront(products, f"sqlite:///{Path(folder) / 'state.sqlite'}", runner)
        click.echo(json.dumps(kinds(front)))
        front.close()


if __name__ == "__main__":
    main()

"""S26: killed between any two requests and commits of a cycle, the next one ends as if nothing had happened."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sql

from bothways.acceptance.evidence import Evidence
from bothways.mapping import Mapping
from fakes.clock import SimulatedClock
from fakes.faults import EngineKilled
from tests.sync.shop import Shop


class Deadline:
    """Kills the engine at the nth thing it does: before a request is served, or before a commit of a change."""

    def __init__(self, left: int | None = None) -> None:
        self.left = left
        self.seen: list[str] = []
        self._changed = False

    def pass_by(self, what: str) -> None:
        """Something is about to happen."""
        if self.left is not None and len(self.seen) == self.left:
            raise EngineKilled(what)
        self.seen.append(what)

    @contextmanager
    def over(self, shop: Shop) -> Iterator[None]:
        """While the block runs, the engine between these systems lives under this deadline."""

        for system in shop.systems.values():
            system.faults.on_request.append(
                lambda exchange: self.pass_by(f"{exchange.method} {exchange.path}")
            )
        events: dict[str, Callable[..., None]] = {
            "before_cursor_execute": self._before_statement,
            "commit": self._before_commit,
        }
        for name, hook in events.items():
            sql.event.listen(sql.Engine, name, hook)
        try:
            yield
        finally:
            for name, hook in events.items():
                sql.event.remove(sql.Engine, name, hook)
            for system in shop.systems.values():
                system.faults.on_request.clear()

    def _before_statement(self, _: sql.Connection, __: object, statement: str, *___: object) -> None:
        self._changed |= statement.startswith(("INSERT", "UPDATE", "DELETE"))

    def _before_commit(self, _: sql.Connection) -> None:
        if self._changed:
            self.pass_by("commit")
        self._changed = False


def busy(mapping: Mapping, state: str) -> Shop:
    """Two shops with everything to do in the next cycle: merges, creations, updates, counters, both ways."""
    clock = SimulatedClock()
    shop = Shop(mapping, clock)
    linked, sold, priced = (shop.add_product(sku) for sku in ("linked", "sold", "priced"))
    shop.add_order("W1", "linked")
    clock.advance(60)
    asyncio.run(shop.synchronise(state))
    clock.advance(60)
    shop.add_product("new")
    shop.add_order("W2", "new")
    shop.add_product("merged", stock=7)
    shop.add_variant("merged", stock=7, name="Cup of the storefront")
    shop.webshop.edit("Product", linked, {"name": "Renamed"})
    shop.webshop.edit("Product", sold, {"stock_quantity": 4})
    clock.advance(5)
    shop.storefront.edit("Inventory", shop.variant("sold"), {"quantity": 15})
    shop.storefront.edit(
        "Sesamproducts",
        shop.variant("priced"),
        {"variants.pricing.basePrice": {"value": "13.00", "currency": "USD"}},
    )
    shop.webshop.edit("Product", priced, {"stock_quantity": 9})
    clock.advance(60)
    return shop


def ending(mapping: Mapping, state: str, killed_at: int | None) -> tuple[dict[str, Any], list[str]]:
    """What both systems show after a cycle that was killed at its nth step and started again, and its steps."""
    shop = busy(mapping, state)
    deadline = Deadline(killed_at)
    with deadline.over(shop):
        try:
            asyncio.run(shop.cycle(state))
        except EngineKilled:
            deadline.left = None
            shop.clock.advance(1)
            asyncio.run(shop.cycle(state))
    asyncio.run(shop.synchronise(state))
    return shop.contents(), deadline.seen


@pytest.mark.proves("S26", "S24")
@pytest.mark.parametrize(("backend", "stride"), [("sqlite", 1), ("postgresql", 7)])
def test_a_cycle_killed_anywhere_ends_as_if_it_had_not_been(
    backend: str, stride: int, mapping: Mapping, new_state: Callable[[str], str], evidence: Evidence
) -> None:
    expected, steps = ending(mapping, new_state(backend), None)
    _is_as_it_should_be(expected)
    evidence.holds(len(steps) > 30, "the cycle has many places to be killed at", len(steps))
    for at in range(0, len(steps), stride):
        ended, _ = ending(mapping, new_state(backend), at)
        evidence.same(expected, ended, f"both systems, killed before step {at}, {steps[at]}")


def _is_as_it_should_be(contents: dict[str, Any]) -> None:
    """So that the comparison isn't between two failures."""
    products, variants = dict(contents["Product"]), dict(contents["Sesamproducts"])
    assert sorted(products) == ["linked", "merged", "new", "priced", "sold"] == sorted(variants)
    assert variants["linked"]["name"] == "Renamed"
    assert products["sold"]["stock_quantity"] == 14 == variants["sold"]["variants"]["stock"]["quantity"]
    assert products["priced"]["price"]["amount"] == "13.00"
    assert variants["priced"]["variants"]["stock"]["quantity"] == 9
    assert products["merged"]["stock_quantity"] == 7
    assert [number for number, _ in contents["storefront Order"]] == ["W1", "W2"]

"""When the disk is full or a system is down, a cycle says so in one line, and the next takes up where it stopped."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace

import pytest
import sqlalchemy as sql

from bothways.errors import CredentialsRefused, StateError, SyncError, SystemDown
from bothways.mapping import Mapping
from fakes.clock import SimulatedClock
from fakes.faults import Fault
from tests.sync.shop import Shop

SKUS = ["a", "b", "c"]


def busy(mapping: Mapping) -> Shop:
    """A shop with products and orders that the storefront lacks."""
    shop = Shop(mapping, SimulatedClock())
    for sku in SKUS:
        shop.add_product(sku, description="x" * 3000)
        shop.add_order(f"W{sku}", sku)
    shop.clock.advance(60)
    return shop


def is_complete(shop: Shop) -> bool:
    """Whether everything has crossed exactly once."""
    contents = shop.contents()
    return [sku for sku, _ in contents["Sesamproducts"]] == SKUS and [
        number for number, _ in contents["storefront Order"]
    ] == [f"W{sku}" for sku in SKUS]


def error_of(cycle: Coroutine[None, None, object]) -> SyncError | None:
    """Why a cycle could not run, None if it could."""
    try:
        asyncio.run(cycle)
    except SyncError as error:
        return error
    return None


async def cycle_on_a_disk_with_room_for(pages: int, shop: Shop, state: str) -> None:
    async with shop.client() as client:
        engine = shop.engine(state, client)
        connection = engine.store._connection
        try:
            with engine.store.transaction():
                used = connection.scalar(sql.text("PRAGMA page_count"))
                connection.execute(sql.text(f"PRAGMA max_page_count = {used + pages}"))
            await engine.cycle()
        finally:
            engine.store.close()


def test_on_a_full_disk_a_cycle_stops_and_with_room_again_nothing_is_lost_or_doubled(
    mapping: Mapping, new_state: Callable[[str], str]
) -> None:
    stopped_after = set()
    for pages in range(0, 30, 3):
        shop, state = busy(mapping), new_state("sqlite")
        full = error_of(cycle_on_a_disk_with_room_for(pages, shop, state))
        if full is not None:
            assert isinstance(full, StateError)
            assert "database or disk is full" in str(full)
            assert "\n" not in str(full)
            stopped_after.add(shop.writes)
        asyncio.run(shop.synchronise(state))
        assert is_complete(shop)
    assert min(stopped_after) == 0
    assert len(stopped_after) > 1, "it was full before the first write only"


DOWN = (SystemDown, "doesn't answer GET")
REFUSED = (CredentialsRefused, "refuses our credentials")


@pytest.mark.parametrize(
    ("system", "fault", "expected"),
    [
        ("webshop", Fault("error_before", method="GET", times=50), DOWN),
        ("storefront", Fault("error_before", method="GET", times=50), DOWN),
        ("storefront", Fault("timeout_before", method="GET", times=50), DOWN),
        ("webshop", Fault("error_before", method="GET", times=50, status=401), REFUSED),
        ("storefront", Fault("error_before", method="POST", status=403), REFUSED),
    ],
)
@pytest.mark.parametrize("skip", [0, 1, 3])
def test_a_system_that_fails_at_any_time_is_named_and_nothing_is_lost_or_doubled(
    mapping: Mapping,
    new_state: Callable[[str], str],
    system: str,
    fault: Fault,
    expected: tuple[type[SyncError], str],
    skip: int,
) -> None:
    shop, state = busy(mapping), new_state("sqlite")
    failing = replace(fault, skip=skip)
    shop.systems[system].faults.script(failing)
    down = error_of(shop.cycle(state))
    struck = failing in shop.systems[system].faults.happened
    assert struck or skip > 1, "no cycle asks that seldom"
    if struck:
        error, reason = expected
        assert type(down) is error
        assert f"the {system} {reason}" in str(down)
        assert "\n" not in str(down)
    shop.systems[system].faults.clear()
    shop.clock.advance(3600)
    asyncio.run(shop.synchronise(state))
    assert is_complete(shop)

"""Squarespace's listings: cursors without a snapshot, filters that exclude them, hidden orders (S27)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bothways.errors import SyncError
from bothways.sync.codecs import pick
from fakes.faults import Fault
from fakes.log import Exchange
from fakes.squarespace import Switches
from tests.sync.connectors.connected import Connected

LONG = 3600.0
EDITED = {"Order": "customerEmail", "Sesamproducts": "name"}
by_time = pytest.mark.parametrize("datatype", list(EDITED))


def people_make(shop: Connected, datatype: str, count: int) -> list[str]:
    """Records, a second apart."""
    made = []
    for _ in range(count):
        shop.clock.advance(1)
        made.append(shop.system.create(datatype, {}))
    return made


def between_pages(shop: Connected, act: Callable[[], None]) -> None:
    """Something happens before each page but the first, whenever that is asked for."""

    def hook(exchange: Exchange) -> None:
        if exchange.method == "GET" and len(shop.asked("GET")) % 3:
            shop.clock.advance(1)
            act()

    shop.system.faults.on_request.append(hook)


@by_time
@pytest.mark.parametrize("newest_first", [True, False])
@pytest.mark.parametrize("cursors", ["position", "count"])
@pytest.mark.parametrize("trims_times", [True, False])
def test_records_that_move_while_being_listed_hide_no_other(
    connect: Callable[..., Connected], datatype: str, newest_first: bool, cursors: Any, trims_times: bool
) -> None:
    switches = Switches(newest_first=newest_first, cursors=cursors, trims_times=trims_times)
    shop = connect("squarespace", switches=switches)
    ids = people_make(shop, datatype, 130)
    left = iter(ids)
    between_pages(
        shop, lambda: shop.system.edit(datatype, next(left), {EDITED[datatype]: "moved@example.com"})
    )
    seen, cursor = shop.latest(datatype)
    moved = ids[: ids.index(next(left))]
    assert moved
    shop.system.faults.on_request.clear()
    shop.clock.advance(LONG)
    later, _ = shop.latest(datatype, cursor)
    assert sorted(seen | later) == sorted(ids)
    for id in moved:
        assert pick((seen | later)[id].fields, EDITED[datatype]) == "moved@example.com"


@by_time
@pytest.mark.parametrize("cursors", ["position", "count"])
def test_records_deleted_while_listing_from_the_oldest_on_hide_no_other(
    connect: Callable[..., Connected], datatype: str, cursors: Any
) -> None:
    shop = connect("squarespace", switches=Switches(newest_first=False, cursors=cursors))
    ids = people_make(shop, datatype, 130)
    left = iter(ids)
    between_pages(shop, lambda: shop.system.delete(datatype, next(left)))
    seen, _ = shop.latest(datatype)
    assert set(shop.system.ids(datatype)) <= set(seen)
    assert len(shop.system.ids(datatype)) < 130


@by_time
@pytest.mark.parametrize("newest_first", [True, False])
def test_more_ties_than_a_page_among_others(
    connect: Callable[..., Connected], datatype: str, newest_first: bool
) -> None:
    shop = connect("squarespace", switches=Switches(newest_first=newest_first))
    before = people_make(shop, datatype, 20)
    ties = [shop.system.create(datatype, {}) for _ in range(120)]
    after = people_make(shop, datatype, 20)
    assert sorted(shop.latest(datatype)[0]) == sorted([*before, *ties, *after])


@by_time
@pytest.mark.parametrize("inclusive", [True, False])
@pytest.mark.parametrize("cursors", ["position", "count"])
def test_more_ties_than_a_page_a_millisecond_apart(
    connect: Callable[..., Connected], datatype: str, inclusive: bool, cursors: Any
) -> None:
    shop = connect(
        "squarespace",
        switches=Switches(newest_first=False, modified_after_inclusive=inclusive, cursors=cursors),
    )
    ids = []
    for _ in range(3):
        ids += [shop.system.create(datatype, {}) for _ in range(60)]
        shop.clock.advance(0.001)
    assert sorted(shop.latest(datatype)[0]) == sorted(ids)
    assert len(shop.asked("GET")) < 12


@by_time
@pytest.mark.parametrize("newest_first", [True, False])
def test_times_are_asked_for_both_or_neither_and_never_beside_a_cursor(
    connect: Callable[..., Connected], datatype: str, newest_first: bool
) -> None:
    shop = connect("squarespace", switches=Switches(newest_first=newest_first))
    people_make(shop, datatype, 120)
    _, cursor = shop.pages(datatype)
    shop.pages(datatype, cursor)
    times = {"modifiedAfter", "modifiedBefore"}
    for exchange in shop.asked("GET"):
        assert times & exchange.query.keys() in ({*()}, times)
        assert "cursor" not in exchange.query or exchange.query.keys() == {"cursor"}
    assert {exchange.status for exchange in shop.asked("GET")} == {200}


@by_time
def test_a_listing_begins_before_the_last_one_did(shop: Connected, datatype: str) -> None:
    _, cursor = shop.pages(datatype)
    shop.clock.advance(LONG)
    shop.pages(datatype, cursor)
    query = shop.asked("GET")[-1].query
    assert query["modifiedAfter"] == "2024-10-01T07:58:59.999Z"
    assert query["modifiedBefore"] > "2025-10-01"


@by_time
def test_a_clock_that_is_days_ahead_hides_nothing(connect: Callable[..., Connected], datatype: str) -> None:
    shop = connect("squarespace", offset=30 * 86400)
    _, cursor = shop.pages(datatype)
    shop.clock.advance(LONG)
    [id] = people_make(shop, datatype, 1)
    assert list(shop.latest(datatype, cursor)[0]) == [id]


def test_orders_in_every_payment_state_are_listed(shop: Connected) -> None:
    shown = ["NOT_CHARGED", "AUTHORIZED", "PAID", "REFUNDED"]
    hidden = ["PENDING", "FAILED", "REFUND_PENDING", "REFUND_FAILED", "PARTIALLY_PAID"]
    ids = [shop.system.create("Order", {"paymentState": state}) for state in (*shown, *hidden)]
    assert sorted(shop.latest("Order")[0]) == sorted(ids)
    shop.clock.advance(LONG)
    _, cursor = shop.pages("Order")
    shop.system.edit("Order", ids[5], {"customerEmail": "new@example.com"})
    assert list(shop.latest("Order", cursor)[0]) == [ids[5]]


@pytest.mark.parametrize("empty", ["null", "brackets"])
@pytest.mark.parametrize("datatype", ["Inventory", "Order", "Sesamproducts"])
def test_an_empty_shop_lists_nothing(connect: Callable[..., Connected], datatype: str, empty: Any) -> None:
    shop = connect("squarespace", switches=Switches(empty_lists=empty))
    assert shop.pages(datatype)[0] == []


@pytest.mark.parametrize("relative", [True, False])
def test_the_next_page_is_asked_for_by_cursor(connect: Callable[..., Connected], relative: bool) -> None:
    shop = connect("squarespace", switches=Switches(relative_next_url=relative))
    people_make(shop, "Inventory", 101)
    assert len(shop.latest("Inventory")[0]) == 101
    assert [sorted(exchange.query) for exchange in shop.asked("GET")] == [[], ["cursor"], ["cursor"]]


def test_the_documented_limit_is_waited_out_for_a_minute_without_losing_place(
    connect: Callable[..., Connected],
) -> None:
    shop = connect("squarespace", limit=4)
    ids = people_make(shop, "Inventory", 290)
    began = shop.now()
    assert sorted(shop.latest("Inventory")[0]) == sorted(ids)
    assert [exchange.status for exchange in shop.asked("GET")] == [200, 200, 200, 200, 429, 200, 200]
    assert (shop.now() - began).total_seconds() == 60


def test_three_hundred_requests_a_minute_are_no_obstacle(shop: Connected) -> None:
    ids = people_make(shop, "Inventory", 320)
    writes = [shop.adjustment("Inventory", id, "quantity", 1) for id in ids]
    shop.write(*writes)
    assert 429 in {exchange.status for exchange in shop.asked("POST")}
    assert [(shop.system.show("Inventory", id) or {})["quantity"] for id in ids] == [1] * 320


def test_an_answer_that_is_no_listing_is_an_error(shop: Connected) -> None:
    shop.system.faults.script(Fault("error_before", method="GET", status=302))
    with pytest.raises(SyncError, match="302"):
        shop.pages("Inventory")

"""What Squarespace's Commerce APIs are asked for pages and for records by id, and what else a shop is asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bothways.errors import SyncError, SystemDown
from bothways.sync.connectors import Abilities, Kind, Page, Record, Write
from bothways.sync.connectors.squarespace import api
from tests.sync.connectors.scripted import Scripted
from tests.sync.connectors.shop_rows import (
    AHEAD,
    MISSING,
    NO,
    dated,
    listing,
    order,
    ordered,
    product,
    stocked,
    variant,
)

EIGHT = datetime(2024, 10, 1, 8, 0, tzinfo=UTC)
INVENTORY = "GET /1.0/commerce/inventory"
ORDERS = "GET /1.0/commerce/orders"
PRODUCTS = "GET /v2/commerce/products"
STATES = (
    "NOT_CHARGED%2CAUTHORIZED%2CPAID%2CREFUNDED%2CPENDING%2CFAILED%2CREFUND_PENDING%2CREFUND_FAILED"
    "%2CPARTIALLY_PAID"
)


def since(after: str, before: str = "2025-10-02T08:00:00.000Z") -> str:
    """The question for products changed after a time."""
    times = f"modifiedAfter={after}&modifiedBefore={before}"
    return f"{PRODUCTS}?{times}".replace(":", "%3A")


def changed_at(id: str, seconds: float | None) -> dict[str, Any]:
    """A product that was changed so many seconds after seven."""
    at = None if seconds is None else f"2024-10-01T07:00:{seconds:06.3f}Z"
    return product(variant(f"v-{id}"), id=id, modifiedOn=at)


# -- listing -------------------------------------------------------------------------------------------


def test_the_inventory_is_listed_whole_and_without_a_cursor() -> None:
    script = Scripted(
        "squarespace",
        dated(listing("inventory", stocked("v1"), following="c 2")),
        dated(listing("inventory", stocked("v2", unlimited=True))),
    )
    assert script.pages("Inventory", "2024-10-01T07:58:59.999Z 2024-10-01T08:00:00.000Z") == [
        Page([Record("v1", stocked("v1"))]),
        Page([Record("v2", stocked("v2", unlimited=True) | {"quantity": None})]),
    ]
    assert script.lines == [INVENTORY, f"{INVENTORY}?cursor=c+2"]
    assert script.connector.requests == 2


def test_orders_are_listed_in_every_state_of_payment() -> None:
    script = Scripted("squarespace", dated(listing("result", order())), dated(listing("result")))
    [page] = script.pages("Order")
    assert page == Page([ordered(order(), ahead=AHEAD)], "2024-10-01T08:00:39.999Z 2024-10-01T08:00:00.000Z")
    script.pages("Order", page.cursor)
    times = "modifiedAfter=2024-10-01T08%3A00%3A39.999Z&modifiedBefore=2025-10-02T08%3A00%3A39.999Z"
    assert script.lines == [f"{ORDERS}?paymentStates={STATES}", f"{ORDERS}?{times}&paymentStates={STATES}"]


@pytest.mark.parametrize(
    ("after", "before"),
    [
        ("2024-10-01T07:00:00.000Z", "2025-10-02T08:00:00.000Z"),
        ("2024-10-01T09:00:00.000Z", "2025-10-02T09:00:00.000Z"),
    ],
)
def test_a_time_to_begin_at_needs_one_to_end_at_that_is_far_off(after: str, before: str) -> None:
    script = Scripted("squarespace", listing("products"), listing("products"))
    script.pages("Sesamproducts", f"{after} 2024-10-01T12:00:00.000Z")
    assert script.lines[0] == since(after, before)


@pytest.mark.parametrize(
    ("seconds", "question"),
    [
        ([0, 1], since("2024-10-01T07:00:00.999Z")),
        ([0, 1, 1, 2], since("2024-10-01T07:00:01.999Z")),
        ([0, 0], f"{PRODUCTS}?cursor=c"),
        ([1, 0], f"{PRODUCTS}?cursor=c"),
        ([0, 2, 1], f"{PRODUCTS}?cursor=c"),
        ([None, 0, 1], f"{PRODUCTS}?cursor=c"),
        ([0, 1, None], f"{PRODUCTS}?cursor=c"),
        ([None], f"{PRODUCTS}?cursor=c"),
        ([], f"{PRODUCTS}?cursor=c"),
    ],
    ids=str,
)
def test_a_page_from_older_to_newer_is_followed_by_time(seconds: list[float | None], question: str) -> None:
    rows = [changed_at(f"p{number}", one) for number, one in enumerate(seconds)]
    script = Scripted("squarespace", listing("products", *rows, following="c"), listing("products"))
    script.pages("Sesamproducts")
    assert script.lines == [PRODUCTS, question]


def test_a_time_that_leads_no_further_is_left_by_the_cursor() -> None:
    tied = changed_at("a", 0.999), changed_at("b", 1)
    script = Scripted(
        "squarespace",
        listing("products", changed_at("z", 0), *tied, following="c1"),
        listing("products", *tied, following="c2"),
        listing("products", *tied, following="c3"),
        listing("products", *tied, changed_at("c", 1.001), following="c4"),
        listing("products", changed_at("d", 2)),
    )
    listed = [[record.id for record in page.records] for page in script.pages("Sesamproducts")]
    a_b = ["v-a", "v-b"]
    assert listed == [["v-z", *a_b], a_b, a_b, [*a_b, "v-c"], ["v-d"]]
    by_time = since("2024-10-01T07:00:00.999Z")
    assert script.lines == [
        PRODUCTS,
        by_time,
        f"{PRODUCTS}?cursor=c2",
        f"{PRODUCTS}?cursor=c3",
        since("2024-10-01T07:00:01.000Z"),
    ]


def test_a_refused_listing_is_told_and_a_refused_cursor_is_left() -> None:
    with pytest.raises(SyncError) as refused:
        Scripted("squarespace", (400, NO)).pages("Inventory")
    assert str(refused.value) == "the oddity doesn't list inventory: 400 INVALID_REQUEST_ERROR: no"
    script = Scripted(
        "squarespace", listing("inventory", following="c"), (400, NO), listing("inventory", stocked())
    )
    assert [len(page.records) for page in script.pages("Inventory")] == [0, 1]
    assert script.lines == [INVENTORY, f"{INVENTORY}?cursor=c", INVENTORY]


def test_a_refused_time_is_told() -> None:
    rows = changed_at("a", 0), changed_at("b", 1)
    script = Scripted("squarespace", listing("products", *rows, following="c"), (400, NO))
    with pytest.raises(SyncError, match="the oddity doesn't list products: 400"):
        script.pages("Sesamproducts")


@pytest.mark.parametrize(
    ("datatype", "body", "records"),
    [
        ("Inventory", {"inventory": None}, 0),
        ("Inventory", {"inventory": [stocked()]}, 1),
        ("Inventory", {"inventory": [stocked()], "pagination": {"hasNextPage": False}}, 1),
        ("Sesamproducts", {"products": [product(variants=None)]}, 0),
        ("Sesamproducts", {"products": [product(variant("v1"), variant("v2"))]}, 2),
    ],
    ids=str,
)
def test_a_listing_may_say_little(datatype: str, body: Any, records: int) -> None:
    [page] = Scripted("squarespace", (200, body)).pages(datatype)
    assert len(page.records) == records


@pytest.mark.parametrize(
    ("datatype", "body", "what"),
    [
        ("Inventory", {}, "inventory in another shape than its contract: KeyError('inventory')"),
        (
            "Order",
            {"result": [], "pagination": {"hasNextPage": True, "nextPageCursor": ""}},
            "result in another shape than its contract: KeyError('nextPageCursor')",
        ),
        (
            "Order",
            {"result": [], "pagination": {}},
            "result in another shape than its contract: KeyError('hasNextPage')",
        ),
        (
            "Inventory",
            {"inventory": [{}]},
            "an item in another shape than its contract: KeyError('variantId')",
        ),
        ("Order", {"result": [{}]}, "an order in another shape than its contract: KeyError('modifiedOn')"),
        (
            "Sesamproducts",
            {"products": [{}]},
            "a product in another shape than its contract: KeyError('variants')",
        ),
    ],
    ids=str,
)
def test_another_shape_than_the_contracts_is_told_by_name(datatype: str, body: Any, what: str) -> None:
    with pytest.raises(SystemDown) as down:
        Scripted("squarespace", (200, body)).pages(datatype)
    assert str(down.value) == f"the oddity shows {what}"


# -- reading by id -------------------------------------------------------------------------------------


def read(script: Scripted, *ids: str) -> list[str]:
    return list(script.read("Inventory", *ids))


def found(*ids: str) -> tuple[int, Any]:
    return 200, {"inventory": [stocked(id) for id in ids]}


def test_several_records_are_read_by_one_request_each_of_them_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert api.MOST_IDS == 50
    monkeypatch.setattr(api, "MOST_IDS", 2)
    script = Scripted("squarespace", found("a/1", "b"), found("c", "d"), found("e"))
    assert read(script, "a/1", "b", "a/1", "c", "d", "e", "d") == ["a/1", "b", "c", "d", "e"]
    assert script.lines == [f"{INVENTORY}/{ids}" for ids in ("a%2F1,b", "c,d", "e")]


def test_as_many_as_one_request_may_name_are_read_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "MOST_IDS", 2)
    script = Scripted("squarespace", found("a", "b"))
    assert read(script, "a", "b") == ["a", "b"]


def test_a_missing_one_is_found_by_halves() -> None:
    no = 404, MISSING
    script = Scripted("squarespace", no, found("a"), no, no, found("c"))
    assert read(script, "a", "b", "c") == ["a", "c"]
    assert script.lines == [f"{INVENTORY}/{ids}" for ids in ("a,b,c", "a", "b,c", "b", "c")]


def test_reading_none_asks_nothing() -> None:
    script = Scripted("squarespace")
    assert read(script) == []
    assert script.asked == []


def test_a_refused_reading_is_told() -> None:
    with pytest.raises(SyncError) as refused:
        Scripted("squarespace", (400, NO)).read("Inventory", "a")
    assert str(refused.value) == "the oddity doesn't show inventory: 400 INVALID_REQUEST_ERROR: no"


# -- what else a shop is asked -------------------------------------------------------------------------

TWO_DAYS = timedelta(hours=48)


@pytest.mark.parametrize(
    ("datatype", "abilities"),
    [
        (
            "Inventory",
            Abilities(
                creates=False,
                incremental=False,
                tombstones=False,
                versions=False,
                keys_kept=TWO_DAYS,
                batch=1,
            ),
        ),
        (
            "Order",
            Abilities(
                creates=True,
                incremental=True,
                tombstones=False,
                versions=False,
                keys_kept=TWO_DAYS,
                batch=1,
            ),
        ),
        (
            "Sesamproducts",
            Abilities(
                creates=True, incremental=True, tombstones=False, versions=False, keys_kept=None, batch=1
            ),
        ),
    ],
)
def test_what_the_apis_can_do_for_each_datatype(datatype: str, abilities: Abilities) -> None:
    assert Scripted("squarespace").connector.abilities(datatype) == abilities


def test_a_datatype_that_a_shop_does_not_have_is_refused_by_name() -> None:
    with pytest.raises(SyncError) as unknown:
        Scripted("squarespace").connector.abilities("Pets")
    assert str(unknown.value) == "the oddity has no datatype 'Pets'; it has Inventory, Order, Sesamproducts"


def test_a_shop_that_turns_everything_away_is_left_alone_for_a_minute() -> None:
    script = Scripted("squarespace", (429, None), found("a"))
    assert read(script, "a") == ["a"]
    assert script.clock.now() == EIGHT + timedelta(seconds=60)


def test_the_first_store_page_is_looked_up_once() -> None:
    pages = {"storePages": [{"id": 7}, {"id": 8}]}
    script = Scripted("squarespace", (200, pages))
    assert [script.lookup("first_store_page") for _ in range(2)] == ["7", "7"]
    assert script.lines == ["GET /1.0/commerce/store_pages"]


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ((200, {"storePages": []}), ""),
        ((200, {}), ""),
        ((400, NO | {"storePages": [{"id": 7}]}), "400 INVALID_REQUEST_ERROR: no"),
    ],
    ids=str,
)
def test_a_shop_without_a_store_page_has_nothing_for_products_to_stand_on(answer: Any, why: str) -> None:
    with pytest.raises(SyncError) as lacking:
        Scripted("squarespace", answer).lookup("first_store_page")
    assert str(lacking.value) == f"the oddity has no store page for products to stand on {why}"


def test_another_constant_is_refused_by_name() -> None:
    with pytest.raises(SyncError) as unknown:
        Scripted("squarespace").lookup("second_store_page")
    assert str(unknown.value) == "the oddity has nothing called 'second_store_page'"


@pytest.mark.parametrize("datatype", ["Order", "Inventory"])
def test_only_variants_are_looked_for_by_what_they_are_made_from(datatype: str) -> None:
    script = Scripted("squarespace")
    assert script.find_created(Write(Kind.CREATE, datatype, "k", body={"variants.sku": "S"}), EIGHT) is None
    assert script.asked == []


@pytest.mark.parametrize(
    ("fields", "shows"),
    [
        ({"a": {"b": 1}, "c": "<p>x</p>"}, True),
        ({"a": {"b": 1}, "c": "y"}, False),
        ({"a": {"b": 2}, "c": "x"}, False),
        ({"a": {"b": 1}}, False),
    ],
    ids=str,
)
def test_an_order_shows_a_write_but_for_what_no_order_shows(fields: dict[str, Any], shows: bool) -> None:
    hidden = {"priceTaxInterpretation": "EXCLUSIVE", "inventoryBehavior": "SKIP"}
    write = Write(Kind.CREATE, "Order", "k", body={"a.b": 1, **hidden, "c": "x"})
    assert Scripted("squarespace").connector.shows(write, Record("1", fields)) is shows

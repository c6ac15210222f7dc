"""Pages of the storefront's listings: 50 records, dynamic cursors, no snapshot."""

from __future__ import annotations

from typing import Any

import pytest

from fakes.clock import SimulatedClock
from fakes.faults import Fault
from fakes.squarespace import SquarespaceSystem
from tests.fakes.api import Api

INVENTORY = "/1.0/commerce/inventory"
ORDERS = "/1.0/commerce/orders"
PRODUCTS = "/v2/commerce/products"


def many(storefront: SquarespaceSystem, count: int) -> list[str]:
    """So many products with one variant each; gives the variants."""
    return [storefront.create("Sesamproducts", {}) for _ in range(count)]


def paged(api: Api, path: str, member: str, **params: Any) -> list[dict[str, Any]]:
    """All records of a listing, page by page."""
    answer = api.get(path, **params).json()
    rows = list(answer[member])
    while answer["pagination"]["hasNextPage"]:
        answer = api.get(path, cursor=answer["pagination"]["nextPageCursor"]).json()
        rows += answer[member]
    return rows


@pytest.mark.parametrize(
    ("path", "member"), [(INVENTORY, "inventory"), (PRODUCTS, "products"), (ORDERS, "result")]
)
@pytest.mark.parametrize("cursors", ["position", "count"])
@pytest.mark.parametrize("newest_first", [True, False])
def test_a_page_has_50_records_and_a_cursor_to_the_next(
    store_api: Api, storefront: SquarespaceSystem, path: str, member: str, cursors: Any, newest_first: bool
) -> None:
    storefront.switches.cursors = cursors
    storefront.switches.newest_first = newest_first
    many(storefront, 101)
    for _ in range(101):
        storefront.create("Order", {})
    first = store_api.get(path, limit=7).json()
    assert len(first[member]) == 50
    pagination = first["pagination"]
    assert pagination["hasNextPage"] is True
    assert pagination["nextPageUrl"].startswith(f"{path}?cursor=")
    rows = paged(store_api, path, member)
    assert len({str(row) for row in rows}) == len(rows) == 101
    last = store_api.get(
        path, cursor=store_api.get(pagination["nextPageUrl"]).json()["pagination"]["nextPageCursor"]
    )
    assert last.json()["pagination"] == {"hasNextPage": False, "nextPageCursor": None, "nextPageUrl": None}


def test_the_next_url_may_be_absolute(store_api: Api, storefront: SquarespaceSystem) -> None:
    storefront.switches.relative_next_url = False
    many(storefront, 51)
    url = store_api.get(INVENTORY).json()["pagination"]["nextPageUrl"]
    assert url.startswith(f"https://storefront.test{INVENTORY}?cursor=")
    assert len(store_api.get(url).json()["inventory"]) == 1


def test_pages_are_no_snapshot_an_edit_moves_a_record_out_of_sight(
    store_api: Api, storefront: SquarespaceSystem, clock: SimulatedClock
) -> None:
    oldest = many(storefront, 1)[0]
    clock.advance(1)
    many(storefront, 50)
    first = store_api.get(PRODUCTS).json()
    clock.advance(1)
    storefront.edit("Sesamproducts", oldest, {"name": "moved"})
    rest = store_api.get(PRODUCTS, cursor=first["pagination"]["nextPageCursor"]).json()["products"]
    assert "moved" not in [row["name"] for row in first["products"] + rest]
    assert store_api.get(PRODUCTS).json()["products"][0]["name"] == "moved"


def test_with_counting_cursors_a_record_that_moves_hides_another(
    store_api: Api, storefront: SquarespaceSystem, clock: SimulatedClock
) -> None:
    storefront.switches.cursors = "count"
    storefront.switches.newest_first = False
    first_made = many(storefront, 1)[0]
    clock.advance(1)
    many(storefront, 51)
    before = store_api.get(PRODUCTS).json()
    clock.advance(1)
    storefront.edit("Sesamproducts", first_made, {"name": "moved"})
    rest = store_api.get(PRODUCTS, cursor=before["pagination"]["nextPageCursor"]).json()["products"]
    shown = {row["id"] for row in before["products"] + rest}
    assert len(shown) == 51


@pytest.mark.parametrize("path", [INVENTORY, PRODUCTS, ORDERS])
@pytest.mark.parametrize("cursor", ["", "x", "W10", "W251bGwsIDAsIG51bGxd"])
def test_a_cursor_of_somebody_elses_is_refused(store_api: Api, path: str, cursor: str) -> None:
    assert store_api.get(path, cursor=cursor).status_code == 400


def test_a_dead_cursor_is_400(store_api: Api, storefront: SquarespaceSystem) -> None:
    many(storefront, 51)
    cursor = store_api.get(INVENTORY).json()["pagination"]["nextPageCursor"]
    storefront.faults.script(Fault("dead_cursor"))
    assert store_api.get(INVENTORY, cursor=cursor).status_code == 400


@pytest.mark.parametrize("kind", ["truncated_page", "doubled_page", "stale_page"])
@pytest.mark.parametrize("cursors", ["position", "count"])
def test_a_page_can_go_wrong(store_api: Api, storefront: SquarespaceSystem, cursors: Any, kind: str) -> None:
    storefront.switches.cursors = cursors
    many(storefront, 60)
    storefront.faults.script(Fault(kind))
    shown = [row["id"] for row in paged(store_api, PRODUCTS, "products")]
    assert len(shown) == {"truncated_page": 25, "doubled_page": 110, "stale_page": 0}[kind]
    assert len(set(shown)) == {"truncated_page": 25, "doubled_page": 60, "stale_page": 0}[kind]


def test_a_stale_page_shows_a_product_with_its_variants_as_they_were(
    store_api: Api, storefront: SquarespaceSystem, clock: SimulatedClock
) -> None:
    variant = storefront.create("Sesamproducts", {"name": "Mug", "variants": {"sku": "old"}})
    clock.advance(100)
    storefront.edit("Sesamproducts", variant, {"variants.sku": "between"})
    storefront.edit("Sesamproducts", variant, {"name": "Cup"})
    clock.advance(10)
    storefront.edit("Sesamproducts", variant, {"variants.sku": "new"})
    storefront.faults.script(Fault("stale_page", seconds=5))
    (then,), (now,) = (store_api.get(PRODUCTS).json()["products"] for _ in range(2))
    assert (then["name"], then["variants"][0]["sku"]) == ("Cup", "between")
    assert (now["name"], now["variants"][0]["sku"]) == ("Cup", "new")


def test_a_stale_page_lacks_a_variant_that_is_gone(
    store_api: Api, storefront: SquarespaceSystem, clock: SimulatedClock
) -> None:
    kept = storefront.create("Sesamproducts", {})
    sibling = storefront.add_variant(kept, {"sku": "2"})
    clock.advance(100)
    storefront.delete("Sesamproducts", sibling)
    storefront.faults.script(Fault("stale_page"))
    (then,) = store_api.get(PRODUCTS).json()["products"]
    assert [variant["id"] for variant in then["variants"]] == [kept]

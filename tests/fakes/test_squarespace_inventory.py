"""Inventory 1.0: what is left of each variant."""

from __future__ import annotations

import json
from typing import Any

import pytest

from fakes.clock import SimulatedClock
from fakes.squarespace import SquarespaceSystem
from tests.fakes.api import Api

INVENTORY = "/1.0/commerce/inventory"
ADJUSTMENTS = f"{INVENTORY}/adjustments"


@pytest.fixture
def cup(storefront: SquarespaceSystem) -> str:
    """A variant with 5 in stock."""
    return storefront.create(
        "Sesamproducts", {"name": "Cup", "variants": {"sku": "A", "stock": {"quantity": 5}}}
    )


def left(storefront: SquarespaceSystem, variant: str) -> tuple[int, bool]:
    """What is left of a variant, and whether it is unlimited."""
    shown = storefront.show("Inventory", variant)
    assert shown is not None
    return shown["quantity"], shown["isUnlimited"]


def adjust(api: Api, key: str = "k", **operations: Any) -> tuple[int, str | None]:
    """Status and subtype of an adjustment, whose operations are named without their `Operations`."""
    body = {f"{name}Operations": parts for name, parts in operations.items()}
    answer = api.post(ADJUSTMENTS, body, key=key)
    return answer.status_code, answer.json()["subtype"] if answer.content else None


def one(variant: str, quantity: object) -> list[dict[str, object]]:
    """One operation."""
    return [{"variantId": variant, "quantity": quantity}]


def test_an_item_comes_with_a_variant_and_goes_with_it(
    store_api: Api, storefront: SquarespaceSystem, cup: str
) -> None:
    item = {"variantId": cup, "sku": "A", "descriptor": "Cup", "isUnlimited": False, "quantity": 5}
    assert store_api.get(INVENTORY).json()["inventory"] == [item]
    assert storefront.show("Inventory", cup) == item
    storefront.delete("Sesamproducts", cup)
    assert store_api.get(INVENTORY).json()["inventory"] == []


def test_a_descriptor_is_the_products_name_and_the_variants_attributes(
    storefront: SquarespaceSystem, cup: str
) -> None:
    sibling = storefront.add_variant(cup, {"attributes": {"Option": "Small"}})
    assert storefront.show("Inventory", sibling)["descriptor"] == "Cup [Small]"  # type: ignore[index]


def test_an_item_can_not_be_created(store_api: Api) -> None:
    assert store_api.post(INVENTORY, {"sku": "A", "quantity": 1}, key="k").status_code == 405


def test_items_are_read_by_up_to_50_ids(store_api: Api, storefront: SquarespaceSystem, cup: str) -> None:
    others = [storefront.create("Sesamproducts", {}) for _ in range(50)]
    shown = store_api.get(f"{INVENTORY}/{others[0]},{cup},{cup}").json()["inventory"]
    assert [item["variantId"] for item in shown] == [others[0], cup]
    assert store_api.get(f"{INVENTORY}/{','.join(others)}").status_code == 200
    assert store_api.get(f"{INVENTORY}/{','.join([cup, *others])}").status_code == 400


def test_one_unknown_id_makes_the_whole_read_404(store_api: Api, cup: str) -> None:
    assert store_api.get(f"{INVENTORY}/{cup},unknown").status_code == 404


def test_stock_is_added_taken_and_set(store_api: Api, storefront: SquarespaceSystem, cup: str) -> None:
    assert adjust(store_api, "1", increment=one(cup, 3)) == (204, None)
    assert left(storefront, cup) == (8, False)
    assert adjust(store_api, "2", decrement=one(cup, 8)) == (204, None)
    assert left(storefront, cup) == (0, False)
    assert adjust(store_api, "3", setFinite=one(cup, 4)) == (204, None)
    assert left(storefront, cup) == (4, False)
    assert adjust(store_api, "4", setUnlimited=[cup]) == (204, None)
    assert left(storefront, cup) == (0, True)
    assert adjust(store_api, "5", setFinite=one(cup, 2)) == (204, None)
    assert left(storefront, cup) == (2, False)


def test_an_adjustment_may_have_operations_of_several_kinds(
    store_api: Api, storefront: SquarespaceSystem, cup: str
) -> None:
    other = storefront.create("Inventory", {"quantity": 1})
    assert adjust(store_api, increment=one(other, 1), decrement=one(cup, 1)) == (204, None)
    assert (left(storefront, other)[0], left(storefront, cup)[0]) == (2, 4)


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"increment": []},
        {"increment": [{"variantId": "CUP", "quantity": 0}]},
        {"decrement": [{"variantId": "CUP", "quantity": -1}]},
        {"setFinite": [{"variantId": "CUP", "quantity": 0}]},
        {"increment": [{"variantId": "CUP", "quantity": "1"}]},
        {"increment": [{"variantId": "CUP", "quantity": 1.5}]},
        {"increment": [{"variantId": "CUP"}]},
        {"increment": [{"variantId": "unknown", "quantity": 1}]},
        {"increment": [{"variantId": "CUP", "quantity": 1}] * 2},
        {"increment": [{"variantId": "CUP", "quantity": 1}], "setUnlimited": ["CUP"]},
        {"add": [{"variantId": "CUP", "quantity": 1}]},
        {"increment": ["CUP"]},
        {"setUnlimited": [1]},
    ],
)
def test_a_wrong_adjustment_is_400_and_changes_nothing(
    store_api: Api, storefront: SquarespaceSystem, cup: str, parts: Any
) -> None:
    named = json.loads(json.dumps(parts).replace("CUP", cup))
    assert adjust(store_api, **named)[0] == 400
    assert left(storefront, cup) == (5, False)


def test_more_than_50_operations_are_400(store_api: Api, storefront: SquarespaceSystem) -> None:
    variants = [storefront.create("Inventory", {}) for _ in range(51)]
    parts = [part for variant in variants for part in one(variant, 1)]
    assert adjust(store_api, "1", increment=parts) == (400, "INVALID_ARGUMENT")
    assert adjust(store_api, "2", increment=parts[1:]) == (204, None)


def test_taking_more_than_there_is_is_refused(
    store_api: Api, storefront: SquarespaceSystem, cup: str
) -> None:
    assert adjust(store_api, decrement=one(cup, 6)) == (409, "INSUFFICIENT_STOCK")
    assert left(storefront, cup) == (5, False)


def test_unlimited_stock_is_not_counted(store_api: Api, storefront: SquarespaceSystem, cup: str) -> None:
    storefront.edit("Inventory", cup, {"isUnlimited": True})
    for name in ("increment", "decrement"):
        assert adjust(store_api, name, **{name: one(cup, 1)}) == (409, "STOCK_NOT_TRACKED")
    assert left(storefront, cup) == (0, True)


def test_there_is_a_most_that_can_be_in_stock(
    store_api: Api, storefront: SquarespaceSystem, cup: str
) -> None:
    storefront.switches.max_stock = 6
    assert adjust(store_api, "1", increment=one(cup, 2)) == (409, "STOCK_EXCEEDS_MAX")
    assert adjust(store_api, "2", setFinite=one(cup, 7)) == (409, "STOCK_EXCEEDS_MAX")
    assert adjust(store_api, "3", increment=one(cup, 1)) == (204, None)


@pytest.mark.parametrize(("all_or_nothing", "left_of_cup"), [(True, 5), (False, 6)])
def test_an_adjustment_is_carried_out_whole_or_not_at_all(
    store_api: Api, storefront: SquarespaceSystem, cup: str, all_or_nothing: bool, left_of_cup: int
) -> None:
    storefront.switches.all_or_nothing = all_or_nothing
    empty = storefront.create("Inventory", {})
    assert adjust(store_api, increment=one(cup, 1), decrement=one(empty, 1)) == (409, "INSUFFICIENT_STOCK")
    assert (left(storefront, cup)[0], left(storefront, empty)[0]) == (left_of_cup, 0)


def test_whether_stock_can_be_set_to_zero_is_a_switch(
    store_api: Api, storefront: SquarespaceSystem, cup: str
) -> None:
    storefront.switches.sets_to_zero = True
    assert adjust(store_api, setFinite=one(cup, 0)) == (204, None)
    assert left(storefront, cup) == (0, False)


@pytest.mark.parametrize(
    ("touches", "modified"), [(True, "2024-10-01T08:00:10Z"), (False, "2024-10-01T08:00Z")]
)
def test_whether_stock_modifies_its_product_is_a_switch(
    store_api: Api,
    storefront: SquarespaceSystem,
    clock: SimulatedClock,
    cup: str,
    touches: bool,
    modified: str,
) -> None:
    storefront.switches.stock_touches_product = touches
    clock.advance(10)
    adjust(store_api, increment=one(cup, 1))
    assert storefront.show("Sesamproducts", cup)["modifiedOn"] == modified  # type: ignore[index]


def test_inventory_has_no_filter_and_no_modified_time(store_api: Api, cup: str) -> None:
    page = store_api.get(INVENTORY, modifiedAfter="2030-01-01T00:00Z", sku="other").json()
    assert [item["variantId"] for item in page["inventory"]] == [cup]
    assert not any("modified" in name for name in page["inventory"][0])

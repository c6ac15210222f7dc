"""What a merchant does with products and stock in the shop's own screens."""

from __future__ import annotations

from typing import Any

import pytest

from fakes.clock import SimulatedClock
from fakes.squarespace import SquarespaceSystem
from tests.fakes.api import Api


def shown(storefront: SquarespaceSystem, id: str, datatype: str = "Sesamproducts") -> dict[str, Any]:
    """A record that is there."""
    record = storefront.show(datatype, id)
    assert record is not None
    return record


def test_a_screen_fills_in_what_a_product_needs(storefront: SquarespaceSystem) -> None:
    first, second = (shown(storefront, storefront.create("Sesamproducts", {})) for _ in range(2))
    assert (first["name"], first["type"], first["description"]) == ("Untitled", "PHYSICAL", "")
    assert first["variants"]["pricing"]["basePrice"] == {"currency": "USD", "value": "0.00"}
    assert first["variants"]["sku"].startswith("SQ")
    assert first["variants"]["sku"] != second["variants"]["sku"]


def test_what_is_given_is_kept_empty_sku_included(storefront: SquarespaceSystem) -> None:
    price = {"basePrice": {"value": "2.5"}, "salePrice": {"value": "2"}, "onSale": True}
    variants = {"sku": None, "pricing": price, "stock": {"quantity": 3}}
    id = storefront.create("Sesamproducts", {"name": "Cup", "description": "Nice", "variants": variants})
    view = shown(storefront, id)
    assert (view["id"], view["description"]) == (id, "<p>Nice</p>")
    assert view["variants"] == {
        "sku": "",
        "pricing": {
            "basePrice": {"currency": "USD", "value": "2.50"},
            "salePrice": {"currency": "USD", "value": "2.00"},
            "onSale": True,
        },
        "stock": {"quantity": 3, "unlimited": False},
    }


def test_a_view_is_what_the_product_api_shows(store_api: Api, storefront: SquarespaceSystem) -> None:
    id = storefront.create("Sesamproducts", {"name": "Cup"})
    view = shown(storefront, id)
    [product] = store_api.get(f"/v2/commerce/products/{view['productId']}").json()["products"]
    [variant] = product["variants"]
    for name in ("name", "description", "type", "createdOn", "modifiedOn"):
        assert view[name] == product[name]
    assert {**view["variants"], "id": id, "attributes": {}} == variant


def test_an_item_may_be_made_as_inventory_too(storefront: SquarespaceSystem) -> None:
    id = storefront.create("Inventory", {"sku": "A", "quantity": 4, "descriptor": "Cup"})
    assert shown(storefront, id)["name"] == "Cup"
    assert shown(storefront, id, "Inventory") == {
        "variantId": id,
        "sku": "A",
        "descriptor": "Cup",
        "isUnlimited": False,
        "quantity": 4,
    }
    unlimited = storefront.create("Inventory", {"quantity": None})
    assert shown(storefront, unlimited, "Inventory")["isUnlimited"] is True


def test_a_merchant_edits_a_product_by_its_view(storefront: SquarespaceSystem, clock: SimulatedClock) -> None:
    id = storefront.create("Sesamproducts", {"name": "Cup", "variants": {"sku": "A"}})
    clock.advance(1)
    changes = {
        "name": "Mug",
        "description": "Plain",
        "variants.sku": " B ",
        "variants.pricing.basePrice.value": "3",
        "variants.pricing.salePrice.value": "2",
        "variants.stock.quantity": 7,
    }
    storefront.edit("Sesamproducts", id, changes)
    view = shown(storefront, id)
    assert (view["name"], view["description"], view["variants"]["sku"]) == ("Mug", "<p>Plain</p>", "B")
    assert view["variants"]["pricing"]["basePrice"] == {"currency": "USD", "value": "3.00"}
    assert view["variants"]["pricing"]["salePrice"] == {"currency": "USD", "value": "2.00"}
    assert (view["variants"]["stock"]["quantity"], view["modifiedOn"]) == (7, "2024-10-01T08:00:01Z")
    storefront.edit("Sesamproducts", id, {"variants.pricing.salePrice": None})
    assert shown(storefront, id)["variants"]["pricing"]["salePrice"] is None


def test_a_merchant_edits_an_item(storefront: SquarespaceSystem) -> None:
    id = storefront.create("Inventory", {"sku": "A", "quantity": 4})
    storefront.edit("Inventory", id, {"sku": "X", "quantity": 0})
    assert (shown(storefront, id, "Inventory")["sku"], shown(storefront, id, "Inventory")["quantity"]) == (
        "X",
        0,
    )
    storefront.edit("Inventory", id, {"quantity": None})
    assert shown(storefront, id, "Inventory")["isUnlimited"] is True
    storefront.edit("Inventory", id, {"quantity": 2})
    assert shown(storefront, id, "Inventory")["isUnlimited"] is False
    storefront.edit("Inventory", id, {"quantity": 3, "isUnlimited": True})
    assert shown(storefront, id, "Inventory")["isUnlimited"] is True
    storefront.edit("Inventory", id, {"sku": None})
    assert shown(storefront, id, "Inventory")["sku"] == ""


@pytest.mark.parametrize(
    ("datatype", "changes"),
    [
        ("Inventory", {"descriptor": "x"}),
        ("Inventory", {"quantity": -1}),
        ("Inventory", {"quantity": "5"}),
        ("Inventory", {"sku": "taken"}),
        ("Sesamproducts", {"name": None}),
        ("Sesamproducts", {"type": "SERVICE"}),
        ("Sesamproducts", {"colour": "red"}),
        ("Sesamproducts", {"variants.pricing.basePrice": None}),
        ("Sesamproducts", {"variants.pricing.basePrice.currency": "EUR"}),
        ("Sesamproducts", {"variants.colour": "red"}),
    ],
)
def test_a_screen_refuses_what_does_not_fit(
    storefront: SquarespaceSystem, datatype: str, changes: dict[str, object]
) -> None:
    storefront.create("Inventory", {"sku": "taken"})
    id = storefront.create("Inventory", {"sku": "A"})
    before = shown(storefront, id)
    with pytest.raises(ValueError, match=r"\w"):
        storefront.edit(datatype, id, changes)
    assert shown(storefront, id) == before


def test_a_sibling_shares_the_products_fields_only(storefront: SquarespaceSystem) -> None:
    first = storefront.create("Sesamproducts", {"name": "Cup", "variants": {"sku": "A"}})
    second = storefront.add_variant(first, {"sku": "B", "stock": {"quantity": 2}})
    third = storefront.add_variant(first, {"variants": {"sku": "C"}})
    assert shown(storefront, second)["productId"] == shown(storefront, first)["productId"]
    before = shown(storefront, second)
    storefront.edit("Sesamproducts", first, {"variants.sku": "A2", "variants.stock.quantity": 9})
    assert shown(storefront, second) == before
    storefront.edit("Sesamproducts", third, {"name": "Mug"})
    assert {shown(storefront, id)["name"] for id in (first, second, third)} == {"Mug"}
    descriptors = [shown(storefront, id, "Inventory")["descriptor"] for id in (first, second, third)]
    assert descriptors == ["Mug", "Mug [2]", "Mug [3]"]


def test_a_product_goes_with_its_last_variant(store_api: Api, storefront: SquarespaceSystem) -> None:
    first = storefront.create("Sesamproducts", {})
    second = storefront.add_variant(first, {})
    product = shown(storefront, first)["productId"]
    storefront.delete("Inventory", first)
    assert store_api.get(f"/v2/commerce/products/{product}").status_code == 200
    storefront.delete("Sesamproducts", second)
    assert store_api.get(f"/v2/commerce/products/{product}").status_code == 404
    assert storefront.ids("Inventory") == []
    for datatype in ("Inventory", "Sesamproducts", "Order"):
        with pytest.raises(KeyError):
            storefront.delete(datatype, first)
        with pytest.raises(KeyError):
            storefront.edit(datatype, first, {})


def test_an_unknown_datatype_is_named(storefront: SquarespaceSystem) -> None:
    with pytest.raises(
        ValueError, match="storefront has no 'Product'; it has Inventory, Order, Sesamproducts"
    ):
        storefront.ids("Product")


def test_a_shop_goes_back_to_a_snapshot(store_api: Api, storefront: SquarespaceSystem) -> None:
    kept = storefront.create("Sesamproducts", {"variants": {"sku": "A"}})
    snapshot = storefront.snapshot()
    for _ in range(2):
        storefront.edit("Sesamproducts", kept, {"name": "Mug", "variants.sku": "B"})
        storefront.create("Inventory", {"sku": "A"})
        storefront.create("Order", {})
        storefront.restore(snapshot)
        assert (storefront.ids("Inventory"), storefront.ids("Order")) == ([kept], [])
        assert shown(storefront, kept)["variants"]["sku"] == "A"
    answer = store_api.get("/v2/commerce/products").json()["products"]
    assert [product["name"] for product in answer] == ["Untitled"]


def test_what_is_not_imitated_stands_in_the_docstring(storefront: SquarespaceSystem) -> None:
    assert "checkout, carts, payment, tax and shipping calculation" in storefront.not_imitated
    assert all(line in (SquarespaceSystem.__doc__ or "") for line in storefront.not_imitated)

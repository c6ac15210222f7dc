"""Products v2 and store pages: what an engine may write, and what the shop makes of it."""

from __future__ import annotations

from typing import Any

import pytest

from fakes.clock import SimulatedClock
from fakes.squarespace import SquarespaceSystem
from tests.fakes.api import Api

PRODUCTS = "/v2/commerce/products"


def usd(value: str) -> dict[str, str]:
    """An amount."""
    return {"currency": "USD", "value": value}


def body(storefront: SquarespaceSystem, **changes: Any) -> dict[str, Any]:
    """A creation with one variant, changed as wanted; None takes a member away."""
    variant = {"sku": "A", "pricing": {"basePrice": usd("2.50")}, "stock": {"quantity": 5}}
    whole = {
        "type": "PHYSICAL",
        "storePageId": storefront.catalogue.pages[0].id,
        "name": "Cup",
        "variants": [variant],
        **changes,
    }
    return {name: value for name, value in whole.items() if value is not None}


def variant_of(**changes: Any) -> list[dict[str, Any]]:
    """One variant of a creation."""
    return [{"pricing": {"basePrice": usd("1")}, **changes}]


@pytest.fixture
def cup(store_api: Api, storefront: SquarespaceSystem) -> dict[str, Any]:
    """A product made through the API."""
    answer = store_api.post(PRODUCTS, body(storefront, description="<b>Nice</b>", tags=["blue"]))
    assert answer.status_code == 201, answer.text
    product: dict[str, Any] = answer.json()
    return product


def test_store_pages_are_listed(store_api: Api, storefront: SquarespaceSystem) -> None:
    pages = store_api.get("/1.0/commerce/store_pages").json()
    assert [page["id"] for page in pages["storePages"]] == [page.id for page in storefront.catalogue.pages]
    assert pages["pagination"]["hasNextPage"] is False


def test_a_creation_gives_product_and_variants(storefront: SquarespaceSystem, cup: dict[str, Any]) -> None:
    assert (cup["name"], cup["type"], cup["urlSlug"], cup["url"]) == ("Cup", "PHYSICAL", "cup", "/shop/p/cup")
    assert cup["createdOn"] == cup["modifiedOn"] == "2024-10-01T08:00Z"
    [variant] = cup["variants"]
    assert variant["pricing"] == {"basePrice": usd("2.50"), "salePrice": None, "onSale": False}
    assert (variant["sku"], variant["stock"]) == ("A", {"quantity": 5, "unlimited": False})
    assert storefront.ids("Inventory") == storefront.ids("Sesamproducts") == [variant["id"]]


def test_a_variant_without_more_has_nothing_in_stock_and_no_sale(
    store_api: Api, storefront: SquarespaceSystem
) -> None:
    [variant] = store_api.post(PRODUCTS, body(storefront, variants=variant_of())).json()["variants"]
    assert variant["stock"] == {"quantity": 0, "unlimited": False}
    assert (variant["pricing"]["onSale"], variant["sku"], variant["attributes"]) == (False, "", {})


def test_a_creation_sent_again_creates_again(store_api: Api, storefront: SquarespaceSystem) -> None:
    for _ in range(2):
        store_api.post(PRODUCTS, body(storefront, variants=variant_of()), key="k")
    assert len(storefront.ids("Sesamproducts")) == 2


@pytest.mark.parametrize(
    ("changes", "subtype"),
    [
        ({"type": None}, "MISSING_ARGUMENT"),
        ({"storePageId": None}, "MISSING_ARGUMENT"),
        ({"name": None}, "MISSING_ARGUMENT"),
        ({"name": ""}, "MISSING_ARGUMENT"),
        ({"name": "x" * 201}, "INVALID_ARGUMENT"),
        ({"variants": None}, "MISSING_ARGUMENT"),
        ({"variants": []}, "MISSING_ARGUMENT"),
        ({"variants": [{"sku": "A"}]}, "MISSING_ARGUMENT"),
        ({"variants": [{"pricing": {}}]}, "MISSING_ARGUMENT"),
        ({"variants": variant_of(sku="x" * 61)}, "INVALID_ARGUMENT"),
        ({"variants": variant_of(stock={"quantity": -1})}, "INVALID_ARGUMENT"),
        ({"variants": variant_of(attributes={"Size": "S"})}, "INVALID_ARGUMENT"),
        ({"variants": variant_of(colour="red")}, "INVALID_ARGUMENT"),
        ({"type": "VIRTUAL"}, "INVALID_ARGUMENT"),
        ({"storePageId": "unknown"}, "STORE_PAGE_NOT_FOUND"),
        ({"images": []}, "INVALID_ARGUMENT"),
        ({"urlSlug": "a b"}, "INVALID_ARGUMENT"),
        ({"tags": [1]}, "INVALID_ARGUMENT"),
        ({"isVisible": "yes"}, "INVALID_ARGUMENT"),
    ],
)
def test_a_wrong_creation_is_400_and_creates_nothing(
    store_api: Api, storefront: SquarespaceSystem, changes: dict[str, Any], subtype: str
) -> None:
    answer = store_api.post(PRODUCTS, body(storefront, **changes))
    assert (answer.status_code, answer.json()["subtype"]) == (400, subtype)
    assert storefront.ids("Sesamproducts") == []


def test_a_refusal_says_where_in_the_body_it_went_wrong(
    store_api: Api, storefront: SquarespaceSystem
) -> None:
    wrong = {
        "variants[].pricing.basePrice.value is required": variant_of(
            pricing={"basePrice": {"currency": "USD"}}
        ),
        "variants[].stock.quantity must be a whole number from 0 on": variant_of(stock={"quantity": "5"}),
    }
    for message, variants in wrong.items():
        answer = store_api.post(PRODUCTS, body(storefront, variants=variants))
        assert answer.json()["message"] == message
    assert store_api.post(PRODUCTS, body(storefront, name=None)).json()["message"] == "name is required"


def test_a_sku_is_trimmed(store_api: Api, storefront: SquarespaceSystem) -> None:
    answer = store_api.post(PRODUCTS, body(storefront, variants=variant_of(sku="  B 1\t")))
    assert answer.json()["variants"][0]["sku"] == "B 1"
    assert store_api.post(PRODUCTS, body(storefront, variants=variant_of(sku=" " * 9 + "x" * 60))).is_success


def test_a_sku_belongs_to_one_variant(
    store_api: Api, storefront: SquarespaceSystem, cup: dict[str, Any]
) -> None:
    variant = cup["variants"][0]["id"]
    other = store_api.post(PRODUCTS, body(storefront, variants=variant_of(sku="B"))).json()
    path = f"{PRODUCTS}/{other['id']}/variants"
    answers = [
        store_api.post(PRODUCTS, body(storefront, variants=variant_of(sku=" A "))),
        store_api.post(PRODUCTS, body(storefront, variants=[*variant_of(sku="C"), *variant_of(sku="C")])),
        store_api.post(path, variant_of(sku="A")[0]),
        store_api.post(f"{path}/{other['variants'][0]['id']}", {"sku": "A"}),
    ]
    assert [(answer.status_code, answer.json()["subtype"]) for answer in answers] == [
        (409, "SKU_UNAVAILABLE")
    ] * 4
    assert store_api.post(f"{PRODUCTS}/{cup['id']}/variants/{variant}", {"sku": "A"}).status_code == 200
    storefront.delete("Sesamproducts", variant)
    assert store_api.post(path, variant_of(sku="A")[0]).status_code == 201


@pytest.mark.parametrize(("required", "status"), [(False, 201), (True, 400)])
def test_whether_a_sku_is_required_is_a_switch(
    store_api: Api, storefront: SquarespaceSystem, required: bool, status: int
) -> None:
    storefront.switches.sku_required = required
    for sku in ({}, {"sku": None}, {"sku": ""}):
        assert store_api.post(PRODUCTS, body(storefront, variants=variant_of(**sku))).status_code == status


def test_a_description_that_is_no_html_comes_back_as_a_paragraph(
    store_api: Api, storefront: SquarespaceSystem, cup: dict[str, Any]
) -> None:
    assert cup["description"] == "<b>Nice</b>"
    path = f"{PRODUCTS}/{cup['id']}"
    assert store_api.post(path, {"description": "Nice & new"}).json()["description"] == "<p>Nice & new</p>"
    assert store_api.post(path, {"description": "<p>Nice</p>"}).json()["description"] == "<p>Nice</p>"
    assert store_api.post(path, {"description": None}).json()["description"] == ""
    storefront.switches.wraps_description = False
    assert store_api.post(path, {"description": "Nice"}).json()["description"] == "Nice"


def test_a_slug_is_lower_cased_and_belongs_to_one_product(
    store_api: Api, storefront: SquarespaceSystem, cup: dict[str, Any]
) -> None:
    path = f"{PRODUCTS}/{cup['id']}"
    assert store_api.post(path, {"urlSlug": "Blue-Cup"}).json()["urlSlug"] == "blue-cup"
    taken = store_api.post(PRODUCTS, body(storefront, urlSlug="BLUE-cup", variants=variant_of()))
    assert (taken.status_code, taken.json()["subtype"]) == (409, "URL_SLUG_UNAVAILABLE")
    assert store_api.post(PRODUCTS, body(storefront, urlSlug="cup", variants=variant_of())).status_code == 201


def test_products_of_one_name_get_slugs_of_their_own(store_api: Api, storefront: SquarespaceSystem) -> None:
    made = [store_api.post(PRODUCTS, body(storefront, variants=variant_of())).json() for _ in range(3)]
    assert [product["urlSlug"] for product in made] == ["cup", "cup-2", "cup-3"]


def test_an_update_is_partial(store_api: Api, cup: dict[str, Any], clock: SimulatedClock) -> None:
    clock.advance(1)
    updated = store_api.post(f"{PRODUCTS}/{cup['id']}", {"name": "Mug"}).json()
    assert updated == {**cup, "name": "Mug", "modifiedOn": "2024-10-01T08:00:01Z"}


def test_an_update_of_attributes_replaces_the_list(store_api: Api, cup: dict[str, Any]) -> None:
    path = f"{PRODUCTS}/{cup['id']}"
    store_api.post(path, {"variantAttributes": ["Size", "Colour"]})
    assert store_api.post(path, {"variantAttributes": ["Size"]}).json()["variantAttributes"] == ["Size"]


@pytest.mark.parametrize("name", ["type", "storePageId", "variants", "id", "modifiedOn"])
def test_some_of_a_product_can_not_be_updated(store_api: Api, cup: dict[str, Any], name: str) -> None:
    path = f"{PRODUCTS}/{cup['id']}"
    assert store_api.post(path, {name: cup[name]}).status_code == 400
    assert store_api.get(path).json()["products"] == [cup]


def test_stock_is_set_at_creation_only(store_api: Api, cup: dict[str, Any]) -> None:
    [variant] = cup["variants"]
    path = f"{PRODUCTS}/{cup['id']}/variants/{variant['id']}"
    assert store_api.post(path, {"stock": {"quantity": 9}}).status_code == 400
    assert store_api.get(f"{PRODUCTS}/{cup['id']}").json()["products"] == [cup]


def test_a_variant_update_leaves_siblings_and_the_rest_as_they_were(
    store_api: Api, cup: dict[str, Any], clock: SimulatedClock
) -> None:
    path = f"{PRODUCTS}/{cup['id']}"
    store_api.post(path, {"variantAttributes": ["Size"]})
    sibling = store_api.post(f"{path}/variants", variant_of(sku="B", attributes={"Size": "S"})[0]).json()
    [variant] = cup["variants"]
    clock.advance(1)
    change = {"pricing": {"salePrice": usd("2")}}
    updated = store_api.post(f"{path}/variants/{variant['id']}", change).json()
    assert updated == {**variant, "pricing": {**variant["pricing"], "salePrice": usd("2.00")}}
    [product] = store_api.get(path).json()["products"]
    assert product["variants"] == [updated, sibling]
    assert product["modifiedOn"] == "2024-10-01T08:00:01Z"


def test_a_sale_price_is_cleared_by_null(store_api: Api, cup: dict[str, Any]) -> None:
    path = f"{PRODUCTS}/{cup['id']}/variants/{cup['variants'][0]['id']}"
    store_api.post(path, {"pricing": {"salePrice": usd("2"), "onSale": True}})
    cleared = store_api.post(path, {"pricing": {"salePrice": None}}).json()
    assert cleared["pricing"] == {"basePrice": usd("2.50"), "salePrice": None, "onSale": True}
    assert store_api.post(path, {"pricing": {"basePrice": None}}).status_code == 400


def test_the_last_variant_can_not_be_deleted(store_api: Api, cup: dict[str, Any]) -> None:
    path = f"{PRODUCTS}/{cup['id']}/variants"
    first = cup["variants"][0]["id"]
    assert store_api.delete(f"{path}/{first}").status_code == 409
    second = store_api.post(path, variant_of(sku="B")[0]).json()["id"]
    assert store_api.delete(f"{path}/{first}").status_code == 204
    assert [v["id"] for v in store_api.get(f"{PRODUCTS}/{cup['id']}").json()["products"][0]["variants"]] == [
        second
    ]


def test_a_variant_is_found_under_its_own_product_only(
    store_api: Api, storefront: SquarespaceSystem, cup: dict[str, Any]
) -> None:
    other = storefront.create("Sesamproducts", {})
    answer = store_api.post(f"{PRODUCTS}/{cup['id']}/variants/{other}", {"sku": "X"})
    assert (answer.status_code, answer.json()["subtype"]) == (404, "PRODUCT_VARIANT_NOT_FOUND")


def test_a_deleted_product_is_gone_with_its_variants_and_leaves_no_tombstone(
    store_api: Api, storefront: SquarespaceSystem, cup: dict[str, Any]
) -> None:
    path = f"{PRODUCTS}/{cup['id']}"
    assert store_api.delete(path).status_code == 204
    assert store_api.get(path).status_code == 404
    assert store_api.delete(path).status_code == 404
    assert store_api.post(path, {"name": "Mug"}).status_code == 404
    assert store_api.get(PRODUCTS).json()["products"] == []
    assert storefront.ids("Inventory") == []
    assert store_api.post(PRODUCTS, body(storefront)).status_code == 201  # SKU and slug are free again


def test_products_are_read_by_up_to_50_ids(
    store_api: Api, storefront: SquarespaceSystem, cup: dict[str, Any]
) -> None:
    for _ in range(50):
        storefront.create("Sesamproducts", {})
    ids = list(storefront.catalogue.products.rows)
    assert store_api.get(f"{PRODUCTS}/{ids[1]},{cup['id']}").json()["products"][1] == cup
    assert store_api.get(f"{PRODUCTS}/{','.join(ids[:50])}").status_code == 200
    assert store_api.get(f"{PRODUCTS}/{','.join(ids)}").status_code == 400
    assert store_api.get(f"{PRODUCTS}/{cup['id']},unknown").status_code == 404


@pytest.mark.parametrize("newest_first", [True, False])
def test_products_are_listed_by_modification(
    store_api: Api, storefront: SquarespaceSystem, clock: SimulatedClock, newest_first: bool
) -> None:
    storefront.switches.newest_first = newest_first
    variants = []
    for name in "abc":
        variants.append(storefront.create("Sesamproducts", {"name": name}))
        clock.advance(1)
    storefront.edit("Sesamproducts", variants[0], {"description": "x"})
    names = [product["name"] for product in store_api.get(PRODUCTS).json()["products"]]
    assert names == (["a", "c", "b"] if newest_first else ["b", "c", "a"])


def test_products_are_filtered_by_modification_and_type(
    store_api: Api, storefront: SquarespaceSystem, clock: SimulatedClock
) -> None:
    storefront.create("Sesamproducts", {"name": "early"})
    clock.advance(10)
    storefront.create("Sesamproducts", {"name": "late"})
    storefront.create("Sesamproducts", {"name": "service", "type": "SERVICE"})

    def names(**filters: str) -> set[str]:
        return {product["name"] for product in store_api.get(PRODUCTS, **filters).json()["products"]}

    assert names(modifiedAfter="2024-10-01T08:00:09Z") == {"late", "service"}
    assert names(modifiedBefore="2024-10-01T08:00:10Z") == {"early"}
    assert names(modifiedAfter="2024-10-01T08:00:09Z", type="PHYSICAL,GIFT_CARD") == {"late"}
    assert store_api.get(PRODUCTS, type="VIRTUAL").status_code == 400
    assert store_api.get(PRODUCTS, modifiedAfter="yesterday").status_code == 400


def test_a_cursor_remembers_its_filters_and_excludes_others(
    store_api: Api, storefront: SquarespaceSystem
) -> None:
    for number in range(60):
        storefront.create("Sesamproducts", {"type": "SERVICE" if number % 10 == 0 else "PHYSICAL"})
    page = store_api.get(PRODUCTS, type="PHYSICAL").json()
    cursor = page["pagination"]["nextPageCursor"]
    rest = store_api.get(PRODUCTS, cursor=cursor).json()["products"]
    assert len(rest) == 4
    assert {product["type"] for product in page["products"] + rest} == {"PHYSICAL"}
    for filters in ({"type": "PHYSICAL"}, {"modifiedAfter": "2024-10-01T08:00Z"}):
        assert store_api.get(PRODUCTS, cursor=cursor, **filters).status_code == 400

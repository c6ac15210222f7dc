"""What all of Squarespace's operations promise: credentials, limits, errors, pages, keys, shapes of
values.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from fakes.clock import SimulatedClock, SystemClock
from fakes.faults import Fault
from fakes.squarespace import SquarespaceSystem, Switches
from fakes.store import Ids
from tests.fakes.api import Api

INVENTORY = "/1.0/commerce/inventory"
ORDERS = "/1.0/commerce/orders"
PRODUCTS = "/v2/commerce/products"


# credentials


def test_a_bad_token_is_401(store_api: Api) -> None:
    answer = store_api.send("GET", INVENTORY, headers={"Authorization": "Bearer wrong"})
    assert (answer.status_code, answer.json()["type"]) == (401, "AUTHORIZATION_ERROR")


@pytest.mark.parametrize(
    ("scope", "path"),
    [
        ("inventory", INVENTORY),
        ("orders", ORDERS),
        ("products", PRODUCTS),
        ("products", "/1.0/commerce/store_pages"),
    ],
)
def test_a_missing_scope_is_403(store_api: Api, storefront: SquarespaceSystem, scope: str, path: str) -> None:
    assert store_api.get(path).status_code == 200
    storefront.scopes.remove(scope)
    answer = store_api.get(path)
    assert (answer.status_code, answer.json()["subtype"]) == (403, "MISSING_SCOPE")


def test_an_expired_website_is_402(store_api: Api, storefront: SquarespaceSystem) -> None:
    storefront.expired = True
    answer = store_api.get(INVENTORY)
    assert (answer.status_code, answer.json()["type"]) == (402, "WEBSITE_EXPIRED")


@pytest.mark.parametrize(("required", "status"), [(True, 400), (False, 200)])
def test_a_user_agent_is_required(
    store_api: Api, storefront: SquarespaceSystem, required: bool, status: int
) -> None:
    storefront.switches.requires_user_agent = required
    assert store_api.send("GET", INVENTORY, headers={"User-Agent": ""}).status_code == status


def test_a_body_must_be_json_by_its_content_type(store_api: Api) -> None:
    headers = {"Content-Type": "text/plain", "Idempotency-Key": "k"}
    answer = store_api.send("POST", ORDERS, headers=headers, content=b"{}")
    assert (answer.status_code, answer.json()["message"]) == (400, "Content-Type must be application/json")
    assert store_api.send("POST", PRODUCTS, content=b"").status_code == 400
    broken = {"Content-Type": "application/json"}
    assert store_api.send("POST", PRODUCTS, headers=broken, content=b"{").status_code == 400


# errors


def test_an_error_has_type_subtype_message_details_and_context(store_api: Api) -> None:
    error = store_api.get(f"{INVENTORY}/unknown").json()
    assert set(error) == {"type", "subtype", "message", "details", "contextId"}
    assert (error["type"], error["subtype"]) == ("INVALID_REQUEST_ERROR", "INVENTORY_ITEM_NOT_FOUND")
    assert error["contextId"]


@pytest.mark.parametrize("path", [ORDERS, f"{INVENTORY}/adjustments"])
def test_a_missing_key_is_a_problem_without_context(store_api: Api, path: str) -> None:
    answer = store_api.post(path, {})
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    assert "contextId" not in answer.json()
    assert answer.json()["status"] == 400


def test_an_operation_that_there_is_not_is_405_or_404(store_api: Api, storefront: SquarespaceSystem) -> None:
    order = storefront.create("Order", {})
    for method in ("PUT", "PATCH", "DELETE"):
        answer = store_api.send(method, f"{ORDERS}/{order}")
        assert (answer.status_code, answer.json()["type"]) == (405, "METHOD_NOT_ALLOWED")
    assert store_api.post(INVENTORY, {}).status_code == 405
    assert store_api.get("/1.0/commerce/customers").status_code == 404
    assert storefront.show("Order", order) is not None


def test_an_error_of_the_system_has_its_own_type(store_api: Api, storefront: SquarespaceSystem) -> None:
    storefront.faults.script(*(Fault("error_before", status=status) for status in (500, 503, 409)))
    errors = [store_api.get(INVENTORY).json() for _ in range(3)]
    assert [error["type"] for error in errors] == ["SERVER_ERROR", "SERVICE_UNAVAILABLE", "CONFLICT"]
    assert errors[2]["subtype"] == "CONCURRENT_MODIFICATION"


# limits


def test_more_than_300_requests_a_minute_are_refused_for_a_minute(
    store_api: Api, clock: SimulatedClock
) -> None:
    for _ in range(300):
        assert store_api.get(INVENTORY).status_code == 200
        clock.advance(0.1)
    answer = store_api.get(INVENTORY)
    assert (answer.status_code, answer.json()["type"]) == (429, "TOO_MANY_REQUESTS")
    assert "retry-after" not in answer.headers
    clock.advance(59.9)
    assert store_api.get(INVENTORY).status_code == 429
    clock.advance(0.1)
    assert store_api.get(INVENTORY).status_code == 200


def test_300_requests_in_every_minute_are_never_refused(store_api: Api, clock: SimulatedClock) -> None:
    for _ in range(450):
        assert store_api.get(INVENTORY).status_code == 200
        clock.advance(0.2)


# keys


def many(storefront: SquarespaceSystem, count: int) -> list[str]:
    """So many products with one variant each; gives the variants."""
    return [storefront.create("Sesamproducts", {}) for _ in range(count)]


def adjusted(api: Api, variant: str, key: str, quantity: int = 2) -> int:
    """The status of an increment."""
    body = {"incrementOperations": [{"variantId": variant, "quantity": quantity}]}
    return api.post(f"{INVENTORY}/adjustments", body, key=key).status_code


def quantity(storefront: SquarespaceSystem, variant: str) -> Any:
    """What is left of a variant."""
    shown = storefront.show("Inventory", variant)
    assert shown is not None
    return shown["quantity"]


def test_a_replay_gives_the_first_success(store_api: Api, storefront: SquarespaceSystem) -> None:
    [variant] = many(storefront, 1)
    assert [adjusted(store_api, variant, "k") for _ in range(2)] == [204, 204]
    assert quantity(storefront, variant) == 2


def test_the_same_key_with_another_body_is_400(store_api: Api, storefront: SquarespaceSystem) -> None:
    [variant] = many(storefront, 1)
    assert [adjusted(store_api, variant, "k", n) for n in (2, 3)] == [204, 400]
    assert quantity(storefront, variant) == 2


def test_a_key_is_kept_for_48_hours(
    store_api: Api, storefront: SquarespaceSystem, clock: SimulatedClock
) -> None:
    [variant] = many(storefront, 1)
    adjusted(store_api, variant, "k")
    clock.advance(timedelta(hours=48).total_seconds() - 1)
    adjusted(store_api, variant, "k")
    assert quantity(storefront, variant) == 2
    clock.advance(1)
    adjusted(store_api, variant, "k")
    assert quantity(storefront, variant) == 4


def test_a_key_whose_request_is_in_flight_is_409(
    store_api: Api, storefront: SquarespaceSystem, clock: SimulatedClock
) -> None:
    [variant] = many(storefront, 1)
    storefront.faults.script(Fault("slow", seconds=20))
    body = {"incrementOperations": [{"variantId": variant, "quantity": 2}]}
    with pytest.raises(httpx.ReadTimeout):
        store_api.post(f"{INVENTORY}/adjustments", body, key="k", timeout=5)
    assert adjusted(store_api, variant, "k") == 409
    clock.advance(15)
    assert adjusted(store_api, variant, "k") == 204
    assert quantity(storefront, variant) == 2


@pytest.mark.parametrize(
    ("key", "status"), [("a" * 64, 204), ("a" * 65, 400), ("with space", 400), ("", 400), ("a_-Z9", 204)]
)
def test_a_key_is_up_to_64_of_letters_digits_underscore_and_hyphen(
    store_api: Api, storefront: SquarespaceSystem, key: str, status: int
) -> None:
    [variant] = many(storefront, 1)
    assert adjusted(store_api, variant, key) == status


def test_a_refused_request_leaves_its_key_free(store_api: Api, storefront: SquarespaceSystem) -> None:
    assert adjusted(store_api, "unknown", "k") == 400
    [variant] = many(storefront, 1)
    assert adjusted(store_api, variant, "k") == 204


# shapes of values


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "08:00Z"), (5, "08:00:05Z"), (5.25, "08:00:05.25Z"), (10.001, "08:00:10.001Z"), (600, "08:10Z")],
)
def test_a_time_leaves_out_what_is_zero(
    store_api: Api, storefront: SquarespaceSystem, clock: SimulatedClock, seconds: float, shown: str
) -> None:
    clock.advance(seconds)
    many(storefront, 1)
    [product] = store_api.get(PRODUCTS).json()["products"]
    assert product["modifiedOn"] == f"2024-10-01T{shown}"
    storefront.switches.trims_times = False
    [product] = store_api.get(PRODUCTS).json()["products"]
    assert len(product["modifiedOn"]) == len("2024-10-01T08:00:00.000Z")


@pytest.mark.parametrize(("switch", "shown"), [("null", {None}), ("brackets", {0}), ("both", {None, 0})])
def test_an_empty_list_is_null_or_brackets(
    store_api: Api, storefront: SquarespaceSystem, switch: Any, shown: set[int | None]
) -> None:
    storefront.switches.empty_lists = switch
    many(storefront, 20)
    tags = [product["tags"] for product in store_api.get(PRODUCTS).json()["products"]]
    assert {None if one is None else len(one) for one in tags} == shown


def test_money_is_padded_to_two_decimals_or_left_alone(store_api: Api, storefront: SquarespaceSystem) -> None:
    def priced(value: str) -> Any:
        pricing = {"basePrice": {"currency": "USD", "value": value}}
        page = storefront.catalogue.pages[0].id
        body = {"type": "PHYSICAL", "storePageId": page, "name": "Cup", "variants": [{"pricing": pricing}]}
        answer = store_api.post(PRODUCTS, body)
        return (
            answer.json()["variants"][0]["pricing"]["basePrice"] if answer.is_success else answer.status_code
        )

    assert priced("2.5") == {"currency": "USD", "value": "2.50"}
    assert priced("2.505") == 400
    storefront.switches.pads_money = False
    assert [priced("2.5")["value"], priced("2.505")["value"]] == ["2.5", "2.505"]


def test_money_is_a_text_in_the_shops_currency(store_api: Api, clock: SimulatedClock) -> None:
    shop = SquarespaceSystem("storefront", SystemClock(clock), token="t", ids=Ids(1), currency="EUR")
    variant = shop.create("Sesamproducts", {})
    assert shop.show("Sesamproducts", variant)["variants"]["pricing"]["basePrice"]["currency"] == "EUR"  # type: ignore[index]
    for amount in ({"currency": "EUR", "value": "1"}, {"currency": "USD", "value": 1}, "1", {"value": "x"}):
        pricing = {"basePrice": amount}
        body = {"type": "PHYSICAL", "storePageId": "x", "name": "Cup", "variants": [{"pricing": pricing}]}
        assert store_api.post(PRODUCTS, body).status_code == 400


def test_every_answer_has_the_date_of_the_systems_own_clock(
    store_api: Api, storefront: SquarespaceSystem
) -> None:
    storefront.clock.offset = timedelta(seconds=90)
    assert store_api.get(INVENTORY).headers["date"] == "Tue, 01 Oct 2024 08:01:30 GMT"


def test_the_switches_may_be_given_at_the_start(clock: SimulatedClock) -> None:
    switches = Switches(wraps_description=False)
    shop = SquarespaceSystem("shop", SystemClock(clock), token="t", ids=Ids(1), switches=switches)
    variant = shop.create("Sesamproducts", {"description": "plain"})
    assert shop.show("Sesamproducts", variant)["description"] == "plain"  # type: ignore[index]

"""Orders 1.0: imported, shipped, listed, and nothing else."""

from __future__ import annotations

import json
from typing import Any

import pytest

from fakes.clock import SimulatedClock
from fakes.squarespace import SquarespaceSystem
from tests.fakes.api import Api

ORDERS = "/1.0/commerce/orders"
ALL_STATES = "NOT_CHARGED,AUTHORIZED,PAID,REFUNDED,PENDING,FAILED,REFUND_PENDING,REFUND_FAILED,PARTIALLY_PAID"


def usd(value: str) -> dict[str, str]:
    """An amount."""
    return {"currency": "USD", "value": value}


@pytest.fixture
def cup(storefront: SquarespaceSystem) -> str:
    """A variant with 5 in stock."""
    return storefront.create(
        "Sesamproducts", {"name": "Cup", "variants": {"sku": "A", "stock": {"quantity": 5}}}
    )


def body(variant: str, **changes: Any) -> dict[str, Any]:
    """An import of two cups, changed as wanted; None takes a member away."""
    whole = {
        "channelName": "Custom Webshop",
        "externalOrderReference": "N-1",
        "createdOn": "2024-09-30T12:00:00.123456Z",
        "fulfillments": [],
        "lineItems": [{"variantId": variant, "quantity": 2, "unitPricePaid": usd("2.50")}],
        "priceTaxInterpretation": "EXCLUSIVE",
        "subtotal": usd("5.00"),
        "grandTotal": usd("6.00"),
        **changes,
    }
    return {name: value for name, value in whole.items() if value is not None}


def imported(api: Api, variant: str, key: str = "k", **changes: Any) -> dict[str, Any]:
    """An order made through the API."""
    answer = api.post(ORDERS, body(variant, **changes), key=key)
    assert answer.status_code == 201, answer.text
    order: dict[str, Any] = answer.json()
    return order


def test_an_import_gives_the_order(store_api: Api, storefront: SquarespaceSystem, cup: str) -> None:
    address = {"firstName": "Ada", "city": "Oslo", "countryCode": "NO"}
    order = imported(store_api, cup, customerEmail="ada@example.org", shippingAddress=address)
    assert (order["channelName"], order["externalOrderReference"]) == ("Custom Webshop", "N-1")
    assert (order["createdOn"], order["modifiedOn"]) == ("2024-09-30T12:00:00.123Z", "2024-10-01T08:00Z")
    assert (order["subtotal"], order["grandTotal"], order["taxTotal"]) == (usd("5.00"), usd("6.00"), None)
    assert order["shippingAddress"]["firstName"] == "Ada"
    assert order["shippingAddress"]["phone"] is None
    [line] = order["lineItems"]
    assert (line["variantId"], line["sku"], line["productName"], line["quantity"]) == (cup, "A", "Cup", 2)
    assert order["fulfillmentStatus"] == "PENDING"
    assert store_api.get(f"{ORDERS}/{order['id']}").json() == order
    assert storefront.show("Order", order["id"]) == order


def test_orders_are_numbered(store_api: Api, cup: str) -> None:
    assert [imported(store_api, cup, key)["orderNumber"] for key in ("1", "2")] == ["1001", "1002"]


@pytest.mark.parametrize(
    ("changes", "subtype"),
    [
        *(({name: None}, "MISSING_ARGUMENT") for name in sorted(body("CUP"))),
        ({"lineItems": []}, "MISSING_ARGUMENT"),
        ({"subtotal": usd("5.01")}, "INVALID_ARGUMENT"),
        ({"subtotal": {"currency": "EUR", "value": "5.00"}}, "INVALID_ARGUMENT"),
        ({"createdOn": "2024-09-30T12:00:00"}, "INVALID_ARGUMENT"),
        ({"priceTaxInterpretation": "BOTH"}, "INVALID_ARGUMENT"),
        ({"inventoryBehavior": "HIDE"}, "INVALID_ARGUMENT"),
        ({"fulfillmentStatus": "SENT"}, "INVALID_ARGUMENT"),
        ({"shippingAddress": {"street": "x"}}, "INVALID_ARGUMENT"),
        ({"refundedTotal": usd("1")}, "INVALID_ARGUMENT"),
        ({"lineItems": [{"quantity": 2, "unitPricePaid": usd("2.50")}]}, "MISSING_ARGUMENT"),
        (
            {"lineItems": [{"variantId": "unknown", "quantity": 2, "unitPricePaid": usd("2.50")}]},
            "PRODUCT_VARIANT_NOT_FOUND",
        ),
        ({"lineItems": [{"variantId": "CUP", "quantity": 0, "unitPricePaid": usd("0")}]}, "INVALID_ARGUMENT"),
    ],
)
def test_a_wrong_import_is_400_and_makes_no_order(
    store_api: Api, storefront: SquarespaceSystem, cup: str, changes: dict[str, Any], subtype: str
) -> None:
    given = json.loads(json.dumps(body(cup, **changes)).replace("CUP", cup))
    answer = store_api.post(ORDERS, given, key="k")
    assert (answer.status_code, answer.json()["subtype"]) == (400, subtype)
    assert storefront.ids("Order") == []


def test_a_replay_gives_the_first_order_and_another_body_is_400(
    store_api: Api, storefront: SquarespaceSystem, cup: str
) -> None:
    order = imported(store_api, cup)
    storefront.edit("Order", order["id"], {"customerEmail": "new@example.org"})
    assert imported(store_api, cup) == order
    assert store_api.post(ORDERS, body(cup, externalOrderReference="N-2"), key="k").status_code == 400
    assert storefront.ids("Order") == [order["id"]]


def test_a_reference_is_not_unique(store_api: Api, storefront: SquarespaceSystem, cup: str) -> None:
    for key in ("1", "2"):
        imported(store_api, cup, key)
    assert len(storefront.ids("Order")) == 2


@pytest.mark.parametrize(("behavior", "left"), [(None, 5), ("SKIP", 5), ("DEDUCT", 3)])
def test_stock_is_deducted_only_on_demand(
    store_api: Api, storefront: SquarespaceSystem, cup: str, behavior: str | None, left: int
) -> None:
    imported(store_api, cup, inventoryBehavior=behavior)
    assert storefront.show("Inventory", cup)["quantity"] == left  # type: ignore[index]


def test_what_is_not_in_stock_can_not_be_deducted(
    store_api: Api, storefront: SquarespaceSystem, cup: str
) -> None:
    lines = [{"variantId": cup, "quantity": 3, "unitPricePaid": usd("0")}] * 2
    given = body(cup, lineItems=lines, subtotal=usd("0"), inventoryBehavior="DEDUCT")
    answer = store_api.post(ORDERS, given, key="k")
    assert (answer.status_code, answer.json()["subtype"]) == (409, "INSUFFICIENT_STOCK")
    assert storefront.ids("Order") == []
    assert storefront.show("Inventory", cup)["quantity"] == 5  # type: ignore[index]
    storefront.edit("Inventory", cup, {"isUnlimited": True})
    assert store_api.post(ORDERS, given, key="k").status_code == 201


def test_100_imports_an_hour_are_taken(store_api: Api, cup: str, clock: SimulatedClock) -> None:
    for number in range(100):
        imported(store_api, cup, str(number))
    answer = store_api.post(ORDERS, body(cup), key="one too many")
    assert (answer.status_code, answer.json()["type"]) == (400, "INVALID_REQUEST_ERROR")  # no such key
    answer = store_api.post(ORDERS, body(cup), key="one-too-many")
    assert (answer.status_code, answer.json()["type"]) == (429, "TOO_MANY_REQUESTS")
    assert store_api.post(ORDERS, body(cup), key="0").status_code == 201  # a replay is no import
    clock.advance(3600)
    assert store_api.post(ORDERS, body(cup), key="one-too-many").status_code == 201


def test_an_import_may_come_fulfilled(store_api: Api, cup: str) -> None:
    order = imported(store_api, cup, fulfillmentStatus="FULFILLED", fulfillments=[{"carrierName": "Post"}])
    assert order["fulfillmentStatus"] == "FULFILLED"
    assert order["fulfillments"][0]["carrierName"] == "Post"


def test_a_fulfilment_ships_and_a_blind_retry_ships_twice(
    store_api: Api, storefront: SquarespaceSystem, cup: str, clock: SimulatedClock
) -> None:
    order = imported(store_api, cup)
    clock.advance(1)
    shipment = {"shouldSendNotification": False, "shipments": [{"trackingNumber": "T1"}]}
    for _ in range(2):
        assert store_api.post(f"{ORDERS}/{order['id']}/fulfillments", shipment, key="k").status_code == 204
    shown = storefront.show("Order", order["id"])
    assert shown is not None
    assert (shown["fulfillmentStatus"], shown["modifiedOn"]) == ("FULFILLED", "2024-10-01T08:00:01Z")
    assert [shipped["trackingNumber"] for shipped in shown["fulfillments"]] == ["T1", "T1"]


def test_a_fulfilment_without_shipments_is_taken_a_wrong_one_is_not(store_api: Api, cup: str) -> None:
    path = f"{ORDERS}/{imported(store_api, cup)['id']}/fulfillments"
    for wrong in ({}, {"shipments": "x"}, {"shipments": [{"weight": 1}]}, {"shipments": [], "more": 1}):
        assert store_api.post(path, wrong).status_code == 400
    assert store_api.post(path, {"shipments": []}).status_code == 204
    assert store_api.post(f"{ORDERS}/unknown/fulfillments", {"shipments": []}).status_code == 404


@pytest.mark.parametrize(("allowed", "status"), [(False, 409), (True, 204)])
def test_whether_a_cancelled_order_can_be_fulfilled_is_a_switch(
    store_api: Api, storefront: SquarespaceSystem, cup: str, allowed: bool, status: int
) -> None:
    storefront.switches.fulfils_cancelled = allowed
    order = imported(store_api, cup)["id"]
    storefront.edit("Order", order, {"fulfillmentStatus": "CANCELED"})
    assert store_api.post(f"{ORDERS}/{order}/fulfillments", {"shipments": []}).status_code == status


# listing


def references(api: Api, **filters: str) -> list[str]:
    """The references of the orders on the first page."""
    answer = api.get(ORDERS, **filters)
    assert answer.status_code == 200, answer.text
    return [order["externalOrderReference"] for order in answer.json()["result"]]


@pytest.mark.parametrize("newest_first", [True, False])
def test_orders_are_listed_by_modification(
    store_api: Api, storefront: SquarespaceSystem, clock: SimulatedClock, newest_first: bool
) -> None:
    storefront.switches.newest_first = newest_first
    ids = []
    for name in "abc":
        ids.append(storefront.create("Order", {"externalOrderReference": name}))
        clock.advance(1)
    storefront.edit("Order", ids[0], {"customerEmail": "x@example.org"})
    assert references(store_api) == (["a", "c", "b"] if newest_first else ["b", "c", "a"])


@pytest.mark.parametrize(("inclusive", "found"), [(False, ["c"]), (True, ["c", "b"])])
def test_orders_are_filtered_by_modification(
    store_api: Api, storefront: SquarespaceSystem, clock: SimulatedClock, inclusive: bool, found: list[str]
) -> None:
    storefront.switches.modified_after_inclusive = inclusive
    for name in "abcd":
        storefront.create("Order", {"externalOrderReference": name})
        clock.advance(1)
    between = {"modifiedAfter": "2024-10-01T08:00:01Z", "modifiedBefore": "2024-10-01T08:00:03Z"}
    assert references(store_api, **between) == found


def test_both_times_are_given_or_neither_and_never_beside_a_cursor(
    store_api: Api, storefront: SquarespaceSystem
) -> None:
    for _ in range(51):
        storefront.create("Order", {})
    after, before = {"modifiedAfter": "2024-10-01T07:00Z"}, {"modifiedBefore": "2024-10-01T09:00Z"}
    assert store_api.get(ORDERS, **after).status_code == 400
    assert store_api.get(ORDERS, **before).status_code == 400
    page = store_api.get(ORDERS, **after, **before).json()
    cursor = page["pagination"]["nextPageCursor"]
    assert store_api.get(ORDERS, cursor=cursor, **after, **before).status_code == 400
    assert store_api.get(ORDERS, cursor=cursor, fulfillmentStatus="PENDING").status_code == 400
    assert len(store_api.get(ORDERS, cursor=cursor).json()["result"]) == 1


def test_orders_are_filtered_by_fulfilment_status(store_api: Api, storefront: SquarespaceSystem) -> None:
    for status in ("PENDING", "FULFILLED", "CANCELED"):
        storefront.create("Order", {"externalOrderReference": status, "fulfillmentStatus": status})
    assert references(store_api, fulfillmentStatus="CANCELED") == ["CANCELED"]
    assert len(references(store_api)) == 3
    assert store_api.get(ORDERS, fulfillmentStatus="SENT").status_code == 400


def test_some_payment_states_are_hidden_unless_they_are_named(
    store_api: Api, storefront: SquarespaceSystem
) -> None:
    for state in ALL_STATES.split(","):
        storefront.create("Order", {"externalOrderReference": state, "paymentState": state})
    assert set(references(store_api)) == {"NOT_CHARGED", "AUTHORIZED", "PAID", "REFUNDED"}
    assert set(references(store_api, paymentStates="PENDING,FAILED")) == {"PENDING", "FAILED"}
    assert len(references(store_api, paymentStates=ALL_STATES)) == 9
    assert store_api.get(ORDERS, paymentStates="FREE").status_code == 400
    hidden = storefront.ids("Order")[4]
    assert store_api.get(f"{ORDERS}/{hidden}").json()["externalOrderReference"] == "PENDING"


def test_the_payment_state_of_an_import_is_a_switch(
    store_api: Api, storefront: SquarespaceSystem, cup: str
) -> None:
    storefront.switches.imported_payment_state = "PENDING"
    imported(store_api, cup)
    assert references(store_api) == []
    assert references(store_api, paymentStates=ALL_STATES) == ["N-1"]

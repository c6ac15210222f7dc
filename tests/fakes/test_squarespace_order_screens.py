"""What a merchant does with orders in the shop's own screens, and the webhooks that tell of orders."""

from __future__ import annotations

import hashlib
import hmac
import json

import pytest

from fakes.clock import SimulatedClock
from fakes.squarespace import SquarespaceSystem
from fakes.squarespace.webhooks import signed
from tests.fakes.api import Api

ORDERS = "/1.0/commerce/orders"


def usd(value: str) -> dict[str, str]:
    """An amount."""
    return {"currency": "USD", "value": value}


def test_a_merchant_cancels_refunds_and_corrects_the_e_mail(
    storefront: SquarespaceSystem, clock: SimulatedClock
) -> None:
    order = storefront.create("Order", {})
    clock.advance(1)
    storefront.edit("Order", order, {"fulfillmentStatus": "CANCELED", "customerEmail": "b@example.org"})
    storefront.edit("Order", order, {"refundedTotal.value": "1.5"})
    shown = storefront.show("Order", order)
    assert shown is not None
    assert (shown["fulfillmentStatus"], shown["customerEmail"]) == ("CANCELED", "b@example.org")
    assert (shown["refundedTotal"], shown["modifiedOn"]) == (usd("1.50"), "2024-10-01T08:00:01Z")


@pytest.mark.parametrize(
    "changes",
    [
        {"grandTotal": usd("1")},
        {"externalOrderReference": "x"},
        {"shippingAddress.city": "Oslo"},
        {"lineItems": []},
        {"fulfillmentStatus": "SENT"},
        {"fulfillmentStatus": None},
        {"customerEmail": 5},
        {"refundedTotal": {"currency": "EUR", "value": "1"}},
    ],
)
def test_no_screen_changes_anything_else_of_an_order(
    storefront: SquarespaceSystem, changes: dict[str, object]
) -> None:
    order = storefront.create("Order", {})
    before = storefront.show("Order", order)
    with pytest.raises(ValueError, match=next(iter(changes)).partition(".")[0]):
        storefront.edit("Order", order, changes)
    assert storefront.show("Order", order) == before


def test_an_order_in_the_shop_gets_what_a_checkout_fills_in(storefront: SquarespaceSystem) -> None:
    lines = [
        {"sku": "A", "productName": "Cup", "quantity": 2, "unitPricePaid": {"value": "2.50"}},
        {"quantity": 1, "unitPricePaid": {"value": "1"}},
    ]
    order = storefront.show("Order", storefront.create("Order", {"lineItems": lines}))
    assert order is not None
    assert (order["subtotal"], order["grandTotal"]) == (usd("6.00"), usd("6.00"))
    assert (order["externalOrderReference"], order["createdOn"]) == (None, "2024-10-01T08:00Z")
    assert [(line["sku"], line["variantId"]) for line in order["lineItems"]] == [("A", None), (None, None)]


def test_an_order_leaves_the_shop_without_a_trace(store_api: Api, storefront: SquarespaceSystem) -> None:
    order = storefront.create("Order", {})
    storefront.delete("Order", order)
    assert storefront.show("Order", order) is None
    assert store_api.get(f"{ORDERS}/{order}").status_code == 404


# webhooks


def test_a_signature_is_as_published() -> None:
    secret = "F3F9B981C78E7A6187E42853F6CE2804177E98206164779423B02DEC981ACD6B"
    signature = "8403230c24b060de122936d911eb0187ff89f5bdbf20bc66beb9dcbeeb66b1c8"
    assert signed(secret, b'{"id":"n1","topic":"order.create","data":{"orderId":"o1"}}') == signature


def test_subscribers_hear_of_orders_and_what_became_of_them(
    store_api: Api, storefront: SquarespaceSystem
) -> None:
    secret = storefront.subscribe("https://engine.test/hook")
    order = storefront.create("Order", {})
    store_api.post(f"{ORDERS}/{order}/fulfillments", {"shipments": []})
    for changes in ({"customerEmail": "x"}, {"refundedTotal": usd("1")}, {"fulfillmentStatus": "CANCELED"}):
        storefront.edit("Order", order, changes)
    storefront.edit("Order", order, {"fulfillmentStatus": "PENDING"})  # there is no word for it
    told = [json.loads(notification.body) for notification in storefront.notifications]
    assert [(one["topic"], one["data"].get("update")) for one in told] == [
        ("order.create", None),
        ("order.update", "FULFILLED"),
        ("order.update", "EMAIL_UPDATED"),
        ("order.update", "REFUNDED"),
        ("order.update", "CANCELED"),
    ]
    assert {one["data"]["orderId"] for one in told} == {order}
    assert len({one["id"] for one in told}) == 5
    for one in storefront.notifications:
        digest = hmac.new(bytes.fromhex(secret), one.body, hashlib.sha256).hexdigest()
        assert one.headers["Squarespace-Signature"] == digest
        assert (one.url, one.id) == ("https://engine.test/hook", json.loads(one.body)["id"])


def test_nobody_hears_of_products_or_inventory(storefront: SquarespaceSystem) -> None:
    storefront.subscribe("https://engine.test/hook")
    variant = storefront.create("Sesamproducts", {})
    storefront.edit("Inventory", variant, {"quantity": 3})
    assert storefront.notifications == []


def test_a_subscription_is_to_the_topics_there_are(storefront: SquarespaceSystem) -> None:
    with pytest.raises(ValueError, match=r"no topic 'order\.delete'"):
        storefront.subscribe("https://engine.test/hook", ("order.delete",))
    secret = "AB" * 32
    assert storefront.subscribe("https://engine.test/hook", ("order.create",), secret) == secret
    order = storefront.create("Order", {})
    storefront.edit("Order", order, {"customerEmail": "x"})
    assert [notification.topic for notification in storefront.notifications] == ["order.create"]

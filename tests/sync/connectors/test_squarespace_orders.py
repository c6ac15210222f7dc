"""Orders 1.0: imported whole, fulfilled once, and otherwise only changed by the merchant."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bothways.sync.connectors import Done, Refused, Unknown
from fakes.faults import Fault
from fakes.squarespace import Switches
from tests.sync.connectors.connected import Connected
from tests.sync.connectors.shops import item, stock
from tests.sync.connectors.sides import made


def imported(shop: Connected, **more: Any) -> dict[str, Any]:
    """The body of an order as a mapping makes it."""
    lines = [
        {"variantId": item(shop), "quantity": 3, "unitPricePaid": {"value": "0.10"}},
        {"variantId": item(shop), "quantity": 2, "unitPricePaid": {"value": "12.55"}},
    ]
    return {
        "externalOrderReference": "R1",
        "channelName": "Webshop",
        "priceTaxInterpretation": "EXCLUSIVE",
        "createdOn": "2024-10-01T08:00:00.000Z",
        "grandTotal.currency": "USD",
        "grandTotal.value": "30.00",
        "lineItems": lines,
        **more,
    }


def test_an_import_has_all_that_is_required(shop: Connected) -> None:
    body = imported(
        shop, **{"shippingTotal.value": "4.60", "shippingAddress": {"city": "Oslo", "state": None}}
    )
    record = made(shop.write(shop.creation("Order", body))[0])
    sent = shop.asked("POST")[0].body
    assert sent["subtotal"] == {"currency": "USD", "value": "25.40"}
    assert sent["fulfillments"] == []
    assert [line["unitPricePaid"]["currency"] for line in sent["lineItems"]] == ["USD", "USD"]
    assert sent["shippingTotal"] == {"currency": "USD", "value": "4.60"}
    assert record.fields["subtotal"] == {"currency": "USD", "value": "25.40"}
    assert record.fields["shippingAddress"]["city"] == "Oslo"


def test_an_amount_that_names_its_currency_keeps_it(shop: Connected) -> None:
    lines = [{"variantId": item(shop), "quantity": 1, "unitPricePaid": {"value": "1.00", "currency": "EUR"}}]
    [refused] = shop.write(shop.creation("Order", imported(shop, lineItems=lines)))
    assert isinstance(refused, Refused)
    assert "currency must be USD" in refused.reason


def test_cents_are_summed_exactly(shop: Connected) -> None:
    lines = [{"variantId": item(shop), "quantity": 1, "unitPricePaid": {"value": "0.10"}} for _ in range(3)]
    lines.append({"variantId": item(shop), "quantity": 3, "unitPricePaid": {"value": "99999999999.99"}})
    made(shop.write(shop.creation("Order", imported(shop, lineItems=lines)))[0])
    assert shop.asked("POST")[0].body["subtotal"]["value"] == "300000000000.27"


@pytest.mark.parametrize(
    "line",
    [{"quantity": 1, "unitPricePaid": {"value": "ten"}}, {"quantity": None, "unitPricePaid": {"value": "1"}}],
)
def test_an_order_that_cannot_be_summed_up_is_refused(shop: Connected, line: dict[str, Any]) -> None:
    body = imported(shop)
    body["lineItems"] = [{"variantId": item(shop), **line}]
    [refused] = shop.write(shop.creation("Order", body))
    assert isinstance(refused, Refused)
    assert "summed up" in refused.reason
    assert shop.asked() == []


def test_an_imported_order_leaves_stock_alone(shop: Connected) -> None:
    body = imported(shop, inventoryBehavior="SKIP")
    made(shop.write(shop.creation("Order", body))[0])
    assert [stock(shop, line["variantId"])[1] for line in body["lineItems"]] == [5, 5]


def test_a_hundred_imports_an_hour_are_waited_for(connect: Callable[..., Connected]) -> None:
    shop = connect("squarespace", switches=Switches(order_imports=2))
    body = imported(shop)
    writes = [shop.creation("Order", body | {"externalOrderReference": f"R{n}"}) for n in range(3)]
    assert [type(outcome) for outcome in shop.write(*writes)] == [Done] * 3
    assert len(shop.system.ids("Order")) == 3
    assert shop.now() - shop.asked("POST")[0].at >= timedelta(hours=1)


def test_an_order_is_not_looked_for(shop: Connected) -> None:
    assert shop.find_created(shop.creation("Order", imported(shop)), shop.now()) is None
    assert shop.asked() == []


def test_an_order_is_fulfilled_once(shop: Connected) -> None:
    id = shop.system.create("Order", {})
    write = shop.update("Order", id, {"fulfillmentStatus": "FULFILLED"})
    shop.system.faults.script(Fault("drop_after_commit", method="POST"))
    assert isinstance(shop.write(write)[0], Unknown)
    assert made(shop.write(write)[0]).fields["fulfillmentStatus"] == "FULFILLED"
    [shipped] = shop.asked("POST")
    assert shipped.path == f"/1.0/commerce/orders/{id}/fulfillments"
    assert shipped.body["shouldSendNotification"] is False


def test_an_order_that_was_cancelled_is_not_fulfilled(shop: Connected) -> None:
    id = shop.system.create("Order", {})
    shop.system.edit("Order", id, {"fulfillmentStatus": "CANCELED"})
    [refused] = shop.write(shop.update("Order", id, {"fulfillmentStatus": "FULFILLED"}))
    assert isinstance(refused, Refused)
    assert "cancel" in refused.reason


@pytest.mark.parametrize(
    "body",
    [
        {"fulfillmentStatus": "CANCELED"},
        {"fulfillmentStatus": "PENDING"},
        {"fulfillmentStatus": None},
        {"customerEmail": "new@example.com"},
        {"fulfillmentStatus": "FULFILLED", "customerEmail": "new@example.com"},
    ],
)
def test_an_order_cannot_be_changed_otherwise(shop: Connected, body: dict[str, Any]) -> None:
    id = shop.system.create("Order", {})
    assert isinstance(shop.write(shop.update("Order", id, body))[0], Refused)
    assert isinstance(shop.write(shop.deletion("Order", id))[0], Refused)
    assert shop.asked() == []


@pytest.mark.parametrize("changes", [{"fulfillmentStatus": "CANCELED"}, {"customerEmail": "new@example.com"}])
def test_what_a_merchant_changes_on_an_order_is_listed(shop: Connected, changes: dict[str, Any]) -> None:
    id = shop.system.create("Order", {})
    shop.clock.advance(3600)
    _, cursor = shop.pages("Order")
    shop.clock.advance(3600)
    shop.system.edit("Order", id, changes)
    record = shop.latest("Order", cursor)[0][id]
    assert record.modified_at == shop.now()
    assert {path: record.fields[path] for path in changes} == changes

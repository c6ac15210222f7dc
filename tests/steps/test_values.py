"""Values in the features' words: what they are natively, and which are the same."""

from __future__ import annotations

from typing import Any

import pytest

from bothways.mapping import End, Item, Type
from steps import values

AMOUNT = End(path="pricing.basePrice", fields={"amount": "value", "currency": "currency"})
STATUS = End(path="fulfillmentStatus", values={"open": "PENDING", "cancelled": "CANCELED"})
ADDRESS = End(path="shippingAddress", fields={"first_name": "firstName", "country_code": "countryCode"})
LINES = End(
    path="lineItems",
    items={
        "sku": Item(path="sku"),
        "quantity": Item(path="quantity", type=Type.INTEGER),
        "unit_price": Item(path="unitPricePaid.value", type=Type.DECIMAL),
    },
)
PLAIN = End(path="field")


@pytest.mark.parametrize(
    ("kind", "end", "words", "native"),
    [
        (Type.STRING, PLAIN, "0010", "0010"),
        (Type.STRING, STATUS, "cancelled", "CANCELED"),
        (Type.INTEGER, PLAIN, "12", 12),
        (Type.FLOAT, PLAIN, "1.5", 1.5),
        (Type.BOOLEAN, PLAIN, "false", False),
        (Type.DECIMAL, PLAIN, "12.50", "12.50"),
        (Type.MONEY, AMOUNT, "12.50 USD", {"value": "12.50", "currency": "USD"}),
        (Type.LIST, PLAIN, "red; green", ["red", "green"]),
        (
            Type.OBJECT,
            ADDRESS,
            "first name: Ada, country code: NO",
            {"firstName": "Ada", "countryCode": "NO"},
        ),
        (
            Type.LIST,
            LINES,
            "sku: MUG-1, quantity: 2, unit price: 9.50",
            [{"sku": "MUG-1", "quantity": 2, "unitPricePaid": {"value": "9.50"}}],
        ),
    ],
)
def test_words_are_the_native_value_that_compares_as_them(
    kind: Type, end: End, words: str, native: Any
) -> None:
    assert values.native(kind, end, words) == native
    assert values.compared(kind, end, native) is not None


@pytest.mark.parametrize("nothing", [None, "", [], {}])
def test_whatever_is_empty_is_the_same(nothing: Any) -> None:
    assert values.compared(Type.STRING, PLAIN, nothing) is None


@pytest.mark.parametrize(
    ("kind", "value"), [(Type.INTEGER, 0), (Type.BOOLEAN, False), (Type.DECIMAL, "0.00")]
)
def test_zero_and_false_are_values(kind: Type, value: Any) -> None:
    assert values.compared(kind, PLAIN, value) is not None


@pytest.mark.parametrize(
    ("kind", "end", "one", "other"),
    [
        (Type.DECIMAL, PLAIN, "10.0", "10.00"),
        (Type.MONEY, AMOUNT, {"value": "5", "currency": "USD"}, {"value": "5.00", "currency": "USD"}),
        (Type.DATETIME, PLAIN, "2024-10-01T10:00:00+02:00", "2024-10-01T08:00Z"),
        (Type.OBJECT, ADDRESS, {"firstName": "Ada", "countryCode": None}, {"firstName": "Ada", "id": "x"}),
    ],
)
def test_one_value_in_two_forms_is_the_same(kind: Type, end: End, one: Any, other: Any) -> None:
    assert values.compared(kind, end, one) == values.compared(kind, end, other)


@pytest.mark.parametrize(
    ("kind", "end", "one", "other"),
    [
        (Type.DECIMAL, PLAIN, "90071992547409.93", "90071992547409.92"),
        (Type.MONEY, AMOUNT, {"value": "5", "currency": "USD"}, {"value": "5", "currency": "EUR"}),
        (Type.STRING, PLAIN, "Café", "Cafe\u0301"),
        (Type.STRING, PLAIN, " MUG", "MUG"),
        (Type.LIST, PLAIN, ["red", "green"], ["green", "red"]),
    ],
)
def test_two_values_are_told_apart(kind: Type, end: End, one: Any, other: Any) -> None:
    assert values.compared(kind, end, one) != values.compared(kind, end, other)

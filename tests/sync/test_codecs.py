"""Values: what a type may hold, how it is renamed and wrapped, and when two of them are the same."""

from __future__ import annotations

from datetime import UTC
from typing import Any

import pytest

from bothways.mapping import End, Item, Type
from bothways.sync.codecs import Unrepresentable, empty, instant, key_form, lift, lower, nest, pick, same

PLAIN = End(path="x")
STATUS = End(path="x", values={"open": "PENDING", "done": "FULFILLED"})
ADDRESS = End(path="x", fields={"city": "place.city", "zip": "postalCode"})
LINES = End(path="x", items={"sku": Item(path="product.sku"), "price": Item(path="price", type=Type.DECIMAL)})
LONG = f"0.{'123456789' * 4}"
"""A decimal of more digits than decimals are reckoned with by default."""
MONEY = End(path="x", fields={"amount": "value", "currency": "currency"})


@pytest.mark.parametrize("value", [None, "", []])
def test_what_is_empty(value: object) -> None:
    assert empty(value)


@pytest.mark.parametrize("value", [0, False, "0", " ", {}, [None]])
def test_what_is_a_value(value: object) -> None:
    assert not empty(value)


def test_dotted_paths_reach_into_nested_content() -> None:
    content = {"a": {"b": {"c": 1}}, "d": 2}
    assert pick(content, "a.b.c") == 1
    assert pick(content, "a.x.c") is None
    assert pick(content, "d.e") is None
    assert nest({"a.b": 1, "a.c": 2, "d": 3}) == {"a": {"b": 1, "c": 2}, "d": 3}


@pytest.mark.parametrize(
    ("kind", "end", "native", "value"),
    [
        (Type.STRING, PLAIN, " Äß ", " Äß "),
        (Type.INTEGER, PLAIN, 0, 0),
        (Type.BOOLEAN, PLAIN, False, False),
        (Type.DECIMAL, PLAIN, "1.500", "1.500"),
        (Type.FLOAT, PLAIN, 1.5, 1.5),
        (Type.FLOAT, PLAIN, 2, 2),
        (Type.STRING, STATUS, "PENDING", "open"),
        (Type.OBJECT, ADDRESS, {"place": {"city": "Oslo"}, "postalCode": "1"}, {"city": "Oslo", "zip": "1"}),
        (Type.LIST, LINES, [{"product": {"sku": "a"}, "price": "1.0"}], [{"sku": "a", "price": "1.0"}]),
        (Type.MONEY, MONEY, {"value": "1.50", "currency": "USD"}, {"amount": "1.50", "currency": "USD"}),
    ],
)
def test_a_value_goes_up_and_comes_down_unchanged(kind: Type, end: End, native: Any, value: Any) -> None:
    assert lift(kind, end, native) == value
    assert lower(kind, end, value) == native


@pytest.mark.parametrize("end", [PLAIN, STATUS, ADDRESS, LINES, MONEY])
def test_empty_is_empty_both_ways(end: End) -> None:
    assert lift(Type.STRING, end, "") is None
    assert lower(Type.STRING, end, None) is None


@pytest.mark.parametrize(
    ("kind", "end", "native", "reason"),
    [
        (Type.STRING, PLAIN, 5, "5 is no text"),
        (Type.INTEGER, PLAIN, True, "True is no integer"),
        (Type.INTEGER, PLAIN, "5", "'5' is no integer"),
        (Type.INTEGER, PLAIN, 5.0, "5.0 is no integer"),
        (Type.FLOAT, PLAIN, float("nan"), "nan is no finite number"),
        (Type.FLOAT, PLAIN, True, "True is no finite number"),
        (Type.FLOAT, PLAIN, "1.5", "'1.5' is no finite number"),
        (Type.DECIMAL, PLAIN, True, "True is no decimal"),
        (Type.DECIMAL, PLAIN, 0.1, "0.1 is no decimal"),
        (Type.DECIMAL, PLAIN, "one", "'one' is no decimal"),
        (Type.DECIMAL, PLAIN, "Infinity", "'Infinity' is no finite number"),
        (Type.BOOLEAN, PLAIN, 1, "1 is neither true nor false"),
        (Type.LIST, PLAIN, "a", "'a' is no list"),
        (Type.OBJECT, PLAIN, [1], "[1] is no object"),
        (Type.DATETIME, PLAIN, "yesterday", "'yesterday' is no date and time"),
        (Type.DATETIME, PLAIN, "2024-10-01T08:00:00.1234567Z", "finer than a microsecond"),
        (Type.MONEY, MONEY, {"value": "1", "currency": None}, "None is no text"),
        (Type.STRING, STATUS, "LOST", "'LOST' is none of FULFILLED, PENDING"),
        (Type.STRING, STATUS, {"is": "LOST"}, "{'is': 'LOST'} is none of FULFILLED, PENDING"),
        (Type.DATETIME, PLAIN, "2024-13-01", "'2024-13-01' is no date and time"),
        (Type.DATETIME, PLAIN, "0001-01-01T00:00+05:00", "'0001-01-01T00:00+05:00' is no date and time"),
        (Type.DATETIME, PLAIN, 5, "5 is no text"),
        (Type.LIST, LINES, ["a"], "'a' is no object"),
        (Type.LIST, LINES, {"a": 1}, "{'a': 1} is no list"),
    ],
)
def test_what_a_type_can_not_hold_is_refused_with_its_reason(
    kind: Type, end: End, native: Any, reason: str
) -> None:
    with pytest.raises(Unrepresentable) as refusal:
        lift(kind, end, native)
    assert reason in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("2024-10-01", "2024-10-01T00:00:00Z"),
        ("2024-10-01 08:05", "2024-10-01T08:05:00Z"),
        ("2024-10-01T10:05:00.500+02:00", "2024-10-01T08:05:00.500000Z"),
        ("2024-10-01T08:05:00.000Z", "2024-10-01T08:05:00Z"),
        ("2024-10-01T08:05:00z", "2024-10-01T08:05:00Z"),
        (" 2024-10-01T08:05:07,0123450000 ", "2024-10-01T08:05:07.012345Z"),
        ("2024-10-01T08:05:00.000001-0230", "2024-10-01T10:35:00.000001Z"),
    ],
)
def test_missing_parts_of_a_time_are_zeros_and_its_zone_is_utc(text: str, canonical: str) -> None:
    assert lift(Type.DATETIME, PLAIN, text) == canonical


@pytest.mark.parametrize(
    ("kind", "end", "one", "other", "alike"),
    [
        (Type.STRING, PLAIN, "", None, True),
        (Type.STRING, PLAIN, "a", "a ", False),
        (Type.STRING, PLAIN, "\u00e9", "e\u0301", False),
        (Type.INTEGER, PLAIN, 0, None, False),
        (Type.DECIMAL, PLAIN, "1.5", "1.50", True),
        (Type.DECIMAL, PLAIN, "1.5", "1.51", False),
        (Type.MONEY, MONEY, {"amount": "1", "currency": "USD"}, {"amount": "1.00", "currency": "USD"}, True),
        (Type.MONEY, MONEY, {"amount": "1", "currency": "USD"}, {"amount": "1", "currency": "EUR"}, False),
        (Type.OBJECT, ADDRESS, {"city": "Oslo", "zip": None}, {"city": "Oslo"}, True),
        (Type.OBJECT, ADDRESS, {"city": "Oslo"}, {"city": "Bergen"}, False),
        (Type.LIST, LINES, [{"sku": "a", "price": "1.0"}], [{"sku": "a", "price": "1"}], True),
        (Type.LIST, LINES, [{"sku": "a"}, {"sku": "b"}], [{"sku": "b"}, {"sku": "a"}], True),
        (Type.LIST, LINES, [{"sku": "a"}, {"sku": "a"}], [{"sku": "a"}], False),
        (Type.DECIMAL, PLAIN, "1.5", None, False),
        (Type.LIST, PLAIN, ["b", "a"], ["a", "b"], True),
        (Type.LIST, PLAIN, [{"b": 1, "a": 2}, "x"], ["x", {"a": 2, "b": 1, "c": None}], True),
        (Type.LIST, PLAIN, ["a"], ["b"], False),
        (Type.LIST, LINES, [{"sku": "a"}], [{"sku": "b"}], False),
        (Type.LIST, LINES, [{"price": f"{LONG}1"}], [{"price": f"{LONG}2"}], False),
        (Type.LIST, LINES, [{"price": f"{LONG}1"}], [{"price": f"{LONG}10"}], True),
    ],
)
def test_when_two_values_are_the_same(kind: Type, end: End, one: Any, other: Any, alike: bool) -> None:
    assert same(kind, end, one, other) is alike
    assert same(kind, end, other, one) is alike


def test_an_instant_is_in_utc() -> None:
    assert instant("2024-10-01T10:05+02:00").tzinfo is UTC


def test_keys_are_compared_normalised_trimmed_and_folded_where_the_mapping_says_so() -> None:
    assert key_form(" E\u0301a ", fold_case=False) == "\u00c9a"
    assert key_form("STRASSE", fold_case=True) == key_form("stra\u00dfe", fold_case=True)
    assert key_form("A", fold_case=False) != key_form("a", fold_case=False)
    assert key_form("A") == "A"
    assert key_form(7, fold_case=False) == "7"
    assert (
        key_form("  ", fold_case=False)
        == key_form(None, fold_case=False)
        == key_form([1], fold_case=False)
        == ""
    )

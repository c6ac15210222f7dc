"""Values that systems have lost, bent or confused, by type; and strategies for all the others."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

TEXTS = [
    "",
    " ",
    "\u00a0",
    "  padded  ",
    "Amélie",
    "Ame\u0301lie",
    "a\u0323\u0302",
    "👩\u200d🔧🇳🇴",
    "שלום مرحبا",
    "\u202eright to left",
    "a\u0000b\u0007\u001b[31m",
    "line\r\nbreak\ttab",
    "\ufeffmark",
    "ﬁ ß İ ı",
    '{"json": [1]}',
    "<p>a &amp; b</p>",
    "'; drop table",
    "null",
    "0",
    "false",
    "x" * 10_000,
]
INTEGERS = [0, -1, 2**31, 2**53, 2**53 + 1, -(2**53) - 1, 2**64, 10**30]
FLOATS = [0.0, -0.0, 0.1, 1e-300, 1e300, 5e-324, 123456789.123456789]
DECIMALS = [
    "0",
    "-0",
    "0.00",
    "10",
    "10.0",
    "10.00",
    "-1.50",
    "1234567890123456789012345.678",
    "0.1",
    "1e3",
    "00.5",
]
DATETIMES = [
    "2024-10-01T08:00:00Z",
    "2024-10-01T08:00Z",
    "2024-10-01",
    "2024-10-01T08:00:00.1Z",
    "2024-10-01T08:00:00.123456Z",
    "2024-10-01T10:00:00+02:00",
    "2024-10-01T02:30:00-05:30",
    "2024-03-31T02:30:00+01:00",
    "2024-10-27T02:30:00+02:00",
    "2024-10-27T02:30:00+01:00",
    "2024-02-29T23:59:59.999Z",
    "0001-01-02T00:00:00Z",
    "9999-12-31T00:00:00Z",
]
LISTS = [[], ["a"], ["b", "a"], ["a", "a"], [1, "1"], [None], [{"a": 1}, {"b": None}], ["x"] * 300]
OBJECTS = [{"first": "a", "second": "b"}, {"first": "a", "second": None}, {"first": "", "second": "ü"}]
REFUSED: dict[str, list[Any]] = {
    "string": [1, True, {}],
    "integer": ["1", 1.5, True, float("nan")],
    "float": [float("nan"), float("inf"), "1.5", True],
    "decimal": ["NaN", "Infinity", "1,5", "abc", 1.5, True],
    "boolean": [0, 1, "true"],
    "list": ["a", {"a": 1}],
    "datetime": ["yesterday", "2024-13-01", "2024-10-01T25:00Z", "2024-10-01T08:00:00.1234567Z", 5],
    "money": [{"amount": "abc", "currency": "USD"}, {"amount": "1.00", "currency": None}, "1.00 USD"],
    "object": ["a", [1]],
}

HARD: dict[str, list[Any]] = {
    "string": TEXTS,
    "integer": INTEGERS,
    "float": FLOATS,
    "decimal": DECIMALS,
    "boolean": [True, False],
    "list": LISTS,
    "datetime": DATETIMES,
    "money": [{"amount": amount, "currency": currency} for amount in DECIMALS for currency in ("USD", "NOK")],
    "object": OBJECTS,
}

_decimals = st.decimals(allow_nan=False, allow_infinity=False).map(str)
_moments = st.datetimes(timezones=st.timezones() | st.none()).map(lambda moment: moment.isoformat())
ANY: dict[str, st.SearchStrategy[Any]] = {
    "string": st.text(),
    "integer": st.integers(),
    "float": st.floats(allow_nan=False, allow_infinity=False),
    "decimal": _decimals,
    "boolean": st.booleans(),
    "list": st.lists(st.text() | st.integers()),
    "datetime": _moments,
    "money": st.builds(
        lambda amount, currency: {"amount": amount, "currency": currency},
        _decimals,
        st.sampled_from(["USD", "NOK"]),
    ),
    "object": st.fixed_dictionaries({"first": st.text() | st.none(), "second": st.text() | st.none()}),
}
"""Values of each type that a side may show."""

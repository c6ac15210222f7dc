"""Which showings of a value are the value (S16), and which are somebody else's."""

from __future__ import annotations

import pytest

from bothways.sync.connectors.renderings import renders


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Blue", "Blue"),
        (" Blue\t", "Blue"),
        ("A-Slug", "a-slug"),
        ("a text", "<p>a text</p>"),
        (" a\ntext ", "<P>a\ntext</P>"),
        ("a text", " <p> a text </p>\n"),
        ("Straße", "STRASSE"),
        ("Infinity", "inf"),
        ("12.5", "12.50"),
        ("12.505", "12.51"),
        ("12.505", "12.5"),
        ("0.1", "0.10"),
        (12, 12.0),
        (12.5, "12.50"),
        ("12.505", 12.5),
        ("149", "1E+2"),
        (2**53 + 1, 2**53 + 1),
        ("2024-10-01T08:00:00.000Z", "2024-10-01T08:00Z"),
        (None, ""),
        ("", None),
        ([], None),
        (None, []),
        ({"value": "1.5", "currency": "USD"}, {"currency": "USD", "value": "1.50", "more": 1}),
        ([{"sku": "A", "quantity": 1}], [{"id": "x", "sku": "A", "quantity": 1}]),
        ({"a": None}, {}),
        ({"a.b": 1}, {"a": {"b": 1, "c": 2}}),
        ("", []),
        (False, False),
        (True, True),
    ],
)
def test_a_rendering_is_the_value(written: object, shown: object) -> None:
    assert renders(written, shown)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Blue", "Green"),
        ("Blue", "Blue "[:3]),
        ("Blue", None),
        (None, "Blue"),
        ("", " "),
        (0, None),
        (None, 0),
        (False, None),
        (False, 0),
        (True, 1),
        (1, True),
        (True, "true"),
        ("False", False),
        (True, False),
        ("12.50", "12.40"),
        ("12.5051", "12.50"),
        (12.5, ["12.5"]),
        (["12.5"], 12.5),
        ("Infinity", "5"),
        ("5", "Infinity"),
        ("12.506", "12.50"),
        ("12.505", "14"),
        (2**53, 2**53 + 1),
        ("2024-10-01T08:00:00.001Z", "2024-10-01T08:00Z"),
        ({"value": "1.5"}, {"value": "1.6"}),
        ({"value": "1.5"}, {}),
        ({"value": "1.5", "currency": "USD"}, {"value": "1.5", "currency": "EUR"}),
        ({"value": "1.5"}, "1.5"),
        ("1.5", {"value": "1.5"}),
        (["a"], ["a", "b"]),
        (["a", "b"], ["a", "c"]),
        (["a", "b"], ["a"]),
        (["a"], "a"),
        ("a", ["a"]),
        ("NaN", "0"),
    ],
)
def test_another_value_is_none(written: object, shown: object) -> None:
    assert not renders(written, shown)

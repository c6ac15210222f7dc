"""What each operator makes of a value, by example: what can't be converted exactly gives nothing (S15)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from bothways.sync.operators import result
from bothways.transform import checked

THEN = datetime(2024, 10, 1, 8, 30, 15, tzinfo=UTC)
NOW = datetime(2024, 12, 24, tzinfo=UTC)


@pytest.mark.parametrize(
    ("expression", "value", "made"),
    [
        # conversions, alone and with what stands in for what can't be converted
        (["integer", "_."], "-5", -5),
        (["integer", "_."], " +7 ", 7),
        (["integer", "_."], "+-7", None),
        (["integer", "_."], "1e2", None),
        (["integer", "_."], "5.0", None),
        (["integer", "_."], 5.0, 5),
        (["integer", "_."], 5.5, None),
        (["integer", "_."], Decimal("1E+2"), 100),
        (["integer", "_."], True, None),
        (["integer", "_."], "XX", None),
        (["integer", 0, "_."], "many", 0),
        (["integer", 0, "_."], "4", 4),
        (["integer", "_."], ["1", "x", None, "2"], [1, 2]),
        (["decimal", "_."], 0.1, Decimal("0.1")),
        (["decimal", "_."], "1.50", Decimal("1.50")),
        (["decimal", "_."], "1,5", None),
        (["decimal", "_."], None, None),
        (["float", "_."], "1.5", 1.5),
        (["float", "_."], "0.1000000000000000055", None),
        (["float", "_."], "x", None),
        (["boolean", "_."], "TRUE", True),
        (["boolean", "_."], "false", False),
        (["boolean", "_."], "yes", None),
        (["boolean", "_."], False, False),
        (["boolean", "_."], 1, None),
        (["string", "_."], Decimal("1E+2"), "100"),
        (["string", "_."], Decimal("0.0000001"), "0.0000001"),
        (["string", "_."], THEN, "2024-10-01T08:30:15Z"),
        (["string", "_."], True, "true"),
        (["string", "_."], 1.5, "1.5"),
        (["string", "_."], {"ä": Decimal("1.5")}, '{"ä": "1.5"}'),
        (["string", "_."], None, None),
        # choices
        (["if", ["is-null", "_."], "none", "some"], None, "none"),
        (["if", ["is-null", "_."], "none", "some"], "a", "some"),
        (["if", ["is-null", "_."], "none"], "a", None),
        (["if", "_.", "yes", "no"], "true", "no"),
        (["if-null", "_.", "b"], None, "b"),
        (["if-null", "_.", "b"], [], "b"),
        (["if-null", "_.", "b"], "a", "a"),
        (["or", ["eq", "_.", 1], ["eq", "_.", 2]], 2, True),
        (["or", ["eq", "_.", 1], ["eq", "_.", 2]], 3, False),
        # lists
        (["list", "_."], "a", ["a"]),
        (["list", "_."], None, []),
        (["list", "_.", "b", None], "a", ["a", "b"]),
        (["first", "_."], ["a", "b"], "a"),
        (["first", "_."], [], None),
        (["slice", 1, "_."], ["a", "b", "c"], ["b", "c"]),
        (["slice", 0, 2, "_."], ["a", "b", "c"], ["a", "b"]),
        (["slice", 0, 3, 2, "_."], ["a", "b", "c"], ["a", "c"]),
        (["slice", 0, 3, 1, "_."], ["a", "b", "c"], ["a", "b", "c"]),
        (["slice", 0, 3, 0, "_."], ["a", "b", "c"], []),
        (["split", ";", "_."], ["a;b", 5], ["a", "b"]),
        (["split", "", "_."], "ab", ["a", "b"]),
        (["join", "-", "_."], ["a", 5, "b"], "a-b"),
        # comparisons
        (["eq", "_.", 1], Decimal("1.0"), True),
        (["eq", "_.", 1], True, False),
        (["eq", "_.", "a"], ["a"], True),
        (["eq", "_.", "number"], "number", True),
        (["eq", "_.", "1"], 1, False),
        (["neq", "_.", "a"], "b", True),
        (["neq", "_.", 1], 1.0, False),
        (["gt", "_.", 1], Decimal("1.5"), True),
        (["gt", "_.", 1], 1, False),
        (["gt", "_.", "a"], "b", True),
        (["gt", "_.", "b"], "a", False),
        (["gt", "_.", ["now"]], NOW + timedelta(seconds=1), True),
        (["gt", "_.", ["now"]], THEN, False),
        (["gt", "_.", False], True, True),
        (["gt", "_.", 1], "b", False),
        (["gt", "_.", None], None, False),
        (["gt", "_.", "a"], [], False),
        # tests
        (["abs", "_."], Decimal("-1.5"), Decimal("1.5")),
        (["abs", "_."], "x", None),
        (["is-empty", "_."], [], True),
        (["is-empty", "_."], "", False),
        (["is-decimal", "_."], Decimal(1), True),
        (["is-decimal", "_."], 1, False),
        (["is-boolean", "_."], [False], True),
        (["is-boolean", "_."], "true", False),
        (["matches", "a*c", "_."], "abbc", True),
        (["matches", "a?c", "_."], "abbc", False),
        (["matches", "[a]", "_."], "[a]", True),
        (["matches", "[a]", "_."], "a", False),
        (["matches", "a*", "_."], ["ab", "b"], False),
        (["matches", "*", "_."], [], False),
        (["matches", "*", "_."], 5, False),
        (["replace", "a", "b", "_."], ["aa", 5], ["bb"]),
        # times
        (["datetime-format", "%d.%m.%Y %H:%M", "_."], THEN, "01.10.2024 08:30"),
        (["datetime-format", "%e/%m/%y", "_."], THEN, "1/10/24"),
        (["datetime-format", "Europe/Oslo", "%H", "_."], THEN, "10"),
        (["datetime-format", "%H", "_."], "2024-10-01T08:30:15Z", "08"),
        (["datetime-format", "%H", "_."], ["never", THEN], ["08"]),
        (["datetime-format", "%Y", "_."], datetime(987, 1, 1, tzinfo=UTC), "0987"),
        (["datetime-format", "%Q", "_."], THEN, None),
        (["datetime-format", "%H%\n", "_."], THEN, None),
        (["datetime-format", "%H%", "_."], THEN, None),
        (["datetime-format", "%Y%%", "_."], THEN, "2024%"),
        (["datetime-format", "%%e", "_."], THEN, "%e"),
        (["datetime-format", "at %f", "_."], THEN.replace(microsecond=5), "at 000005"),
        (["datetime-format", "America/New_York", "%Y", "_."], datetime.min.replace(tzinfo=UTC), None),
        (["datetime-format", "../zone", "%H", "_."], THEN, None),
        (["datetime-format", "Nowhere/Land", "%H", "_."], THEN, None),
        (["datetime-parse", "%d.%m.%Y %H:%M:%S", "_."], "01.10.2024 08:30:15", THEN),
        (["datetime-parse", "%d.%m.%y %H:%M:%S", "_."], "01.10.24 08:30:15", THEN),
        (["datetime-parse", "%d %m %H", "_."], "01 10 08", datetime(1900, 10, 1, 8, tzinfo=UTC)),
        (["datetime-parse", "Europe/Oslo", "%Y-%m-%d %H:%M:%S", "_."], "2024-10-01 10:30:15", THEN),
        (["datetime-parse", "Europe/Oslo", "%Y-%m-%d %H:%M:%S %z", "_."], "2024-10-01 08:30:15 +0000", THEN),
        (["datetime-parse", "%Y", "_."], "soon", None),
        (["datetime-parse", "%e.%m.%Y", "_."], "1.10.2024", datetime(2024, 10, 1, tzinfo=UTC)),
        (["datetime-parse", "%Y%%", "_."], "2024%", datetime(2024, 1, 1, tzinfo=UTC)),
        (["datetime-parse", "%Q", "_."], "2024", None),
        (["datetime-parse", "%d %d", "_."], "01 01", None),
        (["datetime-parse", "Nowhere/Land", "%Y", "_."], "2024", None),
        (["datetime-parse", "../zone", "%Y", "_."], "2024", None),
        (["datetime-parse", "Europe/Oslo", "%Y", "_."], "0001", None),
        (["datetime-parse", "%Y", "_."], ["2024", 5, "soon"], [datetime(2024, 1, 1, tzinfo=UTC)]),
        (["datetime-parse", "%Y%\n", "_."], "2024", None),
        (["datetime-parse", "%Y", "_."], 2024, None),
        (["now"], "a", NOW),
    ],
)
def test_what_an_operator_makes(expression: list[Any], value: Any, made: Any) -> None:
    given = result(checked(expression), value, NOW)
    assert (given, type(given)) == (made, type(made))


def test_what_is_read_is_in_utc() -> None:
    read = result(checked(["datetime-parse", "Europe/Oslo", "%Y", "_."]), "2024", NOW)
    assert read.tzinfo is UTC


@pytest.mark.parametrize(
    ("part", "one", "other", "distance"),
    [
        ("month", "2024-02-29", "2024-01-31", 0),
        ("month", "2024-03-31", "2024-01-31", 2),
        ("month", "2024-02-29T13:00:00Z", "2023-11-30T12:00:00Z", 2),
        ("month", "2024-01-15", "2024-03-15", -2),
        ("year", "2024-02-28", "2020-02-29", 3),
        ("year", "2024-02-29", "2020-02-29", 4),
        ("year", "2020-02-28", "2024-02-29", -4),
        ("week", "2024-10-14", "2024-10-01", 1),
        ("day", "2024-10-03T23:59:59Z", "2024-10-01", 2),
        ("hour", "2024-10-01T00:30:00Z", "2024-10-01T02:00:00Z", -1),
        ("second", "2024-10-01", "2024-10-01", 0),
        ("minute", "2024-10-01T00:02:30Z", "2024-10-01", 2),
        ("second", "2024-10-01", "2024-10-01T00:00:01.999999Z", -1),
        ("millisecond", "2024-10-01T00:00:00.002999Z", "2024-10-01", 2),
        ("microsecond", "2024-10-01T00:00:00.000002Z", "2024-10-01", 2),
        ("day", ("list", "2024-10-03", "2024-10-09"), "2024-10-01", 2),
        ("day", "2024-10-03", ["2024-10-01", "2024-10-09"], 2),
        ("day", "2024-10-03", [], None),
        ("century", "2024-10-01", "2024-10-01", None),
        ("day", "never", "2024-10-01", None),
        ("day", "2024-10-01", "never", None),
        ("day", "2024-10-01", None, None),
    ],
)
def test_a_distance_in_time_is_in_whole_parts(part: str, one: Any, other: Any, distance: int | None) -> None:
    assert result(("datetime-diff", part, one, "_."), other, NOW) == distance

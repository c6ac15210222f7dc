"""Data type cells: what they are read as, what they make of values, and the way back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bothways.checklist.datatypes.declared import Refused, alike, read_data_type
from bothways.checklist.datatypes.evaluation import Data, equal
from tests.checklist.forms import (
    DATE_TIME,
    FORMS,
    INTEGER_ELSE_DECIMAL,
    INTEGER_UNLESS_X,
    KINDS,
    ONE_WAY,
    TWO_WAY,
    WITHOUT_BLANKS,
    WITHOUT_COUNTRY_CODE,
    meant,
)
from tests.checklist.strategies import UNHURRIED

FEWER = settings(UNHURRIED, max_examples=30)  # for each of many cells
ANYTHING = st.one_of(st.none(), *KINDS.values())


@pytest.mark.parametrize("cell", [*TWO_WAY, *ONE_WAY])
def test_every_form_is_read_without_repair(cell: str) -> None:
    data_type = read_data_type(cell)

    assert (data_type.problem, data_type.repaired) == (None, False)
    assert data_type.one_way == ONE_WAY.get(cell)


def test_there_are_as_many_forms_as_the_family_shows() -> None:
    assert len(set(FORMS)) >= 55


@pytest.mark.parametrize("cell", ONE_WAY)
@FEWER
@given(data=st.data())
def test_values_of_the_kind_that_a_one_way_type_is_meant_for_cross(cell: str, data: st.DataObject) -> None:
    data_type = read_data_type(cell)

    assert data_type.apply(data.draw(meant(cell))) is not None


@pytest.mark.parametrize("cell", TWO_WAY)
@FEWER
@given(data=st.data())
def test_values_of_the_kind_that_a_type_is_meant_for_come_back(cell: str, data: st.DataObject) -> None:
    data_type = read_data_type(cell)
    value = data.draw(meant(cell))

    arrived = data_type.apply(value)
    back = data_type.restore(arrived)

    assert alike(back, value, timedelta(days=1))
    assert equal(data_type.apply(back), arrived)
    assert data_type.canonical(back) == back


@pytest.mark.parametrize("cell", TWO_WAY)
@FEWER
@given(value=ANYTHING)
def test_any_value_comes_back_or_is_refused(cell: str, value: Data) -> None:
    data_type = read_data_type(cell)
    try:
        arrived = data_type.apply(value)
    except Refused:
        return

    assert alike(data_type.restore(arrived), value, timedelta(days=1))


@pytest.mark.parametrize("cell", TWO_WAY)
@FEWER
@given(written=ANYTHING)
def test_what_a_target_holds_is_still_there_after_coming_back_or_is_refused(cell: str, written: Data) -> None:
    data_type = read_data_type(cell)
    try:
        back = data_type.restore(written)
    except Refused:
        return

    assert alike(data_type.apply(back), written)


@pytest.mark.parametrize("cell", ONE_WAY)
def test_a_one_way_type_lets_nothing_back(cell: str) -> None:
    with pytest.raises(Refused, match="no way back"):
        read_data_type(cell).restore("anything")


@pytest.mark.parametrize("cell", [*TWO_WAY, *ONE_WAY])
@pytest.mark.parametrize("empty", [None, "", []])
def test_empty_stays_empty_both_ways(cell: str, empty: Data) -> None:
    data_type = read_data_type(cell)

    assert data_type.apply(empty) == empty
    assert data_type.restore(empty) == empty


@pytest.mark.parametrize(
    ("cell", "value", "result"),
    [
        ('"integer"', "42", 42),
        ('"integer"', 42.0, 42),
        ('"decimal"', "12.50", Decimal("12.50")),
        ('"decimal"', 0.1, Decimal("0.1")),
        ('"float"', Decimal("0.1"), 0.1),
        ('"boolean"', "TRUE", True),
        ('"string"', 12.5, "12.5"),
        ('"string"', Decimal("1E+3"), "1000"),
        ('"string"', False, "false"),
        ('"string"', [1, "a"], ["1", "a"]),
        ('"list"', "a", ["a"]),
        ('"list"', ["a", "b"], ["a", "b"]),
        (DATE_TIME, datetime(2024, 10, 1, 8, 0, 5, tzinfo=UTC), "2024-10-01T08:00:05Z"),
        (DATE_TIME, "2024-10-01T10:00:05+02:00", "2024-10-01T08:00:05Z"),
        (
            '["datetime-format", "Europe/Oslo", "%d.%m.%Y %H:%M", "_."]',
            "2018-08-18T10:39:01Z",
            "18.08.2018 12:39",
        ),
        ('["datetime-parse", "%d.%m.%Y", "_."]', "28.07.2015", datetime(2015, 7, 28, tzinfo=UTC)),
        (INTEGER_UNLESS_X, "X", "X"),
        (INTEGER_UNLESS_X, "7", 7),
        (INTEGER_ELSE_DECIMAL, 12, 12),
        (INTEGER_ELSE_DECIMAL, Decimal("12.5"), Decimal("12.5")),
        ('["if", "is-decimal", "decimal", "integer"]', Decimal("2.50"), Decimal("2.50")),
        ('["if", "is-decimal", "decimal", "integer"]', 3, 3),
        (WITHOUT_BLANKS, "12 34 56", "123456"),
        (WITHOUT_COUNTRY_CODE, "+47 12 34", "12 34"),
        (WITHOUT_COUNTRY_CODE, "12 34", "12 34"),
        ('["if", ["eq", "_.", "open"], "O", "_."]', "open", "O"),
        ('["first", "_."]', ["a", "b"], "a"),
        ('["abs", "decimal"]', "-2.5", Decimal("2.5")),
        ('["slice", 1, 3, "_."]', ["a", "b", "c", "d"], ["b", "c"]),
        ('["slice", 0, 4, 2, "_."]', ["a", "b", "c", "d"], ["a", "c"]),
        ('["split", "", "_."]', "ab", ["a", "b"]),
        ('["gt", "integer", 5]', "7", True),
        ('["gt", "_.", 5]', "7", False),
        ('["matches", "a?c*", "_."]', "abcd", True),
        ('["matches", "a?c", "_."]', "abcd", False),
        ('["or", ["eq", "_.", "A"], ["eq", "_.", "B"]]', "B", True),
        ('["is-boolean", "_."]', "true", False),
        ('["integer", ["string", "n/a"], "_."]', "soon", "n/a"),
        ('["datetime-diff", "day", "_.", ["now"]]', "2024-10-04T00:00:00Z", 3),
        ('["datetime-diff", "week", "_.", ["now"]]', "2024-09-23T00:00:00Z", -1),
        ('["datetime-diff", "month", "_.", ["now"]]', "2023-06-02T00:00:00Z", -15),
        ('["datetime-diff", "year", ["now"], "_."]', "2026-07-29T00:00:00Z", -1),
    ],
)
def test_what_becomes_of_a_value(cell: str, value: Data, result: Data) -> None:
    arrived = read_data_type(cell).apply(value)

    assert (arrived, type(arrived)) == (result, type(result))


@pytest.mark.parametrize(
    ("cell", "written", "back"),
    [
        ('"integer"', "42", "42"),
        ('["replace", ",", ".", "string"]', "1.5", "1,5"),
        ('["decimal", ["replace", ",", ".", "_."]]', Decimal("1.5"), "1,5"),
        ('["decimal", ["replace", ",", ".", "_."]]', "1.5", "1,5"),
        ('["split", ";", "_."]', ["a", "b"], "a;b"),
        ('["join", ";", "_."]', "a;b", ["a", "b"]),
        ('["if", ["eq", "_.", "open"], "O", "_."]', "O", "open"),
        ('["if", ["neq", "_.", "open"], "_.", "O"]', "O", "open"),
        (DATE_TIME, "2024-10-01T08:00:05Z", datetime(2024, 10, 1, 8, 0, 5, tzinfo=UTC)),
        ('["datetime-parse", "%d.%m.%Y", "_."]', datetime(2015, 7, 28, tzinfo=UTC), "28.07.2015"),
        ('["datetime-parse", "%d.%m.%Y", "_."]', "2015-07-28T00:00:00Z", "28.07.2015"),
    ],
)
def test_what_a_target_value_comes_back_as(cell: str, written: Data, back: Data) -> None:
    assert read_data_type(cell).restore(written) == back


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('"integer"', 124.4),
        ('"integer"', "1.0"),
        ('"integer"', True),
        ('"decimal"', "12,50"),
        ('"float"', Decimal("0.12345678901234567890")),
        ('["abs", "integer"]', 124.4),
        ('["abs", "float"]', Decimal("0.12345678901234567890")),
        ('"boolean"', "yes"),
        (DATE_TIME, "tomorrow"),
        ('["datetime-format", "%y-%m-%d", "_."]', "1950-01-01T00:00:00Z"),
        ('["datetime-format", "Nowhere/Town", "%Y-%m-%d", "_."]', "1950-01-01T00:00:00Z"),
        ('["replace", ",", ".", "string"]', "1.5,2"),
        ('["join", ";", "_."]', ["a;b", "c"]),
        ('["if", ["eq", "_.", "open"], "O", "_."]', "O"),
    ],
)
def test_what_would_not_survive_is_refused_with_a_reason(cell: str, value: Data) -> None:
    with pytest.raises(Refused, match=r"can't be represented|would come back as"):
        read_data_type(cell).apply(value)


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ('"decimal"', "decimal"),
        (DATE_TIME, "datetime"),
        (INTEGER_UNLESS_X, "integer"),
        ('["integer", ["replace", " ", "", "string"]]', "integer"),
        ('["if", ["is-boolean", "_."], ["string", "_."]]', "boolean"),
        ('["slice", 2, "_."]', "list"),
        ('["join", " ", ["slice", 0, 1, ["split", "x", "_."]]]', "string"),
        ("N/A", "string"),
        ('["unheard-of", "_."]', "string"),
    ],
)
def test_the_kind_to_draw_is_one_that_crosses(cell: str, kind: str) -> None:
    assert read_data_type(cell).takes == kind


def test_shorthand_and_full_form_are_one_type() -> None:
    assert read_data_type('"integer"').written == read_data_type('["integer", "_."]').written
    assert read_data_type('["replace"," ","", "string"]').written == '["replace", " ", "", ["string", "_."]]'
    assert read_data_type("N/A").written == "N/A"


def test_what_a_cell_leaves_open_is_not_declared() -> None:
    assert not read_data_type("N/A").declared
    assert not read_data_type("").declared
    assert read_data_type('"string"').declared

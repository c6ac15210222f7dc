"""Data type cells of every form that checklists of the family show, and the values that they are meant for."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import strategies as st

from bothways.checklist.datatypes.declared import read_data_type
from bothways.checklist.datatypes.evaluation import Data

DATE_TIME = '["datetime-format","%Y-%m-%dT%H:%M:%SZ","_."]'
INTEGER_UNLESS_X = '["if", ["neq", "_.", "X"], ["integer", "_."], ["string", "_."]]'
INTEGER_ELSE_DECIMAL = '["if-null", ["integer", "string"], ["decimal", "_."]]'
DATE_READ = '["datetime-parse", "%d.%m.%Y", "_."]'
DECIMAL_WITH_COMMA = '["decimal", ["replace", ",", ".", "_."]]'
WITHOUT_BLANKS = '["replace"," ","", "string"]'
WITHOUT_COUNTRY_CODE = '["if",["matches","+* *","_."],["join"," ",["slice", 1,["split", " ","_."]]],"_."]'

TWO_WAY = [
    '"string"',
    '"integer"',
    '"float"',
    '"decimal"',
    '"boolean"',
    '"list"',
    "N/A",
    '["decimal", "_."]',
    '["integer", ["string", "_."], "_."]',
    DATE_TIME,
    '["datetime-format", "Europe/Oslo", "%d.%m.%Y %H:%M:%S", "_."]',
    '["datetime-format","%Y-%m-%d","_."]',
    '["datetime-format","%e/%m %y %I:%M %p","_."]',
    '["string", ["datetime-format","%Y%m%dT%H%M%S.%f%z","_."]]',
    INTEGER_UNLESS_X,
    INTEGER_ELSE_DECIMAL,
    '["if", "is-decimal", "decimal", "integer"]',
    '["if", "is-boolean", "string", "_."]',
    '["if", ["eq", "_.", "open"], "O", "_."]',
    '["replace", ",", ".", "string"]',
    '["split", ";", "_."]',
    '["join", ";", "list"]',
    '["string", "_."]',
    '["integer", "_."]',
    '["float", "_."]',
    '["boolean", "_."]',
    '["list", "_."]',
    '["integer", "string"]',
    '["datetime-format", "%d.%m.%Y", "_."]',
    DATE_READ,
    DECIMAL_WITH_COMMA,
    '["if-null", ["float", "_."], "_."]',
    '["if", ["is-decimal", "_."], ["decimal", "_."], ["string", "_."]]',
    '["if", ["neq", "_.", "open"], "_.", "O"]',
]
ONE_WAY = {
    WITHOUT_BLANKS: "each “ ” is lost",
    WITHOUT_COUNTRY_CODE: "what lies outside the slice is lost",
    '["first", "_."]': "only the first of several values crosses",
    '["abs", "decimal"]': "the sign is lost",
    '["is-empty", "_."]': "only a truth crosses",
    '["or", ["gt", "_.", 1], ["is-null", "_."]]': "only a truth crosses",
    '["datetime-diff", "day", "_.", ["now"]]': "only a distance in time crosses",
    '["now"]': "the value itself doesn't cross",
    '["if", ["eq", "_.", "a"], "b", "c"]': "the value itself doesn't cross",
    '["first", ["split", ",", "_."]]': "only the first of several values crosses",
    '["replace", "-", "", "_."]': "each “-” is lost",
    '["abs", "integer"]': "the sign is lost",
    '["slice", 0, 1, "_."]': "what lies outside the slice is lost",
    '["eq", "_.", "open"]': "only a truth crosses",
    '["neq", "_.", "open"]': "only a truth crosses",
    '["gt", "decimal", 0]': "only a truth crosses",
    '["matches", "+*", "_."]': "only a truth crosses",
    '["is-null", "_."]': "only a truth crosses",
    '["is-decimal", "_."]': "only a truth crosses",
    '["is-boolean", "_."]': "only a truth crosses",
    '["or", ["eq", "_.", "A"], ["eq", "_.", "B"]]': "only a truth crosses",
    '["datetime-format", "%H:%M", "_."]': "its format leaves out part of the date",
    '["datetime-format", "%Y-%m-%d %I:%M", "_."]': "its format leaves out which half of the day",
}
DAMAGED = {
    '"datetime-format","%Y-%m-%d","_."]': '["datetime-format", "%Y-%m-%d", "_."]',
    '"if", "is-decimal", "decimal", "integer"]': '["if", ["is-decimal", "_."], ["decimal", "_."], ["integer", "_."]]',
}
"""Cells that have lost brackets, and what they say."""
FORMS = [*TWO_WAY, *ONE_WAY, *DAMAGED]

TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9)
TIMES = st.datetimes(datetime(1970, 1, 2), datetime(2068, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001  # zones are drawn beside
KINDS: dict[str, st.SearchStrategy[Data]] = {
    "string": TEXT,
    "integer": st.integers(-(10**15), 10**15),
    "decimal": DECIMALS,
    "float": st.floats(allow_nan=False, allow_infinity=False),
    "boolean": st.booleans(),
    "list": st.lists(TEXT, min_size=1, max_size=4),
    "datetime": TIMES,
}
PLAIN = TEXT.filter(lambda text: not set(text) & set(".;") and text not in ("O", "open"))
MEANT = {
    # the hour that summer time repeats can't be told apart without an offset
    '["datetime-format", "Europe/Oslo", "%d.%m.%Y %H:%M:%S", "_."]': TIMES.filter(
        lambda t: t.month not in (9, 10)
    ),
    '["if", ["eq", "_.", "open"], "O", "_."]': PLAIN,
    '["if", ["neq", "_.", "open"], "_.", "O"]': PLAIN,
    DATE_READ: TIMES.map("{:%d.%m.%Y}".format),
    DECIMAL_WITH_COMMA: DECIMALS.map(lambda number: f"{number:f}".replace(".", ",")),
    '["replace", ",", ".", "string"]': PLAIN,
    '["split", ";", "_."]': PLAIN,
    '["join", ";", "list"]': st.lists(PLAIN, min_size=1, max_size=4),
    # something must be left of a text that loses some
    WITHOUT_BLANKS: TEXT.map("{}x".format),
    WITHOUT_COUNTRY_CODE: TEXT.map("{}x".format),
    '["replace", "-", "", "_."]': TEXT.map("{}x".format),
    '["first", ["split", ",", "_."]]': TEXT.map("x{}".format),
}
"""Cells that tell less apart than all values of the kind: those that they do."""


def meant(cell: str) -> st.SearchStrategy[Data]:
    """Values that a cell is meant for."""
    return MEANT.get(cell, KINDS[read_data_type(cell).takes])

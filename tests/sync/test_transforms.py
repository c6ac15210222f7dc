"""A transformation by example: what crosses, what comes back, what is refused as it would come back otherwise."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bothways.mapping import Transform, Type
from bothways.sync.codecs import Unrepresentable
from bothways.sync.transforms import Transformation

NOW = datetime(2024, 12, 24, tzinfo=UTC)
TEXT, NUMBER, LIST, TIME = Type.STRING, Type.INTEGER, Type.LIST, Type.DATETIME


def made(expression: Any, source: Type = TEXT, target: Type = TEXT) -> Transformation:
    """What a mapping says of a property of the first type, shown as one of the second."""
    return Transformation(Transform(expression=expression, type=target), source)


# -- what crosses


@pytest.mark.parametrize(
    ("expression", "source", "target", "value", "shown"),
    [
        ("_.", Type.DECIMAL, Type.DECIMAL, "1E+2", "100"),
        ("_.", Type.DECIMAL, Type.DECIMAL, "1.50", "1.50"),
        ("_.", Type.FLOAT, Type.DECIMAL, 1.5, "1.5"),
        ("_.", TIME, TIME, "2024-10-01T08:30:00+02:00", "2024-10-01T06:30:00Z"),
        ("_.", Type.BOOLEAN, Type.BOOLEAN, False, False),
        (["abs", "_."], NUMBER, Type.FLOAT, -5, 5.0),
        (["abs", "_."], NUMBER, Type.DECIMAL, -5, "5"),
        (["float", "_."], TEXT, Type.FLOAT, "1.5", 1.5),
        (["integer", "_."], TEXT, NUMBER, " 007 ", 7),
        (["boolean", "_."], TEXT, Type.BOOLEAN, "TRUE", True),
        (["string", "_."], Type.BOOLEAN, TEXT, True, "true"),
        (["string", "_."], NUMBER, TEXT, 5, "5"),
        (["string", "_."], TIME, TEXT, "2024-10-01T00:00:00Z", "2024-10-01T00:00:00Z"),
        (["decimal", "_."], NUMBER, Type.DECIMAL, 5, "5"),
        (["float", "_."], NUMBER, Type.FLOAT, 5, 5.0),
        (["float", ["integer", "_."]], TEXT, Type.FLOAT, "5", 5.0),
        (["decimal", "_."], Type.FLOAT, Type.DECIMAL, 1.5, "1.5"),
        (["split", ";", "_."], LIST, LIST, ["a;b"], ["a", "b"]),
        (["list", ["string", "_."]], Type.DECIMAL, LIST, "1.50", ["1.50"]),
        (["list", "_."], LIST, LIST, ["a", "b"], ["a", "b"]),
        (["join", ";", "_."], LIST, TEXT, ["a", "b"], "a;b"),
        (["integer", "_."], LIST, LIST, ["1", "2"], [1, 2]),
        (["replace", ":00+00:00", ":00Z", "_."], TEXT, TEXT, "2024-10-01T00:00:00+00:00", "2024-10-01T00:00:00Z"),
        ("fixed", TEXT, TEXT, "a", "fixed"),
    ],
)  # fmt: skip
def test_what_the_target_shows_of_a_value(
    expression: Any, source: Type, target: Type, value: Any, shown: Any
) -> None:
    given = made(expression, source, target).applied(value)
    assert (given, type(given)) == (shown, type(shown))


@pytest.mark.parametrize("value", [None, "", []])
def test_empty_stays_empty(value: Any) -> None:
    core = made(["if", ["is-null", "_."], "none", ["split", ";", "_."]], target=LIST)
    assert (core.applied(value), core.undone(value)) == (None, None)


def test_elements_of_a_list_are_held_as_they_are_or_as_text() -> None:
    core = made(["list", "_.", ["now"], True, 5, ["decimal", "1.50"]], target=LIST)
    assert core.applied("a", NOW) == ["a", "2024-12-24T00:00:00Z", True, 5, "1.50"]


@pytest.mark.parametrize(
    ("expression", "reversible", "kind"),
    [(["integer", "_."], True, TEXT), (["abs", ["integer", "_."]], False, NUMBER)],
)
def test_what_is_known_of_a_target_is_the_source_s_value_if_it_comes_back(
    expression: Any, reversible: bool, kind: Type
) -> None:
    core = made(expression, target=NUMBER)
    assert (core.reversible, core.shown_type) == (reversible, kind)


# -- what is refused


@pytest.mark.parametrize(
    ("expression", "source", "target", "value"),
    [
        ("_.", TEXT, Type.DECIMAL, "text"),
        ("_.", TEXT, Type.DECIMAL, "1.5"),
        ("_.", Type.BOOLEAN, Type.DECIMAL, True),
        ("_.", TEXT, TIME, "2024-10-01"),
        ("_.", TEXT, Type.FLOAT, "1.5"),
        ("_.", Type.BOOLEAN, Type.FLOAT, True),
        ("_.", TEXT, NUMBER, "5"),
        ("_.", Type.BOOLEAN, NUMBER, True),
        ("_.", TIME, TEXT, "2024-10-01"),
        (["eq", "_.", "a"], TEXT, TEXT, "a"),
        (["integer", "_."], LIST, LIST, ["x"]),
        ("_.", TEXT, Type.OBJECT, "a"),
    ],
)
def test_what_is_made_of_another_type_than_the_target_holds_is_refused(
    expression: Any, source: Type, target: Type, value: Any
) -> None:
    with pytest.raises(Unrepresentable, match="can't be held as"):
        made(expression, source, target).applied(value)


@pytest.mark.parametrize(
    ("expression", "source", "target", "value", "back"),
    [
        (["replace", "a", "b", "_."], TEXT, TEXT, "ab", "aa"),
        (["join", ";", "_."], LIST, TEXT, ["a;b"], ["a", "b"]),
        (["integer", "_."], LIST, LIST, ["1", "x"], [1]),
        (["if", ["eq", "_.", "open"], "O", "_."], TEXT, TEXT, "O", "open"),
        (["boolean", ["replace", "yes", "true", "_."]], TEXT, Type.BOOLEAN, "true", "yes"),
        (["integer", ["replace", "one", "1", "_."]], TEXT, NUMBER, "1", "one"),
    ],
)
def test_what_would_come_back_as_another_value_is_refused(
    expression: Any, source: Type, target: Type, value: Any, back: Any
) -> None:
    core = made(expression, source, target)
    with pytest.raises(Unrepresentable) as refusal:
        core.applied(value)
    assert str(refusal.value) == f"{value!r} would come back as {back!r} from {core}"


def test_what_loses_something_crosses_all_the_same() -> None:
    assert made(["replace", " ", "", "_."]).applied("1 2") == "12"


def test_what_is_refused_names_the_value_and_the_transformation() -> None:
    with pytest.raises(Unrepresentable) as refusal:
        made(["replace", "ä", "b", "_."]).applied("b")
    assert str(refusal.value) == """'b' would come back as 'ä' from ["replace", "ä", "b", "_."]"""
    with pytest.raises(Unrepresentable) as refusal:
        made(["replace", "ä", "b", "_."]).undone("ä")
    assert str(refusal.value) == """'ä' is nothing that comes of ["replace", "ä", "b", "_."]"""
    with pytest.raises(Unrepresentable) as refusal:
        made(["integer", "_."], target=NUMBER).applied("many")
    assert str(refusal.value) == """'many' can't be held as ["integer", "_."]"""


# -- what comes back


@pytest.mark.parametrize(
    ("expression", "source", "target", "shown", "value"),
    [
        ("_.", TEXT, TEXT, "a", "a"),
        ("_.", Type.DECIMAL, Type.DECIMAL, "1E+2", "100"),
        ("_.", TIME, TIME, "2024-10-01T08:30:00+02:00", "2024-10-01T06:30:00Z"),
        # a value that a condition lets alone into a branch, else any value of a branch
        (["if", ["eq", "_.", "open"], "O", "_."], TEXT, TEXT, "O", "open"),
        (["if", ["eq", "_.", "open"], "O", "_."], TEXT, TEXT, "new", "new"),
        (["if", ["neq", "open", "_."], "_.", "O"], TEXT, TEXT, "O", "open"),
        (["if", ["neq", "open", "_."], "_.", "O"], TEXT, TEXT, "new", "new"),
        (["if", ["is-boolean", "_."], "_.", ["split", ";", "_."]], TEXT, LIST, ["a", "b"], "a;b"),
        (["if", ["is-boolean", "_."], ["list", "_."], "_."], NUMBER, NUMBER, 5, 5),
        # one of two
        (["if-null", ["integer", "_."], ["replace", "a", "b", "_."]], TEXT, NUMBER, 5, "5"),
        (["if-null", ["replace", "a", "b", "_."], "_."], TEXT, TEXT, "b", "a"),
        (["if-null", ["boolean", "_."], ["split", ";", "_."]], TEXT, LIST, ["a", "b"], "a;b"),
        # a value alone, and a list as it is
        (["list", "_."], TEXT, LIST, ["a"], "a"),
        (["list", "_."], LIST, LIST, ["a"], ["a"]),
        (["list", "_."], LIST, LIST, ["a", "b"], ["a", "b"]),
        # each operator by its opposite
        (["replace", "a", "b", "_."], TEXT, TEXT, "bb", "aa"),
        (["split", ";", "_."], TEXT, LIST, ["a", "b"], "a;b"),
        (["join", ";", "_."], LIST, TEXT, "a;b", ["a", "b"]),
        (["datetime-format", "%d.%m.%Y", "_."], TIME, TEXT, "02.10.2024", "2024-10-02T00:00:00Z"),
        (
            ["datetime-format", "Europe/Oslo", "%d.%m.%Y %H:%M", "_."],
            TIME,
            TEXT,
            "02.10.2024 10:30",
            "2024-10-02T08:30:00Z",
        ),
        (["datetime-parse", "%d.%m.%Y", "_."], TEXT, TIME, "2024-10-02T00:00:00Z", "02.10.2024"),
        (
            ["datetime-parse", "Europe/Oslo", "%d.%m.%Y %H:%M", "_."],
            TEXT,
            TIME,
            "2024-10-02T08:30:00Z",
            "02.10.2024 10:30",
        ),
        (["integer", "_."], TEXT, NUMBER, 5, "5"),
        (["string", "_."], Type.BOOLEAN, TEXT, "true", True),
        (["string", "_."], Type.DECIMAL, TEXT, "1.50", "1.50"),
        (["string", "_."], Type.FLOAT, TEXT, "1.5", 1.5),
        (["integer", "_."], LIST, LIST, [1, 2], [1, 2]),
        # what is converted before what stands in for it
        (["integer", ["string", "_."], "_."], TEXT, TEXT, "many", "many"),
        (["integer", ["replace", "a", "b", "_."], "_."], TEXT, TEXT, "b", "b"),
        (["integer", ["replace", "a", "b", "_."], "_."], TEXT, TEXT, "bus", "bus"),
        (["boolean", ["list", "_."], "_."], TEXT, LIST, ["a"], "a"),
    ],
)
def test_the_value_behind_what_the_target_shows(
    expression: Any, source: Type, target: Type, shown: Any, value: Any
) -> None:
    core = made(expression, source, target)
    assert core.undone(shown) == value


# -- times, as finely as they are written


@pytest.mark.parametrize(
    ("form", "value", "shown"),
    [
        ("%Y-%m-%d %H:%M:%S.%f", "2024-10-01T08:30:15.900001Z", "2024-10-01 08:30:15.900001"),
        ("%Y-%m-%d %H:%M:%S", "2024-10-01T08:30:15.999999Z", "2024-10-01 08:30:15"),
        ("%Y-%m-%d %H:%M", "2024-10-01T08:30:59Z", "2024-10-01 08:30"),
        ("%Y-%m-%d %H", "2024-10-01T08:59:59Z", "2024-10-01 08"),
        ("%Y-%m-%d %I %p", "2024-10-01T20:59:59Z", "2024-10-01 08 PM"),
        ("%Y-%m-%d", "2024-10-01T23:59:59Z", "2024-10-01"),
        ("%Y-%m-%d %S", "2024-10-01T00:01:00Z", None),
        ("%Y-%m-%d %M", "2024-10-01T08:30:00Z", None),
        ("%Y-%m-%d %H %S", "2024-10-01T08:30:15Z", None),
        ("%Y-%m-%d %I %M %p", "2024-10-01T08:30:15Z", "2024-10-01 08 30 AM"),
        ("%Y-%m-%d %H:%M %f", "2024-10-01T08:30:15.500000Z", None),
    ],
)
def test_a_time_crosses_if_its_form_loses_no_more_than_its_finest_part(
    form: str, value: str, shown: str | None
) -> None:
    core = made(["datetime-format", form, "_."], TIME)
    if shown is not None:
        assert core.applied(value) == shown
        return
    with pytest.raises(Unrepresentable, match="would come back as"):
        core.applied(value)


@pytest.mark.parametrize(
    ("form", "written", "other", "near", "far"),
    [
        ("%Y-%m-%dT%H:00", "T00", "T01", "00:00:01", "00:00:00"),
        ("%Y-%m-%d %I %p", "01 AM", "02 AM", "01:00:01", "01:00:00"),
        ("%Y-%m-%d %H:%M", "01:00", "01:01", "01:00:01", "01:00:00"),
        ("%Y-%m-%d %H:%M:%S", ":00", ":01", "01:01:00.000001", "01:01:00"),
    ],
)
def test_a_time_that_would_come_back_as_the_next_one_of_its_form_is_refused(
    form: str, written: str, other: str, near: str, far: str
) -> None:
    core = made(["replace", other, written, ["datetime-format", form, "_."]], TIME)
    with pytest.raises(Unrepresentable, match="would come back as"):
        core.applied(f"2024-10-01T{far}Z")
    assert core.applied(f"2024-10-01T{near}Z")


def test_a_time_without_a_form_is_written_as_it_is() -> None:
    then = "2024-10-01T08:30:00Z"
    assert made("_.", TIME, TIME).applied(then) == then
    assert made(["replace", "+00:00", "Z", "_."]).applied(then) == then
    with pytest.raises(Unrepresentable, match="would come back as '2024-10-01T08:29:59Z'"):
        made(["replace", "29:59Z", "30:00Z", "_."]).applied(then)


@pytest.mark.parametrize(
    ("expression", "source", "value", "shown"),
    [
        (
            ["string", ["datetime-format", "%Y-%m-%d", ["datetime-parse", "%Y-%m-%d %H:%M", "_."]]],
            TEXT,
            "2024-10-01 08:30",
            "2024-10-01",
        ),
        (
            ["datetime-parse", "%Y-%m-%d %H:%M", ["datetime-format", "%Y-%m-%d 00:00", "_."]],
            TIME,
            "2024-10-01T08:30:00Z",
            "2024-10-01T00:00:00Z",
        ),
    ],
)
def test_of_several_forms_the_coarsest_says_how_finely_times_are_written(
    expression: Any, source: Type, value: str, shown: str
) -> None:
    assert made(expression, source, source).applied(value) == shown


def test_a_time_that_is_read_coarsely_is_as_coarse() -> None:
    core = made(["datetime-parse", "%Y-%m-%d 00:00", ["replace", "05:00", "00:00", "_."]], target=TIME)
    assert core.undone("2024-10-01T00:00:00Z") == "2024-10-01 05:00"
    assert core.applied("2024-10-01 00:00") == "2024-10-01T00:00:00Z"

"""What the commands print: every value is there as it is, and nothing that a system sends steers the terminal."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bothways.sync import screen
from bothways.sync.connectors import Kind, Write
from bothways.sync.plan import Send
from bothways.sync.reconcile import Comparison, Difference
from bothways.sync.redaction import Redaction
from tests.sync.pair import LEFT_SIDE, RIGHT_SIDE, TEXT, pair

Captured = pytest.CaptureFixture[str]
SECRET = {"name": "mail", "type": "string", "source": "mail", "target": "contact.mail", "redact": True}
QUIET: dict[str, Any] = {
    "failing": [],
    "uncrossed": [],
    "orphans": [],
    "collisions": [],
    "unknown": [],
    "cursors": [],
    "linked": 0,
    "cycles": 0,
    "last_cycle": None,
}


@pytest.fixture(autouse=True)
def _a_wide_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")


def rows(shown: str) -> list[list[str]]:
    """The cells of all tables, line by line, without headings."""
    lines = [line for line in shown.splitlines() if line.startswith("│")]
    return [[cell.strip() for cell in line.split("│")[1:-1]] for line in lines]


def heading(shown: str, number: int = 0) -> list[str]:
    """The columns of a table."""
    lines = [line for line in shown.splitlines() if line.startswith("┃")]
    return [cell.strip() for cell in lines[number].split("┃")[1:-1]]


def titles(shown: str) -> list[str]:
    """What stands above each table, as far to the left as it stands there; a long one takes several lines."""
    found: list[str] = []
    lines: list[str] = []
    for line in shown.splitlines():
        if line.startswith("┏"):
            found.append(" ".join(lines))
            lines = []
        elif line[:1] not in "┃┡│└":
            lines.append(line.rstrip())
    return found


# -- JSON


def test_json_is_one_line_with_all_that_json_lacks_as_text(capsys: Captured) -> None:
    screen.print_json({"at": datetime(2024, 10, 1, tzinfo=UTC), "name": "Cup", "count": [1, None]})
    (line,) = capsys.readouterr().out.splitlines(keepends=True)
    assert line.endswith("}\n")
    assert json.loads(line) == {"at": "2024-10-01 00:00:00+00:00", "name": "Cup", "count": [1, None]}


# -- a dry run


def test_a_planned_write_is_told_in_full_but_for_hidden_values() -> None:
    redaction = Redaction(pair(TEXT, SECRET).mapping)
    create = Write(Kind.CREATE, "Item", key="k", body={"title": "Cup", "contact.mail": "ada", "mail": "bob"})
    update = Write(Kind.UPDATE, "Thing", key="", id="l1", body={"mail": "ada", "name": None})
    assert screen.planned([Send("right", create), Send("left", update)], redaction) == [
        {
            "system": "right",
            "datatype": "Item",
            "id": None,
            "kind": "create",
            "body": {"title": "Cup", "contact.mail": "(redacted)", "mail": "bob"},
        },
        {
            "system": "left",
            "datatype": "Thing",
            "id": "l1",
            "kind": "update",
            "body": {"mail": "(redacted)", "name": None},
        },
    ]


def test_without_planned_writes_there_is_a_line_that_says_so(capsys: Captured) -> None:
    screen.print_planned([])
    assert capsys.readouterr().out == "Nothing would be written.\n"


def test_planned_writes_are_listed_with_each_value_on_a_line_and_counted(capsys: Captured) -> None:
    screen.print_planned(
        [
            {
                "system": "right",
                "datatype": "Item",
                "id": None,
                "kind": "create",
                "body": {"a": 1, "b": None},
            },
            {"system": "left", "datatype": "Thing", "id": "l1", "kind": "delete", "body": {}},
        ]
    )
    shown = capsys.readouterr().out
    assert rows(shown) == [
        ["right", "Item", "(new)", "create", "a: 1"],
        ["", "", "", "", "b:"],
        ["left", "Thing", "l1", "delete", ""],
    ]
    assert heading(shown) == ["system", "datatype", "id", "would", "what"]
    assert shown.splitlines()[-1] == "2 would be written; what follows from these isn't known yet."


# -- status


def test_a_status_without_trouble_is_one_line(capsys: Captured) -> None:
    screen.print_status(QUIET | {"linked": 3, "cycles": 7})
    assert capsys.readouterr().out == "3 linked, 7 cycles\n"


def test_a_status_ends_with_the_figures_of_the_last_cycle(capsys: Captured) -> None:
    screen.print_status(QUIET | {"last_cycle": {"created": 1, "held": 0, "[red]": "2"}})
    assert capsys.readouterr().out.splitlines() == [
        "0 linked, 0 cycles",
        "last cycle: created 1, held 0, [red] 2",
    ]


@pytest.mark.parametrize(
    ("name", "title", "columns"),
    [
        ("failing", "failing", ["system", "datatype", "id", "reason", "tries"]),
        (
            "uncrossed",
            "edits that can't cross",
            ["system", "datatype", "id", "property", "value", "reason"],
        ),
        ("orphans", "orphans", ["system", "datatype", "id"]),
        ("collisions", "collisions", ["system", "datatype", "id", "criterion", "value"]),
        ("unknown", "writes without an outcome", ["write", "tries"]),
        ("cursors", "cursors", ["system", "datatype", "cursor", "scanned_at"]),
    ],
)
def test_what_asks_for_attention_has_a_table_of_its_own(
    capsys: Captured, name: str, title: str, columns: list[str]
) -> None:
    trouble = {column: f"its {column}" for column in columns} | {"path": "is not shown"}
    screen.print_status(QUIET | {name: [trouble, trouble]})
    shown = capsys.readouterr().out
    assert titles(shown) == [title]
    assert heading(shown) == columns
    assert rows(shown) == [[f"its {column}" for column in columns]] * 2


def test_what_fails_comes_first_and_where_listing_goes_on_last(capsys: Captured) -> None:
    place = {"system": "left", "datatype": "Thing", "id": "1"}
    everything = {
        "cursors": [place | {"cursor": "c", "scanned_at": "noon"}],
        "unknown": [{"write": "w", "tries": 1}],
        "collisions": [place | {"criterion": "sku", "value": "a"}],
        "orphans": [place],
        "uncrossed": [place | {"property": "name", "value": "Cup", "reason": "too long"}],
        "failing": [place | {"reason": "EUR", "tries": 2}],
    }
    screen.print_status(QUIET | everything)
    order = [
        "failing",
        "edits that can't cross",
        "orphans",
        "collisions",
        "writes without an outcome",
        "cursors",
    ]
    assert titles(capsys.readouterr().out) == order


# -- an explanation


def test_an_explanation_lists_each_value_and_below_it_what_it_beat(capsys: Captured) -> None:
    lost = {"value": "Cup", "edited_at": None, "where": "left Thing l1", "why": "older"}
    won = {
        "value": "Mug",
        "edited_at": "noon",
        "where": "right Item r1",
        "why": "latest",
        "beat": [lost, lost],
    }
    plain = {"value": 5, "edited_at": "one", "where": "left Thing l1", "why": "only", "beat": []}
    screen.print_explanation({"properties": {"name": won, "count": plain}})
    shown = capsys.readouterr().out
    assert heading(shown) == ["property", "value", "edited at", "where", "why"]
    assert rows(shown) == [
        ["name", "Mug", "noon", "right Item r1", "latest"],
        ["beat", "Cup", "unknown", "left Thing l1", "older"],
        ["beat", "Cup", "unknown", "left Thing l1", "older"],
        ["count", "5", "one", "left Thing l1", "only"],
    ]
    assert "│   beat" in shown  # further in than the property that it belongs to


# -- both sides compared


@pytest.fixture
def different() -> Comparison:
    """A flow of which every kind of difference was found."""
    return Comparison(
        LEFT_SIDE,
        RIGHT_SIDE,
        sources=5,
        targets=4,
        matched=2,
        only_source={"l8": "here"},
        only_target={"r9": "there"},
        several=["sku=twice"],
        differences=[
            Difference("l1", "r1", "name", "Cup, blue", None),
            Difference("l2", "r2", "sold", True, [1]),
        ],
    )


DIFFERENCES = [
    ["left.Thing", "right.Item", "only in source", "here", "l8", "", "", "", ""],
    ["left.Thing", "right.Item", "only in target", "there", "", "r9", "", "", ""],
    ["left.Thing", "right.Item", "several records", "sku=twice", "", "", "", "", ""],
    ["left.Thing", "right.Item", "differs", "", "l1", "r1", "name", "Cup, blue", ""],
    ["left.Thing", "right.Item", "differs", "", "l2", "r2", "sold", "true", "[1]"],
]
COLUMNS = [
    "source",
    "target",
    "what",
    "key",
    "source_id",
    "target_id",
    "property",
    "source_value",
    "target_value",
]
ALIKE = Comparison(RIGHT_SIDE, LEFT_SIDE, sources=1, targets=1, matched=1)
COUNTED = Comparison(RIGHT_SIDE, LEFT_SIDE, sources=1, targets=0)


def test_a_comparison_shows_the_counts_of_each_flow_then_what_differs(
    capsys: Captured, different: Comparison, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    screen.print_differences([different, ALIKE, COUNTED])
    shown = capsys.readouterr().out
    assert heading(shown) == ["source", "records", "target", "records", "matched", "differing values"]
    assert heading(shown, 1) == COLUMNS
    assert rows(shown) == [
        ["left.Thing", "5", "right.Item", "4", "2", "2"],
        ["right.Item", "1", "left.Thing", "1", "1", "0"],
        ["right.Item", "1", "left.Thing", "0", "no criteria", "0"],
        *DIFFERENCES,
    ]


def test_a_comparison_without_differences_shows_the_counts_only(capsys: Captured) -> None:
    screen.print_differences([ALIKE])
    assert rows(capsys.readouterr().out) == [["right.Item", "1", "left.Thing", "1", "1", "0"]]


def test_differences_as_csv_are_the_same_rows_under_a_heading(
    capsys: Captured, different: Comparison
) -> None:
    screen.print_differences_as_csv([ALIKE, different])
    written = capsys.readouterr().out
    assert "\r" not in written
    assert list(csv.reader(io.StringIO(written))) == [COLUMNS, *DIFFERENCES]


def test_csv_has_a_heading_even_where_nothing_differs(capsys: Captured) -> None:
    screen.print_differences_as_csv([ALIKE])
    assert capsys.readouterr().out == ",".join(COLUMNS) + "\n"


# -- values


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, ""),
        ("", ""),
        ("Kopp blå", "Kopp blå"),
        (0, "0"),
        (12.5, "12.5"),
        (True, "true"),
        (False, "false"),
        ({"a": None}, '{"a": null}'),
        (["é", 1], '["\\u00e9", 1]'),
        ("a\x1b[31mb", "a\\x1b[31mb"),
        ("\r\t\x00", "\\r\\t\\x00"),
        ("\u202e", "\\u202e"),
    ],
)
def test_a_value_is_shown_as_text_without_control_characters(
    capsys: Captured, value: Any, shown: str
) -> None:
    screen.print_status(QUIET | {"unknown": [{"write": value, "tries": 1}]})
    assert rows(capsys.readouterr().out) == [[shown, "1"]]


def test_a_value_of_several_lines_keeps_them_and_is_no_markup(capsys: Captured) -> None:
    screen.print_status(QUIET | {"unknown": [{"write": "[b]first[/b]\nsecond", "tries": 1}]})
    assert rows(capsys.readouterr().out) == [["[b]first[/b]", "1"], ["second", ""]]


def test_a_value_wider_than_the_screen_is_folded_and_complete(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    long = "".join(f"<{number}>" for number in range(30))
    screen.print_status(QUIET | {"unknown": [{"write": long, "tries": 1}]})
    shown = capsys.readouterr().out
    assert max(len(line) for line in shown.splitlines()) <= 40
    assert "".join(write for write, _ in rows(shown)) == long


def test_a_line_wider_than_the_screen_stays_one_line(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "10")
    screen.print_planned([])
    assert capsys.readouterr().out == "Nothing would be written.\n"


def test_figures_have_no_colours_of_their_own_on_a_terminal(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    screen.print_status(QUIET | {"linked": 3, "cycles": 7})
    assert capsys.readouterr().out == "3 linked, 7 cycles\n"

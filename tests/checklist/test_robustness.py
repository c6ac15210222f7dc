"""Damaged documents: whatever is done to a checklist, reading it ends, and accounts for each line once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothways.checklist.account import Account
from bothways.checklist.lint import lint
from bothways.checklist.model import Checklist
from bothways.checklist.parse import parse_text
from bothways.errors import ChecklistError
from tests.checklist.documents import Document
from tests.checklist.rendering import render
from tests.checklist.strategies import UNHURRIED, documents

ODD_LINES = st.sampled_from(
    [
        "",
        "----",
        "====",
        "* a bullet",
        "1. a number",
        ".. note:: a directive",
        ".. _target:",
        "::",
        ":field: value",
        "| a line block",
        ">>> a doctest",
        "+---+",
        "=== ===",
        "   * - a row",
        "     - a cell",
        "       deeper",
        '"string"',
        "[[[[",
        ".. list-table::",
        "   :header-rows: 1",
        " A to B",
        "literal::",
        "\u2028\u0085\x0b\x0c\x1c",
        "\x00",
        "Generated: yesterday",
        "A to B Dataflow",
        "`unclosed* |_ role_`",
    ]
)


TITLE = re.compile(r"^ *(.* )?to( .*)? Dataflow *\n *([!-/:-@\[-`{-~])\3{3,} *$", re.MULTILINE)


class StrictAccount(Account):
    """An account that fails where a line is claimed twice."""

    def own(self, lines: Iterable[int], owner: str) -> None:
        claimed = list(lines)
        assert not set(claimed) & set(self.lines)
        assert len(claimed) == len(set(claimed))
        super().own(claimed, owner)


@pytest.fixture(autouse=True, scope="module")
def strict_account() -> Iterator[None]:
    """Every document of these tests is read with a strict account."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bothways.checklist.parse.Account", StrictAccount)
        yield


def damaged(lines: list[str], data: st.DataObject) -> list[str]:
    """The lines after a few edits: lost, doubled, moved, unindented, cut short, or with odd ones among them."""
    at = st.integers(0, len(lines) - 1)
    for _ in range(data.draw(st.integers(1, 6))):
        here, there = data.draw(at), data.draw(at)
        match data.draw(st.sampled_from(["lose", "double", "swap", "unindent", "cut", "odd", "text"])):
            case "lose":
                lines[here] = ""
            case "double":
                lines.insert(here, lines[here])
            case "swap":
                lines[here], lines[there] = lines[there], lines[here]
            case "unindent":
                lines[here] = lines[here].strip()
            case "cut":
                lines[here] = lines[here][: data.draw(st.integers(0, 20))]
            case "odd":
                lines.insert(here, data.draw(ODD_LINES))
            case _:
                lines.insert(here, data.draw(st.text(max_size=30)))
    return lines


def written_lines(text: str) -> dict[int, str]:
    """The lines that aren't blank, by number, split as editors do."""
    numbered = enumerate(re.split(r"\r\n|\r|\n", text), 1)
    return {number: line for number, line in numbered if line.strip()}


def check_account(checklist: Checklist, text: str) -> None:
    """Each line that isn't blank has one owner; what has no element has a finding at its line; ids are unique."""
    ids = [item.id for item in checklist.items()]
    elements = {"title", "generated", "introduction", "finding", *ids}
    elements |= {str(section.number) for section in checklist.sections}
    assert list(checklist.lines) == list(written_lines(text))
    assert set(checklist.lines.values()) <= elements
    assert len(ids) == len(set(ids))
    lost = [line for line, owner in checklist.lines.items() if owner == "finding"]
    assert lost == [found.line for found in checklist.findings if found.code == "not-understood"]


@UNHURRIED
@given(documents(), st.data())
def test_every_line_of_a_damaged_document_is_accounted_for(document: Document, data: st.DataObject) -> None:
    text = "\n".join(damaged(render(document)[0].split("\n"), data))

    if TITLE.search(text):
        checklist = parse_text(text, "ours.rst")
        check_account(checklist, text)
        assert set(checklist.findings) <= set(lint(checklist))
    else:
        with pytest.raises(ChecklistError, match="no title"):
            parse_text(text, "ours.rst")


@UNHURRIED
@given(st.text())
def test_any_text_below_a_title_is_accounted_for(text: str) -> None:
    text = f"A to B Dataflow\n===============\n\n{text}"

    check_account(parse_text(text, "ours.rst"), text)


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: "x\n" * 3000, id="a long paragraph"),
        pytest.param(lambda: "x" * 200_000, id="a long line"),
        pytest.param(lambda: "Every " * 5000 + "x", id="a sentence that never ends"),
        pytest.param(
            lambda: row("a", "b", "[" * 50_000),
            id="a data type of brackets",
        ),
        pytest.param(lambda: row("a", "b", '"if", ' * 60 + "]]]]"), id="a data type past repair"),
        pytest.param(
            lambda: row("a" + " (Dependant on having  in " * 300, "b", "N/A"), id="endless dependencies"
        ),
    ],
)
def test_size_alone_never_stops_it(make: Callable[[], str]) -> None:
    text = f"A to B Dataflow\n===============\n\nA X to B Y\n----------\n{make()}"

    check_account(parse_text(text, "ours.rst"), text)


def row(*cells: str) -> str:
    """A properties table of one row."""
    lines = [
        "The following properties are synchronized between a A X and a B Y:",
        "",
        ".. list-table::",
        "   :header-rows: 1",
        "",
        "   * - A X Property",
        "     - B Y Property",
        "     - B Data Type",
    ]
    first, *others = cells
    return "\n".join([*lines, f"   * - {first}", *(f"     - {cell}" for cell in others)])

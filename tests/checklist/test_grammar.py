"""Documents drawn from the grammar: reading what was written gives what was meant, line by line."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bothways.checklist.parse import parse_text
from tests.checklist.documents import Document
from tests.checklist.rendering import render, without_findings
from tests.checklist.strategies import UNHURRIED, documents


@UNHURRIED
@given(documents())
def test_reading_gives_what_was_written(document: Document) -> None:
    text, meant, oddities = render(document)

    read = parse_text(text, "ours.rst")

    assert without_findings(read) == meant
    assert sorted((each.code, each.line) for each in read.findings) == sorted(oddities)


@UNHURRIED
@given(documents(), st.data())
def test_line_ends_and_stray_blanks_change_nothing(document: Document, data: st.DataObject) -> None:
    text, _, _ = render(document)
    end = data.draw(st.sampled_from(["\r\n", "  \n", " \r\n", "\r", "\t\n"]))

    assert parse_text(text.replace("\n", end), "ours.rst") == parse_text(text, "ours.rst")

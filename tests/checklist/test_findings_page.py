"""`docs/findings.md` explains exactly the findings that there are, each with an example that gives it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bothways.checklist.findings import CATALOGUE
from bothways.checklist.lint import lint
from bothways.checklist.parse import parse_text

PAGE = (Path(__file__).parents[2] / "docs" / "findings.md").read_text(encoding="utf-8")
ENTRY = re.compile(
    r"^## `(?P<code>[a-z-]+)`\n\n\*\*(?P<severity>\w+)\.\*\* (?P<meaning>.+)\n\n\*Advice:\* (?P<advice>.+)\n\n"
    r"```rst\n(?P<example>[\s\S]*?\n)```$",
    re.MULTILINE,
)
ENTRIES = {entry["code"]: entry for entry in ENTRY.finditer(PAGE)}
TITLE = "Acme CRM to Harbour Books Dataflow\n==================================\n\n"


def test_page_and_catalogue_hold_the_same_codes_in_order() -> None:
    assert list(ENTRIES) == list(CATALOGUE) == sorted(CATALOGUE)
    assert PAGE.count("\n## ") == len(CATALOGUE)


@pytest.mark.parametrize("code", CATALOGUE)
def test_severity_and_advice_are_the_catalogues(code: str) -> None:
    assert (ENTRIES[code]["severity"], ENTRIES[code]["advice"]) == CATALOGUE[code]


@pytest.mark.parametrize("code", CATALOGUE)
def test_the_example_gives_the_finding(code: str) -> None:
    example = ENTRIES[code]["example"]
    text = example if "Dataflow\n===" in example else TITLE + example

    assert code in {found.code for found in lint(parse_text(text, "example.rst"))}

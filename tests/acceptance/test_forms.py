"""A checklist with a row of every form of data type, run: two readings of each agree on what crosses."""

from __future__ import annotations

from pathlib import Path

from bothways.checklist.model import Side
from tests.acceptance.suite import ROOT, Ended, start
from tests.checklist.documents import Document, Flow, Row
from tests.checklist.forms import FORMS
from tests.checklist.rendering import render

LOOKS_AT_THE_CLOCK = [cell for cell in FORMS if '"now"' in cell]
OTHERS = [cell for cell in FORMS if cell not in LOOKS_AT_THE_CLOCK]


def run(folder: Path, cells: list[str], *arguments: str) -> Ended:
    """A run of a checklist with a row for each cell."""
    rows = tuple(Row(f"p{number}", f"q{number}", cell) for number, cell in enumerate(cells))
    flow = Flow(Side("Alpha", "Contact"), Side("Beta", "Customer"), rows=rows, criteria=(("p0", "q0"),))
    document = folder / "forms.rst"
    document.write_text(render(Document("Alpha", "Beta", (flow,)))[0], encoding="utf-8")
    ended = start(ROOT, "bothways", "run", str(document), "--out", str(folder / "out"), *arguments)
    return Ended(ended.code, ended.out, ended.err, folder)


def test_every_form_crosses_as_the_checklist_says(tmp_path: Path) -> None:
    verdicts = run(tmp_path, [*OTHERS, *LOOKS_AT_THE_CLOCK]).verdicts()

    rows = {f"1.4.{number}": cell for number, cell in enumerate([*OTHERS, *LOOKS_AT_THE_CLOCK], 1)}
    unproven = [rows[id] for id in rows if verdicts[id] == "UNPROVEN"]
    assert unproven == LOOKS_AT_THE_CLOCK, "what a time of writing makes can't be told beforehand"
    assert {verdicts[id] for id, cell in rows.items() if cell in OTHERS} == {"PASS"}


def test_an_integration_that_takes_nothing_out_is_rejected_for_just_that_row(tmp_path: Path) -> None:
    cells = ['"string"', '["replace", " ", "", "_."]', '["abs", "integer"]', '"integer"']

    ended = run(tmp_path, cells, "--engine", "python:tests.acceptance.raw:build")

    verdicts = ended.verdicts()
    assert ended.code == 1
    assert [verdicts[f"1.4.{number}"] for number in (1, 2, 3, 4)] == ["PASS", "FAIL", "PASS", "PASS"]

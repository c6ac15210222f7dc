"""`bothways portfolio`: every checklist gets its verdict, a bad one stops nothing, and work done is kept."""

from __future__ import annotations

import csv
import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bothways.acceptance.portfolio import entry, tables
from bothways.acceptance.portfolio.entry import Entry, Portfolio
from bothways.acceptance.portfolio.journal import Journal
from bothways.acceptance.verdict import RunVerdict
from bothways.checklist.model import Side
from tests.acceptance.suite import ROOT, Ended, start
from tests.checklist.documents import Document, Flow, Row
from tests.checklist.rendering import render

ROWS = (Row("mail", "email", '"string"'), Row("active", "enabled", '"boolean"'))


def schema() -> dict[str, Any]:
    """The schema that is shipped."""
    text = files("bothways").joinpath("schemas/portfolio.schema.json").read_text(encoding="utf-8")
    read: dict[str, Any] = json.loads(text)
    return read


def put(file: Path, **flow: Any) -> None:
    """A checklist of one section."""
    section = Flow(Side("Alpha", "Contact"), Side("Beta", "Customer"), **{"rows": ROWS, **flow})
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(render(Document("Alpha", "Beta", (section,)))[0], encoding="utf-8")


def told(folder: Path) -> dict[str, dict[str, Any]]:
    """The entries of `portfolio.json`, which fits its schema, by the names of their files."""
    read = json.loads((folder / "portfolio.json").read_text(encoding="utf-8"))
    jsonschema.validate(read, schema())
    return {
        Path(one["file"]).relative_to(folder.parent / "many").as_posix(): one for one in read["checklists"]
    }


def portfolio(tmp_path: Path, *arguments: str) -> Ended:
    """The command, on the folder `many`."""
    return start(
        ROOT, "bothways", "portfolio", str(tmp_path / "many"), "--out", str(tmp_path / "out"), *arguments
    )


def test_every_checklist_gets_its_verdict_and_a_bad_one_stops_nothing(tmp_path: Path) -> None:
    many = tmp_path / "many"
    put(many / "sound.rst")
    put(many / "again" / "sound.rst", merges=True, creates=True, criteria=(("mail", "email"),))
    put(many / "prose.rst", opening="when", words="is of age")
    (many / "bad.rst").write_text("No checklist.\n", encoding="utf-8")

    ended = portfolio(tmp_path)

    entries = told(tmp_path / "out")
    assert {file: one["verdict"] for file, one in entries.items()} == {
        "sound.rst": "ACCEPTED",
        "again/sound.rst": "ACCEPTED",
        "prose.rst": "INCOMPLETE",
        "bad.rst": "COULD_NOT_RUN",
    }
    assert (entries["prose.rst"]["items"], entries["prose.rst"]["unproven"]) == (5, 1)
    assert entries["bad.rst"]["reason"].endswith(
        "bad.rst:1: not a checklist: no title `<Source> to <Target> Dataflow`"
    )
    assert ended.code == 3
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    for report in filter(None, (one["report"] for one in entries.values())):
        assert f'href="{report}"' in page
        assert (tmp_path / "out" / report).exists()
    with (tmp_path / "out" / "portfolio.csv").open(encoding="utf-8") as file:
        assert [row["verdict"] for row in csv.DictReader(file)] == [
            one["verdict"] for one in entries.values()
        ]

    resumed_after(tmp_path)


def resumed_after(tmp_path: Path) -> None:
    """What is done isn't done again, unless its document has changed or its line was cut off."""
    journal = tmp_path / "out" / "portfolio.ndjson"
    lines = [json.loads(line) for line in journal.read_text(encoding="utf-8").splitlines() if line]
    for line in lines:
        line["entry"]["seconds"] = 9999.0
    kept = [json.dumps(line) for line in lines]
    before = len(kept)
    cut = next(at for at, line in enumerate(lines) if line["job"]["file"].endswith("again/sound.rst"))
    kept.append(kept.pop(cut)[:-40])
    journal.write_text("\n".join(kept), encoding="utf-8")
    put(tmp_path / "many" / "prose.rst", opening="when", words="is of great age")

    ended = portfolio(tmp_path, "--resume")

    again = {file: one["seconds"] == 9999.0 for file, one in told(tmp_path / "out").items()}
    assert again == {"sound.rst": True, "again/sound.rst": False, "prose.rst": False, "bad.rst": False}
    assert ended.code == 3
    # all but the bad one, of the changed document both versions
    assert len(Journal(tmp_path / "out").done()) == before


def test_the_schema_is_that_of_what_is_written() -> None:
    assert schema() == entry.json_schema(), "portfolio.json has changed: write its schema anew"


def test_a_folder_without_checklists_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "many").mkdir()
    ended = portfolio(tmp_path)
    assert (ended.code, ended.out) == (3, "")
    assert ended.err == f"bothways: {tmp_path / 'many'}: no checklist there (*.rst, *.rst.txt)\n"


@pytest.mark.parametrize(
    ("verdicts", "code"),
    [
        ([], 0),
        (["ACCEPTED", "ACCEPTED_WITH_EXCEPTIONS"], 0),
        (["ACCEPTED", "INCOMPLETE"], 2),
        (["INCOMPLETE", "REJECTED"], 1),
        (["REJECTED", "COULD_NOT_RUN"], 3),
    ],
)
def test_the_exit_code_is_that_of_the_worst(verdicts: list[str], code: int) -> None:
    entries = [Entry.model_validate({"file": "a", "verdict": verdict}) for verdict in verdicts]
    assert Portfolio(checklists=entries).exit_code == code


def test_names_are_neither_markup_nor_formulas() -> None:
    odd = Portfolio(checklists=[Entry(file="=1+1", verdict=RunVerdict.ACCEPTED, title="<b>", report="x")])
    assert "&lt;b&gt;" in tables.to_html(odd)
    assert "'=1+1" in tables.to_csv(odd)

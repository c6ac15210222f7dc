"""`bothways parse` and `bothways lint`: outputs that others script against, and exit codes."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

from bothways.checklist.commands import lint, parse
from bothways.checklist.findings import CATALOGUE
from bothways.checklist.model import Dependency, Side
from tests.checklist.documents import Document, Flow, Row
from tests.checklist.rendering import render

CONTACT, CUSTOMER = Side("Acme CRM", "Contact"), Side("Harbour Books", "Customer")
ROW = Row("name", "name", '"string"', (Dependency("source", "wd:Q5", "Kinds"),))
SOUND = Document("Acme CRM", "Harbour Books", (Flow(CONTACT, CUSTOMER, rows=(ROW,)),))
EVERYTHING = Document(
    "Acme CRM",
    "",
    (
        Flow(
            CONTACT,
            Side("", "Customer"),
            opening="when",
            words="is of type Agent",
            connected=("Order", "Lead"),
            merges=True,
            creates=True,
            criteria=(("name", "name"),),
            rows=(ROW, Row("", "age", '["integer", "_."', spilled=True)),
        ),
        Flow(CONTACT, Side("", "Customer"), opening="note", words="left out, for now"),
    ),
    short=True,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two checklists and a file that is none."""
    for name, document in (("sound.rst", SOUND), ("everything.rst", EVERYTHING)):
        (tmp_path / name).write_text(render(document)[0], encoding="utf-8")
    (tmp_path / "none.rst").write_text("Shopping list\n", encoding="utf-8")
    return tmp_path


def run(command: click.Command, folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(command, [str(folder / a) if a.endswith(".rst") else a for a in arguments])


def check(schema: str, instance: Any) -> None:
    text = (files("bothways") / "schemas" / f"{schema}.schema.json").read_text(encoding="utf-8")
    validator = Draft202012Validator(json.loads(text))
    validator.check_schema(validator.schema)
    validator.validate(instance)


def test_parse_gives_one_object_a_line_and_file(folder: Path) -> None:
    result = run(parse, folder, "sound.rst", "everything.rst", "--json")

    shown = [json.loads(line) for line in result.stdout.splitlines()]
    for each in shown:
        check("parse", each)
    assert [Path(each["file"]).name for each in shown] == ["sound.rst", "everything.rst"]
    assert result.exit_code == 0


def test_parse_shows_what_the_document_says(folder: Path) -> None:
    shown = json.loads(run(parse, folder, "sound.rst", "--json").stdout)

    section = shown["sections"][0]
    assert (section["source"], section["target"]) == (
        {"system": "Acme CRM", "datatype": "Contact"},
        {"system": "Harbour Books", "datatype": "Customer"},
    )
    assert [statement["id"] for statement in section["statements"]] == ["1.1", "1.2", "1.3"]
    (row,) = section["properties"]
    assert row["dependencies"] == [{"side": "source", "value": "wd:Q5", "path": "Kinds"}]
    assert (row["id"], row["data_type"], row["line"]) == ("1.3.1", '"string"', 27)
    assert shown["lines"]["1.3.1"] == [27, 28, 29]


def test_a_statement_shows_what_its_kind_holds(folder: Path) -> None:
    shown = json.loads(run(parse, folder, "everything.rst", "--json").stdout)

    when, created, *others = shown["sections"][0]["statements"]
    assert when["condition"] == "is of type Agent"
    assert (created["datatypes"], created["target"]) == (["Order", "Lead"], "")
    assert all(set(each) == {"id", "key", "kind", "text", "line"} for each in others)


def test_parse_for_people_lists_items_and_accounts_for_lines(folder: Path) -> None:
    result = run(parse, folder, "sound.rst")

    assert "1.3.1  property" in result.stdout
    assert "4 items; 20 lines read, 0 not understood" in result.stdout
    assert "\x1b" not in result.stdout


@pytest.mark.parametrize(("command", "form"), [(parse, "--json"), (lint, "--format=json")])
def test_one_bad_file_gets_a_line_and_does_not_stop_the_rest(
    folder: Path, command: click.Command, form: str
) -> None:
    result = run(command, folder, "none.rst", "absent.rst", "sound.rst", form)

    assert result.stderr.splitlines() == [
        f"bothways: {folder / 'none.rst'}:1: not a checklist: no title `<Source> to <Target> Dataflow`",
        f"bothways: {folder / 'absent.rst'}: can't be read: No such file or directory",
    ]
    assert json.loads(result.stdout)
    assert result.exit_code == 3


@pytest.mark.parametrize(("document", "code"), [("sound.rst", 0), ("everything.rst", 1)])
def test_lint_ends_with_1_where_there_are_errors(folder: Path, document: str, code: int) -> None:
    assert run(lint, folder, document).exit_code == code


def test_lint_as_json(folder: Path) -> None:
    shown = json.loads(run(lint, folder, "sound.rst", "everything.rst", "--format", "json").stdout)

    check("lint", shown)
    assert {Path(each["file"]).name for each in shown["findings"]} == {"everything.rst"}
    assert {"leaked-note", "short-underline", "damaged-data-type"} < {
        each["code"] for each in shown["findings"]
    }


def test_lint_as_text_is_a_line_each(folder: Path) -> None:
    lines = run(lint, folder, "everything.rst").stdout.splitlines()

    assert (
        f"{folder / 'everything.rst'}:2: warning: the title names no target system [unnamed-system]" in lines
    )


def test_lint_for_github_escapes_what_its_commands_use(folder: Path) -> None:
    (folder / "a,b:c.rst").write_text(
        render(EVERYTHING)[0].replace("left out", "100% left out"), encoding="utf-8"
    )

    lines = run(lint, folder, "a,b:c.rst", "--format", "github").stdout.splitlines()

    (note,) = [line for line in lines if "title=leaked-note" in line]
    assert note.startswith("::error file=")
    assert "a%2Cb%3Ac.rst,line=" in note
    assert "100%25 left out" in note


def test_lint_as_sarif(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    result = CliRunner().invoke(lint, ["everything.rst", "--format", "sarif"])

    (log,) = json.loads(result.stdout)["runs"]
    rules = log["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(CATALOGUE)
    for each in log["results"]:
        assert rules[each["ruleIndex"]]["id"] == each["ruleId"]
        assert each["level"] == CATALOGUE[each["ruleId"]][0]
        location = each["locations"][0]["physicalLocation"]
        assert location["artifactLocation"]["uri"] == "everything.rst"
        assert location["region"]["startLine"] > 0


def test_what_is_sound_prints_nothing(folder: Path) -> None:
    assert run(lint, folder, "sound.rst").output == ""
    assert run(lint, folder, "sound.rst", "--format", "github").output == ""

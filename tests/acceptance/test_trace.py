"""`bothways trace`: what there is to prove what."""

from __future__ import annotations

import csv
import io
import json
from importlib.resources import files

import jsonschema

from bothways.acceptance.trace import Trace
from tests.acceptance.suite import BOOKS, CHECKLIST, Suite


def test_every_item_and_rule_stands_there_with_its_scenarios(suite: Suite) -> None:
    ended = suite.bothways("trace", CHECKLIST, "--format", "json")
    assert ended.code == 0, ended.err
    told = json.loads(ended.out)
    schema = json.loads(files("bothways").joinpath("schemas/trace.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(told, schema)
    assert schema["$defs"] == Trace.model_json_schema()["$defs"], (
        "trace's JSON has changed: write its schema anew"
    )
    items = {item["id"]: item for item in told["items"]}
    assert items["1.1"]["scenarios"] == [f"{BOOKS}:4"]
    assert items["1.3.2"]["scenarios"] == [f"{BOOKS}:25", f"{BOOKS}:26"]
    assert len(items["1.3"]["scenarios"]) == 4
    assert len(items["2.2"]["scenarios"]) == 3
    assert items["1.1"]["properties"] == []
    assert items["1.1"]["key"]
    rules = {rule["id"]: rule for rule in told["rules"]}
    assert len(rules) == 32
    assert rules["S32"] == {"id": "S32", "scenarios": [], "properties": []}
    assert len(rules["S07"]["scenarios"]) == 6


def test_property_tests_stand_there_too(suite: Suite) -> None:
    suite.write(
        "properties/test_one.py",
        'import pytest\n\n@pytest.mark.proves("S15", "1.2")\ndef test_one(): raise RuntimeError("never run")\n',
    )
    told = json.loads(suite.bothways("trace", CHECKLIST, "--format", "json").out)
    assert told["items"][1]["properties"] == ["properties/test_one.py::test_one"]
    assert told["rules"][14]["properties"] == ["properties/test_one.py::test_one"]


def test_csv_has_a_line_for_each_pair_and_one_for_what_has_nothing(suite: Suite) -> None:
    ended = suite.bothways("trace", CHECKLIST, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(ended.out)))
    shelf = [row for row in rows if row["id"] == "1.3.2"]
    assert [row["name"] for row in shelf] == ["An edit of shelf crosses", "An edit of place crosses"]
    assert {row["kind"] for row in shelf} == {"scenario"}
    [nothing] = [row for row in rows if row["id"] == "S32"]
    assert nothing == {"id": "S32", "key": "", "kind": "", "evidence": "", "name": ""}


def test_a_person_reads_names(suite: Suite) -> None:
    ended = suite.bothways("trace", CHECKLIST)
    assert "1.1    A new Book gets an Entry  1_book_to_entry.feature:4" in ended.out
    assert "S32    nothing" in ended.out

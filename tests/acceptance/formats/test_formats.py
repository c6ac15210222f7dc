"""Other tools read what we write, and none of them is told that something holds which we don't know."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cucumber_messages
import jsonschema
import pytest
from cucumber_messages.json_converter import (
    JsonDataclassConverter,
)

from bothways.acceptance.conclude import Conclusion
from bothways.acceptance.formats import ctrf, cucumber, messages
from bothways.acceptance.formats.github import announce, workflow_commands
from bothways.acceptance.formats.markdown import code, text, to_markdown
from bothways.acceptance.project import Project
from bothways.acceptance.waivers import read as read_waivers
from bothways.errors import InputError
from tests.acceptance.browser import npm_package
from tests.acceptance.recorded import concluded, failed, passed, turned, unproven

GREEN = {"passed"}


@pytest.fixture
def mixed(library: Project) -> Conclusion:
    """A run with a failure (1.1), a scenario that compared nothing (2.1) and a waiver (1.3.1)."""
    records = turned(turned(turned(passed(library), "1.1", failed), "2.1", unproven), "1.3.1", failed)
    key = next(item.key for item in library.items if item.id == "1.3.1")
    entry = f"{{item: {key}, reason: Known, approver: Ada, expires: 2027-01-01}}"
    (library.root / "waivers.yaml").write_text(f"waivers:\n- {entry}\n", encoding="utf-8")
    return concluded(library, records, read_waivers(Path("waivers.yaml"), library.root))


def told_messages(conclusion: Conclusion) -> list[dict[str, Any]]:
    return [json.loads(line) for line in messages.to_ndjson(conclusion).splitlines()]


def test_each_message_is_one_of_the_protocol_and_none_loses_a_word_in_it(mixed: Conclusion) -> None:
    converter = JsonDataclassConverter(module_scope=cucumber_messages)
    for message in told_messages(mixed):
        envelope = converter.from_dict(message, cucumber_messages.Envelope)
        assert converter.to_dict(envelope) == message


def test_messages_refer_to_what_was_told_before(mixed: Conclusion) -> None:
    known: set[str] = set()
    for message in told_messages(mixed):
        ((kind, body),) = message.items()
        if kind == "pickle":
            known |= {body["id"], *(step["id"] for step in body["steps"])}
        elif kind == "testCase":
            assert body["pickleId"] in known
            assert {step["pickleStepId"] for step in body["testSteps"] if "pickleStepId" in step} <= known
            known |= {body["id"], *(step["id"] for step in body["testSteps"])}
        elif kind == "testCaseStarted":
            assert body["testCaseId"] in known
            known.add(body["id"])
        elif kind in ("testStepStarted", "testStepFinished", "attachment"):
            assert {body["testStepId"], body["testCaseStartedId"]} <= known
        elif kind == "testCaseFinished":
            assert body["testCaseStartedId"] in known
    assert len(known) > 50


def test_every_scenario_has_its_verdict_in_messages(mixed: Conclusion) -> None:
    told = told_messages(mixed)
    cases = {message["testCase"]["id"]: message["testCase"] for message in told if "testCase" in message}
    pickles = {message["pickle"]["id"]: message["pickle"] for message in told if "pickle" in message}
    ends = {
        message["testStepFinished"]["testStepId"]: message["testStepFinished"]["testStepResult"]
        for message in told
        if "testStepFinished" in message
    }
    seen = {}
    for case in cases.values():
        pickle = pickles[case["pickleId"]]
        seen[f"{pickle['uri']}:{pickle['location']['line']}"] = ends[case["testSteps"][-1]["id"]]["status"]
    expected = {"PASS": "PASSED", "FAIL": "FAILED", "UNPROVEN": "UNDEFINED"}
    assert seen == {record.id: expected[record.verdict] for record in mixed.run.records}
    assert told[-1]["testRunFinished"]["success"] is False


def test_cucumber_json_is_green_only_where_the_evidence_is_proof(mixed: Conclusion) -> None:
    elements = {
        f"{feature['uri']}:{element['line']}": element
        for feature in json.loads(cucumber.to_json(mixed))
        for element in feature["elements"]
    }
    assert set(elements) == {record.id for record in mixed.run.records}
    for record in mixed.run.records:
        statuses = {step["result"]["status"] for step in elements[record.id]["steps"]}
        assert (statuses == GREEN) is (record.verdict == "PASS"), record.id
        assert {f"@{tag}" for tag in record.tags} <= {tag["name"] for tag in elements[record.id]["tags"]}


def test_ids_of_other_tools_become_tags(library: Project) -> None:
    key = next(item.key for item in library.items if item.id == "1.3.2")
    (library.root / "ids.yaml").write_text(f"{key}: ['@PROJ-1', '@TestCaseKey=P-T1']\n", encoding="utf-8")
    tagged = {
        element["name"]
        for feature in json.loads(cucumber.to_json(concluded(library)))
        for element in feature["elements"]
        if {"@PROJ-1", "@TestCaseKey=P-T1"} <= {tag["name"] for tag in element["tags"]}
    }
    assert tagged == {"An edit of shelf crosses", "An edit of place crosses"}


@pytest.mark.parametrize("entry", ["'1.1': '@A'", "aaaaaaaaaaaa: PROJ-1", "- a"])
def test_ids_with_a_mistake_are_refused(tmp_path: Path, entry: str) -> None:
    (tmp_path / "ids.yaml").write_text(f"{entry}\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"ids\.yaml:1"):
        cucumber.ids(tmp_path)


def test_ctrf_has_a_test_for_each_item_and_passes_over_none_that_was_not_verified(mixed: Conclusion) -> None:
    told = json.loads(ctrf.to_json(mixed))
    statuses = {
        test["extra"]["item"]: (test["status"], test["rawStatus"]) for test in told["results"]["tests"]
    }
    assert statuses["1.1"] == ("failed", "FAIL")
    assert statuses["2.1"] == ("failed", "UNPROVEN")
    assert statuses["1.3.1"] == ("skipped", "WAIVED")
    assert statuses["2.2"] == ("passed", "PASS")
    assert told["results"]["summary"]["tests"] == len(mixed.judgements)


def test_ctrf_fits_its_schema(mixed: Conclusion) -> None:
    schema = npm_package("ctrf") / "dist" / "ctrf-schema-0.0.json"
    jsonschema.validate(json.loads(ctrf.to_json(mixed)), json.loads(schema.read_text(encoding="utf-8")))


def test_an_annotation_stands_at_the_line_that_broke(mixed: Conclusion) -> None:
    record = next(record for record in mixed.run.records if "1.1" in record.tags)
    lines = list(workflow_commands(mixed))
    assert (
        f"::error file={record.file},line={record.steps[-1].line},title={record.name}::{record.reason}"
        in lines
    )
    assert sum(line.startswith("::warning") for line in lines) == 1


def test_no_text_becomes_a_workflow_command(library: Project) -> None:
    hostile = {"name": "a, line=9::b\n::error::x", "reason": "50%\r\n::set-output name=a::b"}
    records = turned(passed(library), "1.1", lambda record: failed(record).model_copy(update=hostile))
    (line,) = workflow_commands(concluded(library, records))
    assert "\n" not in line
    assert line.count("::") == 2 + line.partition("::50%25")[2].count("::")
    assert ",title=a%2C line=9%3A%3Ab%0A%3A%3Aerror%3A%3Ax::50%25" in line


def test_the_summary_goes_to_the_job_and_only_inside_one(mixed: Conclusion, tmp_path: Path) -> None:
    place = tmp_path / "summary"
    assert not list(announce(mixed, "# told", {}))
    assert list(announce(mixed, "# told", {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(place)}))
    assert place.read_text(encoding="utf-8") == "# told"


def test_markdown_tells_the_verdict_and_what_stands_against_it(mixed: Conclusion) -> None:
    told = to_markdown(mixed)
    assert told.startswith("## ✕ Rejected: Library to Kiosk")
    assert "- **Failed** 1.1 A new Book gets an Entry" in told
    assert "- **Not verified** 2.1" in told
    assert "- **Excepted** 1.3.1 until 2027-01-01 by Ada" in told
    assert "| 2 | 3 | 4 | 1 |" in told


def test_markdown_means_nothing_that_it_was_given() -> None:
    assert text("<b> [a](b) @ada\n# x | y `z` \x1b") == r"\<b\> \[a\]\(b\) \@ada \# x \| y \`z\` ␛"
    assert code("a `b` c") == "`` a `b` c ``"

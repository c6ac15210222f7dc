"""The gate is strict, says of each rule whether it was kept, and ends with the exit code that says so."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bothways.acceptance import gate
from bothways.acceptance.project import Project
from bothways.acceptance.record import Kind
from bothways.acceptance.report.changes import read_result
from bothways.acceptance.result import Result
from bothways.acceptance.verdict import Verdict
from bothways.errors import InputError
from tests.acceptance.recorded import concluded, failed, passed, turned
from tests.acceptance.suite import Suite

TODAY = date(2026, 3, 2)
CALIBRATION: dict[str, Any] = {
    "suite_sha256": "0" * 64,
    "clean": {"seeds": 5, "alarms": 0},
    "measured": "2026-03-01",
    "faults": [{"id": "F01", "live": True, "reason": "", "noticed": True, "by": ["1.1"], "seconds": 1}],
}
LENIENT = {"limitations": ("badge",), "assumptions": ("2.3.1", "2.3.2")}


@pytest.fixture
def sound(library: Project) -> Result:
    """A result that keeps every rule, as long as its limitation and its assumptions are allowed."""
    return concluded(library).result.model_copy(update={"calibration": CALIBRATION})


def broken(result: Result, **rules: Any) -> list[str]:
    """The rules that a result breaks."""
    chosen = gate.Rules.model_validate(LENIENT | rules)
    return [ruling.rule for ruling in gate.judge(result, chosen, TODAY) if not ruling.kept]


def test_a_sound_result_keeps_every_rule(sound: Result) -> None:
    assert broken(sound) == []
    assert len(gate.judge(sound, gate.Rules.model_validate(LENIENT), TODAY)) == 10


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ({"limitations": []}, ["limitations"]),
        ({"assumptions": ["2.3.1"]}, ["assumptions"]),
        ({"limitations": ["*"], "assumptions": ["*"]}, []),
        ({"evidence": 2}, ["evidence, 2 or more"]),
        ({"minutes": 0.05}, ["duration, 0.05 min at most"]),
        ({"minutes": 1}, []),
        ({"calibration": {"days": 0}}, ["calibration age, 0 days at most"]),
        ({"calibration": False}, []),
    ],
)
def test_each_rule_can_be_broken(sound: Result, rules: dict[str, Any], expected: list[str]) -> None:
    assert broken(sound, **rules) == expected


def _uncalibrated(result: Result) -> Result:
    return result.model_copy(update={"calibration": None})


def _blind(result: Result) -> Result:
    faults = [CALIBRATION["faults"][0] | {"noticed": False}]
    return result.model_copy(update={"calibration": CALIBRATION | {"faults": faults}})


def _nervous(result: Result) -> Result:
    return result.model_copy(update={"calibration": CALIBRATION | {"clean": {"seeds": 5, "alarms": 1}}})


def _out_of_date(result: Result) -> Result:
    return result.model_copy(update={"calibration": CALIBRATION | {"stale": True}})


def _partial(result: Result) -> Result:
    return result.model_copy(update={"run": result.run.model_copy(update={"only": ["1.1"]})})


def _by_hand(result: Result) -> Result:
    return _evidence(result, {"kind": Kind.MANUAL})


def _unstable(result: Result) -> Result:
    return _evidence(result, {"verdict": Verdict.FLAKY})


def _evidence(result: Result, update: dict[str, Any]) -> Result:
    item = result.items[0]
    spoilt = item.model_copy(update={"evidence": [item.evidence[0].model_copy(update=update)]})
    return result.model_copy(update={"items": [spoilt, *result.items[1:]]})


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (_uncalibrated, ["calibration"]),
        (_blind, ["calibration score"]),
        (_nervous, ["calibration score"]),
        (_out_of_date, ["calibration age"]),
        (_partial, ["whole run"]),
        (_by_hand, ["manual evidence"]),
        (_unstable, ["evidence, 1 or more", "flaky, 0 at most"]),
    ],
)
def test_each_fault_of_a_result_is_seen(
    sound: Result, spoil: Callable[[Result], Result], expected: list[str]
) -> None:
    assert broken(spoil(sound)) == expected


def test_a_failure_is_new_unless_the_baseline_has_it(library: Project, sound: Result, tmp_path: Path) -> None:
    rejected = concluded(library, turned(passed(library), "1.1", failed)).result.model_copy(
        update={"calibration": CALIBRATION}
    )
    baseline = tmp_path / "before.json"
    baseline.write_text(rejected.to_json(), encoding="utf-8")
    known = {"known_failures": True, "baseline": baseline}
    lenient_on_evidence = [rule for rule in broken(rejected, **known) if not rule.startswith("evidence")]
    assert lenient_on_evidence == []
    assert broken(rejected) == ["verdict", "evidence, 1 or more", "failures"]
    baseline.write_text(sound.to_json(), encoding="utf-8")
    assert "new failures" in broken(rejected, **known)


def test_the_command_prints_each_rule_and_ends_with_its_code(suite: Suite, sound: Result) -> None:
    suite.write("result.json", sound.model_copy(update={"calibration": None}).to_json())
    suite.write("gate.yaml", "limitations: [badge]\nassumptions: ['*']\ncalibration: off\n")
    strict, allowed = (
        suite.bothways("gate", "result.json"),
        suite.bothways("gate", "result.json", "--rules", "gate.yaml"),
    )
    assert (strict.code, allowed.code) == (1, 0)
    assert "BROKEN  limitations: not allowed: badge" in strict.out
    assert "BROKEN" not in allowed.out
    assert allowed.out.count("kept") == 8


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ("flaky: -1\n", "gate.yaml:1: flaky"),
        ("evidence: 1\nlimit: []\n", "gate.yaml:2: limit"),
        ("baseline: none.json\n", "none.json: can't read the result"),
    ],
)
def test_mistakes_are_one_line_and_code_3(suite: Suite, sound: Result, rules: str, message: str) -> None:
    suite.write("result.json", sound.to_json())
    suite.write("gate.yaml", rules)
    ended = suite.bothways("gate", "result.json", "--rules", "gate.yaml")
    assert ended.code == 3
    assert message in ended.err
    assert len(ended.err.splitlines()) == 1


def test_a_result_that_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    path.write_text(json.dumps({"schema": 1}), encoding="utf-8")
    with pytest.raises(InputError, match="not a result of a run: verdict"):
        read_result(path)

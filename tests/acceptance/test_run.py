"""`bothways run`, from a checklist to verdicts, an exit code and `result.json`."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest

from bothways.acceptance import apart
from bothways.acceptance.result import json_schema
from tests.acceptance.suite import BOOKS, CHECKLIST, ENGINE, STEPS, Suite, environment

FEATURE = "features/library_kiosk/3_more.feature"


def test_a_sound_suite_is_accepted(suite: Suite) -> None:
    ended = suite.run()
    assert ended.code == 0, ended.out
    assert set(ended.verdicts().values()) == {"PASS"}
    assert list(ended.verdicts()) == [
        "1.1",
        "1.2",
        "1.3",
        "1.3.1",
        "1.3.2",
        "2.1",
        "2.2",
        "2.3",
        "2.3.1",
        "2.3.2",
    ]
    assert "ACCEPTED · 1 known limitation · 2 assumed rows · 0 waived" in ended.out
    assert suite.pytest().code == 0


def test_a_person_sees_no_pytest_and_nothing_wider_than_the_screen(suite: Suite) -> None:
    ended = suite.outside("bothways", "run", CHECKLIST, "--engine", ENGINE)
    assert ended.code == 0, ended.err
    assert ended.err == "Running 9 scenarios and property tests\n"
    assert "test session" not in ended.out + ended.err
    assert "9 scenarios and property tests passed, in " in ended.out
    assert max(map(len, ended.out.splitlines())) <= 80
    assert "\x1b" not in ended.out


def test_the_result_is_as_its_schema_says(suite: Suite) -> None:
    shipped = json.loads(files("bothways").joinpath("schemas/result.schema.json").read_text(encoding="utf-8"))
    assert shipped == json_schema(), (
        "result.json has changed: write bothways.acceptance.result.json_schema() anew"
    )
    suite.replace("clerk.py", "if left != self.seen[known] and", "if False and")
    result = suite.run("--seed", "7").result
    jsonschema.validate(result, shipped)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(result | {"verdict": "FINE"}, shipped)
    assert result["run"]["seed"] == 7
    assert result["checklist"]["source_system"] == "Library"
    assert [system["name"] for system in result["environment"]["systems"]] == ["Library", "Kiosk"]
    assert {"conftest.py", "steps/library.py", BOOKS} <= {each["path"] for each in result["inputs"]}


def test_a_behaviour_that_breaks_is_rejected_and_the_item_named(suite: Suite) -> None:
    suite.replace("clerk.py", "elif right != self.seen[known]:", "elif False:")
    ended = suite.run("--seed", "3")
    assert ended.code == 1
    assert ended.item("1.2")["verdict"] == "FAIL"
    assert ended.item("1.3.1")["verdict"] == "FAIL"
    assert ended.item("1.3")["reason"].startswith("An edit of heading crosses: heading on the other side")
    assert ended.item("1.1")["verdict"] == "PASS"
    assert ended.item("2.3.2")["verdict"] == "PASS"
    failure = next(each for each in ended.result["failures"] if each["item"] == "1.3.1")
    assert failure["step"] == 'the other side shows heading "Emma Glad"'
    assert (failure["expected"], failure["seen"]) == ("Emma Glad", "Emma")
    assert failure["command"] == f"bothways run {CHECKLIST} --only 1.3.1 --engine {ENGINE} --seed 3"
    assert "FAIL    item 1.3.1: An edit of heading crosses" in ended.out
    assert failure["command"] in ended.out
    again = suite.bothways(*failure["command"].split()[1:])
    assert again.item("1.3.1")["verdict"] == "FAIL"


def test_plain_pytest_says_how_to_repeat_a_failure(suite: Suite) -> None:
    suite.replace("clerk.py", "elif right != self.seen[known]:", "elif False:")
    ended = suite.pytest("--seed", "3")
    binding = "features/library_kiosk/test_library_kiosk.py"
    assert f"pytest '{binding}::test_an_edit_of_property_crosses[heading-Emma Glad]' " in ended.out
    assert f"--engine={ENGINE} --seed=3" in ended.out


def test_a_fingerprint_is_the_same_whatever_the_seed(suite: Suite) -> None:
    suite.replace("clerk.py", "elif right != self.seen[known]:", "elif False:")
    fingerprints = [
        [failure["fingerprint"] for failure in suite.run("--seed", seed).result["failures"]] for seed in "12"
    ]
    assert fingerprints[0] == fingerprints[1]
    assert len(set(fingerprints[0])) == len(fingerprints[0]) > 1


@pytest.mark.parametrize(
    ("burst", "told"),
    [
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("raise KeyboardInterrupt", "RuntimeError: it tried to end what it runs in: KeyboardInterrupt"),
    ],
)
def test_an_engines_exception_is_a_failed_step_and_the_run_goes_on(
    suite: Suite, burst: str, told: str
) -> None:
    suite.replace("clerk.py", "fields = {prop", f"{burst}\n        fields = {{prop")
    ended = suite.run()
    assert ended.code == 1
    assert set(ended.verdicts().values()) == {"FAIL"}
    assert f"a cycle ended with an error: {told}" in ended.item("1.1")["reason"]


@pytest.mark.skipif(not apart.POSSIBLE, reason="it runs in our process")
def test_an_engine_that_ends_its_process_is_rejected_with_a_report(suite: Suite) -> None:
    suite.replace("clerk.py", "fields = {prop", "import os; os.kill(os.getpid(), 9)\n        fields = {prop")
    ended = suite.run()
    assert (ended.code, ended.result["verdict"]) == (1, "REJECTED")
    assert "the integration ended the process that it runs in: SIGKILL" in ended.out
    assert (suite.folder / "out/index.html").exists()


def test_an_engine_that_doesnt_start_is_a_failure_too(suite: Suite) -> None:
    suite.replace(
        "clerk.py", "return Clerk(mapping", 'raise ValueError("no licence")\n    return Clerk(mapping'
    )
    ended = suite.run()
    assert "the integration doesn't start: ValueError: no licence" in ended.item("1.1")["reason"]
    assert ended.code == 1


def test_only_the_asked_item_runs_and_the_rest_is_unproven(suite: Suite) -> None:
    ended = suite.run("--only", "1.3.1")
    assert ended.code == 2
    assert ended.item("1.3.1")["verdict"] == "PASS"
    assert len(ended.item("1.3.1")["evidence"]) == 2
    others = {id: verdict for id, verdict in ended.verdicts().items() if id != "1.3.1"}
    assert set(others.values()) == {"UNPROVEN"}
    assert "not asked for (--only)" in ended.item("1.2")["reason"]
    assert ended.result["run"]["only"] == ["1.3.1"]
    assert "The other 9 items are UNPROVEN: they were not asked for." in ended.out


def test_what_proves_only_a_part_of_an_item_that_wasnt_asked_for_proves_nothing(suite: Suite) -> None:
    ended = suite.run("--only", "2.3.2")
    assert ended.item("2.3.2")["verdict"] == "PASS"
    assert ended.item("2.2")["verdict"] == "UNPROVEN"


def test_hostile_text_is_shown_as_text(suite: Suite) -> None:
    suite.add(
        STEPS,
        '\n\n@then(parsers.parse("it shows {what}"))\ndef it(evidence: Evidence, what: str) -> None:\n'
        '    evidence.same(what, "", what)\n',
    )
    suite.write(
        FEATURE,
        "Feature: 3\n  @1.1\n  Scenario: [red]\x1b[31mRed[/red] alert\n    Then it shows [blink]\x1b]0;x\x07\n",
    )
    ended = suite.run()
    assert ended.code == 1
    assert "[red]\ufffd[31mRed[/red] alert" in ended.out
    assert "[blink]\ufffd]0;x\ufffd" in ended.out
    assert not {"\x1b", "\x07"} & set(ended.out)


UNSOUND = {
    "Then nothing is compared": "nothing was compared",
    "Then it is skipped": "skipped: another day",
    "Then nobody has written this step": "no step is defined for 'nobody has written this step'",
    "Then the step itself is wrong": "error in the suite: KeyError: 'missing'",
    "Given an Emma is compared too early": "nothing was compared",
}
UNSOUND_STEPS = """

@given("an Emma is compared too early")
def early(evidence: Evidence) -> None:
    evidence.same(1, 1, "one")


@then("nothing is compared")
def idle(subject: Subject) -> None:
    subject.sync()


@then("it is skipped")
def skipped() -> None:
    import pytest
    pytest.skip("another day")


@then("the step itself is wrong")
def wrong(evidence: Evidence) -> None:
    evidence.same(1, 1, "one")
    {}["missing"]
"""


@pytest.mark.parametrize(("step", "reason"), UNSOUND.items(), ids=UNSOUND.values())
def test_what_isnt_proof_is_unproven_and_fails_plain_pytest(suite: Suite, step: str, reason: str) -> None:
    suite.add(STEPS, UNSOUND_STEPS)
    suite.write(FEATURE, f"Feature: 3\n  @1.1\n  Scenario: Unsound\n    {step}\n")
    ended = suite.run()
    assert ended.code == 2
    assert ended.item("1.1")["verdict"] == "UNPROVEN"
    assert ended.item("1.1")["reason"] == f"Unsound: {reason}"
    assert ended.item("1.2")["verdict"] == "PASS"
    assert suite.pytest().code == pytest.ExitCode.TESTS_FAILED


@pytest.mark.parametrize(("tag", "reason"), [("skip", "skipped: "), ("xfail", "one: expected 1, saw 2")])
def test_a_tag_that_pytest_understands_hides_nothing(suite: Suite, tag: str, reason: str) -> None:
    suite.add(
        STEPS,
        '\n\n@then("one is two")\ndef two(evidence: Evidence) -> None:\n    evidence.same(1, 2, "one")\n',
    )
    suite.write(FEATURE, f"Feature: 3\n  @1.1 @{tag}\n  Scenario: Hidden\n    Then one is two\n")
    ended = suite.run()
    assert ended.item("1.1")["verdict"] == ("UNPROVEN" if tag == "skip" else "FAIL")
    assert reason in ended.item("1.1")["reason"]
    assert suite.pytest().code == pytest.ExitCode.TESTS_FAILED


def test_a_fixture_that_breaks_leaves_items_unproven(suite: Suite) -> None:
    suite.replace(
        "conftest.py", "return simulated(mapping, clock", "return [][0] or simulated(mapping, clock"
    )
    ended = suite.run()
    assert ended.code == 2
    assert "error in the suite: IndexError" in ended.item("1.1")["reason"]


def test_steps_that_cant_be_imported_end_with_one_line(suite: Suite) -> None:
    suite.add(STEPS, "\nimport nowhere_to_be_found\n")
    ended = suite.run()
    assert ended.code == 3
    assert (
        ended.err.splitlines()[-1]
        == "bothways: suite: ModuleNotFoundError: No module named 'nowhere_to_be_found'"
    )


def test_a_binding_that_cant_be_imported_leaves_its_items_unproven_and_is_told(suite: Suite) -> None:
    suite.add("features/library_kiosk/test_library_kiosk.py", "\nimport nowhere_to_be_found\n")
    ended = suite.run()
    assert ended.code == 2
    assert ended.item("1.1")["reason"].startswith(
        "A new Book gets an Entry: no test runs it: bind its folder"
    )
    assert "No module named 'nowhere_to_be_found'" in ended.out
    assert "suite-not-collected" in [finding["code"] for finding in ended.result["findings"]]


def test_pickles_that_pytest_hears_nothing_of_are_unproven_all_the_same(suite: Suite) -> None:
    suite.replace(
        "pyproject.toml", 'bdd_features_base_dir = "features"', 'bdd_features_base_dir = "elsewhere"'
    )
    ended = suite.run()
    assert ended.code == 2
    assert ended.item("1.1")["reason"] == "A new Book gets an Entry: no test runs it"


def test_a_scenario_that_two_tests_run_is_unproven(suite: Suite) -> None:
    suite.write(
        "features/library_kiosk/test_again.py",
        "from pytest_bdd import scenario\n\n\n"
        '@scenario("library_kiosk/1_book_to_entry.feature", "A new Book gets an Entry")\n'
        "def test_again() -> None: ...\n",
    )
    ended = suite.run()
    assert ended.item("1.1")["verdict"] == "UNPROVEN"
    assert "2 tests run it: features/library_kiosk/test_again.py::test_again, " in ended.item("1.1")["reason"]
    assert suite.pytest().code == pytest.ExitCode.TESTS_FAILED


PROPERTY = """
import pytest
from hypothesis import given, strategies as st


@pytest.mark.proves("S15", "1.2")
@given(number=st.integers())
def test_round_trip(evidence, number):
    evidence.same(number, int(str(number)), "a number as text and back")


@pytest.mark.proves("S16")
def test_nothing_is_compared():
    pass


def test_that_is_no_evidence():
    raise RuntimeError("never run by bothways run")
"""


def test_property_tests_are_evidence_where_they_say_of_what(suite: Suite) -> None:
    suite.write("properties/test_numbers.py", PROPERTY)
    suite.write(
        "properties/conftest.py",
        "from hypothesis import HealthCheck, settings\n"
        "settings.register_profile('quick', suppress_health_check=[HealthCheck.function_scoped_fixture])\n",
    )
    ended = suite.run()
    assert ended.code == 0, ended.out
    [property_test] = [each for each in ended.item("1.2")["evidence"] if each["kind"] == "property"]
    assert property_test["verdict"] == "PASS"
    assert property_test["comparisons"] > 10
    rules = {rule["id"]: rule["verdict"] for rule in ended.result["rules"]}
    assert (rules["S15"], rules["S16"], rules["S17"]) == ("PASS", "UNPROVEN", "UNPROVEN")


def test_a_rule_that_this_engine_cant_show_is_not_asked(suite: Suite) -> None:
    rules = {rule["id"]: rule["verdict"] for rule in suite.run().result["rules"]}
    assert rules["S13"] == "NOT_ASKED"
    assert rules["S07"] == "PASS"


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals that Windows doesn't have")
def test_an_interrupted_run_keeps_what_it_saw_and_says_so(suite: Suite, tmp_path: Path) -> None:
    started = tmp_path / "started"
    suite.add(
        STEPS,
        f"""

@then("someone presses Ctrl-C")
def pressed() -> None:
    import pathlib, time
    pathlib.Path({str(started)!r}).touch()
    time.sleep(60)
""",
    )
    suite.write(FEATURE, "Feature: 3\n  @2.1\n  Scenario: Endless\n    Then someone presses Ctrl-C\n")
    with subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "bothways", "run", CHECKLIST, "--engine", ENGINE],
        cwd=suite.folder,
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
    ) as running:
        while not started.exists():
            assert running.poll() is None
            time.sleep(0.05)
        running.send_signal(signal.SIGINT)
        out, _ = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "Interrupted" in out
    result = json.loads((suite.folder / "out/result.json").read_text(encoding="utf-8"))
    assert result["run"]["interrupted"] is True
    assert result["verdict"] == "INCOMPLETE"
    verdicts = {item["id"]: item["verdict"] for item in result["items"]}
    assert (verdicts["1.1"], verdicts["2.1"]) == ("PASS", "UNPROVEN")

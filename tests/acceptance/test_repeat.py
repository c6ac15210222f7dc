"""What passes only sometimes is FLAKY, and hides behind no rerun."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bothways.acceptance.conclude import conclude
from bothways.acceptance.project import Project
from bothways.acceptance.record import Record
from bothways.acceptance.repeat import told_as_one
from bothways.acceptance.run import Run
from bothways.acceptance.verdict import RunVerdict, Verdict
from tests.acceptance.recorded import failed, passed, run_of, turned, unproven


def runs(library: Project, *seen: str) -> list[Run]:
    """A run for each of `seen`, from seed 0: what came of item 1.1's scenario."""
    changes = {"pass": lambda record: record, "fail": failed, "unproven": unproven}
    return [
        run_of(turned(passed(library), "1.1", changes[word]), seed=seed) for seed, word in enumerate(seen)
    ]


def first(run: Run) -> Record:
    return next(record for record in run.records if "1.1" in record.tags)


@pytest.mark.parametrize(
    ("seen", "verdict"),
    [
        (("pass", "pass"), Verdict.PASS),
        (("fail", "fail"), Verdict.FAIL),
        (("pass", "fail"), Verdict.FLAKY),
        (("fail", "pass"), Verdict.FLAKY),
        (("pass", "unproven"), Verdict.UNPROVEN),
        (("unproven", "fail"), Verdict.FAIL),
    ],
)
def test_the_worst_counts(library: Project, seen: tuple[str, ...], verdict: Verdict) -> None:
    assert first(told_as_one(runs(library, *seen))).verdict is verdict


def test_a_flaky_scenario_names_its_seeds_and_rejects(library: Project) -> None:
    result = conclude(library, told_as_one(runs(library, "pass", "pass", "fail"))).result
    item = next(item for item in result.items if item.id == "1.1")
    assert item.verdict is Verdict.FLAKY
    assert "passed with seed 0, 1, failed with seed 2" in item.reason
    assert result.verdict is RunVerdict.REJECTED
    assert [(failure.item, failure.seed) for failure in result.failures] == [("1.1", 2)]
    assert result.failures[0].command.endswith("--seed 2")


def test_a_flaky_row_makes_its_statement_flaky_and_no_later_row_hides_it(library: Project) -> None:
    first_run, second_run = run_of(passed(library)), run_of(turned(passed(library), "1.3.1", failed), seed=1)
    result = conclude(library, told_as_one([first_run, second_run])).result
    verdicts = {item.id: item.verdict for item in result.items}
    assert (verdicts["1.3.1"], verdicts["1.3.2"], verdicts["1.3"]) == (
        Verdict.FLAKY,
        Verdict.PASS,
        Verdict.FLAKY,
    )


def test_an_interruption_and_time_are_told_of_all(library: Project) -> None:
    one, two = runs(library, "pass", "pass")
    told = told_as_one([one, replace(two, interrupted=True)])
    assert told.interrupted
    assert told.seconds == one.seconds + two.seconds

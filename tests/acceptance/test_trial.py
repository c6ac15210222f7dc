"""What a test proves, from what happened in it."""

from __future__ import annotations

import pytest

from bothways.acceptance.record import Kind, Record
from bothways.acceptance.trial import NotAsked, Trial, Unproven
from bothways.acceptance.verdict import Verdict
from bothways.errors import CycleFailed, Strayed


def trial(comparisons: int = 1, defect: str = "") -> Trial:
    """A test that compared so often."""
    begun = Trial(Record(id="f:1", kind=Kind.PROPERTY, name="n", file="f", line=1), defect)
    for _ in range(comparisons):
        begun.evidence.same(1, 1, "one")
    return begun


@pytest.mark.parametrize(
    ("error", "verdict", "reason"),
    [
        (AssertionError("saw 2\nin detail"), Verdict.FAIL, "saw 2"),
        (AssertionError(), Verdict.FAIL, "AssertionError"),
        (CycleFailed("a cycle ended"), Verdict.FAIL, "a cycle ended"),
        (Strayed("to elsewhere"), Verdict.FAIL, "to elsewhere"),
        (pytest.fail.Exception("by hand"), Verdict.FAIL, "by hand"),
        (ExceptionGroup("two bugs", [KeyError("k"), AssertionError("saw 3")]), Verdict.FAIL, "saw 3"),
        (Unproven("no such step"), Verdict.UNPROVEN, "no such step"),
        (NotAsked("a restart"), Verdict.NOT_ASKED, "not asked: a restart"),
        (pytest.skip.Exception("later"), Verdict.UNPROVEN, "skipped: later"),
        (KeyError("k"), Verdict.UNPROVEN, "error in the suite: KeyError: 'k'"),
        (ExceptionGroup("two", [KeyError("k")]), Verdict.UNPROVEN, "error in the suite: KeyError: 'k'"),
    ],
)
def test_what_an_error_proves(error: Exception, verdict: Verdict, reason: str) -> None:
    broken = trial()
    broken.broke(error)
    assert broken.verdict == (verdict, reason)


def test_what_refutes_the_integration_is_kept_whatever_else_broke() -> None:
    late = trial()
    late.broke(KeyError("k"))
    late.broke(AssertionError("saw 2"))
    late.broke(AssertionError("saw 3"))
    late.broke(KeyError("l"))
    assert late.verdict == (Verdict.FAIL, "saw 2")


def test_of_errors_that_refute_nothing_the_first_is_told() -> None:
    twice = trial()
    twice.broke(Unproven("no such step"))
    twice.broke(KeyError("k"))
    assert twice.verdict == (Verdict.UNPROVEN, "no such step")


def test_nothing_compared_proves_nothing_unless_it_could_not_be_asked() -> None:
    assert trial(0).verdict == (Verdict.UNPROVEN, "nothing was compared")
    excused = trial(0)
    excused.evidence.not_asked("S30")
    assert excused.verdict == (Verdict.NOT_ASKED, "not asked: S30")
    half = trial(1)
    half.evidence.not_asked("S30")
    assert half.verdict == (Verdict.PASS, "")


def test_a_defect_of_the_scenario_outweighs_what_it_compared_but_no_failure() -> None:
    doubled = trial(1, "the same name")
    assert doubled.verdict == (Verdict.UNPROVEN, "the same name")
    doubled.broke(AssertionError("saw 2"))
    assert doubled.verdict == (Verdict.FAIL, "saw 2")


def test_a_record_tells_the_comparison_that_failed() -> None:
    failed = trial()
    with pytest.raises(AssertionError) as error:
        failed.evidence.same({"stock": 5}, {"stock": 4}, "the Inventory")
    failed.broke(error.value)
    record = failed.record()
    assert (record.failed_check, record.expected, record.seen) == (
        "the Inventory",
        {"stock": 5},
        {"stock": 4},
    )
    assert record.reason == "the Inventory: expected 5, saw 4 at stock"
    assert record.comparisons == 2
    assert Record.model_validate_json(record.model_dump_json()) == record

"""One test on its way to a record: what pytest and pytest-bdd report of it, and what that proves."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator

import pytest
from pytest_bdd.parser import Step

from bothways.acceptance.evidence import Evidence
from bothways.acceptance.record import Attachment, Kind, Record, Status, StepRecord
from bothways.acceptance.verdict import Verdict
from bothways.errors import IntegrationError

UNHEARD = "to take notifications, where nobody listens for them"
"""Why notifications aren't asked of an integration that only cycles (S28)."""

_REFUTING = (AssertionError, IntegrationError, pytest.fail.Exception)
"""What says that the integration is wrong; any other exception says that a step, a fake or the harness is."""


class Unproven(Exception):
    """The suite itself is not sound here, whatever the integration did."""


class NotAsked(Exception):
    """What comes next can't be asked of this integration from outside."""


class Trial:
    """Collects what happens in one test; `record` tells it as evidence."""

    def __init__(self, blank: Record, defect: str = "") -> None:
        self._record = blank
        self._defect = defect
        self._started = time.perf_counter()
        self._step_started = 0.0
        self._ahead: Iterator[StepRecord] = iter(())
        self._broken: BaseException | None = None
        self.evidence = Evidence()

    def lay_out(self, steps: Iterable[Step]) -> None:
        """The steps that are to come; each counts as skipped until it has run."""
        self._record.steps = [_blank(step) for step in steps]
        self._ahead = iter(self._record.steps)

    def begin(self) -> None:
        """The next step starts."""
        self.evidence.step = next(self._ahead)
        self._step_started = time.perf_counter()

    def end(self, status: Status, error: str = "") -> None:
        """The step that runs has ended."""
        step, self.evidence.step = self.evidence.step, None
        if step is not None:
            step.status, step.error = status, error
            step.seconds = time.perf_counter() - self._step_started

    def broke(self, error: BaseException) -> None:
        """Something ended with an error. The first that refutes the integration is kept, else the first."""
        if self._broken is None or (_refutes(error) and not _refutes(self._broken)):
            self._broken = error

    @property
    def verdict(self) -> tuple[Verdict, str]:
        """What this test proves by now, and why that isn't PASS."""
        if self._broken is not None and _refutes(self._broken):
            return Verdict.FAIL, _told(self._broken)
        if self._defect:
            return Verdict.UNPROVEN, self._defect
        if isinstance(self._broken, NotAsked):
            return Verdict.NOT_ASKED, f"not asked: {self._broken}"
        if self._broken is not None:
            return Verdict.UNPROVEN, _told(self._broken)
        if self.evidence.comparisons:
            return Verdict.PASS, ""
        if self.evidence.excused:
            return Verdict.NOT_ASKED, f"not asked: {self.evidence.excused[0]}"
        return Verdict.UNPROVEN, "nothing was compared"

    def record(self) -> Record:
        """The test as evidence."""
        record, evidence = self._record, self.evidence
        record.verdict, record.reason = self.verdict
        record.comparisons = evidence.comparisons
        record.crossings = evidence.crossings
        record.not_asked = evidence.excused
        record.attachments = evidence.attachments
        record.exercised = evidence.counts
        record.seconds = time.perf_counter() - self._started
        if record.kind is Kind.PROPERTY and (rest := _rest(self._broken)):
            record.attachments.append(Attachment(title="Counter-example", content=rest))
        if record.verdict is Verdict.FAIL and evidence.failed is not None:
            record.failed_check = evidence.failed.what
            record.expected, record.seen = evidence.failed.expected, evidence.failed.actual
        return record


def _blank(step: Step) -> StepRecord:
    return StepRecord(
        keyword=step.keyword,
        type=step.type,
        text=step.name,
        line=step.line_number,
        table=None if step.datatable is None else [list(row) for row in step.datatable.raw()],
        docstring=step.docstring,
    )


def _refutes(error: BaseException) -> bool:
    if isinstance(error, BaseExceptionGroup):
        return any(_refutes(part) for part in error.exceptions)
    return isinstance(error, _REFUTING)


def _rest(error: BaseException | None) -> str:
    """What stands below the first line of what went wrong: of a property test, the history that shows it."""
    return str(error).strip().partition("\n")[2].strip() if isinstance(error, AssertionError) else ""


def _told(error: BaseException) -> str:
    """One line that says what went wrong, to a person who doesn't know the code."""
    if isinstance(error, BaseExceptionGroup):
        return _told(next(filter(_refutes, error.exceptions), error.exceptions[0]))
    first_line = str(error).strip().partition("\n")[0]
    if isinstance(error, pytest.skip.Exception):
        return f"skipped: {first_line}"
    if isinstance(error, (*_REFUTING, Unproven)):
        return first_line or type(error).__name__
    return f"error in the suite: {type(error).__name__}: {first_line}"

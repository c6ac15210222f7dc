"""Runs of the library's checklist that nobody ran: records written by hand, judged and reported like real ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bothways.acceptance import engines, project
from bothways.acceptance.attempts import FIRST, Attempt
from bothways.acceptance.census import Pickle
from bothways.acceptance.conclude import Conclusion, conclude
from bothways.acceptance.project import Project
from bothways.acceptance.record import (
    Attachment,
    Comparison,
    Crossing,
    Kind,
    Record,
    Status,
    StepRecord,
)
from bothways.acceptance.run import Order, Run
from bothways.acceptance.verdict import Verdict
from bothways.acceptance.waivers import NO_WAIVERS, Waivers
from tests.acceptance.suite import CHECKLIST, ENGINE

STARTED = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
TIMELINE: dict[str, Any] = {
    "lanes": {"library": "library", "kiosk": "kiosk"},
    "marks": [
        {"kind": "edit", "system": "library", "text": "a new Library Member"},
        {"kind": "cycle"},
        *(
            {
                "kind": kind,
                "system": system,
                "number": number,
                "at": "2024-10-01T08:00:00+00:00",
                "text": text,
                "status": status,
                "fault": fault,
                "committed": True,
                **({"body": {"label": "Ada"}} if kind == "write" else {}),
            }
            for number, (kind, system, text, status, fault) in enumerate(
                [
                    ("read", "library", "GET /Member", 200, None),
                    ("read", "library", "GET /Member", 200, None),
                    ("read", "kiosk", "GET /Visitor", 200, None),
                    ("write", "kiosk", "POST /Visitor", None, "drop_after_commit"),
                ],
                start=1,
            )
        ),
        {"kind": "cycle"},
    ],
}


def read(folder: Path) -> Project:
    """The library's project in `folder`."""
    return project.read(folder, Path(CHECKLIST))


def passed(library: Project) -> list[Record]:
    """A record of every scenario, each of which holds."""
    return [_held(pickle, library) for pickle in library.pickles]


def _held(pickle: Pickle, library: Project) -> Record:
    names = {prop.name for flow in library.mapping.flows for prop in flow.properties}
    steps = [_step(number, text) for number, text in enumerate(pickle.steps)]
    steps[-1].comparisons.append(Comparison(what="what is shown", expected="Ada", actual="Ada", held=True))
    return Record(
        id=pickle.id,
        kind=Kind.SCENARIO,
        name=pickle.name,
        file=pickle.file,
        line=pickle.line,
        feature=pickle.feature,
        tags=frozenset(pickle.tags),
        example=pickle.example,
        steps=steps,
        attachments=[Attachment(title="timeline", content=TIMELINE)],
        crossings=[
            Crossing(property=name, direction=way)
            for name in sorted(names)
            for way in ("to_target", "to_source")
        ],
        comparisons=1,
        verdict=Verdict.PASS,
        seconds=0.5,
    )


def _step(number: int, text: str) -> StepRecord:
    keyword = ("Given", "When", "And", "Then", "And")[min(number, 4)]
    kind = "given" if number == 0 else "when" if number < 3 else "then"
    return StepRecord(
        keyword=keyword, type=kind, text=text, line=number + 5, status=Status.PASSED, seconds=0.1
    )


def failed(record: Record, seen: Any = "Ida") -> Record:
    """The same scenario, whose last step saw something else."""
    *before, last = record.steps
    reason = f"what is shown: expected 'Ada', saw {seen!r}"
    broken = Comparison(what="what is shown", expected="Ada", actual=seen, held=False)
    update = {"status": Status.FAILED, "error": reason, "comparisons": [broken]}
    return record.model_copy(
        update={
            "steps": [*before, last.model_copy(update=update)],
            "verdict": Verdict.FAIL,
            "reason": reason,
            "expected": "Ada",
            "seen": seen,
            "failed_check": "what is shown",
        }
    )


def unproven(record: Record) -> Record:
    """The same scenario, which compared nothing."""
    steps = [step.model_copy(update={"comparisons": []}) for step in record.steps]
    update = {"steps": steps, "comparisons": 0, "verdict": Verdict.UNPROVEN, "reason": "nothing was compared"}
    return record.model_copy(update=update)


def turned(records: Sequence[Record], tag: str, change: Callable[[Record], Record]) -> list[Record]:
    """`records`, those with `tag` changed."""
    return [change(record) if tag in record.tags else record for record in records]


def run_of(records: Sequence[Record], seed: int = 0) -> Run:
    """A run that kept these records."""
    return Run(Order(engines.parse(ENGINE), seed), STARTED, list(records), seconds=6.0)


def concluded(
    library: Project,
    records: Sequence[Record] | None = None,
    waivers: Waivers = NO_WAIVERS,
    attempt: Attempt = FIRST,
) -> Conclusion:
    """The conclusion of a run that kept `records`, else of one in which everything held."""
    return conclude(library, run_of(passed(library) if records is None else records), waivers, attempt)

"""The first page: what a product owner asks of a sign-off, answered in the order in which it is asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from bothways.acceptance.conclude import Conclusion, unnamed_target
from bothways.acceptance.items import BoundItem, limitations_of
from bothways.acceptance.record import Record
from bothways.acceptance.report import timeline
from bothways.acceptance.report.changes import Changes, compare
from bothways.acceptance.report.imitation import not_imitated
from bothways.acceptance.report.words import counted, listed
from bothways.acceptance.result import Failure, Result
from bothways.acceptance.verdict import Judgement, RunVerdict, Verdict
from bothways.mapping import Basis, Flow, Limitation, System

NEVER_TESTED = (
    "Volume: how many records, and how fast.",
    "Security: credentials, rights and networks.",
    "Cut-over: the first run on data that people have worked with for years.",
)
"""What no run of this harness tests."""
_NOT_YET = "Not to be relied on yet: that"
_TROUBLE = ("S04", "S23", "S24", "S26")
"""The rules behind "nothing is lost or doubled"."""


@dataclass(frozen=True)
class Count:
    """How many requirements have one verdict."""

    verdict: Verdict
    number: int


@dataclass(frozen=True)
class Restriction:
    """A known limitation: of which system, in which sections, and whether a scenario has shown it."""

    id: str
    consequence: str
    reason: str
    system: str
    sections: str
    shown: bool


@dataclass(frozen=True)
class OpenFailure:
    """A failure, the items that it refutes, and what a developer needs to repeat it, by hand or by command."""

    failure: Failure
    items: list[str]
    steps: list[str]
    request: str


@dataclass(frozen=True)
class Untested:
    """What a simulated system doesn't imitate of the real one."""

    system: str
    entries: list[str]


@dataclass(frozen=True)
class Cover:
    """The first page's answers."""

    sentence: str
    dataflow: str
    bound: System | None
    counts: list[Count]
    reliance: list[str]
    restrictions: list[Restriction]
    assumed: list[BoundItem]
    failures: list[OpenFailure]
    exceptions: list[Judgement]
    unverified: list[Judgement]
    untested: list[Untested]
    changes: Changes | None

    never_tested: tuple[str, ...] = NEVER_TESTED


def cover_of(conclusion: Conclusion, baseline: Result | None = None) -> Cover:
    """The first page of a run, compared with `baseline` if there is one."""
    judgements, result = conclusion.judgements, conclusion.result
    checklist = conclusion.project.checklist
    bound = unnamed_target(conclusion.project)
    return Cover(
        sentence=_sentence(result),
        dataflow=f"{checklist.source_system or '(unnamed)'} to "
        f"{checklist.target_system or (bound.bound_to if bound else '(unnamed)')}",
        bound=bound,
        counts=_counts(judgements),
        reliance=list(_reliance(conclusion)),
        restrictions=list(_restrictions(conclusion)),
        assumed=[judgement.item for judgement in judgements if judgement.item.basis is Basis.ASSUMED],
        failures=list(_failures(conclusion)),
        exceptions=[judgement for judgement in judgements if judgement.waiver],
        unverified=[judgement for judgement in judgements if judgement.verdict is Verdict.UNPROVEN],
        untested=list(_untested(conclusion)),
        changes=None if baseline is None else compare(baseline, result),
    )


def _sentence(result: Result) -> str:
    verdicts = [item.verdict for item in result.items]
    every = counted(len(verdicts), "requirement")
    failed = verdicts.count(Verdict.FAIL) + verdicts.count(Verdict.FLAKY)
    match result.verdict:
        case RunVerdict.ACCEPTED:
            return f"All {every} of the checklist were verified." if len(verdicts) > 1 else "It was verified."
        case RunVerdict.ACCEPTED_WITH_EXCEPTIONS:
            waived = verdicts.count(Verdict.WAIVED)
            return f"Of {every}, {len(verdicts) - waived} were verified and {waived} excepted in writing."
        case RunVerdict.REJECTED:
            return f"Of {every}, {failed} failed: the integration doesn't do what the checklist says."
        case RunVerdict.INCOMPLETE:
            missing = verdicts.count(Verdict.UNPROVEN)
            return f"Of {every}, {missing} were not verified. None is known to be wrong; that is not enough."


def _counts(judgements: list[Judgement]) -> list[Count]:
    verdicts = [judgement.verdict for judgement in judgements]
    asked = [Verdict.PASS, Verdict.FAIL, Verdict.UNPROVEN, Verdict.WAIVED]
    if Verdict.FLAKY in verdicts:
        asked.insert(2, Verdict.FLAKY)
    return [Count(verdict, verdicts.count(verdict)) for verdict in asked]


def _reliance(conclusion: Conclusion) -> Iterator[str]:
    """What users can rely on, in three lines: that records arrive, that edits cross, that trouble is survived."""
    yield _verified(
        conclusion,
        ("every", "when", "link_required", "created_if_connected"),
        "New records reach the other system, once each",
    )
    yield _verified(conclusion, ("stays_in_sync",), "Edits cross in both directions, wherever they are made")
    rules = {rule.id: rule.verdict for rule in conclusion.result.rules}
    held = all(rules[rule] is Verdict.PASS for rule in _TROUBLE)
    trouble = "nothing is lost or doubled when answers get lost, rates are limited or the integration crashes"
    yield f"{trouble.capitalize()}: verified." if held else f"{_NOT_YET} {trouble}."


def _verified(conclusion: Conclusion, kinds: tuple[str, ...], claim: str) -> str:
    """`claim`, with the sections that it was verified for."""
    about = [judgement for judgement in conclusion.judgements if judgement.item.kind in kinds]
    held = [judgement.item.section for judgement in about if judgement.verdict is Verdict.PASS]
    if not held:
        return f"{_NOT_YET} {claim[0].lower()}{claim[1:]}."
    if len(held) == len(about):
        return f"{claim}: verified for every section."
    sections = "section" if len(held) == 1 else "sections"
    return f"{claim}, but only in {sections} {listed([str(number) for number in held])}."


def _restrictions(conclusion: Conclusion) -> Iterator[Restriction]:
    systems = conclusion.project.mapping.systems
    for limitation in limitations_of(conclusion.project.mapping):
        flows = [flow for flow in conclusion.project.mapping.flows if limitation in _of_flow(flow)]
        limited = flows[0].target if limitation.side == "source" else flows[0].source
        yield Restriction(
            id=limitation.id,
            consequence=limitation.consequence,
            reason=limitation.reason,
            system=systems[limited.system].bound_to or systems[limited.system].name,
            sections=listed([str(flow.section) for flow in flows]),
            shown=any(
                f"limitation-{limitation.id}" in record.tags and record.verdict is Verdict.PASS
                for record in conclusion.run.records
            ),
        )


def _of_flow(flow: Flow) -> tuple[Limitation, ...]:
    return (*flow.limitations, *(limitation for prop in flow.properties for limitation in prop.limitations))


def _failures(conclusion: Conclusion) -> Iterator[OpenFailure]:
    """Each failed piece of evidence once."""
    records = {record.id: record for record in conclusion.run.records}
    refuted: dict[str, list[Failure]] = {}
    for failure in conclusion.result.failures:
        refuted.setdefault(failure.evidence, []).append(failure)
    for evidence, failures in refuted.items():
        record = records[evidence]
        items = [failure.item for failure in failures if failure.item]
        yield OpenFailure(failures[0], items, list(_steps(record)), timeline.last_write(record))


def _steps(record: Record) -> Iterator[str]:
    """The steps that ran, the failed one last."""
    for step in record.steps:
        yield f"{step.keyword} {step.text}"
        if step.status != "passed":
            return


def _untested(conclusion: Conclusion) -> Iterator[Untested]:
    for system in conclusion.project.mapping.systems.values():
        entries = not_imitated(conclusion.project.root, system.contract)
        yield Untested(system.bound_to or system.name, entries)


def moment(iso: str) -> str:
    """An ISO time as people write it: `24 November 2026, 14:03 UTC`."""
    at = datetime.fromisoformat(iso).astimezone(UTC)
    return f"{at.day} {at:%B %Y, %H:%M} UTC"


def day(iso: str) -> str:
    """An ISO day or time as a day: `24 November 2026`."""
    at = datetime.fromisoformat(iso)
    return f"{at.day} {at:%B %Y}"

"""From what was seen in a run to its result."""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from platform import python_version

from bothways.acceptance import calibration, result, verdict
from bothways.acceptance.attempts import FIRST, Attempt
from bothways.acceptance.by_hand import NOTHING, ByHand
from bothways.acceptance.items import limitations_of
from bothways.acceptance.project import DEFAULT_CHECKLIST, Project, stem
from bothways.acceptance.record import Kind, Record, Status
from bothways.acceptance.redaction import Redaction
from bothways.acceptance.run import Profile, Run
from bothways.acceptance.verdict import RULES, Judgement, RunVerdict, Verdict
from bothways.acceptance.waivers import NO_WAIVERS, Waivers
from bothways.checklist.lint import lint
from bothways.mapping import Basis, Limitation, System

_INPUTS = (
    "conftest.py",
    "constraints.txt",
    "steps/**/*.py",
    "fakes/**/*.*",
    "properties/**/*.*",
    "src/**/*.*",
)
"""What a run's outcome depends on, beside checklist, mapping and features."""
_REFUTED = (Verdict.FAIL, Verdict.FLAKY)
_VERSIONS = ("bothways", "pytest", "pytest-bdd", "hypothesis", "httpx", "respx", "starlette", "SQLAlchemy")


@dataclass(frozen=True)
class Conclusion:
    """A run, judged: all that any report is made from. `redaction` was applied to its records."""

    project: Project
    run: Run
    judgements: list[Judgement]
    result: result.Result
    redaction: Redaction

    @property
    def exit_code(self) -> int:
        """As in the list of exit codes: 130 for an interrupted run, else what the verdict says."""
        return 130 if self.run.interrupted else self.result.verdict.exit_code


def conclude(
    project: Project,
    run: Run,
    waivers: Waivers = NO_WAIVERS,
    attempt: Attempt = FIRST,
    by_hand: ByHand = NOTHING,
) -> Conclusion:
    """Judge a run, and what testers have seen by hand."""
    today = run.started.date()
    run = replace(run, records=[*run.records, *by_hand.records(project.items)])
    redaction = Redaction.of(project.mapping, run.records)
    run = replace(run, records=[redaction.record(record) for record in run.records])
    judgements = verdict.judge(project.items, run.records, waivers.waivers, today)
    overall = verdict.of_run(judgement.verdict for judgement in judgements)
    return Conclusion(
        project,
        run,
        judgements,
        result.Result(
            verdict=overall,
            headline=_headline(project, judgements, overall),
            checklist=_checklist(project),
            run=_run(run, attempt),
            environment=result.Environment(kind="simulated", systems=_systems(project)),
            inputs=[
                result.Input(path=name, sha256=_sha256(project.root / name))
                for name in [*_inputs(project, waivers), *by_hand.inputs]
            ],
            items=[_item(judgement) for judgement in judgements],
            rules=[_rule(rule, run.records) for rule in RULES],
            failures=list(_failures(project, run, judgements)),
            findings=[
                *_findings(project, run),
                *waivers.findings(judgements, today),
                *by_hand.findings(project.items),
            ],
            calibration=calibration.last(project),
        ),
        redaction,
    )


def unnamed_target(project: Project) -> System | None:
    """The system that stands in for a target that the checklist leaves unnamed."""
    if project.checklist.target_system:
        return None
    return next((system for system in project.mapping.systems.values() if system.bound_to), None)


def _headline(project: Project, judgements: Sequence[Judgement], overall: RunVerdict) -> str:
    """The one line that says what the run came to, and under which conditions."""
    target = unnamed_target(project)
    assumed = sum(judgement.item.basis is Basis.ASSUMED for judgement in judgements)
    waived = sum(judgement.verdict is Verdict.WAIVED for judgement in judgements)
    parts = [
        str(overall),
        *([f"the target was unnamed and is bound to {target.bound_to}"] if target else []),
        _counted(len(limitations_of(project.mapping)), "known limitation"),
        _counted(assumed, "assumed row"),
        f"{waived} waived",
    ]
    return " · ".join(parts)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _checklist(project: Project) -> result.ChecklistPart:
    checklist, target = project.checklist, unnamed_target(project)
    return result.ChecklistPart(
        title=checklist.title,
        file=project.checklist_path.as_posix(),
        sha256=_sha256(project.root / project.checklist_path),
        source_system=checklist.source_system,
        target_system=checklist.target_system,
        target_bound_to=target.bound_to if target else "",
    )


def _run(run: Run, attempt: Attempt) -> result.RunPart:
    order = run.order
    return result.RunPart(
        seed=order.seed,
        engine=order.engine.spec,
        reference=order.engine.reference,
        profile=order.profile,
        started=run.started.isoformat(timespec="seconds").replace("+00:00", "Z"),
        seconds=round(run.seconds, 2),
        versions={"python": python_version()} | {name: version(name) for name in _VERSIONS},
        only=list(order.only),
        interrupted=run.interrupted,
        attempt=attempt.number,
        previous_statement=attempt.previous_statement,
    )


def _systems(project: Project) -> list[result.SystemPart]:
    return [
        result.SystemPart(
            name=system.bound_to or system.name, contract=system.contract, compared_with_live=None
        )
        for system in project.mapping.systems.values()
    ]


def _inputs(project: Project, waivers: Waivers) -> Iterator[str]:
    """What the run read, named from the root, each once."""
    features = {pickle.file for pickle in project.pickles}
    waived = [waivers.path.as_posix()] if waivers.waivers else []
    yield from dict.fromkeys(
        [project.checklist_path.as_posix(), project.mapping_path.as_posix(), *waived, *sorted(features)]
    )
    for pattern in _INPUTS:
        for path in sorted(project.root.glob(pattern)):
            if path.is_file() and "__pycache__" not in path.parts and ".egg-info" not in str(path):
                yield path.relative_to(project.root).as_posix()


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _item(judgement: Judgement) -> result.ItemPart:
    item = judgement.item
    return result.ItemPart(
        id=item.id,
        key=item.key,
        kind=item.kind,
        text=item.text,
        line=item.line,
        basis=item.basis,
        verdict=judgement.verdict,
        reason=judgement.reason,
        limitations=[_limitation(limitation) for limitation in item.limitations],
        waiver=_waiver(judgement),
        evidence=[_evidence(record) for record in judgement.evidence],
    )


def _limitation(limitation: Limitation) -> result.LimitationPart:
    return result.LimitationPart.model_validate(limitation.model_dump())


def _waiver(judgement: Judgement) -> result.WaiverPart | None:
    waiver = judgement.waiver
    if waiver is None:
        return None
    return result.WaiverPart(
        reason=waiver.reason,
        approver=waiver.approver,
        expires=waiver.expires.isoformat(),
        workaround=waiver.workaround,
        ticket=waiver.ticket,
        unwaived=judgement.unwaived,
    )


def _evidence(record: Record) -> result.EvidencePart:
    return result.EvidencePart(
        id=record.id,
        kind=record.kind,
        name=record.name,
        location=f"{record.file}:{record.line}",
        verdict=record.verdict,
        comparisons=record.comparisons,
        rules=sorted(record.tags.intersection(RULES)),
        reason=record.reason,
    )


def _rule(rule: str, records: Sequence[Record]) -> result.RulePart:
    of_rule, evidence = verdict.of_rule(rule, records)
    return result.RulePart(id=rule, verdict=of_rule, evidence=[record.id for record in evidence])


def _failures(project: Project, run: Run, judgements: Sequence[Judgement]) -> Iterator[result.Failure]:
    """Each refuted item with each piece of evidence against it; then what refutes a rule alone.

    What speaks against a row is not said again of the statement that lists it.
    """
    blamed: set[str] = set()
    for judgement in judgements:
        for record in judgement.evidence:
            if record.verdict in _REFUTED and not record.tags.intersection(judgement.item.rows):
                blamed.add(record.id)
                yield _failure(project, run, record, judgement)
    for record in run.records:
        if record.verdict in _REFUTED and record.id not in blamed:
            yield _failure(project, run, record, None)


def _failure(project: Project, run: Run, record: Record, judgement: Judgement | None) -> result.Failure:
    step = next((step.text for step in record.steps if step.status is not Status.PASSED), "")
    item = judgement.item if judgement else None
    same = (item.key if item else "", record.file, record.name, step, record.failed_check)
    return result.Failure(
        fingerprint=hashlib.sha256("\0".join(same).encode()).hexdigest()[:16],
        item=item.id if item else None,
        evidence=record.id,
        name=record.name,
        step=step,
        message=record.reason,
        expected=record.expected,
        seen=record.seen,
        seed=run.seeds.get(record.id, run.order.seed),
        command=_command(project, run, record, item.id if item else None),
    )


def _command(project: Project, run: Run, record: Record, item: str | None) -> str:
    """The one command that repeats a failure."""
    if record.kind is Kind.MANUAL:
        return f"by hand, as {record.id} says"
    order = run.order
    parts = ["pytest", record.test] if item is None else ["bothways", "run"]
    if item is not None:
        if project.checklist_path != DEFAULT_CHECKLIST:
            parts.append(str(project.checklist_path))
        parts += ["--only", item]
    elif record.kind is Kind.PROPERTY:
        parts += ["--hypothesis-profile", order.profile]
    if project.mapping_path != Path("mappings") / f"{stem(project.checklist_path)}.yaml":
        parts += ["--mapping", str(project.mapping_path)]
    if not order.engine.reference:
        parts += ["--engine", order.engine.spec]
    if item is not None and order.profile is not Profile.QUICK:
        parts += ["--profile", order.profile]
    return shlex.join([*parts, "--seed", str(run.seeds.get(record.id, order.seed))])


def _findings(project: Project, run: Run) -> Iterator[result.FindingPart]:
    file = project.checklist_path.as_posix()
    for finding in lint(project.checklist):
        yield result.FindingPart(
            code=finding.code,
            severity=finding.severity,
            file=file,
            line=finding.line,
            message=finding.message,
            advice=finding.advice,
        )
    for message in run.broken:
        place, _, what = message.partition(": ")
        yield result.FindingPart(
            code="suite-not-collected",
            severity="error",
            file=place,
            line=None,
            message=what,
            advice="Mend the module; until then its scenarios are UNPROVEN.",
        )

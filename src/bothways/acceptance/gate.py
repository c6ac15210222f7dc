"""The gate: what a pipeline asks of a result beyond its verdict. Strict unless `gate.yaml` says otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

from pydantic import Field

from bothways.acceptance import strict_yaml
from bothways.acceptance.record import Kind
from bothways.acceptance.report.changes import read_result
from bothways.acceptance.report.power import Power
from bothways.acceptance.report.power import of as power_of
from bothways.acceptance.result import ItemPart, Result
from bothways.acceptance.verdict import RunVerdict, Verdict
from bothways.mapping import Basis, Strict

EVERY = "*"


class CalibrationRule(Strict):
    """How well the tests must have been shown to notice faults: the share noticed, and how many days ago."""

    score: float = Field(1.0, ge=0, le=1)
    days: int = Field(30, ge=0)


class Rules(Strict):
    """`gate.yaml`. What isn't said is strict.

    `limitations` are the ids, `assumptions` the ids or keys of items, that are allowed; "*" allows every one.
    `evidence` is how many pieces each item needs at least. `baseline` is the result.json whose failures are known;
    without one, every failure is new. `calibration: off` asks for none. `minutes` is the longest a run may take.
    """

    exceptions: bool = False
    limitations: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    evidence: int = Field(1, ge=1)
    baseline: Path | None = None
    known_failures: bool = False
    flaky: int = Field(0, ge=0)
    manual: bool = False
    calibration: CalibrationRule | Literal[False] = CalibrationRule()
    minutes: float | None = Field(None, gt=0)


@dataclass(frozen=True)
class Ruling:
    """One rule of the gate: whether it was kept, and what it was judged by."""

    rule: str
    kept: bool
    seen: str


def read(path: Path | None) -> Rules:
    """The rules in `path`, the strict ones for None; a baseline is named from the file's own folder.

    Raises `InputError`.
    """
    if path is None:
        return Rules()
    rules, _ = strict_yaml.read(path, Rules)
    if rules.baseline is None:
        return rules
    return rules.model_copy(update={"baseline": path.parent / rules.baseline})


def judge(result: Result, rules: Rules, today: date) -> list[Ruling]:
    """Every rule, kept or broken. Raises `InputError` for a baseline that can't be read."""
    baseline = read_result(rules.baseline) if rules.baseline else None
    return [
        _verdict(result, rules),
        _whole(result),
        _limitations(result, rules),
        _assumptions(result, rules),
        _evidence(result, rules),
        _failures(result, baseline, rules),
        _flaky(result, rules),
        _manual(result, rules),
        *_calibration(power_of(result), rules, today),
        *_duration(result, rules),
    ]


def _verdict(result: Result, rules: Rules) -> Ruling:
    allowed = {RunVerdict.ACCEPTED}
    if rules.exceptions:
        allowed.add(RunVerdict.ACCEPTED_WITH_EXCEPTIONS)
    if rules.known_failures:
        allowed |= {RunVerdict.ACCEPTED_WITH_EXCEPTIONS, RunVerdict.REJECTED}
    return Ruling("verdict", result.verdict in allowed, str(result.verdict))


def _whole(result: Result) -> Ruling:
    left_out = "interrupted" if result.run.interrupted else "--only" if result.run.only else ""
    return Ruling("whole run", not left_out, left_out or "everything was run")


def _limitations(result: Result, rules: Rules) -> Ruling:
    declared = {limitation.id for item in result.items for limitation in item.limitations}
    return _allowed("limitations", sorted(declared), rules.limitations)


def _assumptions(result: Result, rules: Rules) -> Ruling:
    assumed = [
        item.id
        for item in result.items
        if item.basis is Basis.ASSUMED and not {item.id, item.key}.intersection(rules.assumptions)
    ]
    return _allowed("assumptions", assumed, rules.assumptions)


def _allowed(rule: str, found: list[str], allowed: tuple[str, ...]) -> Ruling:
    over = [] if EVERY in allowed else [name for name in found if name not in allowed]
    return Ruling(rule, not over, f"not allowed: {', '.join(over)}" if over else "none that isn't allowed")


def _evidence(result: Result, rules: Rules) -> Ruling:
    short = [item.id for item in result.items if _proofs(item) < rules.evidence]
    return Ruling(
        f"evidence, {rules.evidence} or more", not short, f"less: {', '.join(short)}" if short else "all"
    )


def _proofs(item: ItemPart) -> int:
    return sum(evidence.verdict is Verdict.PASS for evidence in item.evidence)


def _failures(result: Result, baseline: Result | None, rules: Rules) -> Ruling:
    known = {failure.fingerprint for failure in baseline.failures} if baseline else set()
    new = sorted({failure.fingerprint for failure in result.failures} - known)
    if rules.known_failures:
        return Ruling("new failures", not new, f"{len(new)} new: {', '.join(new)}" if new else "none")
    every = sorted({failure.fingerprint for failure in result.failures})
    seen = f"{len(every)}, {len(new)} of them new: {', '.join(every)}" if every else "none"
    return Ruling("failures", not every, seen)


def _flaky(result: Result, rules: Rules) -> Ruling:
    flaky = {
        evidence.id
        for item in result.items
        for evidence in item.evidence
        if evidence.verdict is Verdict.FLAKY
    }
    return Ruling(
        f"flaky, {rules.flaky} at most", len(flaky) <= rules.flaky, ", ".join(sorted(flaky)) or "none"
    )


def _manual(result: Result, rules: Rules) -> Ruling:
    manual = [
        item.id for item in result.items if any(evidence.kind is Kind.MANUAL for evidence in item.evidence)
    ]
    return Ruling("manual evidence", rules.manual or not manual, ", ".join(manual) or "none")


def _calibration(power: Power | None, rules: Rules, today: date) -> Iterator[Ruling]:
    if rules.calibration is False:
        return
    if power is None or not power.live:
        yield Ruling("calibration", False, "nobody has shown that the tests notice faults")
        return
    score = power.noticed / power.live
    seen = f"{power.noticed} of {power.live} noticed, {power.alarms} false alarms"
    yield Ruling("calibration score", score >= rules.calibration.score and not power.alarms, seen)
    if power.stale or not power.measured:
        why = "the suite has changed since" if power.stale else "it has no date"
        yield Ruling("calibration age", False, why)
        return
    days = (today - datetime.fromisoformat(power.measured).date()).days
    yield Ruling(
        f"calibration age, {rules.calibration.days} days at most",
        0 <= days <= rules.calibration.days,
        f"{days} days",
    )


def _duration(result: Result, rules: Rules) -> Iterator[Ruling]:
    if rules.minutes is not None:
        minutes = result.run.seconds / 60
        yield Ruling(
            f"duration, {rules.minutes:g} min at most", minutes <= rules.minutes, f"{minutes:.1f} min"
        )


def today() -> date:
    """The present day, UTC."""
    return datetime.now(UTC).date()

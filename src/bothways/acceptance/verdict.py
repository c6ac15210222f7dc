"""The algebra of verdicts. Pure: records and items in, verdicts out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bothways.acceptance.items import BoundItem
    from bothways.acceptance.record import Record

RULES = tuple(f"S{number:02}" for number in range(1, 33))
ITEM_TAG = re.compile(r"\d+(\.\d+)*")
RULE_TAG = re.compile(r"S\d+")
LIMITATION_PREFIX = "limitation-"


class Verdict(StrEnum):
    """What is known of an item, a rule, or one piece of evidence."""

    PASS = "PASS"  # noqa: S105 - a verdict, no password
    FAIL = "FAIL"
    FLAKY = "FLAKY"
    UNPROVEN = "UNPROVEN"
    WAIVED = "WAIVED"
    NOT_ASKED = "NOT_ASKED"


class RunVerdict(StrEnum):
    """What the items of a run come to, with the exit code that says so."""

    ACCEPTED = "ACCEPTED"
    ACCEPTED_WITH_EXCEPTIONS = "ACCEPTED_WITH_EXCEPTIONS"
    REJECTED = "REJECTED"
    INCOMPLETE = "INCOMPLETE"

    @property
    def exit_code(self) -> int:
        """0 accepted, 1 rejected, 2 incomplete."""
        return {RunVerdict.REJECTED: 1, RunVerdict.INCOMPLETE: 2}.get(self, 0)


_WAY = {"to_target": "from the source to the target", "to_source": "from the target to the source"}
_WORST_FIRST = (Verdict.FAIL, Verdict.UNPROVEN, Verdict.WAIVED, Verdict.PASS)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The worst of `verdicts`: FAIL, UNPROVEN, WAIVED, PASS; of nothing: UNPROVEN.

    FLAKY counts as FAIL, and NOT_ASKED weighs nothing.
    """
    weighed = {Verdict.FAIL if verdict is Verdict.FLAKY else verdict for verdict in verdicts}
    return next((verdict for verdict in _WORST_FIRST if verdict in weighed), Verdict.UNPROVEN)


@dataclass(frozen=True)
class Waiver:
    """A FAIL or UNPROVEN that a person has accepted in writing, up to and with the day `expires`."""

    key: str
    reason: str
    approver: str
    expires: date
    workaround: str = ""
    ticket: str = ""


@dataclass(frozen=True)
class Judgement:
    """An item's verdict, why it isn't PASS, and the evidence it stands on.

    `unwaived` is the verdict that it would have without its waiver.
    """

    item: BoundItem
    verdict: Verdict
    reason: str
    evidence: tuple[Record, ...]
    unwaived: Verdict
    waiver: Waiver | None = None


def judge(
    items: Sequence[BoundItem], records: Sequence[Record], waivers: Sequence[Waiver], today: date
) -> list[Judgement]:
    """A judgement for each of `items`, in their order. A waiver fits by key; an expired one has no effect."""
    valid = {waiver.key: waiver for waiver in waivers if waiver.expires >= today}
    judgements: dict[str, Judgement] = {}
    for item in sorted(items, key=lambda item: len(item.rows)):  # rows before the statement that lists them
        rows = [judgements[row] for row in item.rows]
        judgements[item.id] = _waive(_judge(item, rows, records), valid.get(item.key))
    return [judgements[item.id] for item in items]


def _judge(item: BoundItem, rows: Sequence[Judgement], records: Sequence[Record]) -> Judgement:
    evidence = tuple(record for record in records if item.tags & record.tags)
    verdict, reason = _of_evidence(evidence)
    if verdict is Verdict.PASS and (missing := _missing(item, evidence)):
        verdict, reason = Verdict.UNPROVEN, missing
    for row in rows:
        if worst((verdict, row.unwaived)) is not worst((verdict,)):
            verdict, reason = row.unwaived, f"row {row.item.id}: {row.reason}"
    return Judgement(item, verdict, reason, evidence, unwaived=verdict)


def _of_evidence(evidence: Sequence[Record]) -> tuple[Verdict, str]:
    verdict = worst(record.verdict for record in evidence)
    if verdict is Verdict.PASS:
        return verdict, ""
    asked = [record for record in evidence if record.verdict is not Verdict.NOT_ASKED]
    faults = [record for record in asked if worst((record.verdict,)) is verdict]
    if faults:
        steady = [record for record in faults if record.verdict is not Verdict.FLAKY]
        first = (steady or faults)[0]
        return first.verdict, f"{first.name}: {first.reason}"
    return verdict, "no scenario" if not evidence else "no evidence that could be asked for"


def _missing(item: BoundItem, evidence: Sequence[Record]) -> str:
    """What an item with known limitations still lacks, "" for nothing."""
    if not item.limitations:
        return ""
    passed = [record for record in evidence if record.verdict is Verdict.PASS]
    for limitation in item.limitations:
        if not any(LIMITATION_PREFIX + limitation.id in record.tags for record in passed):
            return f"no scenario shows the known limitation {limitation.id}"
    crossed = {(crossing.property, crossing.direction) for record in passed for crossing in record.crossings}
    for direction in sorted(item.directions):
        if not any((name, direction) in crossed for name in item.properties):
            return f"nothing was seen to cross {_WAY[direction]}"
    return ""


def _waive(judgement: Judgement, waiver: Waiver | None) -> Judgement:
    if waiver is None or judgement.verdict is Verdict.PASS:
        return judgement
    item, reason, evidence = judgement.item, judgement.reason, judgement.evidence
    return Judgement(item, Verdict.WAIVED, reason, evidence, judgement.unwaived, waiver)


def of_run(verdicts: Iterable[Verdict]) -> RunVerdict:
    """What the verdicts of all items come to."""
    return {
        Verdict.FAIL: RunVerdict.REJECTED,
        Verdict.UNPROVEN: RunVerdict.INCOMPLETE,
        Verdict.WAIVED: RunVerdict.ACCEPTED_WITH_EXCEPTIONS,
        Verdict.PASS: RunVerdict.ACCEPTED,
    }[worst(verdicts)]


def of_rule(rule: str, records: Iterable[Record]) -> tuple[Verdict, list[Record]]:
    """A rule's verdict and evidence. Rules weigh nothing in a run's verdict."""
    evidence = [record for record in records if rule in record.tags]
    verdicts = [Verdict.NOT_ASKED if rule in record.not_asked else record.verdict for record in evidence]
    if verdicts and all(verdict is Verdict.NOT_ASKED for verdict in verdicts):
        return Verdict.NOT_ASKED, evidence
    return worst(verdicts), evidence

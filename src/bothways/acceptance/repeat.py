"""Several runs with different seeds, told as one: what passes only sometimes is FLAKY, never hidden."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bothways.acceptance.record import Record
from bothways.acceptance.run import Run
from bothways.acceptance.verdict import Verdict, worst


def told_as_one(runs: Sequence[Run]) -> Run:
    """`runs` of the same tests as one run, which has the first one's order.

    A record stands for its worst run. One that passed in one run and failed in another is FLAKY, and says with
    which seeds.
    """
    by_id: dict[str, list[tuple[int, Record]]] = {}
    for run in runs:
        for record in run.records:
            by_id.setdefault(record.id, []).append((run.order.seed, record))
    told = [_told(seen) for seen in by_id.values()]
    return replace(
        runs[0],
        records=[record for _, record in told],
        seeds={record.id: seed for seed, record in told},
        broken=list(dict.fromkeys(message for run in runs for message in run.broken)),
        seconds=sum(run.seconds for run in runs),
        interrupted=any(run.interrupted for run in runs),
    )


def _told(seen: Sequence[tuple[int, Record]]) -> tuple[int, Record]:
    """The worst record and its seed."""
    verdicts = {record.verdict for _, record in seen}
    weight = worst(verdicts)
    seed, chosen = next((seed, record) for seed, record in seen if worst({record.verdict}) is weight)
    if not {Verdict.PASS, Verdict.FAIL} <= verdicts:
        return seed, chosen
    passed, failed = _seeds(seen, Verdict.PASS), _seeds(seen, Verdict.FAIL)
    reason = f"passed with seed {passed}, failed with seed {failed}: {chosen.reason}"
    return seed, chosen.model_copy(update={"verdict": Verdict.FLAKY, "reason": reason})


def _seeds(seen: Sequence[tuple[int, Record]], verdict: Verdict) -> str:
    return ", ".join(str(seed) for seed, record in seen if record.verdict is verdict)

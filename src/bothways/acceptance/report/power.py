"""Whether the tests would notice: what came of engines with one planted fault each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bothways.acceptance.result import Result


@dataclass(frozen=True)
class Power:
    """Of `live` planted faults, how many were `noticed` and which were `missed`; `alarms` on a sound engine.

    `stale`: the suite has changed since. `by_item` names the faults that a piece of evidence of each item has noticed.
    """

    live: int
    noticed: int
    missed: list[str]
    alarms: int
    measured: str
    stale: bool
    by_item: dict[str, list[str]]


def of(result: Result) -> Power | None:
    """What the calibration of a result says, None where there is none."""
    told: dict[str, Any] | None = result.calibration
    if not told:
        return None
    live = [fault for fault in told["faults"] if fault["live"]]
    noticed = [fault for fault in live if fault["noticed"]]
    return Power(
        live=len(live),
        noticed=len(noticed),
        missed=[fault["id"] for fault in live if not fault["noticed"]],
        alarms=_number(told["clean"]["alarms"]),
        measured=told.get("measured", ""),
        stale=bool(told.get("stale")),
        by_item={
            item.id: [
                fault["id"]
                for fault in noticed
                if {item.id, *(evidence.id for evidence in item.evidence)}.intersection(fault["by"])
            ]
            for item in result.items
        },
    )


def _number(alarms: Any) -> int:
    return len(alarms) if isinstance(alarms, list) else int(alarms)

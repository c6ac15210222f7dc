"""The simulated systems that stand for a mapping's."""

from __future__ import annotations

import itertools

from bothways.mapping import Mapping, System
from fakes.clock import SystemClock, TrueClock
from fakes.log import RequestLog
from fakes.rest import RestSystem
from fakes.squarespace import SquarespaceSystem
from fakes.store import Ids

Simulated = RestSystem | SquarespaceSystem


def simulated(mapping: Mapping, clock: TrueClock, origin: str) -> dict[str, Simulated]:
    """The systems by their keys in the mapping; their requests are numbered together, ids follow from `origin`."""
    numbers = itertools.count(1)
    return {
        key: _system(
            key, system, SystemClock(clock, granularity=system.granularity), RequestLog(numbers), origin
        )
        for key, system in mapping.systems.items()
    }


def _system(key: str, system: System, clock: SystemClock, log: RequestLog, origin: str) -> Simulated:
    token, ids = f"token of {key}", Ids(f"{origin}/{key}")
    if system.contract == "squarespace":
        return SquarespaceSystem(key, clock, token=token, ids=ids, log=log, currency=system.currency or "USD")
    datatypes = {name: datatype.model_dump(mode="json") for name, datatype in system.datatypes.items()}
    return RestSystem(key, datatypes, clock, token=token, ids=ids, log=log)

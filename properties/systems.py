"""The simulated systems of a mapping, ready for a run that repeats itself."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from fakes.clock import SimulatedClock, SystemClock
from fakes.log import RequestLog
from fakes.rest import RestSystem
from fakes.squarespace import SquarespaceSystem
from fakes.store import Ids
from fakes.system import System

TOKEN = "simulated"  # noqa: S105  # opens nothing but a simulated system


def simulated(
    mapping: Mapping[str, Any], clock: SimulatedClock, extras: Mapping[str, Any]
) -> dict[str, System]:
    """One system for each key of the mapping. `extras` adds to what fields of REST datatypes do (`rewrite`, …)."""
    numbers = itertools.count(1)
    return {
        key: _system(key, spec, clock, numbers, extras.get(key, {}))
        for key, spec in mapping["systems"].items()
    }


def _system(
    key: str,
    spec: Mapping[str, Any],
    clock: SimulatedClock,
    numbers: itertools.count[int],
    extra: Mapping[str, Any],
) -> System:
    own = SystemClock(clock, granularity=timedelta(milliseconds=spec["granularity_ms"]))
    log = RequestLog(numbers)
    if spec["contract"] == "squarespace":
        currency = spec["currency"] or "USD"
        return SquarespaceSystem(key, own, token=TOKEN, ids=Ids(key), currency=currency, log=log)
    datatypes = {
        name: {
            "fields": {
                path: {**held, **extra.get(f"{name}.{path}", {})} for path, held in one["fields"].items()
            }
        }
        for name, one in spec["datatypes"].items()
    }
    return RestSystem(key, datatypes, own, token=TOKEN, ids=Ids(key), log=log, max_page=3)

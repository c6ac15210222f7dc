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
from properties.scenes import Scene

TOKEN = "simulated"  # noqa: S105  # opens nothing but a simulated system


def simulated(scene: Scene, clock: SimulatedClock) -> dict[str, System]:
    """One system for each key of the scene's mapping."""
    numbers = itertools.count(1)
    specs = scene.mapping()["systems"]
    return {key: _system(key, spec, clock, RequestLog(numbers), scene) for key, spec in specs.items()}


def _system(
    key: str, spec: Mapping[str, Any], clock: SimulatedClock, log: RequestLog, scene: Scene
) -> System:
    own = SystemClock(clock, granularity=timedelta(milliseconds=spec["granularity_ms"]))
    if spec["contract"] == "squarespace":
        currency = spec["currency"] or "USD"
        return SquarespaceSystem(key, own, token=TOKEN, ids=Ids(key), currency=currency, log=log)
    rewrites = scene.rewrites.get(key, {})
    datatypes = {
        name: {
            "fields": {p: {**held, **rewrites.get(f"{name}.{p}", {})} for p, held in one["fields"].items()}
        }
        for name, one in spec["datatypes"].items()
    }
    return RestSystem(key, datatypes, own, token=TOKEN, ids=Ids(key), log=log, max_page=scene.page)

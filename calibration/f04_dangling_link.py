"""F04: a partner that is no more is still taken for one; updates to it fail for ever."""

from __future__ import annotations

from typing import Any

from bothways.sync import learning, looking
from bothways.sync.connectors import Gone
from bothways.sync.plan import Stop
from calibration.bench import linked
from calibration.planting import Fault, Original
from steps.world import World

fault = Fault("S19")
build = fault.build


@fault.instead_of(learning, "_after")
def a_failure_like_any(original: Original, cycle: Any, before: Any, intent: Any, outcome: Any) -> Any:
    if isinstance(outcome, Gone):
        return cycle.file(before, Stop(intent.send.subject, "404 Not Found"))
    return original(cycle, before, intent, outcome)


@fault.instead_of(looking, "_miss")
def not_missed(original: Original, *_: Any) -> None:  # the fault
    """Whoever is missing is still a partner."""


def happens(world: World) -> bool:
    product, variant = linked(world)
    world.delete(variant)
    world.change(product, "name", "Blue mug")
    world.cycle()
    account = world.subject.status() or {}
    return bool(account["failing"]) and not account["orphans"]

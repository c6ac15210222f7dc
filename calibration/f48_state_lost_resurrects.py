"""F48: with an empty state everything is created, whatever is already there."""

from __future__ import annotations

from typing import Any

from bothways.sync import engine
from calibration.bench import linked
from calibration.planting import Fault, Original
from steps.world import World

fault = Fault("S32", "S02")
build = fault.build


@fault.instead_of(engine, "link")
def nothing_at_first(original: Original, cycle: Any, touched: Any) -> Any:
    return sorted(touched) if cycle.store.note("cycles") is None else original(cycle, touched)


def happens(world: World) -> bool:
    linked(world)
    world.subject.forget()
    return any(exchange.writes and exchange.path.endswith("/products") for exchange in world.cycle())

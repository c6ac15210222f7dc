"""F45: one record that can't cross ends the cycle."""

from __future__ import annotations

from typing import Any

from bothways.errors import CycleFailed, SyncError
from bothways.sync.cycle import Cycle
from calibration.bench import PRODUCT
from calibration.planting import Fault, Original
from steps.world import World

fault = Fault("S25")
build = fault.build


@fault.instead_of(Cycle, "file")
def fatal(original: Original, cycle: Any, entity: Any, stop: Any) -> Any:
    if not stop.waits:
        raise SyncError(stop.reason)
    return original(cycle, entity, stop)


def happens(world: World) -> bool:
    world.create(PRODUCT, {"price": "200.00 NOK"})
    try:
        world.cycle()
    except CycleFailed:
        return True
    return False

"""F06: a second source record that meets a taken target ends the cycle."""

from __future__ import annotations

from typing import Any

from bothways.errors import CycleFailed, SyncError
from bothways.sync import linking
from bothways.sync.members import linked as is_linked
from calibration.bench import PRODUCT, linked
from calibration.planting import Fault, Original
from steps.world import World

fault = Fault("S05")
build = fault.build


@fault.instead_of(linking, "_joined")
def taken(original: Original, cycle: Any, one: Any, other: Any) -> Any:
    if is_linked(cycle.shape, one) or is_linked(cycle.shape, other):
        raise SyncError("the target is taken")
    return original(cycle, one, other)


def happens(world: World) -> bool:
    linked(world, sku="MUG-1")
    world.create(PRODUCT, {"sku": "MUG-1"})
    try:
        world.cycle()
    except CycleFailed:
        return True
    return False

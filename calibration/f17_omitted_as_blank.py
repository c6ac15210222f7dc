"""F17: what the later record doesn't have at merge is written as empty."""

from __future__ import annotations

from typing import Any

from bothways.sync import merging
from calibration.bench import PRODUCT, VARIANT, shown
from calibration.planting import Fault, Original
from steps.cycles import synchronise
from steps.world import World

fault = Fault("S11")
build = fault.build


@fault.instead_of(merging, "_strength")
def by_time_alone(original: Original, shape: Any, edit: Any) -> Any:
    return True, original(shape, edit)[1]


def happens(world: World) -> bool:
    variant = world.create(VARIANT, {"sku": "MUG-1", "description": "A mug"})
    world.clock.advance(60)
    world.create(PRODUCT, {"sku": "MUG-1", "description": None})
    synchronise(world)
    return shown(world, variant, "description") is None

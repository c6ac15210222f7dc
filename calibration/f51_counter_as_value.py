"""F51: stock is set, not adjusted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bothways.sync import shape
from calibration.bench import INVENTORY, linked, shown
from calibration.planting import Fault, Original
from steps.world import World

fault = Fault("S14")
build = fault.build


@fault.instead_of(shape, "_slots")
def no_counters(original: Original, *what: Any) -> Any:
    return {side: [replace(slot, counter=False) for slot in slots] for side, slots in original(*what).items()}


def happens(world: World) -> bool:
    product, item = linked(world, INVENTORY, stock="10")
    world.count(item, "stock", -2)
    world.clock.advance(60)
    world.count(product, "stock", 5)
    world.cycle()
    return bool(shown(world, item, "stock") != 13)

"""F47: every system's times are believed as they are: a slow clock loses."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bothways.sync.connectors.times import Offset
from calibration.bench import linked, shown
from calibration.planting import Fault, Original
from steps.cycles import synchronise
from steps.world import World

fault = Fault("S10")
build = fault.build


@fault.instead_of(Offset, "corrected")
def as_told(original: Original, offset: Any, at: Any) -> Any:  # noqa: ARG001  # the fault
    return at


def happens(world: World) -> bool:
    product, variant = linked(world)
    world.systems["storefront"].clock.offset = timedelta(minutes=-10)
    synchronise(world)
    world.change(product, "name", "Earlier mug")
    world.clock.advance(60)
    world.change(variant, "name", "Later mug")
    synchronise(world)
    return bool(shown(world, product, "name") == "Earlier mug")

"""F42: one record that can't cross keeps all others of its batch back."""

from __future__ import annotations

from typing import Any

from bothways.sync import writing
from calibration.bench import PRODUCT, VARIANT, number_of
from calibration.planting import Fault, Original
from steps.world import World

fault = Fault("S25")
build = fault.build


@fault.instead_of(writing, "make_plans")
def all_or_none(original: Original, cycle: Any, numbers: Any) -> Any:
    plans = original(cycle, numbers)
    return [] if cycle.stopped else plans


def happens(world: World) -> bool:
    world.create(PRODUCT, {"price": "200.00 NOK"})
    world.create(PRODUCT, {})
    world.cycle()
    return number_of(world, VARIANT) == 0

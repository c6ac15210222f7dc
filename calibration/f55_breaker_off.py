"""F55: a cycle writes however much it likes."""

from __future__ import annotations

from typing import Any

from bothways.sync.engine import Engine
from calibration.bench import PRODUCT, writes
from calibration.planting import Fault, Original
from steps.cycles import synchronise
from steps.policies import bulk_limit
from steps.world import World

fault = Fault("S21")
build = fault.build


@fault.instead_of(Engine, "_limit")
def none(original: Original, *_: Any) -> None:  # the fault
    """Nothing is held back."""


def happens(world: World) -> bool:
    bulk_limit(world, 3)
    products = [world.create(PRODUCT, {}) for _ in range(4)]
    synchronise(world)
    for product in products:
        world.change(product, "name", "Oops")
    return writes(world) > 0

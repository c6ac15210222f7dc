"""F36: amounts of money pass through binary floats."""

from __future__ import annotations

from typing import Any

from bothways.sync import codecs
from calibration.bench import linked, shown
from calibration.planting import Fault, Original
from steps.world import World

fault = Fault("S15")
build = fault.build


@fault.instead_of(codecs, "_decimal")
def as_float(original: Original, value: Any) -> str:
    return f"{float(original(value)):.2f}"


def happens(world: World) -> bool:
    product, variant = linked(world)
    world.change(product, "price", "90071992547409.93 USD")
    world.cycle()
    return bool(shown(world, variant, "price") != shown(world, product, "price"))

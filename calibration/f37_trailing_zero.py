"""F37: 10.00 and 10 are two amounts."""

from __future__ import annotations

from typing import Any

from bothways.mapping import Type
from bothways.sync import observe, shape
from calibration.bench import linked, writes
from calibration.planting import Fault, Original
from steps.world import World

fault = Fault("S15", "S17")
build = fault.build


@fault.instead_of(observe, "same")
@fault.instead_of(shape, "same")
def as_text(original: Original, kind: Any, end: Any, one: Any, other: Any) -> bool:
    return bool(one == other) if kind in (Type.MONEY, Type.DECIMAL) else original(kind, end, one, other)


def happens(world: World) -> bool:
    product, _ = linked(world, price="19.00 USD")
    world.change(product, "price", "19.0 USD")
    return writes(world) > 0

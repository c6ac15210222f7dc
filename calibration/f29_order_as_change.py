"""F29: a list in another order is another list."""

from __future__ import annotations

from typing import Any

from bothways.mapping import Type
from bothways.sync import observe, shape
from calibration.bench import PRODUCT, WEBSHOP_ORDER
from calibration.planting import Fault, Original
from steps.cycles import synchronise
from steps.world import World

fault = Fault("S17", "S15")
build = fault.build
MUG = "sku: MUG-1, name: Mug, quantity: 2, unit price: 9.50"
GIFT = "sku: MUG-1, name: Mug as a gift, quantity: 1, unit price: 9.50"


@fault.instead_of(observe, "same")
@fault.instead_of(shape, "same")
def in_order(original: Original, kind: Any, end: Any, one: Any, other: Any) -> bool:
    return bool(one == other) if kind is Type.LIST else original(kind, end, one, other)


def happens(world: World) -> bool:
    world.create(PRODUCT, {"sku": "MUG-1"})
    order = world.create(WEBSHOP_ORDER, {"lines": f"{MUG}; {GIFT}"})
    synchronise(world)
    world.change(order, "lines", f"{GIFT}; {MUG}")
    synchronise(world)
    return bool((world.subject.status() or {})["uncrossed"])

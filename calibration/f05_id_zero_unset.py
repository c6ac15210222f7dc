"""F05: an id of 0 is taken for none: never linked, created on every cycle."""

from __future__ import annotations

from typing import Any

from bothways.sync.store import Store
from calibration.bench import VARIANT, linked, number_of
from calibration.planting import Fault, Original
from steps.cycles import NeverQuiet
from steps.records import numbered_from_zero
from steps.world import World

fault = Fault("S04")
build = fault.build


@fault.instead_of(Store, "entities_of")
def but_for_zero(original: Original, store: Any, refs: Any) -> Any:
    return original(store, (ref for ref in refs if ref.id not in ("", "0")))


def happens(world: World) -> bool:
    numbered_from_zero(world, "webshop")
    try:
        product, _ = linked(world)
    except NeverQuiet:
        return True
    world.change(product, "sku", "MUG-2")
    world.cycle()
    return number_of(world, VARIANT) > 1

"""F18: records that differ when they are linked go on differing, for neither side has changed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bothways.sync import linking
from bothways.sync.members import active_slots, supplier
from calibration.bench import PRODUCT, VARIANT, shown
from calibration.planting import Fault, Original
from steps.cycles import synchronise
from steps.world import World

fault = Fault("S11", "S02")
build = fault.build


@fault.instead_of(linking, "join")
def as_they_are(original: Original, shape: Any, one: Any, other: Any) -> Any:
    joined = original(shape, one, other)
    for member in joined.live():
        for slot in active_slots(shape, joined, member):
            version = joined.versions.get(supplier(joined, slot))
            if version and slot.path in member.slots:
                member.slots[slot.path] = replace(member.slots[slot.path], of=version.number)
    return joined


def happens(world: World) -> bool:
    variant = world.create(VARIANT, {"sku": "MUG-1", "name": "Old mug"})
    world.clock.advance(60)
    product = world.create(PRODUCT, {"sku": "MUG-1", "name": "New mug"})
    synchronise(world)
    return bool(shown(world, variant, "name") != shown(world, product, "name"))

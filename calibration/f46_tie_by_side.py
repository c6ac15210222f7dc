"""F46: of two edits at the same time each side takes the other's: they swap values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from bothways.sync import plan
from bothways.sync.codecs import same
from bothways.sync.members import active_slots, supplier
from calibration.bench import linked, shown
from calibration.planting import Fault, Original
from steps.cycles import synchronise
from steps.world import World

fault = Fault("S09")
build = fault.build


@fault.instead_of(plan, "behind")
def the_others(original: Original, shape: Any, entity: Any, member: Any) -> Iterator[Any]:
    yield from original(shape, entity, member)
    for slot in active_slots(shape, entity, member):
        held, version = member.slots.get(slot.path), entity.versions.get(supplier(entity, slot))
        if held is None or version is None or not version.beat or version.edit.origin != member.ref:
            continue
        rival, mine = version.beat[0], version.edit
        tie = rival.at and mine.at and shape.cut(rival.at) == shape.cut(mine.at)
        if tie and same(slot.type, slot.end, held.value, version.value):
            yield slot, replace(version, edit=rival)


def happens(world: World) -> bool:
    product, variant = linked(world)
    world.change(variant, "name", "Storefront mug")
    world.change(product, "name", "Webshop mug")
    synchronise(world)
    return bool(shown(world, variant, "name") != shown(world, product, "name"))

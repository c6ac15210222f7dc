"""F13: nothing is read before writing where the API checks no version."""

from __future__ import annotations

from typing import Any

from bothways.sync import writing
from calibration.bench import VARIANT, linked, shown
from calibration.planting import Fault, Original
from steps.cycles import synchronise
from steps.faults import change_meanwhile
from steps.world import World

fault = Fault("S20")
build = fault.build


@fault.instead_of(writing, "_unversioned")
def none_to_read(original: Original, *_: Any) -> list[Any]:  # noqa: ARG001  # the fault
    return []


def happens(world: World) -> bool:
    product, variant = linked(world)
    world.named.append(variant)
    world.change(product, "name", "Earlier mug")
    change_meanwhile(world, VARIANT, "name", "Later mug")
    synchronise(world)
    return bool(shown(world, product, "name") == "Earlier mug")

"""F16: an empty value is never written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bothways.sync import plan
from bothways.sync.codecs import empty
from calibration.bench import linked, shown
from calibration.planting import Fault, Original
from steps.world import World

fault = Fault("S07")
build = fault.build


@fault.instead_of(plan, "behind")
def but_for_the_empty(original: Original, *what: Any) -> Iterator[Any]:
    return ((slot, version) for slot, version in original(*what) if not empty(version.value))


def happens(world: World) -> bool:
    product, variant = linked(world, description="A mug")
    world.change(product, "description", None)
    world.cycle()
    return shown(world, variant, "description") is not None

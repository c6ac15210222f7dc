"""F20: the earlier edit wins."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bothways.sync import merging, observe
from calibration.bench import linked, shown
from calibration.planting import Fault, Original
from steps.cycles import synchronise
from steps.world import World

fault = Fault("S08")
build = fault.build
END = datetime.max.replace(tzinfo=UTC)


@fault.instead_of(merging, "rank")
@fault.instead_of(observe, "rank")
def backwards(original: Original, shape: Any, edit: Any) -> Any:
    at, *rest = original(shape, edit)
    return (merging.NEVER + (END - at), *rest)


def happens(world: World) -> bool:
    product, variant = linked(world)
    world.change(product, "name", "Earlier mug")
    world.clock.advance(60)
    world.change(variant, "name", "Later mug")
    synchronise(world)
    return bool(shown(world, product, "name") == "Earlier mug")

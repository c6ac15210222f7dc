"""F21: a deletion wins over a later edit of the partner."""

from __future__ import annotations

from typing import Any

from bothways.mapping import Deletes
from bothways.sync import plan
from calibration.bench import VARIANT, linked, number_of
from calibration.planting import Fault, Original
from steps.policies import propagate
from steps.world import World

fault = Fault("S19")
build = fault.build


@fault.instead_of(plan, "_is_deleted")
def whatever_came_later(original: Original, shape: Any, entity: Any) -> bool:  # noqa: ARG001  # the fault
    propagates = shape.mapping.policies.deletes is Deletes.PROPAGATE
    return propagates and 0 < len(entity.live()) < len(entity.members)


def happens(world: World) -> bool:
    propagate(world)
    product, variant = linked(world)
    world.delete(product)
    world.clock.advance(60)
    world.change(variant, "name", "Still sold")
    world.cycle()
    return number_of(world, VARIANT) == 0

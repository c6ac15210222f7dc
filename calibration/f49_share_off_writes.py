"""F49: share off keeps records from being created, and from nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bothways.sync import plan, planning
from bothways.sync.members import linked as is_linked
from bothways.sync.members import side_of
from calibration.bench import linked, shown
from calibration.planting import Fault, Original
from steps.policies import share_off
from steps.world import World

fault = Fault("S22")
build = fault.build


@fault.instead_of(planning, "plan")
def updates_as_well(original: Original, shape: Any, entity: Any, given: Any) -> Iterator[Any]:
    yield from original(shape, entity, given)
    for member in entity.live() if is_linked(shape, entity) else ():
        if not shape.shared(side_of(member.ref)):
            yield from plan._updates(shape, entity, member, given.now)


def happens(world: World) -> bool:
    product, variant = linked(world)
    share_off(world, "storefront")
    world.change(product, "name", "Blue mug")
    world.cycle()
    return bool(shown(world, variant, "name") == "Blue mug")

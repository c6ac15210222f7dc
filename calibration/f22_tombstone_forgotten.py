"""F22: a link is dropped when its record vanishes, and the record is created again."""

from __future__ import annotations

from typing import Any

from bothways.sync import learning, looking
from calibration.bench import VARIANT, linked, number_of
from calibration.planting import Fault, Original
from steps.cycles import synchronise_later
from steps.world import World

fault = Fault("S19", "S04")
build = fault.build


@fault.instead_of(looking, "gone")
@fault.instead_of(learning, "gone")
def forgotten(original: Original, entity: Any, ref: Any, at: Any) -> Any:
    after = original(entity, ref, at)
    after.members = [member for member in after.members if member.ref != ref]
    return after


def happens(world: World) -> bool:
    _, variant = linked(world)
    world.delete(variant)
    synchronise_later(world, 25)
    return number_of(world, VARIANT) == 1

"""F25: a record that no longer satisfies the condition is taken for deleted."""

from __future__ import annotations

from typing import Any

from bothways.sync import looking
from bothways.sync.observe import gone
from calibration.bench import PRODUCT, linked, shown
from calibration.planting import Fault, Original
from steps.policies import condition
from steps.world import World

fault = Fault("S06")
build = fault.build


@fault.instead_of(looking, "observe")
def left(original: Original, shape: Any, entity: Any, ref: Any, record: Any, now: Any, *rest: Any) -> Any:
    before, after = entity.member(ref), original(shape, entity, ref, record, now, *rest)
    if before is not None and before.starts - after.member(ref).starts:
        return gone(after, ref, now)
    return after


def happens(world: World) -> bool:
    condition(world, PRODUCT, "status", "active")
    product, variant = linked(world, status="active")
    world.change(product, "status", "archived")
    world.change(product, "name", "Old mug")
    world.cycle()
    return bool(shown(world, variant, "name") != "Old mug")

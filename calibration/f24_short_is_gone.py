"""F24: what a full listing doesn't show is deleted; nobody looks."""

from __future__ import annotations

from typing import Any

from bothways.sync import looking
from calibration.bench import PRODUCT, number_of
from calibration.planting import Fault, Original
from steps.cycles import synchronise, synchronise_later
from steps.faults import short_listing
from steps.policies import propagate
from steps.world import World

fault = Fault("S19", "S27")
build = fault.build


class Doubtful(list[Any]):
    """Records that were listed, if only as they were before."""


@fault.instead_of(looking, "_observe")
def listed(original: Original, *seen: Any, **how: Any) -> Any:
    return Doubtful(original(*seen, **how))


@fault.instead_of(looking, "look_up")
async def without_looking(original: Original, cycle: Any, refs: Any, *how: Any, **anew: Any) -> None:
    if isinstance(refs, Doubtful):
        await original(cycle, refs, *how, **anew)
    else:
        looking._miss(cycle, refs)


def happens(world: World) -> bool:
    propagate(world)
    for _ in range(4):
        world.create(PRODUCT, {})
    synchronise(world)
    short_listing(world, "storefront")
    synchronise_later(world, 25)
    return number_of(world, PRODUCT) < 4

"""F23: an empty listing means that everything is deleted."""

from __future__ import annotations

from typing import Any

from bothways.mapping import Side
from bothways.sync import looking
from calibration.bench import PRODUCT, linked, number_of
from calibration.planting import Fault, Original
from steps.cycles import synchronise_later
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
async def unless_all_are_missing(original: Original, cycle: Any, refs: Any, *how: Any, **anew: Any) -> None:
    sides = {Side(system=ref.system, datatype=ref.datatype) for ref in refs}
    if refs and not isinstance(refs, Doubtful) and {r.id for r in refs} == cycle.store.ids(*sides):
        looking._miss(cycle, refs)
    else:
        await original(cycle, refs, *how, **anew)


def happens(world: World) -> bool:
    propagate(world)
    linked(world)
    short_listing(world, "storefront")
    synchronise_later(world, 25)
    return number_of(world, PRODUCT) == 0

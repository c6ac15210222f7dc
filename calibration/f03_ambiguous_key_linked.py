"""F03: a criterion that fits two records links whichever comes first; its twin is left out."""

from __future__ import annotations

from typing import Any

from bothways.sync import linking
from bothways.sync.members import linked
from calibration.bench import ORDER, WEBSHOP_ORDER, number_of
from calibration.planting import Fault, Original
from steps.cycles import synchronise
from steps.world import World

fault = Fault("S05", "S02")
build = fault.build


@fault.instead_of(linking, "_may_join")
def whichever_is_first(original: Original, cycle: Any, space: str, one: Any, other: Any) -> Any:
    twins = one.ref[:2] == other.ref[:2]
    others = cycle.store.entities(cycle.store.entities_of([other.ref]).values()).values()
    taken = any(linked(cycle.shape, entity) for entity in others)
    return not (twins or taken) and original(cycle, space, one, other)


@fault.instead_of(linking, "_matching")
def only_one(original: Original, *place: Any) -> Any:
    return original(*place)[:1]


def happens(world: World) -> bool:
    world.create(ORDER, {"reference": "1001"})
    for _ in range(2):
        world.create(WEBSHOP_ORDER, {"reference": "1001"})
    synchronise(world)
    return number_of(world, ORDER) == 2

"""F07: a record without our own mark is not matched by the criteria either."""

from __future__ import annotations

from typing import Any

from bothways.sync import linking
from bothways.sync.members import side_of
from calibration.bench import ORDER, WEBSHOP_ORDER, number_of
from calibration.planting import Fault, Original
from steps.cycles import synchronise
from steps.world import World

fault = Fault("S02", "S32")
build = fault.build


@fault.instead_of(linking, "_may_join")
def only_by_our_mark(original: Original, cycle: Any, space: str, one: Any, other: Any) -> Any:
    marks = {flow.target for flow in cycle.shape.flows if flow.mark}
    unmarked = (
        side_of(member.ref) in marks and not cycle.shape.marked(side_of(member.ref), member.extras)
        for member in (one, other)
    )
    return not any(unmarked) and original(cycle, space, one, other)


def happens(world: World) -> bool:
    world.create(ORDER, {"reference": "1001"})
    world.create(WEBSHOP_ORDER, {"reference": "1001"})
    synchronise(world)
    return number_of(world, ORDER) == 2

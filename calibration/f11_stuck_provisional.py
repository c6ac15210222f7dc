"""F11: the provisional link of a creation that failed is never cleared, so that the record never crosses."""

from __future__ import annotations

from typing import Any

from bothways.sync.cycle import Cycle
from bothways.sync.model import Member, Ref
from calibration.bench import PRODUCT, VARIANT, number_of
from calibration.planting import Fault, Original
from steps.world import World

fault = Fault("S25")
build = fault.build


@fault.instead_of(Cycle, "file")
def stay_provisional(original: Original, cycle: Any, entity: Any, stop: Any) -> Any:
    after = original(cycle, entity, stop)
    for flow in cycle.shape.flows:
        if str(flow.target) == stop.subject and flow.creates and not stop.waits and after is not entity:
            ref = Ref(flow.target.system, flow.target.datatype, f"provisional {entity.id}")
            after.members.append(Member(ref, gone_at=cycle.now()))
    return after


def happens(world: World) -> bool:
    product = world.create(PRODUCT, {"price": "200.00 NOK"})
    world.cycle()
    world.change(product, "price", "20.00 USD")
    world.cycle()
    return number_of(world, VARIANT) == 0

"""F41: a 500 means that nothing was done."""

from __future__ import annotations

from typing import Any

from bothways.sync.connectors import Refused, Unknown
from bothways.sync.connectors.http import Http
from calibration.bench import INVENTORY, linked, shown
from calibration.planting import Fault, Original
from steps.cycles import synchronise_later
from steps.faults import false_error
from steps.world import World

fault = Fault("S24", "S14")
build = fault.build


@fault.instead_of(Http, "send")
async def refused(original: Original, *what: Any, **named: Any) -> Any:
    answer = await original(*what, **named)
    return Refused(answer.reason) if isinstance(answer, Unknown) and answer.reason[:1] == "5" else answer


def happens(world: World) -> bool:
    product, item = linked(world, INVENTORY, stock="10")
    false_error(world, "storefront")
    world.count(product, "stock", -3)
    world.cycle()
    synchronise_later(world, 1)
    return bool(shown(world, item, "stock") != 7)

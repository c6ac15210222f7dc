"""F09: a creation whose answer was lost is sent again at once, under a new key."""

from __future__ import annotations

from typing import Any

from bothways.sync.connectors import Unknown
from bothways.sync.connectors.http import Http
from calibration.bench import ORDER, PRODUCT, WEBSHOP_ORDER, number_of
from calibration.planting import Fault, Original
from steps.cycles import synchronise
from steps.faults import lost_answer
from steps.world import World

fault = Fault("S24", "S04")
build = fault.build


@fault.instead_of(Http, "send")
async def send_again(original: Original, http: Any, method: str, *args: Any, **named: Any) -> Any:
    answer = await original(http, method, *args, **named)
    if isinstance(answer, Unknown) and named.get("key"):
        return await original(http, method, *args, **named | {"key": f"{named['key'][:30]}-again"})
    return answer


def happens(world: World) -> bool:
    world.create(PRODUCT, {"sku": "MUG-1"})
    synchronise(world)
    lost_answer(world, "storefront")
    world.create(WEBSHOP_ORDER, {"lines": "sku: MUG-1, name: Mug, quantity: 2, unit price: 9.50"})
    synchronise(world)
    return number_of(world, ORDER) == 2

"""F52: an adjustment whose answer was lost is sent again under a new key."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bothways.sync import learning
from bothways.sync.connectors import Kind
from calibration.bench import INVENTORY, linked, shown
from calibration.planting import Fault, Original
from steps.cycles import synchronise
from steps.faults import lost_answer
from steps.world import World

fault = Fault("S14", "S24")
build = fault.build


@fault.instead_of(learning, "_inquire")
async def under_another_key(original: Original, cycle: Any, together: Any) -> Any:
    return await original(cycle, [renewed(intent) for intent in together])


def renewed(intent: Any) -> Any:
    write = intent.send.write
    if write.kind is Kind.ADJUST:
        write = replace(write, key=f"{write.key[:30]}-again")
    return replace(intent, send=replace(intent.send, write=write))


def happens(world: World) -> bool:
    product, item = linked(world, INVENTORY, stock="10")
    lost_answer(world, "storefront")
    world.count(product, "stock", -3)
    synchronise(world)
    return bool(shown(world, item, "stock") == 4)

"""F10: started again after a crash, the engine goes on where it was, without looking what it had created."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bothways.sync.connectors import Kind
from bothways.sync.engine import Engine
from bothways.sync.store import Store
from bothways.sync.writing import bring
from calibration.bench import ORDER, PRODUCT, WEBSHOP_ORDER, number_of
from calibration.planting import Fault, Original
from steps.cycles import synchronise
from steps.faults import killed_after
from steps.world import World

fault = Fault("S26", "S04")
build = fault.build


@fault.instead_of(Store, "intend")
def under_a_new_key(original: Original, store: Any, entity: int, send: Any, at: Any) -> Any:
    key = f"{send.write.key[:30]}-{store.new_number()}"
    return original(store, entity, replace(send, write=replace(send.write, key=key)), at)


@fault.instead_of(Engine, "_cycle")
async def go_on(original: Original, engine: Any, **options: Any) -> Any:
    creations = [intent for intent in engine.store.intents() if intent.send.write.kind is Kind.CREATE]
    if creations:
        with engine.store.transaction():
            engine.store.forget(creations)
        cycle = engine._new_cycle()
        await engine._look_up_constants(cycle)
        await bring(cycle, [intent.entity for intent in creations])
    return await original(engine, **options)


def happens(world: World) -> bool:
    world.create(PRODUCT, {"sku": "MUG-1"})
    synchronise(world)
    killed_after(world, "storefront")
    world.create(WEBSHOP_ORDER, {"lines": "sku: MUG-1, name: Mug, quantity: 2, unit price: 9.50"})
    world.cycle()
    synchronise(world)
    return number_of(world, ORDER) == 2

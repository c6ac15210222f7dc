"""F08: the link is looked for under the wrong side's id, so that every edit creates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bothways.sync import plan
from calibration.bench import linked
from calibration.planting import Fault, Original
from steps.world import World

fault = Fault("S04", "S07")
build = fault.build


@fault.instead_of(plan, "_crossing")
def unlinked(
    original: Original, shape: Any, entity: Any, number: int, flow: Any, given: Any
) -> Iterator[Any]:
    targets = list(entity.on(flow.target.system, flow.target.datatype))
    if flow.creates and any(True for target in targets for _ in plan.behind(shape, entity, target)):
        entity = entity.copy()
        entity.members = [member for member in entity.members if member.ref not in {t.ref for t in targets}]
    yield from original(shape, entity, number, flow, given)


def happens(world: World) -> bool:
    product, _ = linked(world)
    world.change(product, "name", "Blue mug")
    return any(exchange.writes and exchange.path.endswith("/products") for exchange in world.cycle())

"""F44: an order is sent before the product that it names is there."""

from __future__ import annotations

from typing import Any

from bothways.sync import plan
from bothways.sync.codecs import nest
from calibration.bench import WEBSHOP_ORDER
from calibration.planting import Fault, Original
from steps.world import World

fault = Fault("S06", "S25")
build = fault.build
LINES = "sku: GHOST, name: Ghost, quantity: 2, unit price: 9.50"


@fault.instead_of(plan, "_resolved")
def without_its_link(
    original: Original,  # noqa: ARG001  # the fault
    flow: Any,
    prop: Any,
    items: Any,
    natives: Any,
    neighbours: Any,
) -> Any:
    links = [neighbours.get(plan._reference(flow, prop, item)) for item in items]
    return [
        {**native, **nest({prop.resolves.target_path: link})} if link else native
        for native, link in zip(natives, links, strict=True)
    ]


def happens(world: World) -> bool:
    world.create(WEBSHOP_ORDER, {"lines": LINES})
    return any(exchange.writes and exchange.path.endswith("/orders") for exchange in world.cycle())

"""F53: what a notification says is taken for the order's status, late or forged."""

from __future__ import annotations

import json
from typing import Any

from bothways import sync
from bothways.sync.connectors.squarespace.orders import Orders
from bothways.sync.looking import look_up
from bothways.sync.model import Ref
from calibration.bench import ORDER, WEBSHOP_ORDER, linked, shown
from calibration.planting import Fault, Original
from steps.cycles import synchronise
from steps.notifications import first_arrives, subscribed
from steps.world import World

fault = Fault("S28")
build = fault.build
told: dict[str, str] = {}
"""The status of each order that a notification speaks of, while that is acted on."""


@fault.instead_of(Orders, "_record")
def as_told(original: Original, orders: Any, row: dict[str, Any]) -> Any:
    return original(orders, row | {"fulfillmentStatus": told.get(row["id"], row["fulfillmentStatus"])})


@fault.instead_of(sync.Core, "notified")
async def trusted(original: Original, core: Any, system: str, headers: Any, body: bytes, secret: str) -> None:
    said = json.loads(body)["data"]
    if said.get("update") not in ("FULFILLED", "CANCELED"):
        await original(core, system, headers, body, secret)
        return
    told[said["orderId"]] = said["update"]
    try:
        await look_up(core._engine._new_cycle(), [Ref(system, ORDER, said["orderId"])])
        await core.sync()
    finally:
        told.clear()


def happens(world: World) -> bool:
    source, order = linked(world, ORDER, source=WEBSHOP_ORDER)
    subscribed(world, "storefront")
    for status in ("fulfilled", "cancelled"):
        world.change(order, "status", status)
    synchronise(world)
    first_arrives(world, "storefront")
    return bool(shown(world, source, "status") == "fulfilled")

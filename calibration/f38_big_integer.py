"""F38: integers beyond 2^53 are rounded to what a binary float holds."""

from __future__ import annotations

import json
from typing import Any

from bothways.sync.connectors import http
from calibration.bench import ORDER, PRODUCT, WEBSHOP_ORDER, shown
from calibration.planting import Fault, Original
from steps.cycles import synchronise
from steps.world import World

fault = Fault("S15")
build = fault.build


@fault.instead_of(http, "parsed")
def by_way_of_float(original: Original, content: bytes) -> Any:
    told = original(content)
    return told and json.loads(json.dumps(told), parse_int=lambda digits: int(float(digits)))


def happens(world: World) -> bool:
    world.create(PRODUCT, {"sku": "MUG-1"})
    lines = "sku: MUG-1, name: Mug, quantity: 9007199254740993, unit price: 0.01"
    order = world.create(WEBSHOP_ORDER, {"lines": lines})
    synchronise(world)
    return bool(shown(world, world.the(ORDER), "lines") != shown(world, order, "lines"))

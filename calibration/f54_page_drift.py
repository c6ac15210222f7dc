"""F54: pages are walked by cursor alone: a record that moves while they are makes another skip a page."""

from __future__ import annotations

from typing import Any

from bothways.sync.connectors.squarespace import api
from calibration.bench import PRODUCT, VARIANT, shown
from calibration.planting import Fault, Original
from steps.cycles import synchronise, synchronise_later
from steps.faults import change_between_pages, counted_off
from steps.policies import bulk_limit
from steps.world import World

fault = Fault("S27")
build = fault.build


@fault.instead_of(api, "_last_of_ascending")
def none(original: Original, *_: Any) -> None:  # the fault
    """Never asked for by time."""


def happens(world: World) -> bool:
    counted_off(world, "storefront")
    bulk_limit(world, 1000)
    variants = [world.create(VARIANT, {"name": "Mug"}) for _ in range(51)]
    products = [world.create(PRODUCT, {"sku": shown(world, variant, "sku")}) for variant in variants]
    synchronise(world)
    world.clock.advance(3600)
    for number, variant in enumerate(variants):
        world.clock.advance(1)
        world.change(variant, "name", f"Mug {number}")
    change_between_pages(world, VARIANT, "name", "Cup")
    synchronise_later(world, 2)
    return {shown(world, product, "name") for product in products} != {
        shown(world, variant, "name") for variant in variants
    }

"""F50: what a product's variants share is written from any one of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bothways.sync.connectors.squarespace.variants import Variants
from calibration.bench import linked, shown
from calibration.planting import Fault, Original
from steps.world import World

fault = Fault("S12", "S13")
build = fault.build


@fault.instead_of(Variants, "_records")
def nothing_shared(original: Original, variants: Any, product: Any) -> Any:
    records = original(variants, product)
    variants._siblings.clear()
    return [replace(record, read_only=frozenset()) for record in records]


def happens(world: World) -> bool:
    product, variant = linked(world)
    sibling = world.join(variant, {"sku": "MUG-L"})
    world.change(product, "name", "Blue mug")
    world.cycle()
    return bool(shown(world, sibling, "name") == "Blue mug")

"""F35: the filters are sent again beside the cursor, which the API refuses."""

from __future__ import annotations

from typing import Any

from bothways.errors import CycleFailed
from bothways.sync.connectors.squarespace.api import Listing
from calibration.bench import PRODUCT
from calibration.planting import Fault, Original
from steps.cycles import synchronise
from steps.world import World

fault = Fault("S27")
build = fault.build


@fault.instead_of(Listing, "_question")
def with_filters(original: Original, listing: Any, after: Any, cursor: Any) -> Any:
    return original(listing, after, None) | original(listing, after, cursor)


def happens(world: World) -> bool:
    for _ in range(101):
        world.create(PRODUCT, {})
    try:
        synchronise(world)
        world.cycle()
    except CycleFailed:
        return True
    return False

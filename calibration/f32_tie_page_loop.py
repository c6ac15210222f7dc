"""F32: each page is asked for from the last time of the one before: more ties than a page, and there is no end."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bothways.errors import CycleFailed
from bothways.sync.connectors.squarespace.api import MILLISECOND, Listing, Place
from calibration.bench import PRODUCT
from calibration.planting import Fault, Original
from steps.cycles import synchronise
from steps.world import World

fault = Fault("S27")
build = fault.build


@fault.instead_of(Listing, "turn")
async def by_time_alone(original: Original, listing: Any, since: Any, place: Any) -> Any:
    leaf = await original(listing, since, place)
    stamps = [record.stamp for record in leaf.records]
    if leaf.next is None or not stamps or None in stamps or stamps != sorted(stamps):
        return leaf
    return replace(leaf, next=Place(stamps[-1] - MILLISECOND, None))


def happens(world: World) -> bool:
    for _ in range(101):
        world.create(PRODUCT, {})
    try:
        synchronise(world)
        world.cycle()
    except CycleFailed:
        return True
    return False

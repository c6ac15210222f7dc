"""F34: a place in a listing that the system has forgotten is taken for its end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from bothways.sync.connectors import rest
from bothways.sync.connectors.listing import DeadCursor, Leaf
from bothways.sync.connectors.squarespace import inventory, orders, variants
from calibration.bench import PRODUCT, VARIANT, number_of
from calibration.planting import Fault, Original
from steps.cycles import synchronise_later
from steps.faults import dead_cursor
from steps.world import World

fault = Fault("S27")
build = fault.build


@fault.instead_of(rest, "listed")
@fault.instead_of(orders, "listed")
@fault.instead_of(variants, "listed")
@fault.instead_of(inventory, "listed")
def ends_there(original: Original, turn: Any, http: Any, cursor: Any) -> AsyncIterator[Any]:
    async def or_nothing(since: Any, place: Any) -> Any:
        try:
            return await turn(since, place)
        except DeadCursor:
            return Leaf([], None, http.clock.now())

    pages: AsyncIterator[Any] = original(or_nothing, http, cursor)
    return pages


def happens(world: World) -> bool:
    for _ in range(101):
        world.create(PRODUCT, {})
    dead_cursor(world, "webshop")
    synchronise_later(world, 2)
    return number_of(world, VARIANT) < 101

"""F30: a listing goes on strictly after the latest time that was listed: what shares it is missed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

from bothways.sync.connectors import rest
from bothways.sync.connectors.listing import Mark
from bothways.sync.connectors.squarespace import inventory, orders, variants
from bothways.sync.connectors.squarespace.api import MILLISECOND
from calibration.bench import linked, shown
from calibration.planting import Fault, Original
from steps.cycles import synchronise
from steps.world import World

fault = Fault("S27")
build = fault.build


@fault.instead_of(Mark, "trusted")
def always(original: Original, *_: Any) -> bool:  # noqa: ARG001  # the fault
    return True


@fault.instead_of(rest, "listed")
@fault.instead_of(orders, "listed")
@fault.instead_of(variants, "listed")
@fault.instead_of(inventory, "listed")
async def after_the_latest(original: Original, turn: Any, http: Any, cursor: Any) -> AsyncIterator[Any]:
    stamps = []
    async for page in original(turn, http, cursor):
        stamps += [record.stamp for record in page.records if record.stamp]
        if page.cursor is not None and stamps:
            latest = Mark(max(stamps) + MILLISECOND, http.clock.now())
            yield replace(page, cursor=str(latest))
        else:
            yield replace(page, cursor=page.cursor and (cursor or page.cursor))


def happens(world: World) -> bool:
    product, variant = linked(world)
    world.clock.advance(1)
    world.change(product, "name", "First")
    stamp = world.clock.now()
    synchronise(world)
    world.systems["webshop"].clock.offset = stamp - world.clock.now()
    world.change(product, "name", "Second")
    world.systems["webshop"].clock.offset *= 0
    synchronise(world)
    return bool(shown(world, variant, "name") == "First")

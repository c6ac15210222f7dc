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
from steps.policies import whole
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
    whole(world, "webshop", "hours")
    product, variant = linked(world)
    world.clock.advance(7200)
    world.change(product, "name", "First")
    synchronise(world)
    world.change(product, "name", "Second")
    synchronise(world)
    return bool(shown(world, variant, "name") == "First")

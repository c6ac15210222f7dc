"""F43: a listing that is refused for now is skipped, and the cycle counts as complete."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from bothways.errors import SystemDown
from bothways.sync.connectors import Page, rest
from bothways.sync.connectors.answers import Answer
from bothways.sync.connectors.http import Http
from bothways.sync.connectors.listing import Mark
from bothways.sync.connectors.squarespace import inventory, orders, variants
from calibration.bench import linked, shown
from calibration.planting import Fault, Original
from steps.cycles import synchronise
from steps.faults import throttled
from steps.world import World

fault = Fault("S23")
build = fault.build


class Dropped(SystemDown):
    """The system asked for patience."""


@fault.instead_of(Http, "_once")
async def at_once(original: Original, http: Any, method: str, *rest: Any, **request: Any) -> Any:
    answer = await original(http, method, *rest, **request)
    if isinstance(answer, Answer) and answer.status == 429 and method == "GET":
        raise Dropped("429")
    return answer


@fault.instead_of(rest, "listed")
@fault.instead_of(orders, "listed")
@fault.instead_of(variants, "listed")
@fault.instead_of(inventory, "listed")
async def or_nothing(original: Original, turn: Any, http: Any, cursor: Any) -> AsyncIterator[Any]:
    try:
        async for page in original(turn, http, cursor):
            yield page
    except Dropped:
        now = http.clock.now()
        yield Page([], str(Mark(now, now)))


def happens(world: World) -> bool:
    product, variant = linked(world)
    world.change(product, "name", "Blue mug")
    throttled(world, "webshop", 90)
    synchronise(world)
    return bool(shown(world, variant, "name") != "Blue mug")

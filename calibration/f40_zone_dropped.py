"""F40: a time is written as the clock on the wall shows it, two hours east of Greenwich, and named UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from bothways.sync.connectors import rest
from bothways.sync.connectors.squarespace import api
from calibration.bench import linked, shown
from calibration.planting import Fault, Original
from steps.cycles import synchronise
from steps.world import World

fault = Fault("S10", "S27", "S07")
build = fault.build
EAST = timezone(timedelta(hours=2))


@fault.instead_of(rest, "written")
@fault.instead_of(api, "written")
def on_the_wall(original: Original, at: datetime) -> str:
    text: str = original(at.astimezone(EAST).replace(tzinfo=UTC))
    return text


def happens(world: World) -> bool:
    product, variant = linked(world)
    world.change(product, "name", "Blue mug")
    synchronise(world)
    return bool(shown(world, variant, "name") != "Blue mug")

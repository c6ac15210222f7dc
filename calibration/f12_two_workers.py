"""F12: nothing keeps two engines from one state, so that both miss the link."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bothways.errors import CycleFailed
from bothways.sync.database import Database
from calibration.bench import PRODUCT, VARIANT, number_of
from calibration.planting import Fault, Original
from steps.world import World

fault = Fault("S29")
build = fault.build


@fault.instead_of(Database, "lock")
@contextmanager
def no_lock(original: Original, database: Any) -> Iterator[None]:  # noqa: ARG001  # the fault
    database.locked = True
    try:
        yield
    finally:
        database.locked = False


def happens(world: World) -> bool:
    world.create(PRODUCT, {})
    try:
        world.cycle(world.subject.sync_beside_another)
    except CycleFailed:
        return True  # they get in each other's way
    return number_of(world, VARIANT) == 2

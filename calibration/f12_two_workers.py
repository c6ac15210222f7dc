"""F12: two engines work on one state, and neither sees what the other is about to write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from typing import Any

from bothways.sync.database import Database
from bothways.sync.store import Store
from calibration.bench import INVENTORY, linked
from calibration.planting import Fault, Original
from steps.cycles import two_at_once
from steps.world import World

fault = Fault("S29", "S14")
build = fault.build
WORKERS = count()


@fault.instead_of(Database, "lock")
@contextmanager
def no_lock(original: Original, database: Any) -> Iterator[None]:  # noqa: ARG001  # the fault
    database.locked = True
    try:
        yield
    finally:
        database.locked = False


@fault.instead_of(Store, "intend")
def under_its_own_key(original: Original, store: Any, entity: int, send: Any, at: Any) -> Any:
    worker = vars(store).setdefault("worker", next(WORKERS))
    key = f"{send.write.key[:30]}-{worker}"
    intent = original(store, entity, replace(send, write=replace(send.write, key=key)), at)
    vars(store).setdefault("own", set()).add(intent.number)
    return intent


@fault.instead_of(Store, "intents")
def only_its_own(original: Original, store: Any, *of: Any) -> Any:
    return [intent for intent in original(store, *of) if intent.number in vars(store).get("own", ())]


def happens(world: World) -> bool:
    _, item = linked(world, INVENTORY, stock="10")
    world.count(item, "stock", -3)
    two_at_once(world)
    return sum(exchange.writes for exchange in world.cycles[-1]) > 1

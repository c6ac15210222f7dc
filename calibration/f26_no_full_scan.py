"""F26: nothing is ever listed whole again, so that deletions stay unseen where there are no tombstones."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bothways.sync.store import Store
from calibration.bench import linked
from calibration.planting import Fault, Original
from steps.cycles import synchronise_later
from steps.world import World

fault = Fault("S27", "S19")
build = fault.build


@fault.instead_of(Store, "cursor")
def just_scanned(original: Original, store: Any, side: Any) -> Any:
    cursor = original(store, side)
    return cursor and replace(cursor, scanned_at=datetime.max.replace(tzinfo=UTC))


def happens(world: World) -> bool:
    product, variant = linked(world)
    world.delete(variant)
    synchronise_later(world, 25)
    gone = [one for one in (world.subject.status() or {})["orphans"] if one["id"] == product.id]
    return not gone

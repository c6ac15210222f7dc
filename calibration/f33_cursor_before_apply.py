"""F33: the cursors move on before what was listed is applied: what a crash interrupts is never listed again."""

from __future__ import annotations

from typing import Any

from bothways.sync.cycle import Cycle
from bothways.sync.store import Store
from calibration.bench import linked, shown
from calibration.planting import Fault, Original
from steps.cycles import synchronise
from steps.faults import killed_before
from steps.world import World

fault = Fault("S26", "S27")
build = fault.build


def _unapplied(store: Any) -> set[int]:
    """What is still to be applied: in memory alone."""
    held: set[int] = vars(store).setdefault("unapplied", set())
    return held


@fault.instead_of(Cycle, "save")
def remembered_only(
    original: Original, cycle: Any, entity: Any, before: Any, *, pending: bool = False
) -> Any:
    if pending and entity != before:
        _unapplied(cycle.store).add(entity.id)
    return original(cycle, entity, before)


@fault.instead_of(Store, "pending")
def with_the_unapplied(original: Original, store: Any, now: Any) -> list[int]:
    return sorted({*original(store, now), *_unapplied(store)})


@fault.instead_of(Store, "acted_on")
def applied(original: Original, store: Any, numbers: Any) -> None:
    _unapplied(store).difference_update(numbers)
    original(store, numbers)


def happens(world: World) -> bool:
    product, variant = linked(world)
    world.change(product, "name", "Blue mug")
    killed_before(world, "storefront")
    world.cycle()
    synchronise(world)
    return bool(shown(world, variant, "name") != "Blue mug")

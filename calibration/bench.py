"""A bench on which a fault is seen to happen: the webshop, the storefront, and an engine between them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bothways import mapping_file
from bothways.acceptance import engines
from bothways.acceptance.subjects import Bench, open_subject
from fakes.clock import SimulatedClock
from properties.scenes import WEBSHOP
from properties.systems import simulated
from steps.cycles import synchronise
from steps.pictures import Record
from steps.world import World

ROOT = Path(__file__).parent.parent
PRODUCT = "Custom Webshop Product"
INVENTORY = "Inventory"
VARIANT = "Sesamproducts"
WEBSHOP_ORDER = "Custom Webshop Order"
ORDER = "Order"


@contextmanager
def between(engine: str) -> Iterator[World]:
    """The world of the default checklist, with `engine` (a SPEC) between its systems."""
    clock = SimulatedClock()
    systems = simulated(WEBSHOP, clock)
    mapping = mapping_file.load(ROOT / WEBSHOP.file)
    with tempfile.TemporaryDirectory(prefix="bothways-") as folder:
        subject = open_subject(engines.parse(engine), Bench(mapping, systems, clock, Path(folder)))
        try:
            yield World(mapping, systems, clock, subject)
        finally:
            subject.close()


def linked(
    world: World, target: str = VARIANT, source: str = PRODUCT, **details: str | None
) -> tuple[Record, Record]:
    """A record of the webshop, most often a product, and its partner in the storefront."""
    made = world.create(source, details)
    synchronise(world)
    return made, world.the(target)


def shown(world: World, record: Record, name: str) -> Any:
    """What a record shows for a property, in the entity's words."""
    return world.words.field(record.side, name).shown(world.shown(record))


def number_of(world: World, name: str) -> int:
    """How many records of a kind there are."""
    side = world.words.side(name)
    return len(world.systems[side.system].ids(side.datatype))


def writes(world: World) -> int:
    """How many requests of a cycle that runs now write."""
    return sum(exchange.writes for exchange in world.cycle())

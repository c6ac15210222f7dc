"""F28: what a system makes of a written value is taken for an edit there, and written back."""

from __future__ import annotations

from typing import Any

from bothways.sync import learning
from bothways.sync.model import Shown
from calibration.bench import linked
from calibration.planting import Fault, Original
from steps.cycles import NeverQuiet, synchronise
from steps.world import World

fault = Fault("S16", "S17")
build = fault.build


@fault.instead_of(learning, "acknowledge")
def as_an_edit(original: Original, shape: Any, entity: Any, ref: Any, sent: Any, *answer: Any) -> Any:
    entity, versions = entity.copy(), {one.number: one for one in entity.versions.values()}
    member = entity.member(ref)
    for path, number in sent.items() if member else ():
        if number in versions:
            member.slots[path] = Shown(versions[number].value, number)
    return original(shape, entity, ref, {} if member else sent, *answer)


def happens(world: World) -> bool:
    product, _ = linked(world)
    world.change(product, "sku", " MUG-2 ")
    try:
        synchronise(world)
    except NeverQuiet:
        return True
    return bool(world.shown(product)["sku"] == "MUG-2")

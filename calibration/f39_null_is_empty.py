"""F39: null and "" are two values, though a side can't hold both."""

from __future__ import annotations

from typing import Any

from bothways.sync import learning, observe, shape
from bothways.sync.model import Shown
from calibration.bench import linked
from calibration.planting import Fault, Original
from steps.cycles import synchronise
from steps.world import World

fault = Fault("S17", "S16")
build = fault.build


@fault.instead_of(shape, "lift")
def to_the_letter(original: Original, kind: Any, end: Any, native: Any) -> Any:
    return native if native == "" else original(kind, end, native)


@fault.instead_of(observe, "same")
@fault.instead_of(shape, "same")
def null_is_another(original: Original, kind: Any, end: Any, one: Any, other: Any) -> bool:
    return bool(original(kind, end, one, other)) and (one == "") is (other == "")


@fault.instead_of(learning, "acknowledge")
def as_sent(original: Original, known: Any, entity: Any, ref: Any, sent: Any, *answer: Any) -> Any:
    after = original(known, entity, ref, sent, *answer)
    slots = after.member(ref).slots
    slots |= {path: Shown(None, sent[path]) for path in sent if path in slots and slots[path].value == ""}
    return after


def happens(world: World) -> bool:
    product, _ = linked(world, description="A mug")
    world.change(product, "description", None)
    synchronise(world)
    sent = [exchange for cycle in world.cycles for exchange in cycle if exchange.writes]
    return any(exchange.system == "webshop" for exchange in sent)

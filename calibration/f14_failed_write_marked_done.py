"""F14: a refused write counts as done, so that the sides differ for ever and nobody is told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bothways.sync import learning
from bothways.sync.connectors import Refused
from calibration.bench import linked
from calibration.planting import Fault, Original
from steps.world import World

fault = Fault("S25", "S15")
build = fault.build


@fault.instead_of(learning, "_after")
def as_if_done(original: Original, cycle: Any, before: Any, intent: Any, outcome: Any) -> Any:
    member = before.copy().member(intent.send.ref) if intent.send.ref else None
    if not isinstance(outcome, Refused) or member is None:
        return original(cycle, before, intent, outcome)
    after = before.copy()
    member = after.member(intent.send.ref)
    for path, number in intent.send.numbers.items():
        member.slots[path] = replace(member.slots[path], of=number)
    return after


def happens(world: World) -> bool:
    product, _ = linked(world)
    world.change(product, "sku", "MUG" * 30)
    world.cycle()
    return not (world.subject.status() or {})["failing"]

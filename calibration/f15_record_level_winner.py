"""F15: the record that was edited last wins whole, with all its properties."""

from __future__ import annotations

from typing import Any

from bothways.sync import looking
from bothways.sync.codecs import same
from bothways.sync.members import active_slots, supplier
from bothways.sync.model import Edit, Shown, Version
from calibration.bench import linked, shown
from calibration.planting import Fault, Original
from steps.cycles import synchronise
from steps.world import World

fault = Fault("S08")
build = fault.build


@fault.instead_of(looking, "observe")
def whole(original: Original, shape: Any, entity: Any, ref: Any, *seen: Any) -> Any:
    after = original(shape, entity, ref, *seen)
    member = after.member(ref)
    for slot in active_slots(shape, after, member) if member.modified_at and after.versions else ():
        name, held = supplier(after, slot), member.slots.get(slot.path)
        version = after.versions.get(name)
        if slot.counter or not held or not version or same(slot.type, slot.end, held.value, version.value):
            continue
        if version.edit.at and member.modified_at > version.edit.at:
            won = Version(after.next_number(), Edit(held.value, member.modified_at, ref))
            after.versions[name] = won
            member.slots[slot.path] = Shown(held.value, won.number)
    return after


def happens(world: World) -> bool:
    product, variant = linked(world)
    world.change(product, "name", "Blue mug")
    world.clock.advance(60)
    world.change(variant, "price", "24.50 USD")
    synchronise(world)
    return bool(shown(world, product, "name") != "Blue mug")

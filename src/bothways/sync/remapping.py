"""A mapping that changes under an existing state: what is known under the old one and means nothing under the new."""

from __future__ import annotations

from bothways.sync.groups import Place
from bothways.sync.members import side_of
from bothways.sync.model import Entity
from bothways.sync.shape import Shape, Slot


def retyped(old: Shape, new: Shape) -> dict[Place, Slot]:
    """The places that show a property whose values are no longer what they were: it starts anew, as at merge."""
    before, after = _places(old), _places(new)
    names = {
        name
        for place in before.keys() & after.keys()
        if _meaning(before[place]) != _meaning(after[place])
        for name in (*before[place].properties, *after[place].properties)
    }
    return {place: slot for place, slot in (before | after).items() if names.intersection(slot.properties)}


def without(entity: Entity, places: dict[Place, Slot]) -> Entity:
    """The entity without what it knows of the properties at these places."""
    after = entity.copy()
    names = {name for slot in places.values() for name in slot.properties}
    after.versions = {name: version for name, version in entity.versions.items() if name not in names}
    for member in after.members:
        side = side_of(member.ref)
        member.slots = {path: shown for path, shown in member.slots.items() if (side, path) not in places}
    return after


def _places(shape: Shape) -> dict[Place, Slot]:
    return {(side, slot.path): slot for side, slots in shape.slots.items() for slot in slots}


def _meaning(slot: Slot) -> tuple[object, ...]:
    """What a stored value of this place means by."""
    end = slot.end
    return slot.type, slot.counter, slot.properties, end.values, end.fields, end.items

"""Which records an entity has, what each of them speaks for, and how they hang together. Pure."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from bothways.mapping import Side
from bothways.sync.codecs import empty
from bothways.sync.model import Entity, Member, Ref
from bothways.sync.shape import Shape, Slot


def side_of(ref: Ref) -> Side:
    """The side that a record is on."""
    return _side(ref.system, ref.datatype)


@cache
def _side(system: str, datatype: str) -> Side:
    return Side(system=system, datatype=datatype)


def active_slots(shape: Shape, entity: Entity, member: Member) -> list[Slot]:
    """The slots that this member speaks for: not those whose stored value another member owns."""
    side = side_of(member.ref)
    slots = shape.slots[side]
    if side not in shape.views:
        return slots
    owners = {side_of(other.ref) for other in entity.members if other.live and other is not member}
    return [slot for slot in slots if slot.stored_as not in owners]


def supplier(entity: Entity, slot: Slot) -> str:
    """The property that the slot shows: the first that is not empty, else the first."""
    if len(slot.properties) == 1:
        return slot.properties[0]
    filled = (
        name for name in slot.properties if name in entity.versions and not empty(entity.versions[name].value)
    )
    return next(filled, slot.properties[0])


def partners(shape: Shape, entity: Entity, member: Member) -> list[Member]:
    """The records at the other end of a record's flows, and its twins, gone ones too."""
    side = side_of(member.ref)
    across = shape.partners.get(side, set()) | {side}
    return [other for other in entity.members if other is not member and side_of(other.ref) in across]


def linked(shape: Shape, entity: Entity) -> bool:
    """Whether there are records to be kept alike; one whose partners are gone counts as unlinked (S19)."""
    live = entity.live()
    return len(live) > 1 and any(other.live for member in live for other in partners(shape, entity, member))


def orphans(shape: Shape, entity: Entity) -> list[Member]:
    """The records that have lost all their partners (S19)."""
    left = []
    for member in entity.live():
        others = partners(shape, entity, member)
        if others and not any(other.live for other in others):
            left.append(member)
    return left


def last_deletion(entity: Entity) -> datetime | None:
    """When one of its records was last deleted, None if none was."""
    return max((member.gone_at for member in entity.members if member.gone_at is not None), default=None)

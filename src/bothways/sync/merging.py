"""Values meet: which edit is the later one (S08, S09), and what wins where records are the same thing (S11). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from bothways.sync.codecs import empty
from bothways.sync.members import active_slots, linked, side_of, supplier
from bothways.sync.model import MOST_BEATEN, Edit, Entity, Member, Shown, Version
from bothways.sync.shape import Shape, Slot

NEVER = datetime.min.replace(tzinfo=UTC)


def rank(shape: Shape, edit: Edit) -> tuple[datetime, int, int, str]:
    """What makes one edit later than another: its time, then the order of the systems (S08, S09)."""
    at = NEVER if edit.at is None else shape.cut(edit.at)
    system, side = shape.precedence(side_of(edit.origin))
    return at, -system, -side, edit.origin.id


def aligned(shape: Shape, entity: Entity) -> Entity:
    """The entity once all its records were looked at: what shows the present version by now has seen it."""
    entity = entity.copy()
    align(shape, entity)
    return entity


def align(shape: Shape, entity: Entity, members: Iterable[Member] | None = None) -> None:
    """Whatever shows the value of a version has seen that version, however it came by it.

    Of records that are still to be looked at nobody knows: they may have been edited before that version was made.
    """
    for member in entity.live() if members is None else members:
        for slot in active_slots(shape, entity, member):
            shown, version = member.slots.get(slot.path), entity.versions.get(supplier(entity, slot))
            if shown is None or version is None or shown.of == version.number:
                continue
            if slot.shows(shown.value, version.value):
                member.slots[slot.path] = Shown(shown.value, version.number)


def join(shape: Shape, one: Entity, other: Entity) -> Entity:
    """Two entities become one, under the first one's id: values meet by S11."""
    claims = [*_claims(shape, one), *_claims(shape, other)]
    members = [_joining(shape, entity, member) for entity in (one, other) for member in entity.members]
    joined = Entity(one.id, members, numbers=max(one.numbers, other.numbers))
    for name, edits in _by_property(claims).items():
        joined.versions[name] = _strongest(shape, joined, edits)
    align(shape, joined)
    return joined


def _joining(shape: Shape, entity: Entity, member: Member) -> Member:
    """A record of an entity that is joined: what it shows is of no version yet, unless an edit has beaten it already,
    for then it never claims anything again."""
    member, slots = member.copy(), shape.slots[side_of(member.ref)]
    beaten = {slot.path for slot in slots if slot.path in member.slots and _overtaken(entity, slot, member)}
    member.slots = {
        path: shown if path in beaten else Shown(shown.value) for path, shown in member.slots.items()
    }
    return member


def found(shape: Shape, entity: Entity) -> Entity:
    """The entity with a version for every property that its members show: before its first link."""
    if entity.versions:
        return entity
    founded = entity.copy()
    for name, edits in _by_property(_claims(shape, entity)).items():
        founded.versions[name] = _strongest(shape, founded, edits)
    align(shape, founded)
    return founded


def rebased(shape: Shape, entity: Entity) -> Entity:
    """Every counter starts anew from what the records show now, as at merge (S14)."""
    entity = entity.copy()
    counters = {
        slot.properties[0]
        for member in entity.live()
        for slot in active_slots(shape, entity, member)
        if slot.counter
    }
    for name, edits in _by_property(_claims_of_members(shape, entity)).items():
        if name in counters & entity.versions.keys():
            entity.versions[name] = _strongest(shape, entity, edits)
    align(shape, entity)
    return entity


def meet(shape: Shape, entity: Entity, slot: Slot, edit: Edit) -> None:
    """A slot is seen for the first time in a linked entity: its value meets the present version by S11."""
    if not slot.heard:
        return
    name = supplier(entity, slot)
    current = entity.versions.get(name)
    if current is None or _strength(shape, edit) > _strength(shape, current.edit):
        version = Version(entity.next_number(), edit)
        entity.versions[name] = version if current is None else version.having_beaten(current.edit)


def _strength(shape: Shape, edit: Edit) -> tuple[bool, tuple[datetime, int, int, str]]:
    """What makes a value win at merge: a value beats an empty one; then the later wins, and a side without times
    loses; then the systems' order (S11)."""
    return not empty(edit.value), rank(shape, edit)


def _strongest(shape: Shape, entity: Entity, claims: Iterable[Edit]) -> Version:
    ranked = sorted(claims, key=lambda edit: _strength(shape, edit), reverse=True)
    best = replace(ranked[0], why="at merge: a value before none, then the later")
    return Version(entity.next_number(), best, tuple(ranked[1 : 1 + MOST_BEATEN]))


Claim = tuple[tuple[str, ...], Edit]
"""What a record or a version says of a property, or of one of several: names, in the order in which they are shown."""


def _claims(shape: Shape, entity: Entity) -> list[Claim]:
    """What an entity brings to a merge: its versions if it is linked, else what its record shows, at its time."""
    if entity.versions and linked(shape, entity):
        return [((name,), version.edit) for name, version in entity.versions.items()]
    return _claims_of_members(shape, entity)


def _claims_of_members(shape: Shape, entity: Entity) -> list[Claim]:
    return [
        (slot.properties, Edit(member.slots[slot.path].value, member.modified_at, member.ref))
        for member in entity.live()
        for slot in active_slots(shape, entity, member)
        if slot.heard and slot.path in member.slots and not _overtaken(entity, slot, member)
    ]


def _by_property(claims: Iterable[Claim]) -> dict[str, list[Edit]]:
    """The claims on each property. A value that may be of several is of the one that would have supplied it."""
    edits: dict[str, list[Edit]] = {}
    for names, edit in sorted(claims, key=lambda claim: len(claim[0])):
        filled = (name for name in names if any(not empty(known.value) for known in edits.get(name, ())))
        edits.setdefault(next(filled, names[0]), []).append(edit)
    return edits


def _overtaken(entity: Entity, slot: Slot, member: Member) -> bool:
    """Whether the slot shows what an edit of another of the entity's records has beaten already: it claims nothing."""
    current = entity.versions.get(supplier(entity, slot))
    of = member.slots[slot.path].of
    if current is None or of in (0, current.number):
        return False
    return any(shown.of == current.number for other in entity.live() for shown in other.slots.values())

"""What was seen becomes what is known: edits win or lose, records join, writes are acknowledged. Pure.

Every function takes an entity and gives a new one; none of them asks a clock, a store or a system.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

from bothways.mapping import Side, Type
from bothways.sync.codecs import Unrepresentable, Value, empty, lift, number, pick, same
from bothways.sync.connectors import Record
from bothways.sync.model import MOST_BEATEN, Edit, Entity, Member, Ref, Shown, Version
from bothways.sync.shape import Shape, Slot

NEVER = datetime.min.replace(tzinfo=UTC)


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


# -- a record is seen ------------------------------------------------------------------------------


def observe(
    shape: Shape, entity: Entity, ref: Ref, record: Record, now: datetime, frozen: Collection[str] = ()
) -> Entity:
    """`record` was read: what changed on it since it was last seen is an edit (S07, S08, S10).

    Counters at `frozen` paths are left as they were: an adjustment of ours is under way there, and what part of a
    difference is ours can't be told yet (S14).
    """
    entity = entity.copy()
    member = entity.member(ref)
    if member is None:
        member = Member(ref)
        entity.members.append(member)
    side = side_of(ref)
    before = (member.starts, member.extras, member.unreadable)
    member.version, member.read_only, member.gone_at = record.version, record.read_only, None
    if record.stamp != member.stamp or member.modified_at is None:
        member.stamp, member.modified_at = record.stamp, record.modified_at
    member.created_at = member.created_at or record.created_at
    member.starts = shape.starts(side, record.fields)
    member.extras = {path: pick(record.fields, path) for path in shape.extras(side)}
    member.keys = {key.space: value for key in shape.keys(side) if (value := key.of(record.fields))}
    member.unreadable = {}
    for slot in active_slots(shape, entity, member):
        if slot.path in frozen:
            continue
        try:
            value = slot.lift(pick(record.fields, slot.path))
        except Unrepresentable as error:
            member.unreadable[slot.path] = str(error)
            continue
        _see(shape, entity, member, slot, value, member.modified_at or now)
    if before != (member.starts, member.extras, member.unreadable):
        entity.troubles.clear()
    align(shape, entity, [member])
    return entity


def _see(shape: Shape, entity: Entity, member: Member, slot: Slot, value: Value, at: datetime) -> None:
    before = member.slots.get(slot.path)
    if before is None:
        member.slots[slot.path] = Shown(value)
        if entity.versions:  # the mapping has gained a property, or the record came with another: as at merge
            _settle(shape, entity, slot, Edit(value, member.modified_at, member.ref))
    elif not same(slot.type, slot.end, before.value, value):
        member.slots[slot.path] = replace(before, value=value)
        entity.troubles.clear()  # a new edit revives what had failed (S25)
        if entity.versions:
            _weigh(shape, entity, member, slot, before, value, at)


def _weigh(
    shape: Shape, entity: Entity, member: Member, slot: Slot, before: Shown, value: Value, at: datetime
) -> None:
    """An edit was made at `slot`: it adds up, or it meets the present version and one of them wins."""
    name = supplier(entity, slot)
    current = entity.versions[name]
    if not slot.heard:
        member.slots[slot.path] = Shown(value, current.number)
        return
    edit = Edit(value, at, member.ref)
    if slot.counter and not (empty(value) or empty(before.value) or empty(current.value)):
        total = add(slot.type, current.value, subtract(slot.type, value, before.value))
        added = replace(edit, value=total, why="a difference: it adds up")
        summed = Version(entity.next_number(), added, current.beat)
        entity.versions[name] = summed.having_beaten(current.edit)
        return
    seen = before.of == current.number
    if seen and current.edit.at is not None and at < current.edit.at:
        edit = replace(
            edit, at=current.edit.at
        )  # made where the other was already shown, whatever the clocks say
    if seen or rank(shape, edit) > rank(shape, current.edit):
        why = "made where the other was already shown" if seen else "the later edit"
        won = Version(entity.next_number(), replace(edit, why=why), current.beat)
        entity.versions[name] = won.having_beaten(current.edit)
        member.slots[slot.path] = Shown(value, won.number)
    else:
        entity.versions[name] = current.having_beaten(replace(edit, why="the earlier edit"))


def rank(shape: Shape, edit: Edit) -> tuple[datetime, int, int, str]:
    """What makes one edit later than another: its time, then the order of the systems (S08, S09)."""
    at = NEVER if edit.at is None else shape.cut(edit.at)
    system, side = shape.precedence(side_of(edit.origin))
    return at, -system, -side, edit.origin.id


def add(kind: Type, one: Value, other: Value) -> Value:
    """The sum of two counter values."""
    return one + other if kind is Type.INTEGER else str(number(one) + number(other))


def subtract(kind: Type, one: Value, other: Value) -> Value:
    """The difference between two counter values."""
    return one - other if kind is Type.INTEGER else str(number(one) - number(other))


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


# -- records turn out to be the same thing ---------------------------------------------------------


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


def _settle(shape: Shape, entity: Entity, slot: Slot, edit: Edit) -> None:
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


# -- a write is answered ---------------------------------------------------------------------------


def acknowledge(
    shape: Shape, entity: Entity, ref: Ref, sent: dict[str, int], record: Record, now: datetime
) -> Entity:
    """A creation or update was done: what `record` shows at the `sent` paths renders what was sent (S16).

    `sent` maps paths to the numbers of the versions written there. Elsewhere the record is seen as ever.
    """
    entity = entity.copy()
    member = entity.member(ref)
    if member is None:
        member = Member(ref)
        entity.members.append(member)
    for slot in shape.slots[side_of(ref)]:
        if slot.path in sent:
            try:
                value = slot.lift(pick(record.fields, slot.path))
            except Unrepresentable:
                continue  # observing the record says so
            member.slots[slot.path] = Shown(value, sent[slot.path])
    entity.troubles.pop(str(ref), None)
    entity.troubles.pop(str(side_of(ref)), None)
    return observe(shape, entity, ref, record, now)


def accompanied(shape: Shape, entity: Entity, ref: Ref, record: Record) -> Entity:
    """The records that come with the creation of `ref`: what its answer says they show is where their differences
    begin, whatever is done to them before they are read themselves (S14)."""
    entity = entity.copy()
    for flow in shape.flows:
        company = Ref(ref.system, flow.target.datatype, ref.id)
        if (flow.target.system, flow.appears_with) != (ref.system, ref.datatype) or entity.member(company):
            continue
        slots = {
            prop.target.path: Shown(
                lift(prop.type, prop.target, pick(record.fields, prop.target.at_creation))
            )
            for prop in flow.properties
            if prop.target.at_creation and pick(record.fields, prop.target.at_creation) is not None
        }
        if slots:
            entity.members.append(Member(company, slots=slots))
    align(shape, entity)
    return entity


def adjusted(
    shape: Shape, entity: Entity, ref: Ref, path: str, delta: Value, record: Record | None, now: datetime
) -> Entity:
    """An adjustment was done: the record shows `delta` more than before, whatever else happened to it (S14)."""
    entity = entity.copy()
    member = entity.member(ref)
    if member is None:
        raise LookupError(f"{ref} is no member of entity {entity.id}")
    slot = shape.slot(side_of(ref), path)
    before = member.slots[path]
    member.slots[path] = replace(before, value=add(slot.type, before.value, delta))
    entity.troubles.pop(f"{ref} {path}", None)
    if record is None:
        align(shape, entity)
        return entity
    return observe(shape, entity, ref, record, now)


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


def taken(shape: Shape, entity: Entity, ref: Ref, path: str, record: Record) -> Entity:
    """What became of an adjustment will never be known: the record's present value is taken for what it left (S14)."""
    entity = entity.copy()
    member = entity.member(ref)
    if member is not None:
        slot = shape.slot(side_of(ref), path)
        member.slots[path] = replace(
            member.slots[path], value=lift(slot.type, slot.end, pick(record.fields, path))
        )
    return entity


def gone(entity: Entity, ref: Ref, at: datetime) -> Entity:
    """A look-up says that the record is no more, or a tombstone since when (S19). What was missed first has been gone
    since its tombstone's time."""
    entity = entity.copy()
    member = entity.member(ref)
    if member is not None:
        if member.live:
            entity.troubles.pop(str(ref), None)
        member.gone_at = at if member.gone_at is None else min(member.gone_at, at)
    return entity


def last_deletion(entity: Entity) -> datetime | None:
    """When one of its records was last deleted, None if none was."""
    return max((member.gone_at for member in entity.members if member.gone_at is not None), default=None)

"""What was seen becomes what is known: edits win or lose, writes are acknowledged. Pure.

Every function takes an entity and gives a new one; none of them asks a clock, a store or a system.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bothways.mapping import Type
from bothways.sync.codecs import Unrepresentable, Value, empty, lift, number, pick, same
from bothways.sync.connectors import Record
from bothways.sync.members import active_slots, side_of, supplier
from bothways.sync.merging import align, meet, rank
from bothways.sync.model import Edit, Entity, Member, Ref, Shown, Version
from bothways.sync.shape import Shape, Slot


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
            meet(shape, entity, slot, Edit(value, member.modified_at, member.ref))
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


def add(kind: Type, one: Value, other: Value) -> Value:
    """The sum of two counter values."""
    return one + other if kind is Type.INTEGER else str(number(one) + number(other))


def subtract(kind: Type, one: Value, other: Value) -> Value:
    """The difference between two counter values."""
    return one - other if kind is Type.INTEGER else str(number(one) - number(other))


# -- a write is answered ---------------------------------------------------------------------------


def acknowledge(
    shape: Shape,
    entity: Entity,
    ref: Ref,
    sent: dict[str, int],
    record: Record,
    now: datetime,
    edited: Mapping[str, Any] | None = None,
) -> Entity:
    """A creation or update was done: what `record` shows at the `sent` paths renders what was sent (S16).

    `sent` maps paths to the numbers of the versions written there, `edited` those of them at which somebody has
    changed that since to what was sent. Elsewhere the record is seen as ever.
    """
    at_first = edited or {}
    entity = entity.copy()
    member = entity.member(ref)
    if member is None:
        member = Member(ref)
        entity.members.append(member)
    for slot in shape.slots[side_of(ref)]:
        if slot.path in sent:
            try:
                value = slot.lift(at_first.get(slot.path, pick(record.fields, slot.path)))
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

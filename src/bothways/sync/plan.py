"""What to write, given what is known of an entity. Pure: entity in, actions out; planning twice plans nothing new.

A generator is the decision table: each function yields `Send`, `Look` or `Stop`, and only the engine acts on them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from bothways.mapping import Access, Deletes, Flow, Resolves, Side, Type
from bothways.sync.codecs import Unrepresentable, Value, empty, key_form, nest
from bothways.sync.connectors import Fields, Kind, Write
from bothways.sync.members import active_slots, last_deletion, linked, side_of, supplier
from bothways.sync.merging import rank
from bothways.sync.model import Entity, Member, Ref, Version
from bothways.sync.observe import subtract
from bothways.sync.shape import Shape, Slot, reference_space


class Need(NamedTuple):
    """A record that another refers to: by its id (`space` ""), or by a key; its link in a system is wanted.

    `datatype` is that of the link, "" where any will do.
    """

    space: str
    source: Side
    value: str
    system: str
    datatype: str = ""


Neighbours = Mapping[Need, str | None]
"""For each need, the id of the link in the target, None while there is none."""


@dataclass(frozen=True, slots=True)
class Send:
    """A write to `system`. `numbers` maps paths to the versions that it writes there.

    Its key is still to come; that of a creation will follow from what stands there now: the record it is made from.
    `known_by_key`: what it creates matches on a merge criterion, should the state be lost (S32).
    """

    system: str
    write: Write
    numbers: dict[str, int] = field(default_factory=dict)
    known_by_key: bool = False

    @property
    def side(self) -> Side:
        """The side that is written to."""
        return Side(system=self.system, datatype=self.write.datatype)

    @property
    def ref(self) -> Ref | None:
        """The record that is written, None for a creation."""
        return None if self.write.id is None else Ref(self.system, self.write.datatype, self.write.id)

    @property
    def subject(self) -> str:
        """What trouble with this write is filed under: the side, the record, or the record's counter."""
        if self.ref is None:
            return f"{self.system}.{self.write.datatype}"
        return (
            f"{self.ref} {next(iter(self.write.body))}" if self.write.kind is Kind.ADJUST else str(self.ref)
        )


@dataclass(frozen=True, slots=True)
class Look:
    """A record that must be there by now: read it, and it is linked (it appears with another's creation)."""

    ref: Ref

    @property
    def subject(self) -> str:
        """What trouble with looking is filed under: the side on which the record should appear."""
        return f"{self.ref.system}.{self.ref.datatype}"


@dataclass(frozen=True, slots=True)
class Stop:
    """Something that doesn't cross, with the reason. `waits`: for another record, so it is tried every cycle."""

    subject: str
    reason: str
    waits: bool = False


Step = Send | Look | Stop


class Waiting(Exception):
    """A creation refers to a record that has no link yet (S06)."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the plan depends on beside the entity.

    `onboarded_at`: with full sync off, only younger records cross. `lookups` holds constants that only a system
    knows, by system and name.
    """

    now: datetime
    onboarded_at: datetime | None = None
    neighbours: Neighbours = field(default_factory=dict)
    lookups: Mapping[tuple[str, str], Any] = field(default_factory=dict)


def plan(shape: Shape, entity: Entity, given: Circumstances) -> Iterator[Step]:
    """Everything that the entity needs now. Expects `entity.versions` wherever its records are to be written."""
    if _is_deleted(shape, entity):
        yield from _deletions(shape, entity)
        return
    created: set[Side] = set()
    for number, flow in enumerate(shape.flows):
        for step in _crossing(shape, entity, number, flow, given) if flow.target not in created else ():
            created |= {flow.target} if isinstance(step, Send) else set()
            yield step
    for member in entity.live() if linked(shape, entity) else ():
        if _rests(entity, str(member.ref), given.now) or not shape.shared(side_of(member.ref)):
            continue
        yield from _updates(shape, entity, member, given.now)


def _rests(entity: Entity, subject: str, now: datetime) -> bool:
    """Whether trouble with this subject says to wait longer (S25)."""
    trouble = entity.troubles.get(subject)
    return trouble is not None and trouble.due > now


# -- a record crosses ------------------------------------------------------------------------------


def _crossing(shape: Shape, entity: Entity, number: int, flow: Flow, given: Circumstances) -> Iterator[Step]:
    sources = [m for m in entity.on(flow.source.system, flow.source.datatype) if m.live]
    if not sources or any(entity.on(flow.target.system, flow.target.datatype)):
        return  # S01: only from the source; S04, S19: one that was there is never made again
    source = next((m for m in sources if may_cross(m, number, given.onboarded_at)), None)
    subject = str(flow.target)
    if source is None or _rests(entity, subject, given.now):
        return
    if flow.appears_with is not None:
        for twin in entity.on(flow.target.system, flow.appears_with):
            yield Look(Ref(flow.target.system, flow.target.datatype, twin.ref.id))
        return
    if not flow.creates or flow.start is flow.start.LINK_REQUIRED or not shape.shared(flow.target):
        return
    try:
        if not _connected(flow, source, given):
            raise Waiting(f"waits for one of {', '.join(sorted(set(flow.connected.values())))} to cross")
        yield _creation(shape, entity, flow, source, given)
    except Waiting as waiting:
        yield Stop(subject, str(waiting), waits=True)
    except Unrepresentable as error:
        yield Stop(subject, str(error))


def may_cross(source: Member, flow: int, onboarded_at: datetime | None) -> bool:
    """Whether a source record may be linked by this flow: its condition holds (S06), and it is young enough with
    full sync off (S22)."""
    if flow not in source.starts:
        return False
    return onboarded_at is None or (source.created_at is not None and source.created_at > onboarded_at)


def _connected(flow: Flow, source: Member, given: Circumstances) -> bool:
    """S06: created once a connected record has crossed; any one of them will do."""
    return not flow.connected or any(
        given.neighbours.get(need) is not None for need in _connections(flow, source)
    )


def _connections(flow: Flow, source: Member) -> Iterator[Need]:
    for path, datatype in flow.connected.items():
        for value in _listed(source.extras.get(path)):
            side = Side(system=flow.source.system, datatype=datatype)
            yield Need("", side, str(value), flow.target.system)


def _listed(value: Value) -> list[Value]:
    if isinstance(value, list):
        return value
    return [] if empty(value) else [value]


def needs(shape: Shape, entity: Entity) -> Iterator[Need]:
    """What the engine must look up in the store before this entity is planned."""
    for flow in shape.flows:
        if any(entity.on(flow.target.system, flow.target.datatype)):
            continue
        for source in entity.on(flow.source.system, flow.source.datatype):
            yield from _connections(flow, source)
            for prop in flow.properties:
                shown = source.slots.get(prop.source.path)
                if prop.resolves and shown:
                    named = [_named(prop.resolves, item) for item in _listed(shown.value)]
                    yield from (_reference(flow, prop.resolves, name) for name in named if key_form(name))


def _named(resolves: Resolves, item: Value) -> Value:
    """What an item of a list calls the record that it refers to."""
    return item.get(resolves.item) if isinstance(item, dict) else None


def _reference(flow: Flow, resolves: Resolves, name: Value) -> Need:
    side = Side(system=flow.source.system, datatype=resolves.datatype)
    wanted = (flow.target.system, resolves.target_datatype)
    return Need(reference_space(side), side, key_form(name), *wanted)


def _creation(shape: Shape, entity: Entity, flow: Flow, source: Member, given: Circumstances) -> Send:
    for path, reason in source.unreadable.items():
        raise Unrepresentable(f"{path}: {reason}")
    body: Fields = {}
    numbers: dict[str, int] = {}
    for slot in shape.slots[flow.target]:
        version = entity.versions.get(supplier(entity, slot))
        if version is None:
            continue
        numbers[slot.path] = version.number
        if slot.told and slot.end.access is not Access.READ_ONLY and not empty(version.value):
            body[slot.path] = _native(shape, slot, version, given.now)
    for path, version in _comes_along(shape, entity, flow.target):
        body[path] = version.value
    for prop in flow.properties:
        if prop.resolves and prop.target.path in body:
            version = entity.versions[supplier(entity, shape.slot(flow.target, prop.target.path))]
            natives = body[prop.target.path]
            body[prop.target.path] = _resolved(flow, prop.resolves, version.value, natives, given.neighbours)
    for path, constant in flow.constants.items():
        if constant.source is not None:
            body[path] = source.extras.get(constant.source)
        elif constant.lookup is not None:
            body[path] = given.lookups.get((flow.target.system, constant.lookup))
        else:
            body[path] = constant.value
    write = Write(Kind.CREATE, flow.target.datatype, key=str(source.ref), body=body)
    known_by_key = any(not empty(body.get(criterion.target)) for criterion in flow.criteria)
    return Send(flow.target.system, write, numbers, known_by_key)


def _native(shape: Shape, slot: Slot, version: Version, now: datetime) -> Value:
    """What to write at `slot` for `version`. Raises `Unrepresentable`, with the path in its words."""
    try:
        native = slot.lower(version.value, now)
    except Unrepresentable as error:
        raise Unrepresentable(f"{slot.path}: {error}") from None
    held = shape.mapping.systems[slot.side.system].currency
    if slot.type is Type.MONEY and held and not empty(version.value) and version.value["currency"] != held:
        raise Unrepresentable(f"{slot.path}: {version.value['currency']} can't be held, only {held}")
    return native


def _comes_along(shape: Shape, entity: Entity, created: Side) -> Iterator[tuple[str, Version]]:
    """Values of records that appear with this creation, where the creation can carry them (S18)."""
    for flow in shape.flows:
        if flow.target.system == created.system and flow.appears_with == created.datatype:
            for prop in flow.properties:
                slot = shape.slot(flow.target, prop.target.path)
                version = entity.versions.get(supplier(entity, slot))
                if prop.target.at_creation and version and not empty(version.value):
                    yield prop.target.at_creation, version


def _resolved(
    flow: Flow, resolves: Resolves, items: list[Value], natives: list[Fields], neighbours: Neighbours
) -> list[Fields]:
    """The list's native items, each naming the link of the record that it refers to. Raises `Waiting`."""
    resolved = []
    for item, native in zip(items, natives, strict=True):
        name = _named(resolves, item)
        link = neighbours.get(_reference(flow, resolves, name))
        if link is None:
            raise Waiting(f"waits for the {resolves.datatype} with {resolves.property} {name!r}")
        resolved.append({**native, **nest({resolves.target_path: link})})
    return resolved


# -- edits cross -----------------------------------------------------------------------------------


def behind(shape: Shape, entity: Entity, member: Member) -> Iterator[tuple[Slot, Version]]:
    """The slots of a record that neither show the present version nor render it."""
    for slot in active_slots(shape, entity, member):
        shown, version = member.slots.get(slot.path), entity.versions.get(supplier(entity, slot))
        if version is None or (shown is not None and shown.of == version.number and not slot.counter):
            continue
        if shown is None or not slot.shows(shown.value, version.value):
            yield slot, version


def can_be_written(slot: Slot, member: Member, version: Version) -> bool:
    """Whether the system's API can write this value on this record (S13)."""
    return (
        slot.told
        and slot.end.access is Access.WRITABLE
        and slot.path not in member.read_only
        and (not slot.end.only or version.value in slot.end.only)
    )


def _updates(shape: Shape, entity: Entity, member: Member, now: datetime) -> Iterator[Step]:
    """One update of all that changes, or else the adjustments: each answer then shows all that was written before."""
    changes: Fields = {}
    numbers: dict[str, int] = {}
    adjustments: list[Send] = []
    ref = member.ref
    for slot, version in behind(shape, entity, member):
        subject = f"{ref} {slot.path}"
        if not can_be_written(slot, member, version) or _rests(entity, subject, now):
            continue
        if slot.counter and sum(m.live for m in entity.on(ref.system, ref.datatype)) > 1:
            yield Stop(subject, f"{slot.path}: two records of one system can't share a counter")
        elif slot.counter and (delta := _difference(slot, member, version)) is not None:
            write = Write(Kind.ADJUST, ref.datatype, key="", id=ref.id, body={slot.path: delta})
            adjustments.append(Send(ref.system, write, {slot.path: version.number}))
        else:
            try:
                changes[slot.path] = _native(shape, slot, version, now)
                numbers[slot.path] = version.number
            except Unrepresentable as error:
                yield Stop(subject, str(error))
    if changes:
        write = Write(Kind.UPDATE, ref.datatype, key="", id=ref.id, body=changes, version=member.version)
        yield Send(ref.system, write, numbers)
    else:
        yield from adjustments


def _difference(slot: Slot, member: Member, version: Version) -> Value:
    """What a counter still owes this record, None where one of the two is unlimited (S14)."""
    shown = member.slots.get(slot.path)
    if shown is None or empty(shown.value) or empty(version.value):
        return None
    return subtract(slot.type, version.value, shown.value)


# -- deletions cross, where the mapping says so ----------------------------------------------------


def _is_deleted(shape: Shape, entity: Entity) -> bool:
    """S19: a deletion is an edit; a later edit of a partner keeps the partner."""
    if shape.mapping.policies.deletes is not Deletes.PROPAGATE or not entity.versions:
        return False
    last = last_deletion(entity)
    live = {member.ref for member in entity.live()}
    edits = [version.edit for version in entity.versions.values() if version.edit.origin in live]
    if last is None or not live:
        return False
    return not any(rank(shape, edit)[0] > shape.cut(last) for edit in edits)


def _deletions(shape: Shape, entity: Entity) -> Iterator[Step]:
    for member in entity.live():
        if shape.shared(side_of(member.ref)):
            ref = member.ref
            write = Write(Kind.DELETE, ref.datatype, key="", id=ref.id, version=member.version)
            yield Send(ref.system, write)

"""Reading what changed: pages of records become observations, and a record is gone when a look-up says so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import groupby

from bothways.mapping import Side
from bothways.sync.connectors import Record
from bothways.sync.cycle import Cycle
from bothways.sync.model import Entity, Member, Ref
from bothways.sync.observe import gone, observe
from bothways.sync.store import Cursor


async def look(cycle: Cycle) -> set[int]:
    """Read every side's changes into the state; give the entities that changed.

    A side's cursor moves once all its pages are safely stored (S27).
    """
    touched: set[int] = set()
    frozen = cycle.under_way()
    for side in cycle.shape.sides:
        touched |= await _look_at(cycle, side, frozen)
    return touched


async def _look_at(cycle: Cycle, side: Side, frozen: dict[Ref, set[str]]) -> set[int]:
    connector = cycle.connectors[side.system]
    cursor, began = cycle.store.cursor(side), cycle.now()
    every = timedelta(hours=cycle.shape.mapping.policies.full_scan_hours)
    whole = cursor is None or cursor.value is None or began - cursor.scanned_at >= every
    missing = cycle.store.ids(side) if whole else set()
    touched: set[int] = set()
    goes_on: str | None = None
    async for page in connector.changes(side.datatype, None if whole or cursor is None else cursor.value):
        touched |= await _take(cycle, side, page.records, frozen)
        missing.difference_update(record.id for record in page.records)
        goes_on = page.cursor or goes_on
    touched |= await look_up(cycle, [Ref(side.system, side.datatype, id) for id in sorted(missing)], frozen)
    scanned_at = began if whole or cursor is None else cursor.scanned_at
    with cycle.store.transaction():
        cycle.store.set_cursor(side, Cursor(goes_on, scanned_at))
    return touched


async def _take(cycle: Cycle, side: Side, records: Sequence[Record], frozen: dict[Ref, set[str]]) -> set[int]:
    """One page into the state, in one transaction. A record that looks older than known is read anew."""
    refs = {Ref(side.system, side.datatype, record.id): record for record in records}
    touched, doubtful = _observe(cycle, refs, frozen, trusted=False)
    return touched | await look_up(cycle, doubtful, frozen)


async def look_up(cycle: Cycle, refs: Iterable[Ref], frozen: dict[Ref, set[str]] | None = None) -> set[int]:
    """Read these records themselves: what a look-up shows is the truth, and what it doesn't is gone (S19)."""
    frozen = cycle.under_way() if frozen is None else frozen
    touched: set[int] = set()
    for (system, datatype), group in groupby(sorted(refs), key=lambda ref: (ref.system, ref.datatype)):
        some = list(group)
        found = await cycle.connectors[system].read(datatype, [ref.id for ref in some])
        seen = {ref: found[ref.id] for ref in some if ref.id in found}
        touched |= _observe(cycle, seen, frozen, trusted=True)[0]
        touched |= _miss(cycle, [ref for ref in some if ref.id not in found])
    return touched


def _observe(
    cycle: Cycle, seen: dict[Ref, Record], frozen: dict[Ref, set[str]], *, trusted: bool
) -> tuple[set[int], list[Ref]]:
    """Store what was seen; give the entities that changed, and records whose listing may be out of date."""
    touched: set[int] = set()
    doubtful: list[Ref] = []
    store, now = cycle.store, cycle.now()
    with store.transaction():
        known = store.entities_of(seen)
        entities = store.entities(set(known.values()))
        for ref, record in seen.items():
            before = entities.get(known[ref]) if ref in known else None
            member = before.member(ref) if before else None
            if member is not None and not trusted and _older(record, member):
                doubtful.append(ref)
                continue
            if member is not None and record.version is not None and _unchanged(record, member):
                continue
            if record.deleted:
                if before is not None:
                    after = gone(before, ref, record.modified_at or now)
                    _keep(cycle, after, before, entities, touched)
                continue
            after = observe(
                cycle.shape, before or store.new_entity(), ref, record, now, frozen.get(ref, frozenset())
            )
            _keep(cycle, after, before, entities, touched)
    return touched, doubtful


def _keep(
    cycle: Cycle, after: Entity, before: Entity | None, entities: dict[int, Entity], touched: set[int]
) -> None:
    if cycle.save(after, before):
        touched.add(after.id)
        entities[after.id] = after


def _older(record: Record, member: Member) -> bool:
    return record.stamp is not None and member.stamp is not None and record.stamp < member.stamp


def _unchanged(record: Record, member: Member) -> bool:
    return member.live and not record.deleted and record.version == member.version


def _miss(cycle: Cycle, refs: Sequence[Ref]) -> set[int]:
    touched: set[int] = set()
    if not refs:
        return touched
    with cycle.store.transaction():
        known = cycle.store.entities_of(refs)
        for ref, number in known.items():
            before = cycle.store.entities([number])[number]
            if cycle.save(gone(before, ref, cycle.now()), before):
                touched.add(number)
    return touched

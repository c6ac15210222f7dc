"""Reading what changed: pages of records become observations, and a record is gone when a look-up says so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import groupby

from bothways.mapping import Side
from bothways.sync.connectors import Record
from bothways.sync.cycle import Cycle
from bothways.sync.model import Member, Ref
from bothways.sync.observe import gone, observe
from bothways.sync.store import Cursor

Frozen = dict[Ref, set[str]]
"""Paths at which writes without an outcome may or may not have changed a record."""


async def look(cycle: Cycle) -> None:
    """Read every side's changes into the state, where what changed is marked as pending.

    The cursors move once all pages are safely stored (S27).
    """
    frozen = cycle.under_way()
    cursors = {side: await _look_at(cycle, side, frozen) for side in cycle.shape.sides}
    with cycle.store.transaction():
        for side, cursor in cursors.items():
            cycle.store.set_cursor(side, cursor)


async def _look_at(cycle: Cycle, side: Side, frozen: Frozen) -> Cursor:
    cursor, began = cycle.store.cursor(side), cycle.now()
    every = timedelta(hours=cycle.shape.mapping.policies.full_scan_hours)
    whole = cursor is None or cursor.value is None or began - cursor.scanned_at >= every
    missing = cycle.store.ids(side) if whole else set()
    cycle.scanned |= {side} if whole else set()
    since = None if whole or cursor is None else cursor.value
    goes_on: str | None = None
    async for page in cycle.connectors[side.system].changes(side.datatype, since):
        records = {Ref(side.system, side.datatype, record.id): record for record in page.records}
        doubtful = _observe(cycle, records, frozen, listed=True, anew=cursor is None)
        await look_up(cycle, doubtful, frozen, anew=cursor is None)
        missing.difference_update(record.id for record in page.records)
        goes_on = page.cursor or goes_on
    unlisted = [Ref(side.system, side.datatype, id) for id in sorted(missing)]
    await look_up(cycle, unlisted, frozen, anew=cursor is None)
    return Cursor(goes_on, began if whole or cursor is None else cursor.scanned_at)


async def look_up(
    cycle: Cycle, refs: Iterable[Ref], frozen: Frozen | None = None, *, anew: bool = False
) -> None:
    """Read these records themselves: what a look-up shows is the truth, and what it doesn't is gone (S19).

    `anew`: by a new mapping, for which a record that hasn't changed may show something else.
    """
    frozen = cycle.under_way() if frozen is None else frozen
    for (system, datatype), group in groupby(sorted(refs), key=lambda ref: (ref.system, ref.datatype)):
        some = list(group)
        found = await cycle.connectors[system].read(datatype, [ref.id for ref in some])
        seen = {ref: found[ref.id] for ref in some if ref.id in found}
        _observe(cycle, seen, frozen, listed=False, anew=anew)
        _miss(cycle, [ref for ref in some if ref.id not in found])


def _observe(cycle: Cycle, seen: dict[Ref, Record], frozen: Frozen, *, listed: bool, anew: bool) -> list[Ref]:
    """Store what was seen; give the records of which a listing may show something older than is known."""
    doubtful: list[Ref] = []
    store, now = cycle.store, cycle.now()
    with store.transaction():
        known = store.entities_of(seen)
        entities = store.entities(set(known.values()))
        for ref, record in seen.items():
            before = entities.get(known[ref]) if ref in known else None
            member = before.member(ref) if before else None
            if member is not None and not anew and _unchanged(record, member):
                continue
            if not record.deleted:
                entity = before or store.new_entity()
                after = observe(cycle.shape, entity, ref, record, now, frozen.get(ref, frozenset()))
                if listed and after != before and member and _may_be_older(record, member, anew=anew):
                    doubtful.append(ref)
                    continue
            elif before is not None:
                after = gone(before, ref, record.modified_at or now)
            else:
                cycle.graves.add(ref)
                continue
            cycle.save(after, before, pending=True)
            entities[after.id] = after
    return doubtful


def _may_be_older(record: Record, member: Member, *, anew: bool) -> bool:
    """Whether a listing may show what was there before. Two changes within one tick of its clock bear one time."""
    if record.stamp is None or member.stamp is None or record.stamp > member.stamp:
        return False
    return not anew or (record.version, record.stamp) != (member.version, member.stamp)


def _unchanged(record: Record, member: Member) -> bool:
    return (
        record.version is not None and record.version == member.version and member.live and not record.deleted
    )


def _miss(cycle: Cycle, refs: Sequence[Ref]) -> None:
    with cycle.store.transaction():
        for ref, number in cycle.store.entities_of(refs).items():
            before = cycle.store.entities([number])[number]
            cycle.save(gone(before, ref, cycle.now()), before, pending=True)

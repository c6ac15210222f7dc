"""What one cycle works with, and what it reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bothways.mapping import Side
from bothways.sync.connectors import Clock, Connector
from bothways.sync.members import linked, orphans, side_of
from bothways.sync.model import Entity, Ref, Trouble
from bothways.sync.plan import Circumstances, Neighbours, Stop, behind, can_be_written
from bothways.sync.shape import Shape
from bothways.sync.store import Store

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)


@dataclass(slots=True)
class Report:
    """One cycle in figures. An update is all writes to one record (S18); requests are counted apart.

    `held` is how many writes the bulk-change limit holds back, 0 if it doesn't.
    """

    written: set[Ref] = field(default_factory=set)
    created: int = 0
    requests: int = 0
    held: int = 0

    @property
    def updates(self) -> int:
        return len(self.written)


@dataclass(slots=True)
class Cycle:
    """One cycle under way: its tools, and what its parts tell each other."""

    shape: Shape
    store: Store
    connectors: Mapping[str, Connector]
    clock: Clock
    onboarded_at: datetime | None
    lookups: dict[tuple[str, str], Any] = field(default_factory=dict)
    report: Report = field(default_factory=Report)
    allowance: int | None = None
    """How many records may be written in this cycle, None without limit (S21)."""
    marked: bool = False
    """Whether a record carrying our own mark was linked: the state must have been lost (S32)."""
    scanned: set[Side] = field(default_factory=set)
    """Sides that were listed whole in this cycle (S27)."""
    graves: set[Ref] = field(default_factory=set)
    """Records that were listed as deleted, and that the state knows nothing of."""
    stopped: set[tuple[int, str]] = field(default_factory=set)
    """What failed in this cycle, by entity and subject: it rests until the next."""

    def now(self) -> datetime:
        return self.clock.now()

    def given(self, neighbours: Neighbours) -> Circumstances:
        return Circumstances(self.now(), self.onboarded_at, neighbours, self.lookups)

    def under_way(self) -> dict[Ref, set[str]]:
        """The paths at which writes without an outcome may or may not have changed a record."""
        paths: dict[Ref, set[str]] = {}
        for intent in self.store.intents():
            if intent.send.ref is not None:
                paths.setdefault(intent.send.ref, set()).update(intent.send.write.body)
        return paths

    def save(self, entity: Entity, before: Entity | None, *, pending: bool = False) -> bool:
        """Keep an entity if it changed, marked as not yet acted on if `pending`. Call it in a transaction."""
        if entity == before:
            return False
        due = min((trouble.due for trouble in entity.troubles.values()), default=None)
        self.store.save(
            entity,
            before,
            pending=pending,
            due=due,
            notable=notable(self.shape, entity),
            linked=linked(self.shape, entity),
        )
        return True

    def file(self, entity: Entity, stop: Stop) -> Entity:
        """The entity with its trouble on record: tried again after growing pauses (S25)."""
        known = entity.troubles.get(stop.subject)
        now = self.now()
        if not stop.waits:
            if (entity.id, stop.subject) in self.stopped:
                return entity
            self.stopped.add((entity.id, stop.subject))
        if stop.waits:
            trouble = Trouble(stop.reason, 0, now)
        else:
            tries = 1 if known is None else known.tries + 1
            trouble = Trouble(stop.reason, tries, now + pause(tries))
        if known is not None and stop.waits and known.reason == trouble.reason:
            return entity
        entity = entity.copy()
        entity.troubles[stop.subject] = trouble
        return entity


def pause(failures: int) -> timedelta:
    """How long something rests after so many failures: a minute, then ever longer up to an hour (S25)."""
    doublings = min(failures - 1, 10)
    return min(FIRST_PAUSE * (1 << doublings), LONGEST_PAUSE)


def notable(shape: Shape, entity: Entity) -> bool:
    """Whether `status` has something to say: trouble, an orphan, or an edit that can't cross."""
    return (
        bool(entity.troubles) or bool(orphans(shape, entity)) or any(True for _ in uncrossed(shape, entity))
    )


def uncrossed(shape: Shape, entity: Entity) -> list[tuple[Ref, str, str]]:
    """Edits that a system can't take, until they are replaced: (record that lacks it, path, reason) (S13)."""
    if not linked(shape, entity):
        return []
    listed = []
    for member in entity.live():
        for slot, version in behind(shape, entity, member):
            if slot.told and not can_be_written(slot, member, version):
                listed.append((member.ref, slot.path, "the system's API can't write it on this record"))
        for path, reason in member.unreadable.items():
            listed.append((member.ref, path, reason))
    return listed


def rank_of(shape: Shape, entity: Entity) -> int:
    """Where an entity stands in the order of references: parents first."""
    order = {side: number for number, side in enumerate(shape.sides)}
    sides = {side_of(m.ref) for m in entity.members}
    return min((order[side] for side in sides if side in order), default=len(order))

"""What a system remembers: records, tombstones, idempotency keys, ids. Cheap to copy, so that a test can go
back.
"""

from __future__ import annotations

import copy
import hashlib
import json
from bisect import bisect_left, bisect_right, insort
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from typing import Any, Generic, NamedTuple, TypeVar

Row = TypeVar("Row")
Result = TypeVar("Result")


class Ids:
    """A seeded source of opaque ids: the same seed, the same ids in the same order."""

    def __init__(self, seed: int | str = 0) -> None:
        self.seed = seed
        self.used = 0

    def __call__(self) -> str:
        """The next id: 24 hexadecimal digits whose order means nothing."""
        self.used += 1
        return hashlib.sha256(f"{self.seed}/{self.used}".encode()).hexdigest()[:24]


class Serial(Ids):
    """Ids as many databases give them: 0, 1, 2."""

    def __call__(self) -> str:
        """The next number."""
        self.used += 1
        return str(self.used - 1)


class Position(NamedTuple):
    """A record's place in a listing."""

    at: datetime
    id: str


class Table(Generic[Row]):
    """Records of one kind, by id, in creation order and by (time of change, id).

    Rows are never changed in place: a change puts a new one. That makes a shallow copy a whole one, and lets
    the row before the last change stay at hand in `before`.
    """

    def __init__(self) -> None:
        self.rows: dict[str, Row] = {}
        self.graves: dict[str, Row] = {}
        self.before: dict[str, Row | None] = {}
        self.places: dict[str, Position] = {}
        self.order: list[Position] = []

    def copy(self) -> Table[Row]:
        """An independent table with the same rows."""
        twin: Table[Row] = Table()
        twin.rows = self.rows.copy()
        twin.graves = self.graves.copy()
        twin.before = self.before.copy()
        twin.places = self.places.copy()
        twin.order = self.order.copy()
        return twin

    def put(self, id: str, row: Row, at: datetime) -> None:
        """Create or replace a record."""
        self.before[id] = self.rows.get(id)
        self.rows[id] = row
        self._place(id, at)

    def bury(self, id: str, tombstone: Row, at: datetime) -> None:
        """Delete a record and keep a tombstone."""
        self.before[id] = self.rows.pop(id)
        self.graves[id] = tombstone
        self._place(id, at)

    def drop(self, id: str) -> None:
        """Delete a record without a trace."""
        del self.rows[id]
        self._displace(id)

    def after(self, start: Position | None) -> Iterator[Position]:
        """Places strictly after `start`, earliest change first; all of them for None."""
        first = 0 if start is None else bisect_right(self.order, start)
        for index in range(first, len(self.order)):
            yield self.order[index]

    def until(self, start: Position | None) -> Iterator[Position]:
        """Places strictly before `start`, latest change first; all of them for None."""
        last = len(self.order) if start is None else bisect_left(self.order, start)
        for index in range(last - 1, -1, -1):
            yield self.order[index]

    def _place(self, id: str, at: datetime) -> None:
        self._displace(id)
        place = self.places[id] = Position(at, id)
        insort(self.order, place)

    def _displace(self, id: str) -> None:
        place = self.places.pop(id, None)
        if place is not None:
            del self.order[bisect_left(self.order, place)]


@dataclass(frozen=True, slots=True)
class Remembered:
    """A request that carried an idempotency key, and its first success."""

    fingerprint: str
    answer: Any
    at: datetime
    busy_until: datetime


class KeyReused(Exception):
    """The key came before, with another body."""


class KeyBusy(Exception):
    """The first request with this key is still being answered."""


class KeyMemory:
    """Idempotency keys, each remembered for `kept` with the first success it led to."""

    def __init__(self, kept: timedelta) -> None:
        self.kept = kept
        self.keys: dict[tuple[str, str], Remembered] = {}

    def copy(self) -> KeyMemory:
        """An independent memory of the same keys."""
        twin = KeyMemory(self.kept)
        twin.keys = self.keys.copy()
        return twin

    def once(self, scope: str, key: str, body: Any, now: datetime, carry_out: Callable[[], Result]) -> Result:
        """Carry a request out, or give the first success of the one that had `key` before; a failure leaves
        the key free. `now` is true time. Raises KeyReused, KeyBusy.
        """
        known = self.keys.get((scope, key))
        fingerprint = json.dumps(body, sort_keys=True)
        if known is not None and now - known.at < self.kept:
            if known.fingerprint != fingerprint:
                raise KeyReused(key)
            if now < known.busy_until:
                raise KeyBusy(key)
            first: Result = known.answer
            return first
        answer = carry_out()
        self.keys[scope, key] = Remembered(fingerprint, answer, now, busy_until=now)
        return answer

    def hold(self, scope: str, key: str, busy: timedelta) -> None:
        """Let the request with `key`, if there was one, count as still being answered for the time of
        `busy`.
        """
        if known := self.keys.get((scope, key)):
            self.keys[scope, key] = replace(known, busy_until=known.at + busy)


@dataclass(slots=True)
class Store:
    """All that one system remembers. `indexes` finds records by something else than their id; `requests`
    holds the times that a rate limit counts; `numbers` are running numbers.
    """

    tables: dict[str, Table[Any]]
    keys: KeyMemory
    ids: Ids
    indexes: dict[str, dict[str, str]] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    requests: dict[str, deque[datetime]] = field(default_factory=dict)
    subscriptions: list[Any] = field(default_factory=list)
    notifications: list[Any] = field(default_factory=list)

    def snapshot(self) -> Store:
        """An independent copy, whatever happens to this one."""
        return Store(
            {name: table.copy() for name, table in self.tables.items()},
            self.keys.copy(),
            copy.copy(self.ids),
            {name: index.copy() for name, index in self.indexes.items()},
            self.numbers.copy(),
            {name: times.copy() for name, times in self.requests.items()},
            self.subscriptions.copy(),
            self.notifications.copy(),
        )

    def restore(self, snapshot: Store) -> None:
        """Go back to a snapshot, which stays good for another time."""
        fresh = snapshot.snapshot()
        for part in fields(self):
            setattr(self, part.name, getattr(fresh, part.name))

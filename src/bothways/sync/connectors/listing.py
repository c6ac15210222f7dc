"""Listing what changed since the last time, page by page, without missing anything (S27)."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, NamedTuple, Self, TypeVar

from bothways.errors import SystemDown
from bothways.sync.codecs import instant
from bothways.sync.connectors import Page, Record
from bothways.sync.connectors.http import Http
from bothways.sync.connectors.times import written

OVERLAP = timedelta(seconds=60)
"""How far each listing reaches back before the one before it began: what is committed late or served stale."""

ROUNDS = 4
"""How often a listing is started before we give up on it."""

Place = TypeVar("Place")
"""Where a listing goes on; what it is made of is the connector's business."""


class DeadCursor(Exception):
    """The system doesn't know, or no longer knows, the place in the listing that it named itself."""


@dataclass(frozen=True, slots=True)
class Leaf(Generic[Place]):
    """One page as the system gives it. `next` is where it goes on, `at` the system's own time."""

    records: Sequence[Record]
    next: Place | None
    at: datetime


class Mark(NamedTuple):
    """Up to where everything was listed: `since` by the system's clock, noted at `taken` by ours."""

    since: datetime
    taken: datetime

    def __str__(self) -> str:
        return f"{written(self.since)} {written(self.taken)}"

    @classmethod
    def read(cls, cursor: str | None) -> Self | None:
        if cursor is None:
            return None
        since, taken = cursor.split(" ")
        return cls(instant(since), instant(taken))

    def trusted(self, theirs: datetime, ours: datetime) -> bool:
        """Whether the system's clock ran on since then. One that was set back hides edits behind the mark."""
        return theirs - self.since >= ours - self.taken + OVERLAP / 2


Turn = Callable[[datetime | None, Place | None], Awaitable[Leaf[Place]]]
"""Gives the first page since a time, the first of all, or the page at a place. Raises `DeadCursor`."""


async def listed(turn: Turn[Place], http: Http, cursor: str | None) -> AsyncGenerator[Page, None]:
    """All pages since `cursor`, some of them twice when the system loses our place (F34).

    The last page's cursor names the time of the *first* page, by the system's clock, minus an overlap and what its
    record times may be cut by: what changes or moves while it is being listed is listed again. Raises `SystemDown`
    when the place is lost again and again, or the pages lead round in a circle.
    """
    mark = Mark.read(cursor)
    for _ in range(ROUNDS):
        leaf = await turn(mark and mark.since, None)
        heard = http.clock.now()
        if mark and not mark.trusted(leaf.at, heard):
            mark = None
            continue
        reached = Mark(leaf.at - OVERLAP - http.granularity, heard)
        passed: set[Place] = set()
        try:
            while leaf.next is not None and leaf.next not in passed:
                yield Page(leaf.records)
                passed.add(leaf.next)
                leaf = await turn(None, leaf.next)
        except DeadCursor:
            continue
        if leaf.next is None:
            yield Page(leaf.records, str(reached))
            return
    raise SystemDown(f"the {http.name} loses our place in a listing again and again")

"""What the Commerce APIs share: pages, reading by id, and how they say no."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, NamedTuple
from urllib.parse import quote

from bothways.errors import SyncError
from bothways.sync.connectors import Done, Fields, Gone, Record, Refused, Write
from bothways.sync.connectors.answers import Answer
from bothways.sync.connectors.http import Http
from bothways.sync.connectors.listing import DeadCursor, Leaf
from bothways.sync.connectors.times import written

KEYS_KEPT = timedelta(hours=48)
MOST_IDS = 50
FAR_AHEAD = timedelta(days=366)
"""`modifiedAfter` wants a `modifiedBefore`: one that no clock is likely to be beyond."""

MILLISECOND = timedelta(milliseconds=1)


class Place(NamedTuple):
    """Where a listing goes on: at a cursor, or without one after a time. `after` is where its time window begins."""

    after: datetime | None
    cursor: str | None


class Listing:
    """One of the listings. `member` names the rows in its answer, `records` makes records of a row.

    `filters` are sent with every request that has no cursor: beside one nothing is allowed.
    """

    def __init__(
        self,
        http: Http,
        path: str,
        member: str,
        records: Callable[[Fields], Iterable[Record]],
        filters: dict[str, str] | None = None,
    ) -> None:
        self._http = http
        self._path = path
        self._member = member
        self._records = records
        self._filters = filters or {}

    async def turn(self, since: datetime | None, place: Place | None) -> Leaf[Place]:
        """A page. Raises `DeadCursor`, and `SyncError` when the records can't be listed.

        Cursors hold no snapshot: on pages from the oldest change to the latest, a record that moves to the end
        while being listed may make another skip a page. There the next page is asked for by time.
        """
        after, cursor = place or Place(since, None)
        answer = await self._http.get(self._path, self._question(after, cursor))
        if not answer.good:
            if cursor is not None:
                raise DeadCursor
            raise SyncError(f"the {self._http.name} doesn't list {self._member}: {answer.reason}")
        rows, following = self._unwrapped(answer.body)
        records = [record for row in rows for record in self._records(row)]
        if following is None:
            return Leaf(records, None, answer.at)
        onwards = _last_of_ascending(records)
        if onwards is not None and (after is None or onwards - MILLISECOND > after):
            return Leaf(records, Place(onwards - MILLISECOND, None), answer.at)
        return Leaf(records, Place(after, following), answer.at)

    async def existing(self, ids: Sequence[str]) -> list[Fields]:
        """The rows of those of `ids` that exist. One unknown id makes a whole answer 404: then each half is asked
        for. Raises `SyncError` for any other refusal.
        """
        if len(ids) > MOST_IDS:
            return await self.existing(ids[:MOST_IDS]) + await self.existing(ids[MOST_IDS:])
        if not ids:
            return []
        answer = await self._http.get(f"{self._path}/{','.join(quote(id, safe='') for id in ids)}")
        if answer.good:
            return self._unwrapped(answer.body)[0]
        if answer.status != 404:
            raise SyncError(f"the {self._http.name} doesn't show {self._member}: {answer.reason}")
        half = len(ids) // 2
        return await self.existing(ids[:half]) + await self.existing(ids[half:]) if half else []

    def _question(self, after: datetime | None, cursor: str | None) -> dict[str, str]:
        if cursor is not None:
            return {"cursor": cursor}
        if after is None:
            return self._filters
        before = max(self._http.clock.now(), after) + FAR_AHEAD
        return {"modifiedAfter": written(after), "modifiedBefore": written(before), **self._filters}

    def _unwrapped(self, body: Any) -> tuple[list[Fields], str | None]:
        """The rows, and the next page's cursor if there is one. An empty list may be null."""
        with self._http.as_contracted(self._member):
            pagination = body.get("pagination", {"hasNextPage": False})
            following = pagination["nextPageCursor"] if pagination["hasNextPage"] else None
            if pagination["hasNextPage"] and not following:
                raise KeyError("nextPageCursor")
            return list(body[self._member] or []), following


def _last_of_ascending(records: Sequence[Record]) -> datetime | None:
    """The latest modification on a page that goes from older to newer ones, None for any other page."""
    stamps = [record.stamp for record in records if record.stamp is not None]
    if len(stamps) < len(records) or not stamps or stamps[0] == stamps[-1]:
        return None
    return stamps[-1] if all(one <= next for one, next in pairwise(stamps)) else None


Read = Callable[[Sequence[str]], Awaitable[dict[str, Record]]]


async def refused(write: Write, answer: Answer, read: Read) -> Gone | Refused:
    """What a refused write to an existing record means. That a record is gone, only a look-up says (S19)."""
    missing = answer.status == 404 or "_NOT_FOUND" in answer.reason
    if missing and write.id is not None and write.id not in await read([write.id]):
        return Gone()
    return Refused(answer.reason)


async def done(id: str, read: Read, left: Fields) -> Done | Gone:
    """What a write left behind whose answer doesn't show the record: `left` for certain, the rest as it is now.

    Where the record shows something else than `left` by now, that is somebody's edit; the next listing shows it.
    """
    present = (await read([id])).get(id)
    return Gone() if present is None else Done(replace(present, fields=present.fields | left))

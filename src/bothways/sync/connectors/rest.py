"""The generic REST contract: customers' own systems, whatever their datatypes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from bothways.errors import SyncError
from bothways.sync.codecs import nest, pick
from bothways.sync.connectors import (
    Abilities,
    Done,
    Fields,
    Gone,
    Kind,
    Outcome,
    Page,
    Record,
    Refused,
    Setup,
    Stale,
    Unknown,
    Write,
)
from bothways.sync.connectors.answers import Answer
from bothways.sync.connectors.http import Http
from bothways.sync.connectors.listing import DeadCursor, Leaf, listed
from bothways.sync.connectors.renderings import renders
from bothways.sync.connectors.times import moment, written

COOL_DOWN = 5.0
"""Seconds to wait after a 429 that doesn't say how long."""

LARGEST_BATCH = 100
MERGE_PATCH = {"Content-Type": "application/merge-patch+json"}


class RestConnector:
    """One system on the generic REST contract.

    Updates and deletions of a datatype that are written together travel in batches, for their versions keep them
    from happening twice. Creations do where the engine keeps them together: sent again, after a crash too, they must
    find the outcome of their batch's key. Adjustments travel alone, each under its own (S24).
    """

    def __init__(self, setup: Setup) -> None:
        self._http = Http(setup, COOL_DOWN)

    @property
    def requests(self) -> int:
        """How many requests were sent."""
        return self._http.requests

    def abilities(self, datatype: str) -> Abilities:  # noqa: ARG002  # the same for all
        """What the contract can do: everything."""
        return Abilities(tombstones=True, versions=True, keys_kept=timedelta(hours=48), batch=LARGEST_BATCH)

    async def changes(self, datatype: str, cursor: str | None) -> AsyncIterator[Page]:
        """Records and tombstones that changed since `cursor`. Raises `SyncError` when they can't be listed."""

        async def turn(since: datetime | None, place: str | None) -> Leaf[str]:
            filters = {"include_deleted": "true"} | ({"updated_since": written(since)} if since else {})
            answer = await self._http.get(_path(datatype), filters if place is None else {"cursor": place})
            if not answer.good:
                if place is not None:
                    raise DeadCursor
                raise SyncError(f"the {self._http.name} doesn't list {datatype}: {answer.reason}")
            with self._http.as_contracted(datatype):
                rows, following = answer.body["data"], answer.body["next_cursor"]
                return Leaf([self._record(shown) for shown in rows], following, answer.at)

        async for page in listed(turn, self._http, cursor):
            yield page

    async def read(self, datatype: str, ids: Sequence[str]) -> dict[str, Record]:
        """Those of `ids` that exist now. Raises `SyncError` for an answer that says neither yes nor no."""
        found = {}
        for id in dict.fromkeys(ids):
            answer = await self._http.get(_path(datatype, id))
            if answer.good:
                found[id] = self._record(answer.body)
            elif answer.status not in (404, 410):
                raise SyncError(f"the {self._http.name} doesn't show {datatype} {id}: {answer.reason}")
        return found

    async def write(self, writes: Sequence[Write]) -> list[Outcome]:
        """Send each of `writes`: of each datatype those that batch, then the others, both in order."""
        outcomes: dict[int, Outcome] = {}
        for datatype in dict.fromkeys(write.datatype for write in writes):
            ours = [place for place, write in enumerate(writes) if write.datatype == datatype]
            for some in _batches(writes, ours):
                outcomes |= zip(some, await self._together([writes[place] for place in some]), strict=True)
            for place in ours:
                if place not in outcomes:
                    outcomes[place] = await self._alone(writes[place])
        return [outcomes[place] for place in range(len(writes))]

    async def find_created(self, write: Write, since: datetime) -> Record | None:  # noqa: ARG002  # see below
        """Nothing: this contract knows a creation by its key."""
        return None

    async def lookup(self, name: str) -> Any:
        """Raises `SyncError`: the contract has no constants of its own."""
        raise SyncError(f"the {self._http.name} has nothing called '{name}'")

    def shows(self, write: Write, record: Record) -> bool:
        """Whether `record` shows all that `write` wrote, in whatever rendering."""
        return all(renders(value, pick(record.fields, path)) for path, value in write.body.items())

    async def _alone(self, write: Write) -> Outcome:
        own = _path(write.datatype, write.id or "")
        match write.kind:
            case Kind.CREATE:
                answer = await self._http.send("POST", _path(write.datatype), nest(write.body), key=write.key)
            case Kind.ADJUST:
                [(counter, delta)] = write.body.items()
                place = f"{own}/{quote(counter, safe='')}/adjustments"
                answer = await self._http.send("POST", place, {"delta": delta}, key=write.key)
            case Kind.UPDATE | Kind.DELETE if write.version is None:
                return Stale()  # never blindly: whoever reads it knows its version
            case Kind.UPDATE:
                headers = MERGE_PATCH | {"If-Match": _etag(write)}
                answer = await self._http.send("PATCH", own, nest(write.body), headers=headers)
            case Kind.DELETE:
                answer = await self._http.send("DELETE", own, headers={"If-Match": _etag(write)})
        return await self._outcome(write, answer) if isinstance(answer, Answer) else answer

    async def _together(self, writes: Sequence[Write]) -> list[Outcome]:
        """The outcomes of one batch, by one request where that is possible."""
        if len(writes) > 1 and all(write.version or write.batch for write in writes):
            key = (
                writes[0].batch
                or hashlib.sha256("\n".join(write.key for write in writes).encode()).hexdigest()
            )
            parts = [_part(write) for write in writes]
            answer = await self._http.send("POST", _path(writes[0].datatype, "batch"), parts, key=key)
            match answer:
                case Unknown():
                    return [answer] * len(writes)
                case Answer(status=207, body=list() as results) if len(results) == len(writes):
                    answers = [self._http.part(result, answer.at) for result in results]
                    return _all_or_none(
                        [await self._outcome(*each) for each in zip(writes, answers, strict=True)]
                    )
                case Answer(good=True):
                    return [Unknown("the batch was answered, but not part by part")] * len(writes)
        return [await self._alone(write) for write in writes]  # one that can't be batched holds up no other

    async def _outcome(self, write: Write, answer: Answer) -> Outcome:
        match answer.status:
            case _ if answer.good:
                return await self._done(write, answer.body)
            case 412 | 428:
                return Stale()
            case 404 | 410 if write.id is not None and not await self.read(write.datatype, [write.id]):
                return Gone()
        return Refused(answer.reason)

    async def _done(self, write: Write, shown: Any) -> Outcome:
        """What a write that was carried out left behind, read anew where the answer doesn't tell."""
        if isinstance(shown, dict):
            return Done(self._record(shown))
        if write.kind is Kind.CREATE:
            return Unknown("the creation was answered without the record")
        if write.kind is Kind.UPDATE and write.id is not None:
            present = (await self.read(write.datatype, [write.id])).get(write.id)
            return Gone() if present is None else Done(present)
        return Done()

    def _record(self, shown: Fields) -> Record:
        with self._http.as_contracted("a record"):
            stamp = moment(shown["updated_at"])
            return Record(
                id=str(shown["id"]),
                fields=shown,
                version=str(shown["version"]),
                stamp=stamp,
                modified_at=self._http.offset.corrected(stamp),
                created_at=self._http.offset.corrected(moment(shown["created_at"])),
                deleted=shown.get("deleted_at") is not None,
            )


def _path(datatype: str, *rest: str) -> str:
    """`/customers-company/ID` for `Customers (Company)`, `ID`."""
    segment = re.sub(r"[^a-z0-9]+", "-", datatype.lower()).strip("-")
    return "/".join(["", segment, *(quote(part, safe="") for part in rest)])


def _etag(write: Write) -> str:
    return f'"v{write.version}"'


def _batches(writes: Sequence[Write], places: Sequence[int]) -> Iterator[list[int]]:
    """The places of writes to one datatype that travel together: creations by their batch, then the guarded ones."""
    created: dict[str, list[int]] = {}
    for place in places:
        if writes[place].batch:
            created.setdefault(writes[place].batch, []).append(place)
    yield from created.values()
    guarded = [place for place in places if writes[place].kind in (Kind.UPDATE, Kind.DELETE)]
    for start in range(0, len(guarded), LARGEST_BATCH):
        yield guarded[start : start + LARGEST_BATCH]


def _all_or_none(outcomes: list[Outcome]) -> list[Outcome]:
    """Where one of a batch is unknown, all are: they are asked for again together."""
    unknown = next((outcome for outcome in outcomes if isinstance(outcome, Unknown)), None)
    return outcomes if unknown is None else [unknown] * len(outcomes)


def _part(write: Write) -> Fields:
    """A write as a part of a batch."""
    if write.kind is Kind.CREATE:
        return {"method": "POST", "body": nest(write.body)}
    if write.kind is Kind.DELETE:
        return {"method": "DELETE", "id": write.id, "if_match": _etag(write)}
    return {"method": "PATCH", "id": write.id, "if_match": _etag(write), "body": nest(write.body)}

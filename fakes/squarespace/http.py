"""What all of Squarespace's operations share: who is let in, how errors look, pages, idempotency keys."""

from __future__ import annotations

import hashlib
import re
from collections import deque
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from urllib.parse import urlencode

from fakes.clock import SystemClock
from fakes.http import Answer, Call, Refused
from fakes.paging import DeadCursor, bent, page_of, parts_of, read, stale, token, written
from fakes.squarespace.arguments import Json, moment
from fakes.squarespace.refusals import TYPES, Refusal, invalid
from fakes.squarespace.switches import Switches
from fakes.store import KeyBusy, KeyReused, Position, Store, Table

Row = TypeVar("Row")

KEY = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
KEYS_KEPT = timedelta(hours=48)
PAGE = 50
MOST_IDS = 50
MINUTE = timedelta(minutes=1)


def error(status: int, message: str, subtype: str | None = None) -> Answer:
    """An error in Squarespace's shape; `contextId` is the same for the same error."""
    kind = TYPES.get(status, "SERVER_ERROR")
    context = hashlib.sha256(f"{status} {message}".encode()).hexdigest()[:32]
    body = {"type": kind, "subtype": subtype, "message": message, "details": None, "contextId": context}
    return Answer(status, body)


def missing_key(path: str) -> Answer:
    """The one error in another shape."""
    body = {
        "type": "about:blank",
        "title": "Bad Request",
        "status": 400,
        "detail": "Required header 'Idempotency-Key' is not present.",
        "instance": path,
    }
    return Answer(400, body, media_type="application/problem+json")


def serving(operation: Callable[[Call], Answer]) -> Callable[[Call], Answer]:
    """An operation whose refusals are answered in Squarespace's shape."""

    def serve(call: Call) -> Answer:
        try:
            return operation(call)
        except Refusal as refusal:
            answer = error(refusal.status, refusal.message, refusal.subtype)
            raise Refused(answer) from None

    return serve


def ids_of(call: Call) -> list[str]:
    """The ids that a path names, each once. Raises Refusal."""
    ids = list(dict.fromkeys(call.params["id"].split(",")))
    if len(ids) > MOST_IDS:
        raise invalid(f"no more than {MOST_IDS} ids can be asked for")
    return ids


class RateLimit:
    """So many requests within a time; too many, and all are refused for `cooldown`. Counted in true time."""

    def __init__(self, store: Store, name: str, most: int, within: timedelta, cooldown: timedelta) -> None:
        self._store = store
        self._name = name
        self.most = most
        self.within = within
        self.cooldown = cooldown
        store.requests[name] = deque()
        store.requests[f"{name}: refused since"] = deque(maxlen=1)

    def admits(self, now: datetime) -> bool:
        """Count one more request, unless it is one too many."""
        counted = self._store.requests[self._name]
        refused = self._store.requests[f"{self._name}: refused since"]
        if refused and now - refused[0] < self.cooldown:
            return False
        while counted and now - counted[0] >= self.within:
            counted.popleft()
        if len(counted) >= self.most:
            refused.append(now)
            return False
        counted.append(now)
        return True


class Keys:
    """Idempotency, on the two operations that have it: the first success is given again for the same key."""

    def __init__(self, store: Store, clock: SystemClock) -> None:
        self._store = store
        self._clock = clock

    def once(self, call: Call, carry_out: Callable[[], Answer]) -> Answer:
        """Carry a request out once per key. Raises Refused, Refusal."""
        key = call.headers.get("idempotency-key")
        if key is None:
            raise Refused(missing_key(call.path))
        if not KEY.fullmatch(key):
            raise invalid("Idempotency-Key must be 1 to 64 of A-Z, a-z, 0-9, _ and -")
        try:
            return self._store.keys.once(call.path, key, call.body, self._clock.true.now(), carry_out)
        except KeyReused:
            raise invalid("this idempotency key came with another body before") from None
        except KeyBusy:
            raise Refusal(None, "a request with this key is still being answered", status=409) from None


@dataclass(frozen=True, slots=True)
class Listing:
    """How one kind of record is listed. `filters` are the query parameters that a cursor remembers and
    excludes.
    """

    switches: Switches
    clock: SystemClock
    filters: tuple[str, ...] = ()

    def page(
        self,
        call: Call,
        table: Table[Row],
        changed: Callable[[Row], datetime],
        kept: Callable[[Json], Callable[[Row], bool]] = lambda _filters: lambda _row: True,
        *,
        by_modification: bool = True,
    ) -> tuple[list[Row], Json]:
        """The rows that a request asks for, and its `pagination`. `changed` tells when a row last changed,
        `kept` makes of the filters what a row must pass. Raises Refusal.
        """
        start, skip, filters = self._start(call)
        look: Callable[[str], Row | None] = table.rows.get
        if fault := call.struck_by("stale_page"):
            horizon = self.clock.now() - timedelta(seconds=fault.seconds)
            then = stale(table, changed, horizon)
            look = then
        keep = kept(filters)

        def row(place: Position) -> Row | None:
            found = look(place.id)
            return found if found is not None and keep(found) else None

        backwards = by_modification and self.switches.newest_first
        places = table.until(start) if backwards else table.after(start)
        page = bent(page_of(places, PAGE, row, skip), call.fault, start)
        if not page.more:
            return page.rows, self._pagination(call, None)
        by_count = self.switches.cursors == "count"
        shown = skip if call.struck_by("doubled_page") else skip + len(page.rows)
        cursor = token([None if by_count else written(page.next), shown if by_count else 0, filters])
        return page.rows, self._pagination(call, cursor)

    def within(self, filters: Json) -> Callable[[datetime], bool]:
        """Whether a time lies after `modifiedAfter` and before `modifiedBefore`, where those are given."""
        after = moment(filters["modifiedAfter"], "modifiedAfter") if "modifiedAfter" in filters else None
        before = moment(filters["modifiedBefore"], "modifiedBefore") if "modifiedBefore" in filters else None
        inclusive = self.switches.modified_after_inclusive

        def lies(modified: datetime) -> bool:
            late_enough = after is None or modified > after or (inclusive and modified == after)
            return late_enough and (before is None or modified < before)

        return lies

    def _start(self, call: Call) -> tuple[Position | None, int, Json]:
        filters = {name: call.query[name] for name in self.filters if name in call.query}
        if "cursor" not in call.query:
            return None, 0, filters
        if filters:
            raise invalid(f"{min(filters)} can't be given beside cursor")
        if call.struck_by("dead_cursor"):
            raise invalid("cursor has expired")
        try:
            position, skip, filters = parts_of(call.query["cursor"], 3)
            if not isinstance(skip, int) or not isinstance(filters, dict):
                raise DeadCursor(call.query["cursor"])
            return read(position), skip, filters
        except DeadCursor:
            raise invalid("cursor is none of ours") from None

    def _pagination(self, call: Call, cursor: str | None) -> Json:
        url = None
        if cursor is not None:
            host = "" if self.switches.relative_next_url else f"https://{call.headers.get('host', '')}"
            url = f"{host}{call.path}?{urlencode({'cursor': cursor})}"
        return {"hasNextPage": cursor is not None, "nextPageCursor": cursor, "nextPageUrl": url}


def choices(filters: Json, name: str, allowed: Collection[str], default: Collection[str]) -> Collection[str]:
    """The values that a filter lists, separated by commas; `default` where it isn't given. Raises Refusal."""
    if name not in filters:
        return default
    chosen = set(filters[name].split(","))
    if odd := chosen - set(allowed):
        raise invalid(f"{name} has no value {min(odd)!r}")
    return chosen

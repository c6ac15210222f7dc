"""Pages of a listing, and what goes wrong with them."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic

from fakes.clock import EPOCH
from fakes.faults import Fault
from fakes.store import Position, Row, Table

BEGINNING = Position(EPOCH, "")


class DeadCursor(Exception):
    """A cursor that this system doesn't know, or no more."""


@dataclass(slots=True)
class Page(Generic[Row]):
    """Some rows of a listing. `next` is the place after which the next page begins, None on the last one."""

    rows: list[Row]
    next: Position | None


def page_of(places: Iterator[Position], size: int, row: Callable[[Position], Row | None]) -> Page[Row]:
    """The first `size` rows along `places`, leaving out those for which `row` gives None."""
    rows: list[Row] = []
    last: Position | None = None
    for place in places:
        found = row(place)
        if found is None:
            continue
        if len(rows) == size:
            return Page(rows, last)
        rows.append(found)
        last = place
    return Page(rows, None)


def stale(table: Table[Row], horizon: datetime) -> Callable[[Position], Row | None]:
    """How a row looked before `horizon`: the one before its last change if that came later."""

    def row(place: Position) -> Row | None:
        return table.before.get(place.id) if place.at > horizon else table.rows.get(place.id)

    return row


def bent(page: Page[Row], fault: Fault | None, start: Position | None) -> Page[Row]:
    """The page as `fault` shows it: cut in half and called the last, or followed by itself."""
    kind = None if fault is None else fault.kind
    if kind == "truncated_page":
        return Page(page.rows[: len(page.rows) // 2], None)
    if kind == "doubled_page":
        return Page(page.rows, start or BEGINNING)
    return page


def token(parts: list[Any]) -> str:
    """A cursor: opaque text."""
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def parts_of(cursor: str, count: int) -> list[Any]:
    """What a cursor holds. Raises DeadCursor."""
    try:
        parts = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        parts = None
    if not isinstance(parts, list) or len(parts) != count:
        raise DeadCursor(cursor)
    return parts

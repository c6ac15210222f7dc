"""Pages of a listing, and what goes wrong with them."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic

from fakes.faults import Fault
from fakes.store import Position, Row, Table


class DeadCursor(Exception):
    """A cursor that this system doesn't know, or no more."""


@dataclass(slots=True)
class Page(Generic[Row]):
    """Some rows of a listing. The next page begins after `next` (None: at the beginning), if there is
    `more`.
    """

    rows: list[Row]
    next: Position | None
    more: bool


def page_of(
    places: Iterator[Position], size: int, row: Callable[[Position], Row | None], skip: int = 0
) -> Page[Row]:
    """`size` rows along `places` after the first `skip`, leaving out those for which `row` gives None."""
    rows: list[Row] = []
    last: Position | None = None
    for place in places:
        found = row(place)
        if found is None:
            continue
        if skip:
            skip -= 1
            continue
        if len(rows) == size:
            return Page(rows, last, more=True)
        rows.append(found)
        last = place
    return Page(rows, last, more=False)


def stale(
    table: Table[Row], changed: Callable[[Row], datetime], horizon: datetime
) -> Callable[[str], Row | None]:
    """How a record looked at `horizon`: as before its last change, if that came later."""

    def row(id: str) -> Row | None:
        present = table.rows.get(id)
        return table.before.get(id) if present is not None and changed(present) > horizon else present

    return row


def bent(page: Page[Row], fault: Fault | None, start: Position | None) -> Page[Row]:
    """The page as `fault` shows it: cut in half and called the last, or followed by itself."""
    kind = None if fault is None else fault.kind
    if kind == "truncated_page":
        return Page(page.rows[: len(page.rows) // 2], None, more=False)
    if kind == "doubled_page":
        return Page(page.rows, start, more=True)
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


def written(position: Position | None) -> list[str] | None:
    """A position as part of a cursor."""
    return None if position is None else [position.at.isoformat(), position.id]


def read(part: Any) -> Position | None:
    """A position out of a cursor. Raises DeadCursor."""
    match part:
        case None:
            return None
        case [str() as at, str() as id]:
            try:
                moment = datetime.fromisoformat(at)
            except ValueError:
                raise DeadCursor(at) from None
            if moment.tzinfo is not None:
                return Position(moment, id)
    raise DeadCursor(part)

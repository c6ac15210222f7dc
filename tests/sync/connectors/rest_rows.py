"""What a system on the generic REST contract answers in scripts, and what it is asked to write."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from bothways.sync.connectors import Kind, Record, Write
from tests.sync.connectors.scripted import Scripted

EIGHT = datetime(2024, 10, 1, 8, 0, tzinfo=UTC)
AHEAD = timedelta(seconds=100.5)
"""How far the system's clock is ahead when an answer is dated 08:01:40 at eight by ours."""

DATED = {"Date": "Tue, 01 Oct 2024 08:01:40 GMT"}
NO = {"title": "No", "detail": "never"}


def row(id: str = "1", **more: Any) -> dict[str, Any]:
    times = {"created_at": "2024-10-01T06:00:00Z", "updated_at": "2024-10-01T07:00:00Z"}
    return {"id": id, "version": 3, **times, **more}


def page(*rows: Any, following: str | None = None) -> dict[str, Any]:
    return {"data": list(rows), "next_cursor": following}


def shown(fields: dict[str, Any], *, ahead: timedelta = timedelta()) -> Record:
    """The record that a row shows, by a system whose clock is so far ahead."""
    return Record(
        id=fields["id"],
        fields=fields,
        version=str(fields["version"]),
        stamp=datetime(2024, 10, 1, 7, tzinfo=UTC),
        modified_at=datetime(2024, 10, 1, 7, tzinfo=UTC) - ahead,
        created_at=datetime(2024, 10, 1, 6, tzinfo=UTC) - ahead,
        deleted=fields.get("deleted_at") is not None,
    )


def creation(key: str = "k", batch: str = "") -> Write:
    return Write(Kind.CREATE, "Product", key, body={"a.b": 1, "a.c": None}, batch=batch)


def update(id: str | None = "1", key: str = "k", version: str | None = "3") -> Write:
    return Write(Kind.UPDATE, "Product", key, id, {"a.b": 1}, version)


def deletion(id: str = "1", key: str = "k", version: str | None = "3") -> Write:
    return Write(Kind.DELETE, "Product", key, id, {}, version)


def adjustment(id: str = "1", key: str = "k") -> Write:
    return Write(Kind.ADJUST, "Product", key, id, {"stock": -2})


def sent(script: Scripted) -> list[tuple[str, Any, str | None, str | None, str | None]]:
    """Of each request the line, the body, its key, the version that it expects, and what it says it brings."""
    headers = zip(*map(script.header, ("Idempotency-Key", "If-Match", "Content-Type")), strict=True)
    return [
        (line, body, *rest) for line, body, rest in zip(script.lines, script.bodies, headers, strict=True)
    ]

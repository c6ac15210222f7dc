"""What a Squarespace shop answers in scripts, and the records that its rows are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from bothways.sync.connectors import Record

AHEAD = timedelta(seconds=100.5)
"""How far the shop's clock is ahead when an answer is dated 08:01:40 at eight by ours."""

DATED = {"Date": "Tue, 01 Oct 2024 08:01:40 GMT"}
NO = {"type": "INVALID_REQUEST_ERROR", "message": "no"}
MISSING = {"type": "INVALID_REQUEST_ERROR", "subtype": "VARIANT_NOT_FOUND", "message": "no"}
TIMES = {"createdOn": "2024-10-01T06:00:00.000Z", "modifiedOn": "2024-10-01T07:00:00.000Z"}
CREATED, MODIFIED = datetime(2024, 10, 1, 6, tzinfo=UTC), datetime(2024, 10, 1, 7, tzinfo=UTC)


def listing(member: str, *rows: Any, following: str | None = None) -> tuple[int, Any]:
    return 200, {
        member: list(rows),
        "pagination": {"hasNextPage": following is not None, "nextPageCursor": following},
    }


def dated(answer: tuple[int, Any]) -> httpx.Response:
    """The same by a clock that is ahead."""
    return httpx.Response(answer[0], json=answer[1], headers=DATED)


def stocked(id: str = "v1", quantity: int = 5, *, unlimited: bool = False) -> dict[str, Any]:
    return {"variantId": id, "sku": f"S-{id}", "quantity": quantity, "isUnlimited": unlimited}


def order(id: str = "o1", **more: Any) -> dict[str, Any]:
    return {"id": id, "fulfillmentStatus": "PENDING", **TIMES, **more}


def ordered(row: dict[str, Any], *, ahead: timedelta = timedelta()) -> Record:
    """The record of an order, by a clock that is so far ahead."""
    return Record(row["id"], row, modified_at=MODIFIED - ahead, created_at=CREATED - ahead, stamp=MODIFIED)


def variant(id: str = "v1", **more: Any) -> dict[str, Any]:
    return {"id": id, "sku": f"S-{id}", "stock": {"quantity": 5, "unlimited": False}, **more}


def product(*variants: Any, id: str = "p1", **more: Any) -> dict[str, Any]:
    return {"id": id, "name": "Lamp", "variants": list(variants), **TIMES, **more}


def sold(row: dict[str, Any], number: int = 0, *, ahead: timedelta = timedelta(), **changes: Any) -> Record:
    """The record of one of a product's variants, `changes` made to it, by a clock that is so far ahead."""
    chosen = row["variants"][number]
    return Record(
        chosen["id"],
        {**row, "id": chosen["id"], "productId": row["id"], "variants": chosen | changes},
        modified_at=MODIFIED - ahead,
        created_at=CREATED - ahead,
        stamp=MODIFIED,
        read_only=frozenset(row.keys() - {"variants"} if len(row["variants"]) > 1 else ()),
    )

"""What an answer over HTTP means, whichever system gave it."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from bothways.sync.connectors.times import http_date


@dataclass(frozen=True, slots=True)
class Answer:
    """What a system answered: `body` is parsed JSON, None for none; `reason` says in one line what it objects to.

    `at` is the system's own time, as its `Date` header shows it; ours where there is none. `retry_after` is in
    seconds.
    """

    status: int
    body: Any
    reason: str
    at: datetime
    retry_after: float | None = None

    @property
    def good(self) -> bool:
        return 200 <= self.status < 300

    @property
    def broken(self) -> bool:
        """Whether the system failed, rather than refused: what it did before that, nobody knows."""
        return self.status >= 500 or self.status == HTTPStatus.REQUEST_TIMEOUT

    @property
    def in_flight(self) -> bool:
        """Whether an earlier request with the same idempotency key is still being answered.

        Both contracts say 409 and no more: Squarespace's other conflicts have a subtype, ours other words.
        """
        if self.status != HTTPStatus.CONFLICT:
            return False
        body = self.body if isinstance(self.body, dict) else {}
        return "idempotency" in self.reason.lower() or (
            body.get("type") == "CONFLICT" and not body.get("subtype")
        )

    @property
    def crossed(self) -> bool:
        """Whether the request was turned away because somebody else was writing just then."""
        return self.status == HTTPStatus.CONFLICT and "CONCURRENT_MODIFICATION" in self.reason


def objection(status: int, body: Any) -> str:
    """What an error says, be it problem+json (RFC 9457) or `{type, subtype, message, details}`; else its name."""
    said = ": ".join(dict.fromkeys(_texts(body))) if isinstance(body, dict) else ""
    return f"{status} {said or _phrase(status)}"


def _texts(body: Mapping[str, Any]) -> Iterator[str]:
    if not body.get("title") and not body.get("subtype") and isinstance(body.get("type"), str):
        yield body["type"]
    for name in ("title", "subtype", "message", "detail", "details"):
        if value := body.get(name):
            yield value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "an answer without a meaning"


def parsed(content: bytes) -> Any:
    """The JSON of a body, None where there is none."""
    try:
        return json.loads(content) if content else None
    except (ValueError, RecursionError):
        return None


def seconds(retry_after: str | None, now: datetime) -> float | None:
    """`Retry-After` in seconds, decimals allowed, or until the HTTP date that it names; None for none."""
    if not retry_after:
        return None
    try:
        pause = float(retry_after)
    except ValueError:
        date = http_date(retry_after)
        return None if date is None else max((date - now).total_seconds(), 0)
    return max(pause, 0) if math.isfinite(pause) else None

"""What connectors share about HTTP: credentials, patience, what an answer means, and what time it is over there."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

import httpx

from bothways.errors import CredentialsRefused, SystemDown
from bothways.sync.connectors import Refused, Setup, Unknown
from bothways.sync.connectors.times import Offset, http_date

PAUSES = (1.0, 4.0, 15.0)
"""Seconds before a request that may safely be sent again is sent again."""

PATIENCE = 2 * 3600.0
"""Seconds of nothing but 429 after which a system counts as down: longer than any hourly allowance."""

LONGEST_REASON = 300

Body = dict[str, Any] | list[Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a system answered: `body` is parsed JSON, None for none; `reason` says in one line what it objects to.

    `at` is the system's own time, as its `Date` header shows it; ours where there is none.
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

        Both contracts say 409 and no more: Squarespace's other conflicts have a subtype, ours are told by their words.
        """
        if self.status != HTTPStatus.CONFLICT:
            return False
        nameless = (
            isinstance(self.body, dict)
            and self.body.get("type") == "CONFLICT"
            and not self.body.get("subtype")
        )
        return nameless or "idempotency" in self.reason.lower()

    @property
    def crossed(self) -> bool:
        """Whether the request was turned away because somebody else was writing just then."""
        return self.status == HTTPStatus.CONFLICT and "CONCURRENT_MODIFICATION" in self.reason


class Http:
    """Requests to one system, one after another.

    A 429 is waited out on the injected clock, then the same request is sent again (S23): as long as `Retry-After`
    says, else for `cool_down` seconds. Raises `CredentialsRefused` on 401, 402 and 403, `SystemDown` when it was
    told to wait for more than `PATIENCE`.
    """

    def __init__(self, setup: Setup, cool_down: float) -> None:
        self.name = setup.system.label
        self.requests = 0
        self.offset = Offset()
        self._base = setup.base_url.rstrip("/")
        self._token = setup.token
        self._client = setup.client
        self._clock = setup.clock
        self._cool_down = cool_down

    async def get(self, path: str, params: Mapping[str, str] | None = None) -> Answer:
        """Read. A failure is tried again after each of `PAUSES`. Raises `SystemDown` after the last one."""
        pauses = iter(PAUSES)
        while True:
            answer = await self._admitted("GET", path, params=params or {})
            if (
                isinstance(answer, Answer)
                and not answer.broken
                and (answer.body is not None or not answer.good)
            ):
                return answer
            why = answer.reason or "an answer without JSON"
            if (pause := next(pauses, None)) is None:
                raise SystemDown(f"the {self.name} doesn't answer GET {path}: {why}")
            asked = answer.retry_after if isinstance(answer, Answer) else None
            await self._clock.sleep(max(pause, asked or 0))

    async def send(
        self, method: str, path: str, body: Body | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer | Refused | Unknown:
        """Write, once. `Unknown` when no answer came or a failure did (S24), `Refused` for what JSON can't hold."""
        try:
            content = b"" if body is None else json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
        except ValueError as error:
            return Refused(f"it can't be sent as JSON: {error}")
        headers = {**({} if body is None else {"Content-Type": "application/json"}), **(headers or {})}
        answer = await self._admitted(method, path, content=content, headers=headers)
        return Unknown(answer.reason) if isinstance(answer, Answer) and answer.broken else answer

    async def send_keyed(self, method: str, path: str, body: Body, key: str) -> Answer | Refused | Unknown:
        """Write under an idempotency key. What stands in the way for a moment only is waited for."""
        pauses = iter(PAUSES)
        while True:
            answer = await self.send(method, path, body, {"Idempotency-Key": key})
            if not isinstance(answer, Answer) or not (answer.in_flight or answer.crossed):
                return answer
            if (pause := next(pauses, None)) is None:
                return Unknown(answer.reason) if answer.in_flight else answer
            await self._clock.sleep(pause)

    async def _admitted(self, method: str, path: str, **request: Any) -> Answer | Unknown:
        """An answer other than 429 or a refusal of our credentials."""
        waited = 0.0
        while True:
            answer = await self._once(method, path, **request)
            if isinstance(answer, Unknown):
                return answer
            if answer.status in (401, 402, 403):
                raise CredentialsRefused(f"the {self.name} refuses our credentials: {answer.reason}")
            if answer.status != HTTPStatus.TOO_MANY_REQUESTS:
                return answer
            if waited > PATIENCE:
                raise SystemDown(
                    f"the {self.name} has answered {method} {path} with nothing but 429 for two hours"
                )
            pause = self._cool_down if answer.retry_after is None else max(answer.retry_after, 0.1)
            waited += pause
            await self._clock.sleep(pause)

    async def _once(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, **request: Any
    ) -> Answer | Unknown:
        ours = {
            "Authorization": f"Bearer {self._token}",
            "User-Agent": "bothways",
            "Accept": "application/json",
        }
        self.requests += 1
        asked = self._clock.now()
        try:
            response = await self._client.request(
                method, self._base + path, headers={**ours, **(headers or {})}, **request
            )
        except httpx.RequestError as error:
            return Unknown(self._safe(f"no answer ({type(error).__name__}: {error})"))
        heard = self._clock.now()
        date = http_date(response.headers.get("Date"))
        if date is not None:
            self.offset.learn(date, asked, heard)
        pause = _seconds(response.headers.get("Retry-After"), date or heard)
        return self._answer(response.status_code, _parsed(response.content), date or heard, pause)

    def part(self, result: Any, at: datetime) -> Answer:
        """One of the answers, `{status, body}` each, that the answer to a batch is made of."""
        match result:
            case {"status": int() as status, **rest}:
                return self._answer(status, rest.get("body"), at)
        return self._answer(HTTPStatus.BAD_GATEWAY, None, at)

    def _answer(self, status: int, body: Any, at: datetime, retry_after: float | None = None) -> Answer:
        reason = "" if status < 300 else self._safe(f"{status} {objection(status, body)}")
        return Answer(status, body, reason, at, retry_after)

    def _safe(self, text: str) -> str:
        """One line of decent length without our token in it (S31)."""
        return " ".join(text.replace(self._token, "…").split())[:LONGEST_REASON] if self._token else text


def objection(status: int, body: Any) -> str:
    """What an error says, be it problem+json (RFC 9457) or `{type, subtype, message, details}`; else its name."""
    texts = dict.fromkeys(_texts(body)) if isinstance(body, dict) else {}
    return ": ".join(texts) or _phrase(status)


def _texts(body: Mapping[str, Any]) -> Iterator[str]:
    for name in ("title", "subtype", "message", "detail", "details"):
        value = body.get(name)
        if value:
            yield value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if not body.get("title") and not body.get("subtype") and isinstance(body.get("type"), str):
        yield body["type"]


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "an answer without a meaning"


def _parsed(content: bytes) -> Any:
    try:
        return json.loads(content) if content else None
    except (ValueError, RecursionError):
        return None


def _seconds(text: str | None, now: datetime) -> float | None:
    """`Retry-After` in seconds, decimals allowed, or until the HTTP date that it names; None for none."""
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        date = http_date(text)
        return None if date is None else (date - now).total_seconds()
    return seconds if math.isfinite(seconds) else None

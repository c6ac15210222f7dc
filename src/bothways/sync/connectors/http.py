"""What connectors share about HTTP: credentials, patience, and what time it is over there."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from http import HTTPStatus
from typing import Any

import httpx

from bothways.errors import CredentialsRefused, SystemDown
from bothways.sync.connectors import Refused, Setup, Unknown
from bothways.sync.connectors.answers import Answer, objection, parsed, seconds
from bothways.sync.connectors.times import Offset, http_date

PAUSES = (1.0, 4.0, 15.0)
"""Seconds before a request that may safely be sent again is sent again."""

PATIENCE = 2 * 3600.0
"""Seconds of nothing but 429 after which a system counts as down: longer than any hourly allowance."""

SHORTEST_PAUSE = 0.1
LONGEST_REASON = 300

Body = dict[str, Any] | list[Any]


class Http:
    """Requests to one system, one after another.

    `clock` is ours; `offset` learns from each answer how the system's stands, whose record times are cut to
    `granularity` (S10).

    A 429 is waited out on the injected clock, then the same request is sent again (S23): as long as `Retry-After`
    says, else for `cool_down` seconds. Every method raises `CredentialsRefused` on 401, 402 and 403, and
    `SystemDown` when it is told to wait for more than `PATIENCE`. No error, reason or log shows the token (S31).
    """

    def __init__(self, setup: Setup, cool_down: float) -> None:
        self.name = setup.system.label
        self.granularity = setup.system.granularity
        self.clock = setup.clock
        self.requests = 0
        self.offset = Offset()
        self._base = setup.base_url.rstrip("/")
        self._token = setup.token
        self._client = setup.client
        self._cool_down = cool_down
        if not (self._token.isascii() and self._token.isprintable() and self._token.strip()):
            raise CredentialsRefused(
                f"the token for the {self.name} is empty, or holds what no header can carry"
            )

    async def get(self, path: str, params: Mapping[str, str] | None = None) -> Answer:
        """Read. A failure is tried again after each of `PAUSES`. Raises `SystemDown` after the last one."""
        pauses = iter(PAUSES)
        while True:
            answer = await self._admitted("GET", path, params=params or {})
            if isinstance(answer, Answer) and not answer.broken and not (answer.good and answer.body is None):
                return answer
            if (pause := next(pauses, None)) is None:
                why = answer.reason or "an answer that is no JSON"
                raise SystemDown(f"the {self.name} doesn't answer GET {path}: {why}")
            asked = answer.retry_after if isinstance(answer, Answer) else None
            await self.clock.sleep(max(pause, asked or 0))

    async def send(
        self,
        method: str,
        path: str,
        body: Body | None = None,
        *,
        key: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer | Refused | Unknown:
        """Write, under an idempotency `key` where the API has one.

        `Unknown` when no answer came or a failure did: never tried again blindly (S24). `Refused` for what JSON can't
        hold. What was turned away for a moment only, having done nothing, is sent again after each of `PAUSES`.
        """
        try:
            content = b"" if body is None else json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
        except ValueError as error:
            return Refused(f"it can't be sent as JSON: {error}")
        named = {
            "Content-Type": "application/json" if content else None,
            "Idempotency-Key": key,
            **(headers or {}),
        }
        given = {name: text for name, text in named.items() if text is not None}
        pauses = iter(PAUSES)
        while True:
            answer = await self._admitted(method, path, content=content, headers=given)
            if isinstance(answer, Unknown) or answer.broken:
                return Unknown(answer.reason)
            in_flight = key is not None and answer.in_flight
            if not (in_flight or answer.crossed):
                return answer
            if (pause := next(pauses, None)) is None:
                return Unknown(answer.reason) if in_flight else answer
            await self.clock.sleep(pause)

    def part(self, result: Any, at: datetime) -> Answer:
        """One of the answers, `{status, body}` each, that the answer to a batch is made of."""
        match result:
            case {"status": int() as status, **rest}:
                return self._answer(status, rest.get("body"), at)
        return self._answer(HTTPStatus.BAD_GATEWAY, None, at)

    @contextmanager
    def as_contracted(self, what: str) -> Iterator[None]:
        """For taking an answer apart. Raises `SystemDown` when it isn't made as the contract says."""
        try:
            yield
        except (KeyError, TypeError, AttributeError) as error:
            raise SystemDown(
                f"the {self.name} shows {what} in another shape than its contract: {error!r}"
            ) from error

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
            pause = self._cool_down if answer.retry_after is None else max(answer.retry_after, SHORTEST_PAUSE)
            waited += pause
            if waited > PATIENCE:
                raise SystemDown(f"the {self.name} lets us wait for more than two hours: {answer.reason}")
            await self.clock.sleep(pause)

    async def _once(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **request: Any
    ) -> Answer | Unknown:
        """One request: its answer, or that none came."""
        ours = {
            "Authorization": f"Bearer {self._token}",
            "User-Agent": "bothways",
            "Accept": "application/json",
        }
        self.requests += 1
        asked = self.clock.now()
        try:
            response = await self._client.request(
                method, self._base + path, headers={**ours, **(headers or {})}, **request
            )
        except httpx.RequestError as error:
            return Unknown(self._safe(f"no answer ({type(error).__name__}: {error})"))
        heard = self.clock.now()
        date = http_date(response.headers.get("Date"))
        if date is not None:
            self.offset.learn(date, asked, heard)
        pause = seconds(response.headers.get("Retry-After"), date or heard)
        return self._answer(response.status_code, parsed(response.content), date or heard, pause)

    def _answer(self, status: int, body: Any, at: datetime, retry_after: float | None = None) -> Answer:
        reason = "" if 200 <= status < 300 else self._safe(objection(status, body))
        return Answer(status, body, reason, at, retry_after)

    def _safe(self, text: str) -> str:
        """One line of decent length without our token in it (S31)."""
        return " ".join(text.replace(self._token, "…").split())[:LONGEST_REASON]

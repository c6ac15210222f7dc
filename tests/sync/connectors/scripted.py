"""A connector to a system that follows a script: what exactly is asked, and what is made of the answers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any, TypeVar

import httpx

from bothways.mapping import System
from bothways.sync.connectors import Connector, Outcome, Page, Record, Setup, Write, connect
from fakes.clock import SimulatedClock

Result = TypeVar("Result")

LOST = httpx.ReadTimeout("lost")
"""In a script: no answer comes."""


def speaking(
    contract: str, say: Callable[[httpx.Request], httpx.Response], clock: SimulatedClock | None = None
) -> Connector:
    """A connector to a system that answers as `say` does."""
    transport = httpx.MockTransport(say)
    system = System(name="", label="oddity", contract=contract, datatypes={})
    client = httpx.AsyncClient(transport=transport)
    return connect(Setup(system, "https://oddity.test", "token", client, clock or SimulatedClock()))


class Scripted:
    """A connector to a system that gives each of `answers` once, in order: a status and JSON, an httpx one, or none."""

    def __init__(self, contract: str, *answers: tuple[int, Any] | httpx.Response | Exception) -> None:
        self.asked: list[httpx.Request] = []
        self.clock = SimulatedClock()
        self.connector = speaking(contract, self._answer, self.clock)
        self._left = list(answers)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        assert self._left, f"nobody expects {request.method} {request.url}"
        assert request.url.host == "oddity.test", f"nobody is at {request.url}"
        answer = self._left.pop(0)
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, httpx.Response):
            return answer
        status, body = answer
        return httpx.Response(status) if body is None else httpx.Response(status, json=body)

    # what it was asked

    @property
    def lines(self) -> list[str]:
        """Each request's method and target, as they were sent."""
        return [f"{request.method} {request.url.raw_path.decode()}" for request in self.asked]

    @property
    def bodies(self) -> list[Any]:
        """What the requests brought, None for nothing."""
        return [json.loads(request.content) if request.content else None for request in self.asked]

    def header(self, name: str) -> list[str | None]:
        """What each request says under a header."""
        return [request.headers.get(name) for request in self.asked]

    # what the connector is told

    def pages(self, datatype: str, cursor: str | None = None) -> list[Page]:
        async def listed() -> list[Page]:
            return [page async for page in self.connector.changes(datatype, cursor)]

        return self._run(listed())

    def read(self, datatype: str, *ids: str) -> dict[str, Record]:
        return self._run(self.connector.read(datatype, ids))

    def write(self, *writes: Write) -> list[Outcome]:
        return self._run(self.connector.write(writes))

    def find_created(self, write: Write, since: datetime) -> Record | None:
        return self._run(self.connector.find_created(write, since))

    def lookup(self, name: str) -> Any:
        return self._run(self.connector.lookup(name))

    def _run(self, task: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run(task)

"""One system's HTTP, over a transport that says whatever a test wants."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import httpx

from bothways.mapping import System
from bothways.sync.connectors import Setup
from bothways.sync.connectors.answers import Answer
from bothways.sync.connectors.http import Http
from fakes.clock import SimulatedClock
from tests.sync.connectors.connected import TOKEN

NOW = datetime(2024, 10, 1, 8, 0, tzinfo=UTC)
Say = Callable[[httpx.Request], httpx.Response]


class Wire:
    """An `Http` whose requests are answered by `say`, and what it asked."""

    def __init__(
        self,
        run: Callable[..., object],
        say: Say,
        token: str = TOKEN,
        base: str = "https://till.test/api/",
        slow: float = 0,
    ) -> None:
        self.clock = SimulatedClock()
        self.asked: list[httpx.Request] = []
        self._run = run
        self._say = say
        self._slow = slow
        client = httpx.AsyncClient(transport=httpx.MockTransport(self._answer))
        system = System(name="", label="till", contract="rest", datatypes={})
        self.http = Http(Setup(system, base, token, client, self.clock), cool_down=7)

    def get(self, path: str = "/x", params: Mapping[str, str] | None = None) -> Answer:
        answer = self._run(self.http.get(path, params))
        assert isinstance(answer, Answer)
        return answer

    def send(
        self,
        body: dict[str, object] | None = None,
        key: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> object:
        return self._run(self.http.send("POST", "/x", body, key=key, headers=headers))

    @property
    def waited(self) -> float:
        return (self.clock.now() - NOW).total_seconds()

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        self.clock.advance(self._slow)
        return self._say(request)


def in_turn(*answers: httpx.Response | Exception) -> Say:
    """Gives each answer once, in order."""
    left = list(answers)

    def say(_: httpx.Request) -> httpx.Response:
        answer = left.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return say


def always(status: int, **answer: object) -> Say:
    return lambda _: httpx.Response(status, **answer)  # type: ignore[arg-type]  # as given

"""A connector that is watched: it tells how far a long cycle has come, and stops between two calls when asked to."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from bothways.errors import Stopped
from bothways.sync.connectors import Abilities, Clock, Connector, Outcome, Page, Record, Write

EVERY = 5.0
"""Seconds between two reports of progress."""


class Stop:
    """Somebody wants the engine to stop, at the next point where nothing is half done."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ask(self) -> None:
        self._event.set()

    @property
    def asked(self) -> bool:
        return self._event.is_set()

    async def check(self) -> None:
        """Raises `Stopped` once somebody asked; a signal that has come by now is heard first."""
        await asyncio.sleep(0)
        if self.asked:
            raise Stopped("stopped at a safe point; the next cycle takes up from here")

    async def within(self, seconds: float) -> bool:
        """Wait for `seconds`, or until somebody asks: whether somebody did."""
        try:
            async with asyncio.timeout(seconds):
                await self._event.wait()
        except TimeoutError:
            return False
        return True


class WallClock:
    """The machine's time. Its sleep ends with `Stopped` when somebody asks."""

    def __init__(self, stop: Stop) -> None:
        self._stop = stop

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        if await self._stop.within(seconds):
            await self._stop.check()


class Progress:
    """Counts what a cycle reads and writes, and tells it every few seconds: a quick cycle tells nothing."""

    def __init__(self, clock: Clock, tell: Callable[[dict[str, int]], None]) -> None:
        self._clock = clock
        self._tell = tell
        self.begin()

    def begin(self) -> None:
        """A cycle begins."""
        self._counts: Counter[str] = Counter()
        self._told_at = self._clock.now()

    def add(self, what: str, count: int) -> None:
        """`count` more of `what`."""
        self._counts[what] += count
        if (self._clock.now() - self._told_at).total_seconds() >= EVERY:
            self._told_at = self._clock.now()
            self._tell(dict(self._counts))


class Watched:
    """A connector as it is, but for `Stop` and `Progress`."""

    def __init__(self, connector: Connector, stop: Stop, progress: Progress) -> None:
        self._connector = connector
        self._stop = stop
        self._progress = progress

    @property
    def requests(self) -> int:
        return self._connector.requests

    def abilities(self, datatype: str) -> Abilities:
        return self._connector.abilities(datatype)

    async def changes(self, datatype: str, cursor: str | None) -> AsyncIterator[Page]:
        await self._stop.check()
        async for page in self._connector.changes(datatype, cursor):
            self._progress.add("read", len(page.records))
            yield page
            await self._stop.check()

    async def read(self, datatype: str, ids: Sequence[str]) -> dict[str, Record]:
        await self._stop.check()
        self._progress.add("looked_up", len(ids))
        return await self._connector.read(datatype, ids)

    async def write(self, writes: Sequence[Write]) -> list[Outcome]:
        await self._stop.check()
        outcomes = await self._connector.write(writes)
        self._progress.add("written", len(writes))
        return outcomes

    async def find_created(self, write: Write, since: datetime) -> Record | None:
        await self._stop.check()
        return await self._connector.find_created(write, since)

    async def lookup(self, name: str) -> Any:
        return await self._connector.lookup(name)

    def shows(self, write: Write, record: Record) -> bool:
        return self._connector.shows(write, record)

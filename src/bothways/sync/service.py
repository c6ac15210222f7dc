"""The engine at work: a cycle, or one after another, until somebody asks to stop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from collections.abc import Mapping as Dict
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from enum import IntEnum
from typing import Any

import httpx
from structlog.typing import FilteringBoundLogger

from bothways.errors import Stopped, SyncError
from bothways.mapping import Mapping
from bothways.sync.connectors import Clock, Connector, Setup, connect
from bothways.sync.cycle import Report
from bothways.sync.engine import Engine
from bothways.sync.environment import Access
from bothways.sync.status import status
from bothways.sync.store import Store
from bothways.sync.watching import Progress, Stop, Watched

TIMEOUT = 30.0
"""Seconds to wait for an answer."""


class Exit(IntEnum):
    """How `bothways sync` ends."""

    CLEAN = 0
    HELD = 1
    FAILING = 2
    COULD_NOT_RUN = 3
    INTERRUPTED = 130


@dataclass(slots=True)
class Consent:
    """What a person allows for one cycle, not for all that follow."""

    allow_bulk: bool = False
    rebase_counters: bool = False


@asynccontextmanager
async def connected(
    mapping: Mapping, accesses: Dict[str, Access], clock: Clock
) -> AsyncIterator[dict[str, Connector]]:
    """A connector for each system, until the block ends."""
    async with httpx.AsyncClient(timeout=TIMEOUT) as client:
        yield {
            key: connect(Setup(system, accesses[key].url, accesses[key].token, client, clock))
            for key, system in mapping.systems.items()
        }


class Service:
    """Cycles of one engine. What one of them could not do is logged, and the next tries again."""

    def __init__(
        self,
        mapping: Mapping,
        connectors: Dict[str, Connector],
        store: Store,
        clock: Clock,
        *,
        stop: Stop,
        log: FilteringBoundLogger,
    ) -> None:
        self._progress = Progress(clock, lambda counts: log.info("progress", **counts))
        watched = {key: Watched(each, stop, self._progress) for key, each in connectors.items()}
        self.engine = Engine(mapping, watched, store, clock)
        self._clock = clock
        self._stop = stop
        self._log = log
        self._look = asyncio.Event()

    def look(self) -> None:
        """Something has changed somewhere: a cycle is due now (S28)."""
        self._look.set()

    async def once(self, consent: Consent) -> tuple[Exit, dict[str, Any]]:
        """One cycle: how it ended, and its figures. Raises `SyncError`."""
        self._progress.begin()
        began = self._clock.now()
        report = await self.engine.cycle(**asdict(consent))
        found = status(self.engine.shape, self.engine.store)
        failing = sum(trouble["tries"] > 0 for trouble in found["failing"]) + len(found["unknown"])
        figures = {
            "updates": report.updates,
            "created": report.created,
            "requests": report.requests,
            "held": report.held,
            "failing": failing,
            "seconds": round((self._clock.now() - began).total_seconds(), 3),
        }
        end = _end_of(report, failing)
        self._log.log(30 if end else 20, "cycle", **figures)
        return end, figures

    async def forever(self, every: float, consent: Consent) -> Exit:
        """A cycle every so many seconds, or sooner when told to look; ends as the last one did."""
        end = Exit.CLEAN
        while not self._stop.asked:
            self._look.clear()
            try:
                end, _ = await self.once(consent)
                consent = Consent()
            except Stopped as stopped:
                self._log.info("stopped", reason=str(stopped))
                break
            except SyncError as error:
                end = Exit.COULD_NOT_RUN
                self._log.error("could_not_run", reason=str(error), again_in=every)
            await self._wait(every)
        return end

    async def _wait(self, seconds: float) -> None:
        waits = [asyncio.ensure_future(self._stop.within(seconds)), asyncio.ensure_future(self._look.wait())]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
            await asyncio.gather(*waits, return_exceptions=True)


def _end_of(report: Report, failing: int) -> Exit:
    if report.held:
        return Exit.HELD
    return Exit.FAILING if failing else Exit.CLEAN

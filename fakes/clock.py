"""The time of a run, and what each system's own clock makes of it."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Protocol

START = datetime(2024, 10, 1, 8, 0, tzinfo=UTC)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


class TrueClock(Protocol):
    """The one true time of a run, which no system can see."""

    def now(self) -> datetime:
        """The present, aware, UTC."""

    async def sleep(self, seconds: float) -> None:
        """Let `seconds` pass."""


class SimulatedClock:
    """A true time that only moves when told to. `moment` may be set, to go back to a snapshot."""

    def __init__(self, start: datetime = START) -> None:
        self.moment = start

    def now(self) -> datetime:
        """The present, aware, UTC."""
        return self.moment

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass. Raises ValueError for a negative number: true time never runs back."""
        if seconds < 0:
            raise ValueError(f"true time can't run back by {-seconds} s")
        self.moment += timedelta(seconds=seconds)

    async def sleep(self, seconds: float) -> None:
        """Let `seconds` pass at once, and give other tasks their turn."""
        self.advance(seconds)
        await asyncio.sleep(0)


class RunningClock(SimulatedClock):
    """For served systems in a test: moves when told to, and with the machine's time while `running`."""

    def __init__(self, start: datetime, *, elapsed: Callable[[], float] = time.monotonic) -> None:
        super().__init__(start)
        self._elapsed = elapsed
        self._since: float | None = None

    def now(self) -> datetime:
        """The present, aware, UTC."""
        ran = 0.0 if self._since is None else self._elapsed() - self._since
        return self.moment + timedelta(seconds=ran)

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Let time pass as it does, while the block runs."""
        self._since = self._elapsed()
        try:
            yield
        finally:
            self.moment, self._since = self.now(), None

    async def sleep(self, seconds: float) -> None:
        """Wait while running; else let `seconds` pass at once."""
        if self._since is None:
            await super().sleep(seconds)
        else:
            await asyncio.sleep(seconds)


class WallClock:
    """True time for served systems: the machine's, times `factor`, counted from `start`."""

    def __init__(
        self, start: datetime, *, factor: float = 1.0, elapsed: Callable[[], float] = time.monotonic
    ) -> None:
        self.start = start
        self.factor = factor
        self._elapsed = elapsed
        self._zero = elapsed()

    def now(self) -> datetime:
        """The present, aware, UTC."""
        return self.start + timedelta(seconds=(self._elapsed() - self._zero) * self.factor)

    async def sleep(self, seconds: float) -> None:
        """Wait until `seconds` of this clock have passed."""
        await asyncio.sleep(seconds / self.factor)


class SystemClock:
    """What one system's clock shows: true time plus `offset`, cut to `granularity`. Both may be set at any
    time.
    """

    def __init__(
        self, clock: TrueClock, *, offset: timedelta = timedelta(0), granularity: timedelta = MILLISECOND
    ) -> None:
        self.true = clock
        self.offset = offset
        self.granularity = granularity

    def now(self) -> datetime:
        """The time that this system believes it is, aware, UTC."""
        shown = self.true.now() + self.offset - EPOCH
        return EPOCH + shown // self.granularity * self.granularity


@lru_cache(maxsize=64)
def http_date(moment: datetime) -> str:
    """`moment` as a `Date` header has it (RFC 9110): `Tue, 01 Oct 2024 08:00:00 GMT`, whatever the locale."""
    day = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[moment.weekday()]
    month = "JanFebMarAprMayJunJulAugSepOctNovDec"[moment.month * 3 - 3 : moment.month * 3]
    return f"{day}, {moment.day:02} {month} {moment.year} {moment:%H:%M:%S} GMT"


def iso_milliseconds(moment: datetime) -> str:
    """`moment` as `2024-10-01T08:00:00.000Z`."""
    return moment.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"

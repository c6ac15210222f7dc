"""An engine in this process, kept from ending the process and from keeping it; and how long cycles are waited for."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import os
import signal
import threading
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from typing import Any, NoReturn

from bothways.acceptance.begun import all_done
from bothways.acceptance.contained import contained, named
from bothways.acceptance.trial import Unproven
from bothways.errors import CycleEndless, CycleFailed

CYCLE_SECONDS = 60.0
"""How long a cycle in this process may take by the wall clock; simulated waiting takes none of it."""
GRACE_SECONDS = 5.0
"""How much later one is interrupted that never gives other tasks their turn."""
IN_A_ROW = 2
_leave = os._exit


class Patience:
    """Waits for cycles, or what else is named. When several in a row had no end, no other is waited for: it would take
    hours.
    """

    def __init__(self) -> None:
        self._endless: Counter[str] = Counter()

    @contextlib.contextmanager
    def waiting(self, kind: str = "cycles") -> Iterator[None]:
        """Around one, which raises `CycleEndless` if it has no end. Raises `Unproven` instead of trying it."""
        if self._endless[kind] >= IN_A_ROW:
            raise Unproven(f"not tried: the {IN_A_ROW} {kind} before had no end")
        self._endless[kind] += 1
        try:
            yield
        except CycleEndless:
            raise
        except BaseException:
            self._endless[kind] = 0
            raise
        self._endless[kind] = 0


class Guarded:
    """The engine, whose every cycle ends in one way or another. Whatever else it can do, it still can."""

    def __init__(self, engine: Any, patience: Patience) -> None:
        if not callable(getattr(engine, "sync", None)):
            raise TypeError(f"the factory gave {engine!r}, which has no sync()")
        self._engine, self._patience = engine, patience

    def __getattr__(self, name: str) -> Any:
        there = getattr(self._engine, name)
        match name:
            case "close":
                return self._closer(there)
            case "notified":
                return self._hearer(there)
            case "status" | "explain":
                return self._teller(there, name)
        return there

    async def sync(self) -> None:
        """One cycle. Raises `CycleEndless`, and RuntimeError for an attempt to end more than itself, or less."""
        with self._patience.waiting():
            async with all_done():
                await _bounded(self._engine.sync, "sync", "a cycle")

    def _closer(self, close: Callable[[], object]) -> Callable[[], Awaitable[None]]:
        async def closed() -> None:
            """Raises `CycleFailed`: a test's end is no step, so that nobody else says whose error it is."""
            with self._patience.waiting("closings"):
                try:
                    await _bounded(close, "close", "closing")
                except CycleFailed:
                    raise
                except Exception as error:
                    raise CycleFailed(f"closing ended with an error: {named(error)}") from error

        return closed

    def _hearer(self, notified: Callable[..., object]) -> Callable[..., Awaitable[None]]:
        async def heard(*what: Any) -> None:
            with self._patience.waiting("notifications"):
                await _bounded(partial(notified, *what), "notified", "a notification")

        return heard

    def _teller(self, tell: Callable[..., object], name: str) -> Callable[..., object]:
        def told(*what: Any) -> object:
            with self._patience.waiting("accounts"), _alarm(CYCLE_SECONDS, name), contained(), staying():
                return tell(*what)

        return told


def guarded(factory: Callable[..., Any], patience: Patience) -> Callable[..., Guarded]:
    """The factory of guarded engines."""

    def build(**given: Any) -> Guarded:
        with patience.waiting("starts"), _alarm(CYCLE_SECONDS, "a start"), contained(), staying():
            engine = factory(**given)
        if inspect.iscoroutine(engine):
            engine.close()
            raise TypeError("the factory is async: it gave a coroutine instead of an engine")
        return Guarded(engine, patience)

    return build


async def _bounded(work: Callable[[], object], name: str, what: str) -> None:
    limit = asyncio.timeout(CYCLE_SECONDS)
    with _alarm(CYCLE_SECONDS + GRACE_SECONDS, what), contained(), staying():
        try:
            async with limit:
                promised = work()
                if not inspect.isawaitable(promised):
                    raise TypeError(f"{name}() is no async method: it gave {type(promised).__name__}")
                await promised
        except TimeoutError:
            if limit.expired():
                raise _endless(what) from None
            raise


def _endless(what: str) -> CycleEndless:
    return CycleEndless(f"{what} had no end after {CYCLE_SECONDS:.0f} s")


@contextlib.contextmanager
def staying() -> Iterator[None]:
    """Let `os._exit` end no more than `sys.exit` does; a child of this process may still end itself by it."""
    here = os.getpid()

    def stay(status: int) -> NoReturn:
        if os.getpid() != here:
            _leave(status)
        raise SystemExit(status)

    os._exit = stay
    try:
        yield
    finally:
        os._exit = _leave


@contextlib.contextmanager
def _alarm(seconds: float, what: str) -> Iterator[None]:
    """Interrupt whatever runs after so many seconds, and again each second; where there are no alarms, do nothing."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(*_: object) -> NoReturn:
        raise _endless(what)

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)

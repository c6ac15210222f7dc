"""What an engine in this process ends with: an error of its own, a planted crash, or a person's Ctrl-C.

A KeyboardInterrupt alone doesn't say who wants to end what; a signal that was heard does.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType


class Interruptions:
    """Hears Ctrl-C, and counts it; raises KeyboardInterrupt as usual."""

    def __init__(self) -> None:
        self.count = 0
        self._later = False

    def __call__(self, number: int, frame: FrameType | None) -> None:
        """Called by the interpreter for the signal."""
        self.count += 1
        if not self._later:
            signal.default_int_handler(number, frame)

    @contextlib.contextmanager
    def later(self) -> Iterator[None]:
        """Around what must not be left half done: raises KeyboardInterrupt at its end only."""
        before, self._later = self.count, True
        try:
            yield
        finally:
            self._later = False
        if self.count > before:
            raise KeyboardInterrupt

    @contextlib.contextmanager
    def heard(self) -> Iterator[None]:
        """Hear it, unless it is to be ignored; only the main thread can."""
        before = signal.getsignal(signal.SIGINT)
        if before is signal.SIG_IGN or threading.current_thread() is not threading.main_thread():
            yield
            return
        signal.signal(signal.SIGINT, self)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)

    def unheard(self) -> bool:
        """Whether another hears it, so that nobody here can tell."""
        handler = signal.getsignal(signal.SIGINT)
        return callable(handler) and handler is not self


INTERRUPTIONS = Interruptions()
"""Those of this process."""


@contextlib.contextmanager
def contained() -> Iterator[None]:
    """Around what an engine does. Raises RuntimeError for an attempt to end more than itself, and for an error that
    can't be told; KeyboardInterrupt if a person pressed Ctrl-C, even if the engine made an error of it, or nothing.
    """
    before = INTERRUPTIONS.count
    try:
        yield
    except BaseException as error:
        if (killed := _kill_in(error)) is not None:
            raise killed from (None if killed is error else error)
        if _is_a_persons(error, before):
            raise
        if INTERRUPTIONS.count > before:
            raise KeyboardInterrupt from error
        if not isinstance(error, Exception):
            raise escaped(error) from error
        if _text(error) is None:
            raise RuntimeError(f"an error that can't be told: {type(error).__name__}") from error
        raise
    if INTERRUPTIONS.count > before:
        raise KeyboardInterrupt


def _kill_in(error: BaseException) -> BaseException | None:
    """A crash that was planted, whatever group of errors a task group made of it."""
    # Here alone, for commands start before the project's own folders are known.
    from fakes.faults import EngineKilled  # noqa: PLC0415

    if isinstance(error, BaseExceptionGroup):
        return next(filter(None, map(_kill_in, error.exceptions)), None)
    return error if isinstance(error, EngineKilled) else None


def _is_a_persons(error: BaseException, before: int) -> bool:
    """Whether Ctrl-C has this form already. To be cancelled is one: so ends what it left unfinished."""
    if isinstance(error, KeyboardInterrupt) and INTERRUPTIONS.unheard():
        return True
    return INTERRUPTIONS.count > before and isinstance(error, KeyboardInterrupt | asyncio.CancelledError)


def escaped(error: BaseException) -> RuntimeError:
    """What an engine's attempt to end what it runs in is told as."""
    return RuntimeError(f"it tried to end what it runs in: {named(error)}")


def named(error: BaseException) -> str:
    """An error in one line, with its kind; of a group of them, with the first that went wrong."""
    text, kind = _text(error), type(error).__name__
    line = f"{kind}: {text}" if text else kind
    return f"{line}: {named(error.exceptions[0])}" if isinstance(error, BaseExceptionGroup) else line


def ended_by(code: int) -> str:
    """What the exit code of a process says; of one that a signal ended, it is negative."""
    if code >= 0:
        return f"exit code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"


def _text(error: BaseException) -> str | None:
    """What it says, as far as that can be written down; None if it can't say it."""
    try:
        return str(error).encode(errors="replace").decode()
    except Exception:
        return None

"""What an engine begins in a cycle: none of it may go on when the cycle is over."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine, Generator
from contextvars import ContextVar
from typing import Any

from bothways.acceptance.contained import escaped

LAST_SECONDS = 1.0
"""How long what still goes on may take to end when it is told to."""
_Work = Coroutine[Any, Any, Any] | Generator[Any, None, Any]
_Task = asyncio.Task[Any]
_begun: ContextVar[list[_Task]] = ContextVar("begun")


@contextlib.asynccontextmanager
async def all_done() -> AsyncIterator[None]:
    """Around a cycle. Raises RuntimeError if something that was begun in it still goes on at its end, and ends it."""
    begun: list[_Task] = []
    outside = _begun.set(begun)
    asyncio.get_running_loop().set_task_factory(_noted)
    try:
        yield
    finally:
        _begun.reset(outside)
        left = [task for task in begun if not task.done()]
        for task in left:
            task.cancel()
        if left:
            await asyncio.wait(left, timeout=LAST_SECONDS)
        for task in begun:
            if task.done() and not task.cancelled():
                task.exception()  # heard, or asyncio would tell of it at any time later
    if left:
        raise RuntimeError(f"it returned while what it had begun went on: {', '.join(map(_named, left))}")


def _noted(loop: asyncio.AbstractEventLoop, work: _Work, /, **options: Any) -> _Task:
    """A task, remembered by the cycle that began it, be it through other tasks."""
    begun = _begun.get(None)
    if begun is None:
        return asyncio.Task(work, loop=loop, **options)
    begun.append(asyncio.Task(_Held(work), loop=loop, **options))
    return begun[-1]


class _Held(Coroutine[Any, Any, Any]):
    """What a task does. Two kinds of errors would end the loop, past everyone who waits: they become one like any."""

    def __init__(self, work: _Work) -> None:
        self._work = work

    def send(self, value: Any) -> Any:
        """As the work's."""
        return self._on(self._work.send, value)

    def throw(self, *error: Any) -> Any:
        """As the work's."""
        return self._on(self._work.throw, *error)

    def close(self) -> None:
        """As the work's."""
        self._work.close()

    def __await__(self) -> Generator[Any, None, Any]:
        return (
            (yield from self._work.__await__())
            if isinstance(self._work, Coroutine)
            else (yield from self._work)
        )

    def __getattr__(self, name: str) -> Any:
        return getattr(self._work, name)  # its name and state, which some frameworks look at

    @staticmethod
    def _on(step: Callable[..., Any], *given: Any) -> Any:
        try:
            return step(*given)
        except (KeyboardInterrupt, SystemExit) as error:
            raise escaped(error) from error


def _named(task: _Task) -> str:
    return str(getattr(task.get_coro(), "__qualname__", task.get_name()))

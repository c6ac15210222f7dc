"""What an engine begins in a cycle: none of it may go on when the cycle is over."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine, Generator
from contextvars import ContextVar
from typing import Any

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
    task = asyncio.Task(work, loop=loop, **options)
    if (begun := _begun.get(None)) is not None:
        begun.append(task)
    return task


def _named(task: _Task) -> str:
    return str(getattr(task.get_coro(), "__qualname__", task.get_name()))

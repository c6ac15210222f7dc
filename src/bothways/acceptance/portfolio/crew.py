"""Who does the work: processes of this machine, or an existing Dask cluster. Either may lose a worker."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager
from importlib import import_module

from bothways.acceptance.portfolio.entry import Entry, Job, could_not_run
from bothways.acceptance.portfolio.worker import run_one, warm
from bothways.errors import InputError

Hire = Callable[[], AbstractContextManager[Executor]]


class Crew:
    """`size` workers that `hire` brings, again where they are lost."""

    def __init__(self, size: int, hire: Hire) -> None:
        self._size = size
        self._hire = hire

    def run(self, jobs: Sequence[Job]) -> Iterator[Entry]:
        """The entry of each job, as they end. A job under which a worker is lost is tried once more, alone."""
        waiting = deque(jobs)
        while waiting:
            under_way: dict[Future[Entry], Job] = {}
            try:
                with self._hire() as executor:
                    yield from self._until_lost(executor, waiting, under_way)
            except BrokenProcessPool:
                for suspect in under_way.values():
                    yield self._alone(suspect)

    def _until_lost(
        self, executor: Executor, waiting: deque[Job], under_way: dict[Future[Entry], Job]
    ) -> Iterator[Entry]:
        """Few jobs under way at a time, so that few are suspected when a worker is lost."""
        while waiting or under_way:
            while waiting and len(under_way) < self._size:
                job = waiting.popleft()
                try:
                    under_way[executor.submit(run_one, job)] = job
                except BrokenProcessPool:
                    waiting.appendleft(job)
                    raise
            done, _ = wait(under_way, return_when=FIRST_COMPLETED)
            for future in done:
                entry = future.result()
                del under_way[future]
                yield entry

    def _alone(self, job: Job) -> Entry:
        try:
            with self._hire() as executor:
                return executor.submit(run_one, job).result()
        except BrokenProcessPool:
            return could_not_run(job, "its run ended the worker process, twice")


def local() -> Crew:
    """A worker for each core that this process may use."""
    size = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    context = multiprocessing.get_context(
        "spawn"
    )  # a process that shows a bar has threads, and can't be forked
    return Crew(size, lambda: ProcessPoolExecutor(size, mp_context=context, initializer=warm))


@contextlib.contextmanager
def cluster(scheduler: str) -> Iterator[Crew]:
    """The workers of the Dask cluster at that address. They see the same files under the same paths.

    Dask itself gives what a lost worker had to another. Raises `InputError` without Dask, or without an answer.
    """
    try:
        distributed = import_module("distributed")
    except ImportError:
        raise InputError("--scheduler", None, "needs Dask: install bothways[dask]") from None
    try:
        client = distributed.Client(scheduler, timeout="10s")
    except (OSError, ValueError) as error:
        reason = str(error) or type(error).__name__
        raise InputError("--scheduler", None, f"no scheduler answers at {scheduler}: {reason}") from None
    with client:
        size = 2 * max(sum(client.nthreads().values()), 1)
        yield Crew(size, lambda: client.get_executor(pure=False, retries=2))

"""A run in several processes at once, where the integration is a program: most of a test is waiting for it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from dataclasses import replace
from datetime import UTC, datetime
from multiprocessing.queues import SimpleQueue

from bothways.acceptance import apart, run
from bothways.acceptance.project import Project
from bothways.acceptance.record import Record
from bothways.acceptance.run import Order, Run, Watcher

SHARES_EACH = 4
"""How many shares there are for each process: one that is done early takes another."""
POLL_SECONDS = 0.1


def execute(project: Project, order: Order, watcher: Watcher) -> Run:
    """As `run.execute`, on all cores where that changes nothing: where each test has the integration to itself.

    A public address stands for fixed ports, which only one test at a time can have. What would run in this process
    and isn't ours runs in one of its own, where that can be.
    """
    if order.engine.in_process and not order.engine.reference and apart.POSSIBLE:
        return apart.execute(project, order, watcher)
    workers = os.cpu_count() or 1
    if order.engine.kind != "command" or order.address.public_url or workers == 1:
        return run.execute(project, order, watcher)
    order.engine.find()
    whole, began = Run(order, datetime.now(UTC)), time.perf_counter()
    blank = run.survey(project, order)
    watcher.begin(sum(record.reason == run.NOT_YET for record in blank))
    of = max(1, min(workers * SHARES_EACH, len(blank)))
    orders = [replace(order, share=(place, of)) for place in range(of)]
    parts, whole.interrupted = _side_by_side(project, orders, workers, watcher)
    seen = {record.id: record for part in parts for record in part.records}
    whole.records = [seen.get(record.id, record) for record in blank]
    whole.broken = list(dict.fromkeys(message for part in parts for message in part.broken))
    whole.seconds = time.perf_counter() - began
    return whole


def _side_by_side(
    project: Project, orders: Sequence[Order], workers: int, watcher: Watcher
) -> tuple[list[Run], bool]:
    """The runs that came to an end, and whether a person interrupted the others. Raises as `run.execute`."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([run.__name__])
    told: SimpleQueue[Record] = context.SimpleQueue()
    interrupted = False
    with ProcessPoolExecutor(workers, context, _join, (told,)) as pool:
        parts = [pool.submit(_run, project, order) for order in orders]
        try:
            _follow(parts, told, watcher)
        except KeyboardInterrupt:
            interrupted = True
            pool.shutdown(wait=False, cancel_futures=True)
            for child in multiprocessing.active_children():
                os.kill(child.pid or 0, signal.SIGINT)
            _follow(parts, told, watcher)
    if interrupted:
        parts = [part for part in parts if not part.cancelled() and part.exception() is None]
    return [part.result() for part in parts], interrupted


def _follow(parts: Sequence[Future[Run]], told: SimpleQueue[Record], watcher: Watcher) -> None:
    """Hand on what is told until all parts are done."""
    done = False
    while not done:
        wait(parts, POLL_SECONDS)
        done = all(part.done() for part in parts)
        while not told.empty():
            watcher.see(told.get())


class _Teller:
    """In a process that runs shares: tells the one that began them of each test."""

    told: SimpleQueue[Record]

    def begin(self, total: int) -> None:
        """How many there are is known there."""

    def see(self, record: Record) -> None:
        """One has run."""
        self.told.put(record)


def _join(told: SimpleQueue[Record]) -> None:
    """Become such a process. It is interrupted by the one that began it alone, and only while it runs something."""
    os.setpgrp()
    signal.signal(signal.SIGINT, _heedless)
    _Teller.told = told


def _heedless(*_: object) -> None:
    """Go on."""


def _run(project: Project, order: Order) -> Run:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return run.execute(project, order, _Teller())
    finally:
        signal.signal(signal.SIGINT, _heedless)

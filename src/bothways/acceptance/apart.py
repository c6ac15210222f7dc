"""A run in a process of its own: an integration that ends the one it runs in fails a test, and loses no report."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from bothways.acceptance import run
from bothways.acceptance.contained import ended_by
from bothways.acceptance.project import Project
from bothways.acceptance.record import Record
from bothways.acceptance.run import Order, Run, Watcher
from bothways.acceptance.verdict import Verdict
from bothways.errors import InputError

POSSIBLE = sys.platform == "linux"
"""Where a process can be copied as it is, which costs next to nothing."""
POLL_SECONDS = 0.1
LAST_SECONDS = 1.0
"""How long a process may take to end that has told all."""
CUT_SHORT = "the integration ended the run before it"
"""The reason of a wanted test that hasn't run then."""
_CTRL_C = {signal.SIGINT}
_Refused = tuple[str, int | None, str]
_Told = int | Record | Run | _Refused | str


def execute(project: Project, order: Order, watcher: Watcher) -> Run:
    """As `run.execute`. The test in which the integration ended its process, or interrupted itself, has failed."""
    whole, began = Run(order, datetime.now(UTC)), time.perf_counter()
    context = multiprocessing.get_context("fork")
    hearing, telling = context.Pipe(duplex=False)
    child = context.Process(target=_run, args=(project, order, telling, hearing))
    signal.pthread_sigmask(signal.SIG_BLOCK, _CTRL_C)  # until both know what to do then
    child.start()
    telling.close()
    seen: dict[str, Record] = {}
    begun, done = False, None
    with _over(child), hearing, _interrupting(child) as pressed:
        for told in _heard(hearing, child):
            match told:
                case Record():
                    seen[told.id] = told
                    watcher.see(told)
                case Run():
                    done = told
                case int():
                    begun = True
                    watcher.begin(told)
                case str():
                    raise RuntimeError(told)
                case _:
                    raise InputError(*told)
    if done is not None and (pressed or not done.interrupted):
        return done
    how = ended_by(-signal.SIGINT if done else child.exitcode or 0)
    if not begun:
        if pressed:
            raise KeyboardInterrupt
        raise InputError(
            "--engine", None, f"{order.engine.spec}: it ended the process that was to run it: {how}"
        )
    blank = run.survey(project, order)
    whole.records = [seen.get(record.id, record) for record in blank]
    whole.seconds, whole.interrupted = time.perf_counter() - began, bool(pressed)
    if not pressed:
        watcher.see(_blamed(whole.records, how))
    return whole


def _blamed(records: list[Record], how: str) -> Record:
    """The record of the test that was under way, which has failed."""
    waiting = [record for record in records if record.reason == run.NOT_YET] or records[-1:]
    for record in waiting:
        record.reason = CUT_SHORT
    waiting[0].verdict = Verdict.FAIL
    waiting[0].reason = f"the integration ended the process that it runs in: {how}"
    return waiting[0]


def _heard(hearing: Connection, child: BaseProcess) -> Iterator[_Told]:
    """What it tells until it is over; what it has begun may outlive it, and hold its end of the pipe."""
    told: _Told | None = None
    over = False
    while not (over or isinstance(told, Run)):
        over = not child.is_alive()
        while hearing.poll(0 if over else POLL_SECONDS):
            try:
                told = hearing.recv()
            except EOFError:
                return
            yield told


@contextlib.contextmanager
def _over(child: BaseProcess) -> Iterator[None]:
    """It is over afterwards, whatever it has left running, and what it wrote for its tests is gone."""
    try:
        yield
    finally:
        child.join(LAST_SECONDS)
        child.kill()
        child.join()
        run.sweep(child.pid or 0)


@contextlib.contextmanager
def _interrupting(child: BaseProcess) -> Iterator[list[int]]:
    """Hand Ctrl-C on to it, and keep that it was pressed: it alone can say what was seen until then."""
    pressed: list[int] = []

    def hand_on(number: int, _: object) -> None:
        pressed.append(number)
        with contextlib.suppress(ProcessLookupError):
            os.kill(child.pid or 0, number)

    before = signal.getsignal(signal.SIGINT)
    if before is signal.SIG_IGN or threading.current_thread() is not threading.main_thread():
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _CTRL_C)
        yield pressed
        return
    signal.signal(signal.SIGINT, hand_on)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _CTRL_C)
    try:
        yield pressed
    finally:
        signal.signal(signal.SIGINT, before)


class _Teller:
    """In that process: tells the one that began it."""

    def __init__(self, telling: Connection) -> None:
        self._telling = telling

    def begin(self, total: int) -> None:
        """So many tests will run."""
        self._telling.send(total)

    def see(self, record: Record) -> None:
        """One has."""
        self._telling.send(record)


def _run(project: Project, order: Order, telling: Connection, hearing: Connection) -> None:
    hearing.close()  # so that to tell fails where nobody is left to hear it
    os.setpgrp()  # so that Ctrl-C comes once, handed on
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _CTRL_C)
    told: _Told
    try:
        told = run.execute(project, order, _Teller(telling))
    except InputError as error:
        told = (error.file, error.line, error.message)
    except KeyboardInterrupt:
        return
    except Exception:
        told = traceback.format_exc()
    telling.send(told)

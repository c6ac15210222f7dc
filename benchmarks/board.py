"""Two systems on the generic contract in a process of their own, and what is done to them between two cycles.

Needs nothing but Python's own library: it is used by every engine under measurement, in whatever environment.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Any

from benchmarks.clock import ShiftedClock

ROOT = Path(__file__).parents[1]
PYTHON = ROOT / ".venv" / "bin" / "python"
"""The interpreter that has what the simulated systems need."""

TOKEN = "token-of-the-benchmark"  # noqa: S105  # of a simulated system
WAIT = 600.0
"""Seconds of simulated time between two cycles: more than any listing reaches back."""

Figures = dict[str, Any]


class Board(AbstractContextManager["Board"]):
    """A left system of `Product`s and a right one of `Item`s, both on loopback; `urls` says where."""

    def __init__(self) -> None:
        self.clock = ShiftedClock()

    def __enter__(self) -> Board:
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        self._process = subprocess.Popen(  # noqa: S603  # our own module
            [PYTHON, "-m", "benchmarks.served"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        self.urls: dict[str, str] = self._told()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()

    def fill(self, records: int) -> None:
        """Somebody makes so many records of 250 bytes on the left."""
        self._ask("fill", records)

    def edit(self, records: int) -> None:
        """Somebody renames so many of the left records, spread over all."""
        self._ask("edit", records)

    def wait(self) -> None:
        """Time passes on both sides, and for the engine."""
        self._ask("advance", WAIT)
        self.clock.shift += timedelta(seconds=WAIT)

    def requests(self) -> int:
        """How many requests came since this was last asked."""
        return int(self._ask("requests"))

    def alike(self) -> int:
        """How many records show the same on both sides. Raises AssertionError when one side has others."""
        return int(self._ask("alike"))

    def _ask(self, *what: Any) -> Any:
        assert self._process.stdin is not None
        print(json.dumps(what), file=self._process.stdin, flush=True)
        return self._told()

    def _told(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise ChildProcessError("the simulated systems have ended")
        return json.loads(line)


def life(board: Board, cycle: Callable[[], object], records: int, edited: int, repeat: int = 1) -> Figures:
    """Four cycles: seconds of wall and of this process's work, requests, and the most memory this process took.

    The first makes all records on the right, the second may read back what was made, the third is quiet, the fourth
    follows edits. The last two are the best of `repeat`.
    """
    board.fill(records)
    figures: Figures = {}
    again = [("quiet", 0), ("edited", edited), ("settling", 0)] * repeat
    for name, edits in [("first", 0), ("second", 0), *again]:
        board.edit(edits)
        board.wait()
        board.requests()
        began, worked = time.perf_counter(), time.process_time()
        cycle()
        seconds, work = time.perf_counter() - began, time.process_time() - worked
        taken = {"seconds": seconds, "work": work, "requests": board.requests()}
        figures[name] = min(taken, figures.get(name, taken), key=lambda each: each["seconds"])
        if board.alike() != records:
            raise AssertionError(f"after the {name} cycle the systems differ")
    figures["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return figures

"""What a worker process does: one checklist after another, everything imported once."""

from __future__ import annotations

import gc
import threading
import time

from bothways.acceptance import engines, outputs
from bothways.acceptance.conclude import conclude
from bothways.acceptance.drafted import project_of
from bothways.acceptance.portfolio.entry import Entry, Job, could_not_run, entry_of
from bothways.acceptance.record import Record
from bothways.acceptance.run import Order, Profile, execute
from bothways.errors import BothwaysError

_ONE_AT_A_TIME = threading.Lock()
"""A run takes the process's streams and module paths for itself; a cluster's workers may have several threads."""


class _Nobody:
    def begin(self, total: int) -> None:
        """Nobody follows a single run."""

    def see(self, record: Record) -> None:
        """Nobody sees its scenarios."""


def warm() -> None:
    """Once in each process: what is imported by now stays, so that no run's clean-up walks through it again."""
    gc.freeze()


def run_one(job: Job) -> Entry:
    """Run one checklist and write its report. Never raises: a bad checklist, or a bug, is that entry's alone."""
    with _ONE_AT_A_TIME:
        began = time.perf_counter()
        try:
            with project_of(job.root, job.from_root, None) as project:
                order = Order(engines.parse(job.engine), job.seed, profile=Profile(job.profile))
                conclusion = conclude(project, execute(project, order, _Nobody()))
                outputs.write(conclusion, job.out / job.folder)
        except (BothwaysError, OSError) as error:
            return could_not_run(job, str(error).replace(str(job.path), job.file))
        except Exception as error:
            return could_not_run(job, f"a bug in bothways: {type(error).__name__}: {error}")
        return entry_of(job, conclusion, time.perf_counter() - began)

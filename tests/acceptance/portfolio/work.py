"""Jobs that stand in for runs, to be carried out by real worker processes."""

from __future__ import annotations

import os
import signal

from bothways.acceptance.portfolio.entry import Entry, Job
from bothways.acceptance.verdict import RunVerdict


def done(job: Job) -> Entry:
    """A run that is accepted at once."""
    return Entry(file=job.file, verdict=RunVerdict.ACCEPTED)


def dies_once(job: Job) -> Entry:
    """The same, but the first time that `b` is run, its worker is killed."""
    mark = job.out / "killed"
    if job.file == "b" and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return done(job)


def dies_always(job: Job) -> Entry:
    """The same, but `b` kills every worker that it is given to."""
    if job.file == "b":
        os.kill(os.getpid(), signal.SIGKILL)
    return done(job)

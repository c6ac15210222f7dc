"""The library and its kiosk, ready to be served to an integration in another process."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bothways.acceptance import engines
from bothways.acceptance.simulated import simulated
from bothways.acceptance.subjects import Bench, Subject, open_subject
from bothways.mapping_file import load
from fakes.clock import START, RunningClock
from tests.acceptance.suite import LIBRARY


@dataclass
class Notes:
    """What is kept with the evidence."""

    kept: list[tuple[str, object]] = field(default_factory=list)

    def __call__(self, title: str, content: object) -> None:
        self.kept.append((title, content))


@pytest.fixture
def notes() -> Notes:
    return Notes()


@pytest.fixture
def bench(tmp_path: Path, notes: Notes) -> Bench:
    mapping, clock = load(LIBRARY / "mappings/library_kiosk.yaml"), RunningClock(START)
    state = tmp_path / "state"
    state.mkdir()
    return Bench(mapping, dict(simulated(mapping, clock, "test")), clock, state, note=notes)


@pytest.fixture
def program(tmp_path: Path) -> Callable[[str], str]:
    """The SPEC of a program with these lines of Python; `ask` sends a request to a system."""

    def written(lines: str) -> str:
        path = tmp_path / "program.py"
        path.write_text(f"{_ASKING}\n{lines}\n", encoding="utf-8")
        return f"command:{shlex.join([sys.executable, '-S', str(path)])}"

    return written


@pytest.fixture
def opened(bench: Bench) -> Iterator[Callable[[str], Subject]]:
    """Open the integration of a SPEC, and end whatever is still open after the test."""
    subjects: list[Subject] = []

    def open_(spec: str) -> Subject:
        subjects.append(open_subject(engines.parse(spec), bench))
        return subjects[-1]

    yield open_
    for subject in subjects:
        subject._stack.close()  # type: ignore[attr-defined]  # as `close`, but without its verdict


def is_over(process: int) -> bool:
    """Whether a process has ended, even if nobody has taken note of it."""
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="utf-8").split()[2] == "Z"
    except OSError:
        return True


_ASKING = """
import os, sys, time, urllib.request
def ask(system, path, method="GET"):
    name = system.upper()
    headers = {"Authorization": "Bearer " + os.environ["BOTHWAYS_TOKEN_" + name]}
    url = os.environ["BOTHWAYS_URL_" + name] + path
    return urllib.request.urlopen(urllib.request.Request(url, headers=headers, method=method)).read()
"""

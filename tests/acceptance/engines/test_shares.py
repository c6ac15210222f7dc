"""Runs of a program, whose tests are shared among several processes."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.engines.conftest import is_over
from tests.acceptance.suite import CHECKLIST, Suite, environment

CYCLE = """
import asyncio, json, os, pickle
from pathlib import Path
import clerk, httpx

async def main() -> None:
    mapping = json.loads(Path(os.environ["BOTHWAYS_MAPPING"]).read_text())
    told = {what: {system: os.environ[f"BOTHWAYS_{what}_{system.upper()}"] for system in mapping["systems"]}
            for what in ("URL", "TOKEN")}
    kept = Path(os.environ["BOTHWAYS_STATE"]) / "kept"
    async with httpx.AsyncClient() as client:
        one = clerk.Clerk(mapping, told["URL"], told["TOKEN"], client)
        if kept.exists():
            one.links, one.seen = pickle.loads(kept.read_bytes())
        await one.sync()
        kept.write_bytes(pickle.dumps((one.links, one.seen)))

asyncio.run(main())
"""

FIRST_WAITS = """
import os, time
try:
    with open({waiting!r}, "x") as file:
        file.write(str(os.getpid()))
    time.sleep(60)
except FileExistsError:
    pass
"""


@pytest.fixture
def program(suite: Suite, monkeypatch: pytest.MonkeyPatch) -> str:
    """The clerk as a program, on a machine with two cores."""
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    suite.write("cycle.py", CYCLE)
    return f"command:{shlex.join([sys.executable, 'cycle.py'])}"


def test_a_program_gets_the_verdicts_that_it_gets_in_this_process(
    suite: Suite, program: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    suite.replace("clerk.py", "elif right != self.seen[known]:", "elif False:")
    in_process = _told(suite.run().result)
    monkeypatch.setenv("PYTHONPATH", environment()["PYTHONPATH"])
    ended = suite.bothways("run", CHECKLIST, "--engine", program)
    assert _told(ended.result) == in_process
    assert {verdict for _, verdict in in_process} == {"PASS", "FAIL"}
    assert (ended.code, ended.result["run"]["interrupted"]) == (1, False)


def _told(result: dict[str, Any]) -> list[tuple[str, str]]:
    return [(piece["id"], piece["verdict"]) for item in result["items"] for piece in item["evidence"]]


def test_what_fails_is_told_of_once_and_what_cant_be_collected_too(suite: Suite, program: str) -> None:
    suite.replace("clerk.py", "elif right != self.seen[known]:", "elif False:")
    suite.write("features/library_kiosk/test_broken.py", "import nothing_of_that_name\n")
    ended = suite.outside("bothways", "run", CHECKLIST, "--engine", program)
    assert ended.out.count("Not collected") == 1
    first, *failed = ended.err.splitlines()
    assert first == "Running 9 scenarios and property tests"
    assert sorted(failed) == sorted(
        f"FAIL {piece['name']}"
        for piece in {
            piece["id"]: piece for item in ended.result["items"] for piece in item["evidence"]
        }.values()
        if piece["verdict"] == "FAIL"
    )
    assert len(failed) > 1


def test_an_interruption_ends_the_program_and_keeps_what_was_seen(
    suite: Suite, program: str, tmp_path: Path
) -> None:
    waiting = tmp_path / "waiting"
    suite.write("cycle.py", FIRST_WAITS.format(waiting=str(waiting)) + CYCLE)
    with subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "bothways", "run", CHECKLIST, "--engine", program],
        cwd=suite.folder,
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
    ) as running:
        while not waiting.exists() or not waiting.read_text():
            assert running.poll() is None
            time.sleep(0.05)
        running.send_signal(signal.SIGINT)
        out, _ = running.communicate(timeout=60)
    assert (running.returncode, "Interrupted" in out) == (130, True)
    assert any(is_over(int(waiting.read_text())) for _ in range(10_000))  # the kernel may need a moment
    result = json.loads((suite.folder / "out/result.json").read_text(encoding="utf-8"))
    assert (result["verdict"], result["run"]["interrupted"]) == ("INCOMPLETE", True)

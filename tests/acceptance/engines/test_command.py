"""Integrations that are a program, started anew for each cycle."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bothways.acceptance import outside
from bothways.acceptance.subjects import Bench, Subject
from bothways.acceptance.trial import Unproven
from bothways.errors import CycleFailed, Strayed
from fakes.clock import START
from fakes.faults import EngineKilled, Fault
from tests.acceptance.engines.conftest import Notes, is_over

Program = Callable[[str], str]
Opened = Callable[[str], Subject]


def test_a_program_finds_the_systems_its_state_the_mapping_and_the_time(
    program: Program, opened: Opened, bench: Bench
) -> None:
    lines = """
import json
mapping = json.load(open(os.environ["BOTHWAYS_MAPPING"]))
ask("library", "/book")
json.dump([mapping["schema"], os.environ["BOTHWAYS_NOW"]], open(os.environ["BOTHWAYS_STATE"] + "/seen", "w"))
"""
    opened(program(lines)).sync()
    schema, now = json.loads((bench.state_dir / "seen").read_text())
    assert (schema, now[:19]) == (1, START.isoformat()[:19])
    assert [(one.path, one.status) for one in bench.systems["library"].log] == [("/book", 200)]


def test_another_exit_code_than_0_is_a_failed_cycle_told_by_its_last_line(
    program: Program, opened: Opened
) -> None:
    subject = opened(program("print('working'); sys.exit('the till is locked')"))
    with pytest.raises(CycleFailed, match=r"^a cycle ended with exit code 1: the till is locked$"):
        subject.sync()


def test_one_that_a_signal_ends_says_which(program: Program, opened: Opened) -> None:
    subject = opened(program("os.kill(os.getpid(), 11)"))
    with pytest.raises(CycleFailed, match=r"^a cycle ended with SIGSEGV$"):
        subject.sync()


def test_what_is_no_program_is_a_failed_cycle(opened: Opened, tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("no program")
    (tmp_path / "notes").chmod(0o700)
    subject = opened(f"command:{tmp_path / 'notes'}")
    with pytest.raises(CycleFailed, match=r"^/.*/notes can't be started: Exec format error$"):
        subject.sync()


def test_what_it_prints_is_kept_without_tokens(program: Program, opened: Opened, notes: Notes) -> None:
    opened(program("print('I use', os.environ['BOTHWAYS_TOKEN_LIBRARY'], flush=True)")).sync()
    assert notes.kept == [("output of the integration", "I use (token)\n")]


def test_a_program_without_end_is_ended_with_all_that_it_started(
    program: Program, opened: Opened, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outside, "CYCLE_SECONDS", 1.0)
    lines = """
import subprocess
child = subprocess.Popen([sys.executable, "-S", "-c", "import time; time.sleep(60)"])
open(os.environ["BOTHWAYS_STATE"] + "/child", "w").write(str(child.pid))
time.sleep(60)
"""
    subject = opened(program(lines))
    with pytest.raises(CycleFailed, match="a cycle had no end after 1 s"):
        subject.sync()
    child = int((bench.state_dir / "child").read_text())
    assert any(is_over(child) for _ in range(10_000))  # the kernel may need a moment


def test_a_kill_ends_the_program_before_it_can_do_more(
    program: Program, opened: Opened, bench: Bench
) -> None:
    bench.systems["library"].faults.script(Fault("kill_after"))
    lines = """
try:
    ask("library", "/book")
except OSError:
    time.sleep(5)
    ask("kiosk", "/entry")
"""
    subject = opened(program(lines))
    with pytest.raises(EngineKilled):
        subject.sync()
    assert [one.fault for one in bench.systems["library"].log] == ["kill_after"]
    assert list(bench.systems["kiosk"].log) == []


def test_ctrl_c_while_it_is_being_started_ends_it(
    program: Program, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    subject = opened(program("time.sleep(60)"))
    assert isinstance(subject, outside.Command)
    start, started = subject._start, list[subprocess.Popen[bytes]]()

    def pressed(environment: dict[str, str], output: Path) -> subprocess.Popen[bytes]:
        started.append(start(environment, output))
        signal.raise_signal(signal.SIGINT)
        return started[0]

    monkeypatch.setattr(subject, "_start", pressed)
    with pytest.raises(KeyboardInterrupt):
        subject.sync()
    assert started[0].wait() == -signal.SIGKILL


def test_time_passes_during_a_cycle_and_stands_still_between_two(
    program: Program, opened: Opened, bench: Bench
) -> None:
    subject = opened(program("time.sleep(0.3)"))
    subject.sync()
    after = bench.clock.now()
    assert timedelta(seconds=0.3) <= after - START < timedelta(seconds=60)
    assert bench.clock.now() == after


def test_its_state_stays_unless_it_is_lost(program: Program, opened: Opened, bench: Bench) -> None:
    subject = opened(program("open(os.environ['BOTHWAYS_STATE'] + '/notes', 'a').write('1')"))
    subject.sync()
    subject.restart()
    subject.sync()
    assert (bench.state_dir / "notes").read_text() == "11"
    subject.forget()
    assert list(bench.state_dir.iterdir()) == []


def test_of_two_at_once_one_may_fail(program: Program, opened: Opened) -> None:
    lines = "os.mkdir(os.environ['BOTHWAYS_STATE'] + '/lock')"
    subject = opened(program(lines))
    subject.sync_beside_another()
    with pytest.raises(CycleFailed, match="FileExistsError"):
        subject.sync_beside_another()


def test_what_no_system_serves_is_told_at_the_end(program: Program, opened: Opened) -> None:
    subject = opened(program("try: ask('library', '/book/1/2')\nexcept OSError: pass"))
    subject.sync()
    with pytest.raises(Strayed, match="GET library/book/1/2"):
        subject.close()


def test_a_simulated_system_that_breaks_is_not_its_fault(
    program: Program, opened: Opened, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench.systems["library"], "admit", lambda _: 1 / 0)
    subject = opened(program("ask('library', '/book')"))
    with pytest.raises((CycleFailed, Unproven)):
        subject.sync()
    with pytest.raises(Unproven, match="a simulated system broke: ZeroDivisionError"):
        subject.close()

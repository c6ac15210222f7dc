"""Runs in a process of their own, which an integration may end."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

import pytest

from bothways.acceptance import apart, engines, run, shares
from bothways.acceptance.project import Project
from bothways.acceptance.record import Kind, Record
from bothways.acceptance.run import Nobody, Order, Run, Watcher
from bothways.acceptance.verdict import Verdict
from bothways.errors import InputError

pytestmark = pytest.mark.skipif(not apart.POSSIBLE, reason="no process can be copied as it is")
ORDER = Order(engines.parse("python:till:build"))
Work = Callable[[Watcher], Run]
Does = Callable[[Work], None]
leave = os._exit


def told(id: str, verdict: Verdict = Verdict.UNPROVEN, reason: str = run.NOT_YET) -> Record:
    return Record(
        id=id, kind=Kind.SCENARIO, name=id, file="a.feature", line=1, verdict=verdict, reason=reason
    )


class Follower:
    """Keeps what it is told; may do something when the run begins."""

    def __init__(self, at_begin: Callable[[], None] = lambda: None) -> None:
        self.total = 0
        self.seen: list[tuple[str, Verdict]] = []
        self._at_begin = at_begin

    def begin(self, total: int) -> None:
        self.total = total
        self._at_begin()

    def see(self, record: Record) -> None:
        self.seen.append((record.id, record.verdict))


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> Does:
    """What the run does. Of its four tests one isn't asked for."""
    tests = [told("asked for", reason="not asked for (--only)"), told("first"), told("second"), told("third")]
    monkeypatch.setattr(run, "survey", lambda *_: tests)
    return lambda work: monkeypatch.setattr(run, "execute", lambda *given: work(given[-1]))


@pytest.fixture
def executed(library: Project, runs: Does) -> Callable[..., Run]:
    """Run that, followed."""

    def execute(work: Work, watcher: Watcher | None = None) -> Run:
        runs(work)
        return apart.execute(library, ORDER, watcher or Nobody())

    return execute


def done(*records: Record, interrupted: bool = False) -> Run:
    return Run(ORDER, datetime.now(UTC), list(records), interrupted=interrupted)


def after_one(end: Callable[[], object]) -> Work:
    """One test passes, and in the next something ends."""

    def work(watcher: Watcher) -> NoReturn:
        watcher.begin(3)
        watcher.see(told("first", Verdict.PASS, ""))
        end()
        raise AssertionError

    return work


def kills_itself(number: int) -> Callable[[], None]:
    return lambda: os.kill(os.getpid(), number)


def wait() -> None:
    signal.pause()


def press() -> None:
    signal.raise_signal(signal.SIGINT)


def test_a_run_is_told_as_it_happens_and_given_as_it_was(executed: Callable[..., Run]) -> None:
    def work(watcher: Watcher) -> Run:
        watcher.begin(1)
        watcher.see(told("first", Verdict.PASS, ""))
        return done(told(str(os.getpid())))

    follower = Follower()
    [record] = executed(work, follower).records
    assert record.id != str(os.getpid())
    assert (follower.total, follower.seen) == (1, [("first", Verdict.PASS)])


@pytest.mark.parametrize(
    ("end", "how"),
    [
        (lambda: leave(0), "exit code 0"),
        (lambda: leave(3), "exit code 3"),
        (kills_itself(signal.SIGTERM), "SIGTERM"),
        (kills_itself(signal.SIGKILL), "SIGKILL"),
    ],
)
def test_the_test_in_which_the_process_ended_has_failed_and_what_was_seen_stays(
    executed: Callable[..., Run], end: Callable[[], object], how: str
) -> None:
    follower = Follower()
    ended = executed(after_one(end), follower)
    assert [(record.id, record.verdict, record.reason) for record in ended.records] == [
        ("asked for", Verdict.UNPROVEN, "not asked for (--only)"),
        ("first", Verdict.PASS, ""),
        ("second", Verdict.FAIL, f"the integration ended the process that it runs in: {how}"),
        ("third", Verdict.UNPROVEN, apart.CUT_SHORT),
    ]
    assert follower.seen == [("first", Verdict.PASS), ("second", Verdict.FAIL)]
    assert not ended.interrupted


def test_a_process_that_ended_after_its_last_test_has_failed_that(executed: Callable[..., Run]) -> None:
    def work(watcher: Watcher) -> NoReturn:
        watcher.begin(3)
        for id in ("first", "second", "third"):
            watcher.see(told(id, Verdict.PASS, ""))
        leave(0)

    assert [record.verdict for record in executed(work).records[1:]] == [Verdict.PASS] * 2 + [Verdict.FAIL]


def test_one_that_interrupts_itself_has_failed(executed: Callable[..., Run]) -> None:
    ended = executed(lambda _: _begun(_) and done(told("first"), told("second"), interrupted=True))
    assert [record.verdict for record in ended.records[1:]] == [
        Verdict.FAIL,
        Verdict.UNPROVEN,
        Verdict.UNPROVEN,
    ]
    assert ended.records[1].reason.endswith(": SIGINT")
    assert not ended.interrupted


def _begun(watcher: Watcher) -> bool:
    watcher.begin(3)
    return True


def test_ctrl_c_is_handed_on_and_keeps_what_was_seen(executed: Callable[..., Run]) -> None:
    def work(watcher: Watcher) -> Run:
        try:
            watcher.begin(3)
            wait()
        except KeyboardInterrupt:
            return done(told("seen"), interrupted=True)
        raise AssertionError

    before = signal.getsignal(signal.SIGINT)
    ended = executed(work, Follower(at_begin=press))
    assert ([record.id for record in ended.records], ended.interrupted) == (["seen"], True)
    assert signal.getsignal(signal.SIGINT) is before


def test_ctrl_c_that_ends_it_at_once_keeps_what_was_told(executed: Callable[..., Run]) -> None:
    ended = executed(after_one(wait), Follower(at_begin=press))
    assert ended.interrupted
    assert Verdict.FAIL not in {record.verdict for record in ended.records}


def test_ctrl_c_before_the_first_test_ends_the_run(executed: Callable[..., Run]) -> None:
    def work(_: Watcher) -> NoReturn:
        os.kill(os.getppid(), signal.SIGINT)
        wait()
        raise AssertionError

    with pytest.raises(KeyboardInterrupt):
        executed(work)


def test_one_that_ends_before_its_first_test_could_not_run(executed: Callable[..., Run]) -> None:
    with pytest.raises(
        InputError, match=r"^--engine: python:till:build: it ended the process .*: exit code 7$"
    ):
        executed(lambda _: leave(7))


def test_what_refuses_to_run_says_so(executed: Callable[..., Run]) -> None:
    def work(_: Watcher) -> NoReturn:
        raise InputError("till.py", 7, "no till")

    with pytest.raises(InputError, match=r"^till\.py:7: no till$"):
        executed(work)


def test_a_mistake_of_ours_is_told_as_one(executed: Callable[..., Run]) -> None:
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        executed(lambda _: 1 / 0)


def test_what_it_has_begun_may_outlive_it(executed: Callable[..., Run]) -> None:
    reading, writing = os.pipe()

    def begin_another() -> None:
        if os.fork() == 0:
            os.close(writing)
            os.read(reading, 1)  # as long as this test
            leave(0)
        leave(1)

    assert executed(after_one(begin_another)).records[2].verdict is Verdict.FAIL
    os.close(writing)
    os.close(reading)


def test_a_thread_that_it_leaves_behind_keeps_nobody(
    executed: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "LAST_SECONDS", 0.01)

    def work(_: Watcher) -> Run:
        threading.Thread(target=threading.Event().wait).start()
        return done(told("first"))

    assert [record.id for record in executed(work).records] == ["first"]


def test_what_it_wrote_for_its_tests_is_gone(
    executed: Callable[..., Run], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(run, "MEMORY", tmp_path)

    def write() -> None:
        with run._scratch():
            leave(1)

    executed(after_one(write))
    assert list(tmp_path.glob("bothways-*")) == []


@pytest.mark.parametrize(
    ("spec", "possible", "where"),
    [("python:till:build", True, "apart"), ("python:till:build", False, "here"), ("core", True, "here")],
)
def test_only_what_is_not_ours_runs_apart_where_it_can(
    library: Project, monkeypatch: pytest.MonkeyPatch, spec: str, possible: bool, where: str
) -> None:
    def runs_in(place: str) -> Callable[..., Any]:
        return lambda *_: place

    monkeypatch.setattr(apart, "POSSIBLE", possible)
    monkeypatch.setattr(apart, "execute", runs_in("apart"))
    monkeypatch.setattr(run, "execute", runs_in("here"))
    assert shares.execute(library, Order(engines.parse(spec)), Nobody()) == where  # type: ignore[comparison-overlap]

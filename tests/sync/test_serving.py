"""Cycles one after another, until somebody asks to stop: what ends the service, and what brings a cycle forward."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from bothways.errors import StateError, Stopped, SyncError
from bothways.sync.cycle import Report
from bothways.sync.service import Consent, Exit
from tests.sync.at_work import Work, told

HOUR = 3600.0


def test_cycles_follow_each_other_at_the_interval_until_somebody_asks(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    work.script(monkeypatch, Report(), Report(), Report())
    assert work.forever(every=90.0) is Exit.CLEAN
    assert work.log == [told("info")] * 3
    assert work.stop.waits == [90.0, 90.0, 90.0]


@pytest.mark.parametrize(
    ("cycles", "end"),
    [
        ([Report(), Report(held=1)], Exit.HELD),
        ([Report(held=1), Report()], Exit.CLEAN),
        ([Report(), SyncError("down")], Exit.COULD_NOT_RUN),
        ([SyncError("down"), Report()], Exit.CLEAN),
        ([Report(held=1), Stopped("asked")], Exit.HELD),
        ([SyncError("down"), Stopped("asked")], Exit.COULD_NOT_RUN),
        ([Stopped("asked")], Exit.CLEAN),
    ],
)
def test_the_service_ends_as_its_last_whole_cycle_did(
    work: Work, monkeypatch: pytest.MonkeyPatch, cycles: list[Report | Exception], end: Exit
) -> None:
    work.script(monkeypatch, *cycles)
    assert work.forever() is end


def test_a_service_that_was_asked_to_stop_before_begins_nothing(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    work.script(monkeypatch, Report())
    work.stop.ask()
    assert work.forever() is Exit.CLEAN
    assert (work.consents, work.log) == ([], [])


def test_a_cycle_that_can_not_run_is_logged_with_its_reason_and_tried_again(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    work.script(monkeypatch, StateError("the disk is full"), Report())
    work.forever(every=45.0)
    failed = {"reason": "the disk is full", "again_in": 45.0, "event": "could_not_run", "level": "error"}
    assert work.log == [failed, told("info")]
    assert work.stop.waits == [45.0, 45.0]


def test_a_cycle_that_was_stopped_is_logged_and_nothing_is_waited_for(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    work.script(monkeypatch, Stopped("at a safe point"))
    work.forever()
    assert work.log == [{"reason": "at a safe point", "event": "stopped", "level": "info"}]
    assert work.stop.waits == []


def test_what_a_person_allows_is_used_up_by_the_first_cycle_that_runs(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    work.script(monkeypatch, SyncError("down"), Report(), Report())
    work.forever(Consent(allow_bulk=True, rebase_counters=True))
    allowed = {"allow_bulk": True, "rebase_counters": True}
    assert work.consents == [allowed, allowed, {"allow_bulk": False, "rebase_counters": False}]


def test_to_be_told_to_look_brings_the_next_cycle_forward_once(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    work.stop.endless = True
    waits: list[int] = []
    tasks: set[int] = set()

    async def cycle(**_: bool) -> Report:
        waits.append(len(work.stop.waits))
        tasks.add(len(asyncio.all_tasks()))
        return Report()

    monkeypatch.setattr(work.service.engine, "cycle", cycle)

    async def until(condition: Callable[[], bool]) -> None:
        for _ in range(1000):
            if condition():
                return
            await asyncio.sleep(0)
        raise AssertionError("it never came to that")

    async def watch() -> tuple[Exit, int]:
        serving = asyncio.create_task(work.service.forever(HOUR, Consent()))
        await until(lambda: len(work.stop.waits) == 1)
        work.service.look()
        await until(lambda: len(work.stop.waits) == 2)
        for _ in range(50):
            await asyncio.sleep(0)
        work.stop.ask()
        return await serving, len(asyncio.all_tasks())

    assert asyncio.run(watch()) == (Exit.CLEAN, 1)
    assert waits == [0, 1]
    assert tasks == {2}  # the service and its watcher: whatever waited between two cycles is gone


def test_to_be_told_to_look_during_a_cycle_brings_another_at_once(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    work.stop.endless = True
    cycles = 0

    async def cycle(**_: bool) -> Report:
        nonlocal cycles
        cycles += 1
        work.stop.ask() if cycles == 2 else work.service.look()
        return Report()

    monkeypatch.setattr(work.service.engine, "cycle", cycle)
    assert work.forever(every=HOUR) is Exit.CLEAN
    assert cycles == 2

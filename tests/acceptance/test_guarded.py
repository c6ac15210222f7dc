"""What an engine in this process may not do to it, and how often one is waited for that has no end."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import inspect
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from bothways.acceptance import begun, guarded
from bothways.acceptance.guarded import IN_A_ROW, Guarded, Patience
from bothways.acceptance.trial import Unproven
from bothways.errors import CycleEndless, CycleFailed
from fakes.faults import EngineKilled

Sync = Callable[[], Awaitable[object]]


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is waited for for long."""
    monkeypatch.setattr(guarded, "CYCLE_SECONDS", 0.05)
    monkeypatch.setattr(guarded, "GRACE_SECONDS", 0.05)


def engine(sync: Any, **other: Any) -> Guarded:
    made = SimpleNamespace(**{"sync": sync, "status": lambda: "well"} | other)
    return guarded.guarded(lambda **_: made, Patience())()


async def ends() -> None:
    await asyncio.sleep(0)


async def waits() -> None:
    await asyncio.sleep(60)


async def blocks() -> None:
    while True:
        try:
            time.sleep(60)
        except OSError:
            continue


async def gives_up() -> None:
    raise TimeoutError("the storefront is slow")


async def quits() -> None:
    sys.exit("no licence")


async def leaves() -> None:
    os._exit(3)


async def closes() -> None:
    raise GeneratorExit


async def cancels() -> None:
    raise asyncio.CancelledError


async def interrupts() -> None:
    raise KeyboardInterrupt


async def interrupts_in_a_task() -> None:
    await asyncio.create_task(interrupts())


async def quits_in_a_task() -> None:
    await asyncio.gather(asyncio.create_task(quits()), waits())


async def presses() -> None:
    signal.raise_signal(signal.SIGINT)


async def presses_in_a_task() -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(presses())
        group.create_task(waits())


async def presses_and_goes_on() -> None:
    with contextlib.suppress(KeyboardInterrupt):
        await presses()


@pytest.mark.parametrize("sync", [waits, blocks])
def test_a_cycle_without_end_is_ended_even_if_it_gives_nobody_a_turn(sync: Sync) -> None:
    with pytest.raises(CycleEndless, match=r"^a cycle had no end after \d+ s$"):
        asyncio.run(engine(sync).sync())


def test_its_own_time_limits_are_errors_like_any(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guarded, "CYCLE_SECONDS", 60.0)
    with pytest.raises(TimeoutError, match="the storefront is slow"):
        asyncio.run(engine(gives_up).sync())


@pytest.mark.parametrize(
    ("sync", "told"),
    [
        (quits, "SystemExit: no licence"),
        (quits_in_a_task, "SystemExit: no licence"),
        (leaves, "SystemExit: 3"),
        (closes, "GeneratorExit"),
        (cancels, "CancelledError"),
        (interrupts, "KeyboardInterrupt"),
        (interrupts_in_a_task, "KeyboardInterrupt"),
    ],
)
def test_it_ends_nothing_but_its_cycle(sync: Sync, told: str) -> None:
    with pytest.raises(RuntimeError, match=f"it tried to end what it runs in: {told}"):
        asyncio.run(engine(sync).sync())


@pytest.mark.parametrize("sync", [presses, presses_in_a_task, presses_and_goes_on])
def test_a_persons_ctrl_c_ends_more_whatever_it_makes_of_it(sync: Sync) -> None:
    with pytest.raises(KeyboardInterrupt):
        asyncio.run(engine(sync).sync())


@pytest.mark.parametrize("name", ["sync", "close"])
def test_what_it_does_is_waited_for_so_it_must_be_async(name: str) -> None:
    given = {"sync": ends} | {name: lambda: 7}
    with pytest.raises(
        Exception, match=rf"TypeError: {name}\(\) is no async method: it gave int|^{name}\(\) is no"
    ):
        asyncio.run(getattr(engine(**given), name)())


@pytest.mark.parametrize(
    ("close", "told"),
    [
        (gives_up, "TimeoutError: the storefront is slow"),
        (quits, "RuntimeError: it tried .* SystemExit: no licence"),
    ],
)
def test_to_close_in_error_is_its_failure(close: Sync, told: str) -> None:
    with pytest.raises(CycleFailed, match=f"^closing ended with an error: {told}$"):
        asyncio.run(engine(ends, close=close).close())


async def awaited(answer: Any) -> None:
    if inspect.isawaitable(answer):
        await answer


def blocks_at_once(*_: object) -> None:
    blocks().send(None)


@pytest.mark.parametrize(
    ("name", "does", "what"),
    [
        ("close", waits, "closing"),
        ("notified", lambda *_: waits(), "a notification"),
        ("status", blocks_at_once, "status"),
        ("explain", blocks_at_once, "explain"),
    ],
)
def test_whatever_else_it_does_has_an_end_too_and_is_tried_a_few_times_only(
    name: str, does: Callable[..., object], what: str
) -> None:
    subject = engine(ends, **{name: does})
    given = [] if name in ("close", "status") else ["library", "Book"]

    async def ask() -> None:
        await awaited(getattr(subject, name)(*given))

    for _ in range(IN_A_ROW):
        with pytest.raises(CycleEndless, match=rf"^{what} had no end after \d+ s$"):
            asyncio.run(ask())
    with pytest.raises(Unproven, match=r"^not tried: the \d \w+ before had no end$"):
        asyncio.run(ask())
    asyncio.run(subject.sync())


@pytest.mark.parametrize(("module", "leave"), [(sys, "exit"), (os, "_exit")])
def test_a_factory_ends_nothing_either(module: ModuleType, leave: str) -> None:
    with pytest.raises(RuntimeError, match="SystemExit"):
        guarded.guarded(lambda **_: getattr(module, leave)(3), Patience())()


def test_a_factory_that_has_no_end_is_ended_and_tried_a_few_times_only() -> None:
    build = guarded.guarded(lambda **_: blocks_at_once(), Patience())
    for _ in range(IN_A_ROW):
        with pytest.raises(CycleEndless, match=r"^a start had no end after \d+ s$"):
            build()
    with pytest.raises(Unproven, match=r"^not tried: the \d starts before had no end$"):
        build()


def test_a_factory_gives_an_engine_not_the_promise_of_one() -> None:
    async def build(**_: object) -> object:
        return object()

    with pytest.raises(TypeError, match=r"^the factory is async: it gave a coroutine instead of an engine$"):
        guarded.guarded(build, Patience())()


def test_what_it_is_told_reaches_it_and_what_it_answers_is_given() -> None:
    async def notified(*what: object) -> None:
        heard.append(what)

    heard: list[tuple[object, ...]] = []
    subject = engine(ends, notified=notified, explain=lambda *what: {"asked": what})
    asyncio.run(subject.notified("library", {}, b"{}", "secret"))
    assert heard == [("library", {}, b"{}", "secret")]
    assert subject.explain("library", "Book") == {"asked": ("library", "Book")}


def test_a_child_of_its_own_ends_as_it_likes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guarded, "CYCLE_SECONDS", 60.0)

    async def forks() -> None:
        if (child := os.fork()) == 0:
            os._exit(7)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7

    leave = os._exit
    asyncio.run(engine(forks).sync())
    assert os._exit is leave


async def begins() -> None:
    asyncio.create_task(waits())  # noqa: RUF006 - the mistake that is to be found


async def begins_in_a_task() -> None:
    await asyncio.create_task(begins())


async def begins_what_goes_on() -> None:
    async def goes_on() -> None:
        while True:
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.sleep(60)

    asyncio.create_task(goes_on())  # noqa: RUF006 - the same
    await asyncio.sleep(0)


@pytest.mark.parametrize("sync", [begins, begins_in_a_task])
def test_a_cycle_that_returns_before_its_work_is_done_says_so_and_ends_it(sync: Sync) -> None:
    async def cycle() -> None:
        with pytest.raises(RuntimeError, match=r"^it returned while what it had begun went on: waits$"):
            await engine(sync).sync()
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(cycle())


def test_what_will_not_end_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(begun, "LAST_SECONDS", 0.01)
    loop = asyncio.new_event_loop()  # closed as it is: to run on would be to wait for it
    with pytest.raises(RuntimeError, match=r"it had begun went on: .*goes_on$"):
        loop.run_until_complete(engine(begins_what_goes_on).sync())
    for task in asyncio.all_tasks(loop):
        task._log_destroy_pending = False  # type: ignore[attr-defined]  # it is, on purpose
    loop.close()


def test_what_two_engines_begin_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guarded, "CYCLE_SECONDS", 60.0)

    async def works() -> None:
        await asyncio.gather(*(asyncio.sleep(0.01) for _ in range(3)))

    async def both() -> None:
        told = await asyncio.gather(
            engine(works).sync(), engine(begins).sync(), engine(ends).sync(), return_exceptions=True
        )
        assert [type(end) for end in told] == [type(None), RuntimeError, type(None)]

    asyncio.run(both())


def test_a_task_that_failed_unheard_is_not_heard_of_later(caplog: pytest.LogCaptureFixture) -> None:
    async def fails() -> None:
        task = asyncio.create_task(gives_up())
        await asyncio.wait([task])

    asyncio.run(engine(fails).sync())
    gc.collect()
    assert caplog.records == []


@pytest.mark.parametrize("made", [None, object()])
def test_what_has_no_cycles_is_no_engine(made: object) -> None:
    with pytest.raises(TypeError, match=r"which has no sync\(\)"):
        guarded.guarded(lambda **_: made, Patience())()


def test_a_kill_passes_and_whatever_else_it_can_do_it_still_can() -> None:
    async def killed() -> None:
        raise EngineKilled

    subject = engine(killed)
    with pytest.raises(EngineKilled):
        asyncio.run(subject.sync())
    assert subject.status() == "well"
    assert getattr(subject, "close", None) is None


def test_a_kill_in_one_of_its_tasks_is_a_kill() -> None:
    async def killed() -> None:
        raise EngineKilled

    async def works() -> None:
        async with asyncio.TaskGroup() as inner, asyncio.TaskGroup() as outer:
            inner.create_task(waits())
            outer.create_task(killed())

    with pytest.raises(EngineKilled):
        asyncio.run(engine(works).sync())


def test_errors_of_its_tasks_are_errors_like_any() -> None:
    async def works() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(gives_up())

    with pytest.raises(ExceptionGroup):
        asyncio.run(engine(works).sync())


def _cycle(patience: Patience, ending: BaseException | None, kind: str = "cycles") -> None:
    with patience.waiting(kind):
        if ending is not None:
            raise ending


def test_after_some_in_a_row_without_end_no_more_are_tried() -> None:
    patience = Patience()
    for _ in range(IN_A_ROW):
        with pytest.raises(CycleEndless):
            _cycle(patience, CycleEndless("no end"))
    for _ in range(2):
        with pytest.raises(Unproven, match=r"^not tried: the \d cycles before had no end$"):
            _cycle(patience, None)


@pytest.mark.parametrize("kind", ["cycles", "starts"])
@pytest.mark.parametrize("between", [None, KeyError("an error of its own")])
def test_one_that_ends_in_any_way_is_a_reason_to_wait_again(between: KeyError | None, kind: str) -> None:
    patience = Patience()
    for _ in range(2 * IN_A_ROW):
        with pytest.raises(CycleEndless):
            _cycle(patience, CycleEndless("no end"), kind)
        if between is None:
            _cycle(patience, None, kind)
        else:
            with pytest.raises(KeyError):
                _cycle(patience, between, kind)

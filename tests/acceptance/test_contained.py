"""What an engine may end: itself, and what it ends with is told. Only a person ends more."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import threading
from collections.abc import Callable

import anyio
import pytest

from bothways.acceptance.begun import all_done
from bothways.acceptance.contained import INTERRUPTIONS, Interruptions, contained, ended_by, named
from fakes.faults import EngineKilled


class Mute(Exception):
    """An error whose text is one itself."""

    def __str__(self) -> str:
        raise ValueError("no text")


class Own(BaseException):
    """Meant to pass whoever catches errors."""


def press() -> None:
    signal.raise_signal(signal.SIGINT)


def press_and_go_on() -> None:
    with contextlib.suppress(KeyboardInterrupt):
        press()


def press_and_cancel() -> None:
    press_and_go_on()
    raise asyncio.CancelledError


def press_and_complain() -> None:
    try:
        press()
    except KeyboardInterrupt:
        raise ValueError("half done") from None


def press_and_collect() -> None:
    try:
        press()
    except KeyboardInterrupt as error:
        raise BaseExceptionGroup("several", [error]) from None


@pytest.mark.parametrize(
    "error",
    [
        KeyboardInterrupt(),
        SystemExit(1),
        GeneratorExit(),
        asyncio.CancelledError(),
        Own(),
        BaseExceptionGroup("several", [ValueError(), KeyboardInterrupt()]),
    ],
)
def test_what_would_end_more_is_an_error_like_any(error: BaseException) -> None:
    with pytest.raises(RuntimeError, match=r"^it tried to end what it runs in: ") as caught, contained():
        raise error
    assert caught.value.__cause__ is error


@pytest.mark.parametrize("pressed", [press, press_and_go_on, press_and_complain, press_and_collect])
def test_a_person_who_presses_ctrl_c_ends_it_whatever_it_makes_of_that(pressed: Callable[[], None]) -> None:
    with pytest.raises(KeyboardInterrupt), contained():
        pressed()


def test_what_was_pressed_before_ends_nothing_later() -> None:
    with contextlib.suppress(KeyboardInterrupt):
        press()
    with pytest.raises(RuntimeError), contained():
        raise KeyboardInterrupt


def test_what_must_not_be_left_half_done_is_done_first() -> None:
    done: list[str] = []

    def works() -> None:
        press()
        done.append("well")

    with pytest.raises(KeyboardInterrupt), INTERRUPTIONS.later():
        works()
    assert done == ["well"]
    with pytest.raises(KeyboardInterrupt):
        works()
    assert done == ["well"]


def test_what_is_cancelled_for_ctrl_c_stays_cancelled() -> None:
    with pytest.raises(asyncio.CancelledError), contained():
        press_and_cancel()


@pytest.mark.parametrize(
    ("handler", "ended"),
    [(signal.default_int_handler, KeyboardInterrupt), (signal.SIG_IGN, RuntimeError)],
)
def test_where_another_hears_ctrl_c_it_may_have_been_a_person(handler: signal.Handlers, ended: type) -> None:
    before = signal.signal(signal.SIGINT, handler)
    try:
        with pytest.raises(ended), contained():
            raise KeyboardInterrupt
    finally:
        signal.signal(signal.SIGINT, before)


def test_ctrl_c_is_heard_while_a_test_runs_unless_it_is_ignored() -> None:
    assert isinstance(signal.getsignal(signal.SIGINT), Interruptions)
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with INTERRUPTIONS.heard():
            assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_thread_that_hears_no_signals_does_without() -> None:
    ended: list[str] = []

    def works() -> None:
        with INTERRUPTIONS.heard():
            ended.append("well")

    thread = threading.Thread(target=works)
    thread.start()
    thread.join()
    assert ended == ["well"]


@pytest.mark.parametrize("others", [[], [ValueError("late")], [KeyboardInterrupt()]])
def test_a_planted_crash_is_one_whatever_else_went_wrong(others: list[BaseException]) -> None:
    with pytest.raises(EngineKilled), contained():
        raise BaseExceptionGroup("outer", [*others, BaseExceptionGroup("inner", [EngineKilled()])])


def test_an_error_that_has_no_text_is_told_by_its_kind() -> None:
    with pytest.raises(RuntimeError, match=r"^an error that can't be told: Mute$"), contained():
        raise Mute


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (KeyError("links"), "KeyError: 'links'"),
        (TimeoutError(), "TimeoutError"),
        (Mute(), "Mute"),
        (ValueError("half a \ud83d"), "ValueError: half a ?"),
        (
            ExceptionGroup("of tasks", [ExceptionGroup("inner", [KeyError(1)]), ValueError("2")]),
            "ExceptionGroup: of tasks (2 sub-exceptions): ExceptionGroup: inner (1 sub-exception): KeyError: 1",
        ),
    ],
)
def test_an_error_is_named_in_one_line_with_what_is_at_its_bottom(error: Exception, line: str) -> None:
    assert named(error) == line


@pytest.mark.parametrize(
    ("code", "told"), [(0, "exit code 0"), (3, "exit code 3"), (-9, "SIGKILL"), (-40, "signal 40")]
)
def test_how_a_process_ended_is_told_by_its_exit_code(code: int, told: str) -> None:
    assert ended_by(code) == told


def test_frameworks_that_look_at_their_tasks_see_them() -> None:
    async def cycle() -> None:
        async with all_done():
            with anyio.move_on_after(0.01) as limit:
                async with anyio.create_task_group() as group:
                    group.start_soon(anyio.sleep, 60)
        assert limit.cancelled_caught

    asyncio.run(cycle())

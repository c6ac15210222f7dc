"""True time, and what the systems' own clocks make of it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from fakes.clock import START, SimulatedClock, SystemClock, WallClock, http_date, iso_milliseconds


def test_simulated_time_starts_at_a_fixed_moment_and_moves_only_when_told() -> None:
    clock = SimulatedClock()
    assert clock.now() == clock.now() == START == datetime(2024, 10, 1, 8, tzinfo=UTC)
    clock.advance(0.25)
    assert clock.now() - START == timedelta(milliseconds=250)


def test_true_time_never_runs_back() -> None:
    with pytest.raises(ValueError, match="can't run back by 1 s"):
        SimulatedClock().advance(-1)


def test_sleeping_takes_no_time_but_gives_others_their_turn() -> None:
    clock = SimulatedClock()
    turns: list[str] = []

    async def other() -> None:
        turns.append("other")

    async def sleeper() -> None:
        task = asyncio.create_task(other())
        await clock.sleep(3600)
        turns.append("sleeper")
        await task

    asyncio.run(sleeper())
    assert turns == ["other", "sleeper"]
    assert clock.now() - START == timedelta(hours=1)


def test_a_systems_clock_is_off_by_its_offset_and_cut_to_its_granularity() -> None:
    clock = SimulatedClock()
    own = SystemClock(clock, offset=timedelta(seconds=-2, milliseconds=300), granularity=timedelta(seconds=1))
    clock.advance(0.9)
    assert own.now() == START - timedelta(seconds=1)
    own.offset, own.granularity = timedelta(0), timedelta(milliseconds=1)
    assert own.now() == START + timedelta(milliseconds=900)


def test_wall_time_runs_by_its_factor() -> None:
    seconds = iter([10.0, 12.0, 12.5])
    clock = WallClock(START, factor=60, elapsed=lambda: next(seconds))
    assert clock.now() - START == timedelta(minutes=2)
    assert clock.now() - START == timedelta(minutes=2, seconds=30)


def test_times_are_written_as_the_contracts_have_them() -> None:
    moment = datetime(2024, 2, 29, 23, 5, 7, 8000, tzinfo=UTC)
    assert http_date(moment) == "Thu, 29 Feb 2024 23:05:07 GMT"
    assert iso_milliseconds(moment) == "2024-02-29T23:05:07.008Z"

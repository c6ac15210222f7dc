"""A watched connector does what it did unwatched, tells how far a long cycle is, and stops where it is safe."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bothways.errors import Stopped
from bothways.sync.connectors import Abilities, Done, Kind, Outcome, Page, Record, Write
from bothways.sync.watching import Progress, Stop, WallClock, Watched
from tests.sync.pair import NOON, at
from tests.sync.under_way import Hands, Showing

STOPPED = "^stopped at a safe point; the next cycle takes up from here$"
UPDATE = Write(Kind.UPDATE, "Thing", key="k", id="1", body={"name": "Cup"})
CREATE = Write(Kind.CREATE, "Thing", key="k", body={"name": "Cup"})
THING = Record("1", {"name": "Cup"})


class Hurried(Stop):
    """Waits at once, and says for how long it would have."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float] = []

    async def within(self, seconds: float) -> bool:
        self.waits.append(seconds)
        return self.asked


class Counted(Progress):
    """Remembers what it was told, call by call."""

    def __init__(self) -> None:
        super().__init__(Hands(), lambda _: None)
        self.added: list[tuple[str, int]] = []

    def add(self, what: str, count: int) -> None:
        self.added.append((what, count))


@pytest.fixture
def stop() -> Stop:
    return Stop()


@pytest.fixture
def progress() -> Counted:
    return Counted()


@pytest.fixture
def system() -> Showing:
    return Showing()


@pytest.fixture
def watched(system: Showing, stop: Stop, progress: Counted) -> Watched:
    return Watched(system, stop, progress)


# -- asking to stop


def test_nothing_stops_until_somebody_asks(stop: Stop) -> None:
    assert not stop.asked
    asyncio.run(stop.check())
    stop.ask()
    assert stop.asked
    with pytest.raises(Stopped, match=STOPPED):
        asyncio.run(stop.check())


def test_a_signal_that_came_with_an_answer_is_heard_before_the_next_request(stop: Stop) -> None:
    async def as_the_answer_is_read() -> None:
        asyncio.get_running_loop().call_soon(stop.ask)
        await stop.check()

    with pytest.raises(Stopped, match=STOPPED):
        asyncio.run(as_the_answer_is_read())


def test_waiting_tells_whether_somebody_asked(stop: Stop) -> None:
    assert asyncio.run(stop.within(0)) is False
    stop.ask()
    assert asyncio.run(stop.within(3600)) is True


def test_waiting_ends_as_soon_as_somebody_asks(stop: Stop) -> None:
    async def asked_meanwhile() -> bool:
        waiting = asyncio.create_task(stop.within(3600))
        await asyncio.sleep(0)
        stop.ask()
        return await waiting

    assert asyncio.run(asked_meanwhile()) is True


def test_the_wall_clock_shows_the_machines_time_in_utc(stop: Stop) -> None:
    before = datetime.now(UTC)
    shown = WallClock(stop).now()
    assert shown.utcoffset() == timedelta(0)
    assert before <= shown <= datetime.now(UTC)


def test_the_wall_clock_sleeps_until_the_time_has_passed_or_somebody_asks() -> None:
    stop = Hurried()
    clock = WallClock(stop)
    asyncio.run(clock.sleep(30.5))
    stop.ask()
    with pytest.raises(Stopped, match=STOPPED):
        asyncio.run(clock.sleep(7.0))
    assert stop.waits == [30.5, 7.0]


# -- progress


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def told() -> list[dict[str, int]]:
    return []


@pytest.fixture
def counting(hands: Hands, told: list[dict[str, int]]) -> Callable[[float, str, int], None]:
    """Counts something at so many seconds past noon."""
    progress = Progress(hands, told.append)

    def count(seconds: float, what: str, count: int) -> None:
        hands.time = NOON + timedelta(seconds=seconds)
        progress.add(what, count)

    return count


def test_progress_is_told_every_five_seconds_with_all_that_was_counted(
    counting: Callable[[float, str, int], None], told: list[dict[str, int]]
) -> None:
    counting(0, "read", 3)
    counting(4.9, "read", 4)
    assert told == []
    counting(5, "written", 2)
    assert told == [{"read": 7, "written": 2}]
    counting(9.9, "written", 2)
    assert len(told) == 1
    counting(11, "read", 1)
    assert told[1:] == [{"read": 8, "written": 4}]
    counting(15.9, "read", 1)  # five seconds since it was told, not since it was due
    assert len(told) == 2


def test_what_was_told_stays_as_it_was(
    counting: Callable[[float, str, int], None], told: list[dict[str, int]]
) -> None:
    counting(6, "read", 1)
    counting(7, "read", 1)
    assert told == [{"read": 1}]
    assert type(told[0]) is dict


def test_each_cycle_counts_and_waits_from_its_beginning(hands: Hands, told: list[dict[str, int]]) -> None:
    progress = Progress(hands, told.append)
    progress.add("read", 9)
    hands.time = at(1)
    progress.begin()
    progress.add("read", 1)
    assert told == []
    hands.time = at(2)
    progress.add("read", 1)
    assert told == [{"read": 2}]


# -- a connector that is watched


def listed(watched: Watched, stop_after: int | None = None, stop: Stop | None = None) -> list[Page]:
    """The pages of a listing, during which somebody asks to stop after so many."""
    pages: list[Page] = []

    async def listing() -> None:
        async for page in watched.changes("Thing", "since"):
            pages.append(page)
            if stop is not None and len(pages) == stop_after:
                stop.ask()

    if stop is None:
        asyncio.run(listing())
    else:
        with pytest.raises(Stopped, match=STOPPED):
            asyncio.run(listing())
    return pages


def test_a_listing_is_passed_on_page_by_page_and_counted(
    watched: Watched, system: Showing, progress: Counted
) -> None:
    pages = [Page([THING, THING]), Page([]), Page([THING], "next")]
    system.pages["Thing"] = pages
    assert listed(watched) == pages
    assert system.asked == [("Thing", "since")]
    assert progress.added == [("read", 2), ("read", 0), ("read", 1)]


def test_a_listing_stops_after_the_page_that_is_under_way(
    watched: Watched, system: Showing, stop: Stop
) -> None:
    system.pages["Thing"] = [Page([THING]), Page([THING], "next")]
    assert listed(watched, 1, stop) == system.pages["Thing"][:1]


def test_look_ups_writes_and_searches_are_passed_on_and_counted(
    watched: Watched, system: Showing, progress: Counted
) -> None:
    system.records = {"1": THING, "3": Record("3", {})}
    system.outcomes = [Done(THING), Done()]
    system.made = THING
    assert asyncio.run(watched.read("Thing", ["1", "2"])) == {"1": THING}
    assert asyncio.run(watched.write([UPDATE, CREATE])) == [Done(THING), Done()]
    assert asyncio.run(watched.find_created(CREATE, at(5))) == THING
    assert system.asked == [("Thing", ["1", "2"]), ("Thing", (CREATE.body, at(5)))]
    assert system.sent == [[UPDATE, CREATE]]
    assert progress.added == [("looked_up", 2), ("written", 2)]


@pytest.mark.parametrize(
    "call",
    [
        lambda watched: anext(watched.changes("Thing", None)),
        lambda watched: watched.read("Thing", ["1"]),
        lambda watched: watched.write([UPDATE]),
        lambda watched: watched.find_created(CREATE, NOON),
    ],
    ids=["changes", "read", "write", "find_created"],
)
def test_once_somebody_asked_nothing_more_is_sent(
    watched: Watched, system: Showing, stop: Stop, progress: Counted, call: Callable[[Watched], Any]
) -> None:
    stop.ask()

    async def called() -> None:
        await call(watched)

    with pytest.raises(Stopped, match=STOPPED):
        asyncio.run(called())
    assert (system.requests, progress.added) == (0, [])


def test_what_is_no_request_of_its_own_is_answered_even_then(
    watched: Watched, system: Showing, stop: Stop
) -> None:
    stop.ask()
    system.able = Abilities(batch=7)
    system.sent = [[UPDATE]]
    assert watched.requests == 1
    assert watched.abilities("Thing") == Abilities(batch=7)
    assert asyncio.run(watched.lookup("location")) == "the location"
    assert watched.shows(UPDATE, THING)
    assert not watched.shows(UPDATE, Record("1", {"name": "Mug"}))


def test_writes_whose_outcome_nobody_knows_are_not_counted_as_written(stop: Stop, progress: Counted) -> None:
    class Failing(Showing):
        async def write(self, writes: Sequence[Write]) -> list[Outcome]:
            raise RuntimeError(f"{len(writes)} lost")

    with pytest.raises(RuntimeError, match="1 lost"):
        asyncio.run(Watched(Failing(), stop, progress).write([UPDATE]))
    assert progress.added == []

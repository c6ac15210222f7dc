"""Where the next listing begins, and how often one is begun (S27)."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from bothways.errors import SystemDown
from bothways.mapping import System
from bothways.sync.connectors import Page, Record, Setup
from bothways.sync.connectors.http import Http
from bothways.sync.connectors.listing import OVERLAP, DeadCursor, Leaf, Mark, listed
from fakes.clock import SimulatedClock

EIGHT = datetime(2024, 10, 1, 8, 0, tzinfo=UTC)
AHEAD = timedelta(hours=3)
"""How far the listed system's clock is ahead of ours."""


class Book:
    """Something to list: pages of records by number, each page taking `seconds` to turn."""

    def __init__(self, *pages: list[str], granularity_ms: int = 1) -> None:
        self.contents = pages
        self.seconds = 60
        self.dead: set[int] = set()
        self.asked: list[tuple[datetime | None, int | None]] = []
        self.clock = SimulatedClock()
        system = System(name="", label="book", contract="rest", granularity_ms=granularity_ms, datatypes={})
        self.http = Http(Setup(system, "https://book.test", "t", httpx.AsyncClient(), self.clock), 1)

    async def turn(self, since: datetime | None, place: int | None) -> Leaf[int]:
        self.asked.append((since, place))
        number = place or 0
        if place in self.dead:
            self.dead.remove(number)
            raise DeadCursor
        self.clock.advance(self.seconds)
        following = number + 1 if number + 1 < len(self.contents) else None
        return Leaf([Record(id, {}) for id in self.contents[number]], following, self.clock.now() + AHEAD)

    def list(self, cursor: str | None = None) -> list[Page]:
        async def all_pages() -> list[Page]:
            return [page async for page in listed(self.turn, self.http, cursor)]

        return asyncio.run(all_pages())


def test_the_next_listing_begins_before_this_one_did_by_the_systems_clock() -> None:
    book = Book(["a"], ["b"], ["c"])
    first = book.list()
    assert [page.cursor for page in first[:-1]] == [None, None]
    book.clock.advance(3600)
    book.list(first[-1].cursor)
    first_answer = EIGHT + timedelta(seconds=60) + AHEAD
    assert book.asked[3] == (first_answer - OVERLAP - timedelta(milliseconds=1), None)
    assert book.asked[:3] == [(None, None), (None, 1), (None, 2)]
    assert book.asked[4:] == [(None, 1), (None, 2)]


def test_a_cursor_names_the_time_of_the_first_page_by_both_clocks() -> None:
    book = Book(["a"], ["b"], ["c"])
    assert book.list()[-1].cursor == "2024-10-01T10:59:59.999Z 2024-10-01T08:01:00.000Z"


def test_a_first_page_that_was_long_in_coming_is_no_clock_set_back() -> None:
    book = Book(["a"])
    book.seconds = 90
    cursor = book.list()[-1].cursor
    book.seconds = 0
    book.list(cursor)
    assert [since is None for since, _ in book.asked] == [True, False]


def test_times_that_are_cut_reach_back_as_far_again() -> None:
    book = Book(["a"], granularity_ms=60_000)
    [page] = book.list()
    mark = Mark.read(page.cursor)
    assert mark is not None
    assert mark.since == EIGHT + AHEAD - timedelta(seconds=60)


def test_a_cursor_says_the_same_when_it_is_read_again() -> None:
    mark = Mark(EIGHT + timedelta(milliseconds=7), EIGHT)
    assert Mark.read(str(mark)) == mark
    assert Mark.read(None) is None


@pytest.mark.parametrize(("back", "whole"), [(0, False), (30, False), (31, True), (90, True)])
def test_a_clock_that_was_set_back_further_than_the_overlap_covers_makes_the_listing_whole(
    back: int, whole: bool
) -> None:
    book = Book(["a"])
    cursor = book.list()[-1].cursor
    assert cursor is not None
    mark = Mark.read(cursor)
    assert mark is not None
    book.clock.advance(600)
    later = Mark(mark.since + timedelta(seconds=back), mark.taken)
    book.list(str(later))
    assert [since is None for since, _ in book.asked[1:]] == ([False, True] if whole else [False])


@pytest.mark.parametrize(
    ("theirs", "ours", "trusted"),
    [(30, 0, True), (29.999, 0, False), (130, 100, True), (129.999, 100, False)],
)
def test_a_clock_is_trusted_that_ran_on_to_within_half_the_overlap(
    theirs: float, ours: float, trusted: bool
) -> None:
    later = EIGHT + AHEAD + timedelta(seconds=theirs), EIGHT + timedelta(seconds=ours)
    assert Mark(EIGHT + AHEAD, EIGHT).trusted(*later) is trusted


def test_a_place_that_is_lost_once_is_found_by_starting_again() -> None:
    book = Book(["a"], ["b"], ["c"])
    book.dead = {2}
    assert [record.id for page in book.list() for record in page.records] == ["a", "b", "a", "b", "c"]


def test_a_place_that_is_always_lost_ends_the_listing() -> None:
    book = Book(["a"], ["b"])

    async def turn(since: datetime | None, place: int | None) -> Leaf[int]:
        book.dead = {1}
        return await book.turn(since, place)

    async def all_pages() -> None:
        async for _ in listed(turn, book.http, None):
            pass

    with pytest.raises(SystemDown) as down:
        asyncio.run(all_pages())
    assert str(down.value) == "the book loses our place in a listing again and again"
    assert book.asked == [(None, None), (None, 1)] * 4


def test_pages_that_lead_round_in_a_circle_end_the_listing() -> None:
    book = Book(["a"], ["b"], ["c"])
    turned = []

    async def turn(since: datetime | None, place: int | None) -> Leaf[int]:
        leaf = await book.turn(since, place)
        return Leaf(leaf.records, 1 if leaf.next is None else leaf.next, leaf.at)

    async def all_pages() -> None:
        async for page in listed(turn, book.http, None):
            turned.append([record.id for record in page.records])
            assert page.cursor is None

    with pytest.raises(SystemDown, match="the book loses our place"):
        asyncio.run(all_pages())
    assert turned == [["a"], ["b"]] * 4
    assert book.asked == [(None, None), (None, 1), (None, 2)] * 4

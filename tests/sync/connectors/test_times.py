"""Times as systems write them, and the clocks they come from (S10)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothways.sync.connectors.times import Offset, http_date, moment, written
from fakes.clock import http_date as dated

EIGHT = datetime(2024, 10, 1, 8, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("2024-10-01T08:00Z", 0),
        ("2024-10-01T08:00:00Z", 0),
        ("2024-10-01T08:00:00.5Z", 500),
        ("2024-10-01T08:00:00.25Z", 250),
        ("2024-10-01T08:00:00.123Z", 123),
        ("2024-10-01T08:00:00.1230000000Z", 123),
        ("2024-10-01T10:00:00.123+02:00", 123),
    ],
)
def test_a_time_may_lack_seconds_or_have_any_number_of_fraction_digits(text: str, milliseconds: int) -> None:
    assert moment(text) == EIGHT + timedelta(milliseconds=milliseconds)


def test_what_is_finer_than_a_microsecond_is_cut_off() -> None:
    assert moment("2024-10-01T08:00:00.123456789Z") == EIGHT.replace(microsecond=123456)


@pytest.mark.parametrize("odd", [None, "", "yesterday", 5, "2024-13-01T08:00Z", {}])
def test_what_is_no_time_is_none(odd: object) -> None:
    assert moment(odd) is None


@given(st.timedeltas(timedelta(days=-20_000), timedelta(days=30_000)).map(EIGHT.__add__))
def test_a_written_time_is_the_same_to_the_millisecond(at: datetime) -> None:
    assert moment(written(at)) == at.replace(microsecond=at.microsecond // 1000 * 1000)
    assert http_date(dated(at)) == at.replace(microsecond=0)


@pytest.mark.parametrize("odd", [None, "", "tomorrow", "Tue, 99 Oct 2024 09:00:00 GMT"])
def test_what_is_no_http_date_is_none(odd: str | None) -> None:
    assert http_date(odd) is None


@pytest.fixture
def far_away(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine whose own time is not UTC."""
    with monkeypatch.context() as there:
        there.setenv("TZ", "XXX-9")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("far_away")
@pytest.mark.parametrize("zone", ["-0000", "GMT", "+0000"])
def test_an_http_date_without_a_zone_is_gmt_wherever_we_are(zone: str) -> None:
    assert http_date(f"Tue, 01 Oct 2024 08:00:00 {zone}") == EIGHT


@pytest.mark.usefixtures("far_away")
def test_all_times_are_told_in_utc_wherever_we_are() -> None:
    there = timezone(timedelta(hours=2))
    at = http_date("Tue, 01 Oct 2024 10:00:00 +0200")
    assert (at, at and at.tzinfo) == (EIGHT, UTC)
    assert written(EIGHT.astimezone(there)) == "2024-10-01T08:00:00.000Z"
    assert written(EIGHT + timedelta(microseconds=1999)) == "2024-10-01T08:00:00.001Z"


def _learnt(off: float, *asked_at: float, slow: float = 0) -> Offset:
    """What answers to requests at these seconds tell about a clock that is `off` seconds ahead."""
    offset = Offset()
    for at in asked_at:
        asked = EIGHT + timedelta(seconds=at)
        shown = (asked + timedelta(seconds=off)).replace(microsecond=0)
        offset.learn(shown, asked, asked + timedelta(seconds=slow))
    return offset


off_by_two = st.integers(2000, 4000) | st.integers(2000, 10**9)
moments = st.lists(st.integers(0, 100_000).map(lambda ms: ms / 1000), min_size=1, max_size=20)


@given(off_by_two, st.sampled_from([1, -1]), moments)
def test_a_clock_that_is_two_seconds_off_is_corrected_to_half_a_second(
    milliseconds: int, sign: int, at: list[float]
) -> None:
    off = sign * milliseconds / 1000
    corrected = _learnt(off, *at).corrected(EIGHT + timedelta(seconds=off))
    assert corrected is not None
    assert abs(corrected - EIGHT) <= SECOND / 2


@given(st.integers(-1000, 1000).map(lambda ms: ms / 1000), moments)
def test_a_clock_that_is_a_second_off_is_left_alone(off: float, at: list[float]) -> None:
    assert _learnt(off, *at).corrected(EIGHT) == EIGHT


def test_many_answers_know_better_than_one() -> None:
    true = EIGHT + timedelta(seconds=10.6)
    many = _learnt(10.6, *(tenth / 10 for tenth in range(10))).corrected(true)
    assert many is not None
    assert abs(many - EIGHT) <= SECOND / 10


def test_a_clock_that_was_set_is_learnt_afresh() -> None:
    offset = _learnt(10, 0, 0.25, 0.5)
    offset.learn(EIGHT + 3600 * SECOND, EIGHT, EIGHT)
    corrected = offset.corrected(EIGHT + 3600 * SECOND)
    assert corrected is not None
    assert abs(corrected - EIGHT) <= SECOND / 2


def test_what_was_dated_before_a_clock_was_set_back_is_no_later_than_the_answer_that_shows_it() -> None:
    offset = _learnt(-120, 1)
    assert offset.corrected(EIGHT) == EIGHT + SECOND


@pytest.mark.parametrize("off", [-1, 0, 1])
@pytest.mark.parametrize("dated_at", [0, 15, 30], ids=["when asked", "in between", "when heard"])
def test_a_slow_answer_does_not_make_a_clock_seem_off(off: float, dated_at: float) -> None:
    offset = Offset()
    offset.learn(EIGHT + (off + dated_at) * SECOND, EIGHT, EIGHT + 30 * SECOND)
    assert offset.corrected(EIGHT) == EIGHT


def test_a_slow_answer_leaves_room_for_a_quick_one_to_say_more() -> None:
    offset = _learnt(30, 0, slow=20)
    offset.learn(EIGHT + 130 * SECOND, EIGHT + 100 * SECOND, EIGHT + 100 * SECOND)
    assert offset.corrected(EIGHT) == EIGHT - 30.5 * SECOND


def test_a_clock_known_to_be_nearly_two_seconds_off_is_left_alone() -> None:
    assert _learnt(1.9, *(tenth / 10 for tenth in range(10))).corrected(EIGHT) == EIGHT


def test_nothing_is_corrected_before_anything_is_known() -> None:
    assert Offset().corrected(EIGHT) == EIGHT
    assert _learnt(100, 0).corrected(None) is None


def between(*bounds: tuple[float, float]) -> Offset:
    """What is known after answers that show the clock to be ahead by between so many seconds and so many."""
    offset = Offset()
    for least, most in bounds:
        offset.learn(EIGHT, asked=EIGHT + (1 - most) * SECOND, heard=EIGHT - least * SECOND)
    return offset


@pytest.mark.parametrize(
    ("least", "most", "off"),
    [
        (1, 3, 0),
        (1.002, 3, 2.001),
        (1.5, 2, 0),
        (1.5, 2.002, 1.751),
        (-3, -1, -2),
        (-3, -0.998, 0),
        (-2, -1.5, -1.75),
        (-1.998, -1.5, 0),
    ],
)
def test_a_clock_is_off_when_no_second_less_can_be(least: float, most: float, off: float) -> None:
    assert between((least, most)).corrected(EIGHT) == EIGHT - off * SECOND


@pytest.mark.parametrize(
    ("one", "other", "off"),
    [
        ((4, 10), (5, 20), 7.5),
        ((5, 20), (4, 10), 7.5),
        ((5, 10), (6, 7), 6.5),
        ((6, 7), (5, 10), 6.5),
        ((0, 5), (5, 10), 7.5),
        ((5, 10), (3, 5), 4),
        ((0, 5), (6, 10), 8),
        ((6, 10), (3, 5), 4),
    ],
)
def test_answers_narrow_each_other_down_unless_they_contradict(
    one: tuple[float, float], other: tuple[float, float], off: float
) -> None:
    assert between(one, other).corrected(EIGHT) == EIGHT - off * SECOND

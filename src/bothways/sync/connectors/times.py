"""Times as systems write them, and how far a system's clock is from ours (S10)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from bothways.sync.codecs import Unrepresentable, instant

TOLERATED = timedelta(seconds=2)
"""A clock that is off by this much or more is corrected."""

SECOND = timedelta(seconds=1)
_FINER_THAN_MICROSECONDS = re.compile(r"([.,]\d{6})\d+")


def moment(text: Any) -> datetime | None:
    """The instant of an ISO 8601 text with any number of fraction digits, or without seconds; None for no time.

    A record's time is only compared, never written back: what is finer than a microsecond is cut off.
    """
    if not isinstance(text, str):
        return None
    try:
        return instant(_FINER_THAN_MICROSECONDS.sub(r"\1", text))
    except Unrepresentable:
        return None


def written(at: datetime) -> str:
    """`at` as both APIs take it in a filter: `2024-10-01T08:00:00.000Z`."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def http_date(text: str | None) -> datetime | None:
    """The instant of an HTTP date (RFC 9110), which is always GMT; None for none."""
    try:
        at = parsedate_to_datetime(text) if text else None
    except (ValueError, OverflowError):
        return None
    return at and (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)


class Offset:
    """How far a system's clock is ahead of ours, as the `Date` of its answers bounds it.

    A `Date` is cut to whole seconds, and was written at some time between our asking and our hearing: each answer
    leaves a doubt. The doubts of several answers narrow each other down; one that contradicts the others means
    that the clock was set, and starts afresh.
    """

    def __init__(self) -> None:
        self._bounds: tuple[timedelta, timedelta] | None = None
        self._heard: datetime | None = None

    def learn(self, date: datetime, asked: datetime, heard: datetime) -> None:
        """An answer dated `date` arrived at `heard` to what was asked at `asked`, both by our clock."""
        least, most = date - heard, date - asked + SECOND
        if self._bounds and least < self._bounds[1] and most > self._bounds[0]:
            least, most = max(least, self._bounds[0]), min(most, self._bounds[1])
        self._bounds, self._heard = (least, most), heard

    def corrected(self, at: datetime | None) -> datetime | None:
        """A time of that system as our clock would have shown it: as it is, unless that clock is off by 2 s.

        Whether it is, nobody knows to the second: it is when the bounds reach as far, and leave no room for 1 s less.
        What was dated before the clock was set back would be of the future then: it is as late as the last answer.
        """
        if at is None or self._bounds is None or self._heard is None:
            return at
        least, most = self._bounds
        ahead = least > TOLERATED - SECOND and most > TOLERATED
        behind = most <= SECOND - TOLERATED and least <= -TOLERATED
        return min(at - (least + most) / 2, self._heard) if ahead or behind else at

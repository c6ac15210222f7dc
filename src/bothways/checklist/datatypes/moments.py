"""Points in time as text: the formats of the family's data types, written and read, always as aware UTC
datetimes."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

TOKEN = re.compile(r"%.?", re.DOTALL)
TOKENS = frozenset(f"%{letter}" for letter in "deHImMpSfyYz%")
DATE = (frozenset({"%Y", "%y"}), frozenset({"%m"}), frozenset({"%d", "%e"}))

PRECISIONS = (
    (frozenset({"%f"}), timedelta(microseconds=1)),
    (frozenset({"%S"}), timedelta(seconds=1)),
    (frozenset({"%M"}), timedelta(minutes=1)),
    (frozenset({"%H", "%I"}), timedelta(hours=1)),
)
UNITS = {
    "week": timedelta(weeks=1),
    "day": timedelta(days=1),
    "hour": timedelta(hours=1),
    "minute": timedelta(minutes=1),
    "second": timedelta(seconds=1),
    "millisecond": timedelta(milliseconds=1),
    "microsecond": timedelta(microseconds=1),
}
MONTHS = {"month": 1, "year": 12}


def moment(value: object) -> datetime | None:
    """The point in time that a value is: a datetime, or text in ISO 8601 (without an offset: UTC)."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    return _in_utc(value) if isinstance(value, datetime) else None


def format_moment(form: str, zone: str, point: datetime) -> str | None:
    """The point in that zone, written in that form; None where form or zone is unknown."""
    tokens = TOKEN.findall(form)
    if not TOKENS.issuperset(tokens):
        return None
    try:
        local = point.astimezone(ZoneInfo(zone))
    except (LookupError, ValueError, OverflowError):
        return None
    written = {"%e": str(local.day), "%Y": f"{local.year:04}"}
    return TOKEN.sub(lambda token: written.get(token[0]) or local.strftime(token[0]), form)


def parse_moment(form: str, zone: str, text: str) -> datetime | None:
    """The point that text in that form stands for, read as of that zone unless it has an offset; None if it
    isn't of the form. Without a year it is of 1900."""
    tokens = TOKEN.findall(form)
    if not TOKENS.issuperset(tokens):
        return None
    known = TOKEN.sub(lambda token: {"%e": "%d"}.get(token[0], token[0]), form)
    if DATE[0].isdisjoint(tokens):
        known, text = f"%Y {known}", f"1900 {text}"
    try:
        point = datetime.strptime(text, known)  # noqa: DTZ007  # the zone follows
        return _in_utc(point if point.tzinfo else point.replace(tzinfo=ZoneInfo(zone)))
    except (LookupError, ValueError, OverflowError, re.error):
        return None


def loss(form: str) -> str | None:
    """What of a point in time is lost in that form so that it can't be read back; None if only precision
    is."""
    tokens = set(TOKEN.findall(form))
    if any(part.isdisjoint(tokens) for part in DATE):
        return "its format leaves out part of the date"
    if "%I" in tokens and "%p" not in tokens:
        return "its format leaves out which half of the day"
    return None


def precision(form: str) -> timedelta:
    """How finely that form tells points in time apart."""
    tokens = set(TOKEN.findall(form))
    return next((unit for parts, unit in PRECISIONS if parts & tokens), timedelta(days=1))


def difference(part: str, start: datetime, end: datetime) -> int | None:
    """How many whole parts of time lie from `end` to `start`, towards zero; None for an unknown part."""
    if part in MONTHS:
        return _months(start, end, MONTHS[part])
    if part == "nanosecond":
        return (start - end) // UNITS["microsecond"] * 1000
    if part not in UNITS:
        return None
    whole = abs(start - end) // UNITS[part]
    return whole if start >= end else -whole


def _months(start: datetime, end: datetime, size: int) -> int:
    if start < end:
        return -_months(end, start, size)
    months = (start.year - end.year) * 12 + start.month - end.month
    within = (start.day, start.timetz()) >= (end.day, end.timetz())
    return (months if within else months - 1) // size


def _in_utc(point: datetime) -> datetime | None:
    try:
        return point.replace(tzinfo=UTC) if point.tzinfo is None else point.astimezone(UTC)
    except (ValueError, OverflowError):
        return None

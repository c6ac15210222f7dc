"""The operators of transformations, and what an expression of them makes of a value.

They do what the DTL reference says, element by element where they are given a list, but none of them cuts a value
off: what can't be converted exactly gives nothing (S15).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fnmatch import translate
from typing import Any
from zoneinfo import ZoneInfo

from bothways.sync.codecs import Unrepresentable, instant
from bothways.transform import VALUE, Expression, parts

SPELLED_NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?\s*", re.ASCII)

Plain = Any
"""What operators work on: None, bool, int, float, Decimal, str, an aware datetime, or a list of these."""


def result(expression: Expression, value: Plain, now: datetime | None) -> Plain:
    """What an expression makes of a value, None for nothing."""

    def of(operand: Expression) -> Plain:
        return result(operand, value, now)

    if expression == VALUE:
        return value
    match expression:
        case ("now",):
            return now
        case ("if", condition, *branches):
            return of(branches[0]) if of(condition) is True else of(branches[1]) if branches[1:] else None
        case (str() as name, operand) if name in CONVERSIONS:
            return each(CONVERSIONS[name], of(operand))
        case (str() as name, default, operand) if name in CONVERSIONS:
            convert = CONVERSIONS[name]
            return each(lambda one: of(default) if convert(one) is None else convert(one), of(operand))
        case (str() as name, *_):
            constants, operands = parts(expression)
            return FUNCTIONS[name](*constants, *map(of, operands))
    return expression


def each(function: Callable[[Any], Plain], value: Plain) -> Plain:
    if isinstance(value, list):
        return [made for one in value if (made := function(one)) is not None]
    return None if value is None else function(value)


def listed(value: Plain) -> list[Plain]:
    return value if isinstance(value, list) else [] if value is None else [value]


def is_number(value: Plain) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def number(value: Plain) -> Decimal | None:
    """The number that a value is, or spells, exactly."""
    if is_number(value):
        value = repr(value) if isinstance(value, float) else str(value)
    spelled = isinstance(value, str) and SPELLED_NUMBER.fullmatch(value)
    return Decimal(value.strip()) if spelled else None


def _integer(value: Plain) -> int | None:
    exact = number(value)
    if exact is None or (isinstance(value, str) and not value.strip().lstrip("+-").isdigit()):
        return None
    return int(exact) if exact == exact.to_integral_value() else None


def exact_float(value: Plain) -> float | None:
    """The float that is spelled like the number."""
    exact = number(value)
    near = None if exact is None else float(exact)
    return near if number(near) == exact else None


def boolean(value: Plain) -> bool | None:
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(value.casefold()) if isinstance(value, str) else None


def text(value: Plain) -> str:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, Decimal):
        return format(value, "f")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=text)


CONVERSIONS: dict[str, Callable[[Plain], Plain]] = {
    "integer": _integer,
    "decimal": number,
    "float": exact_float,
    "boolean": boolean,
    "string": text,
}


def _comparable(value: Plain) -> list[tuple[str, Plain]]:
    """A value and a list of it alone compare equal, numbers by number, and true is no number."""
    return [("number", number(one)) if is_number(one) else (type(one).__name__, one) for one in listed(value)]


def _exceeds(one: Plain, other: Plain) -> bool:
    (kind, left), (other_kind, right) = (next(iter(_comparable(each)), ("", "")) for each in (one, other))
    return kind == other_kind and kind in ("number", "str", "datetime", "bool") and bool(left > right)


def _texts(value: Plain) -> list[str]:
    return [one for one in listed(value) if isinstance(one, str)]


def _matches(pattern: str, value: Plain) -> bool:
    """`*` stands for any text, `?` for any letter, nothing else for more than itself."""
    glob = re.compile(translate(pattern.replace("[", "[[]")))
    return bool(listed(value)) and all(isinstance(one, str) and glob.match(one) for one in listed(value))


def moment(value: Plain) -> datetime | None:
    if isinstance(value, datetime):
        return value
    try:
        return instant(value) if isinstance(value, str) else None
    except Unrepresentable:
        return None


KNOWN_TOKENS = frozenset("deHImMpSfyYz%")


def _format(*arguments: Any) -> Plain:
    *zone, form, value = arguments
    return each(lambda one: None if (at := moment(one)) is None else _written(at, form, *zone), value)


def _written(at: datetime, form: str, zone: str = "UTC") -> str | None:
    if not KNOWN_TOKENS.issuperset(re.findall("%(.?)", form, re.DOTALL)):
        return None
    try:
        local = at.astimezone(ZoneInfo(zone))
    except (LookupError, ValueError, OverflowError):
        return None
    plainly = {"%e": str(local.day), "%Y": f"{local.year:04}"}
    return re.sub("%.", lambda token: plainly.get(token[0]) or local.strftime(token[0]), form)


def _parse(*arguments: Any) -> Plain:
    *zone, form, value = arguments
    return each(lambda one: _read(one, form, *zone) if isinstance(one, str) else None, value)


def _read(written: str, form: str, zone: str = "UTC") -> datetime | None:
    """The moment that is written in that form, of 1900 where the form has no year."""
    tokens = re.findall("%(.?)", form, re.DOTALL)
    if not KNOWN_TOKENS.issuperset(tokens):
        return None
    form = re.sub("%.", lambda token: {"%e": "%d"}.get(token[0], token[0]), form)
    if not {"y", "Y"} & set(tokens):
        form, written = f"%Y {form}", f"1900 {written}"
    try:
        at = datetime.strptime(written, form)  # noqa: DTZ007 - the zone follows
        return (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
    except (LookupError, ValueError, OverflowError, re.error):
        return None


PARTS_OF_TIME = {
    "week": timedelta(weeks=1),
    "day": timedelta(days=1),
    "hour": timedelta(hours=1),
    "minute": timedelta(minutes=1),
    "second": timedelta(seconds=1),
    "millisecond": timedelta(milliseconds=1),
    "microsecond": timedelta(microseconds=1),
}


def _difference(part: str, start: Plain, end: Plain) -> int | None:
    one, other = (moment(next(iter(listed(each)), None)) for each in (start, end))
    if one is None or other is None:
        return None
    earlier, later, sign = (other, one, 1) if one >= other else (one, other, -1)
    if part in ("month", "year"):
        months = (later.year - earlier.year) * 12 + later.month - earlier.month
        months -= (later.day, later.time()) < (earlier.day, earlier.time())
        return sign * (months // {"month": 1, "year": 12}[part])
    return sign * ((later - earlier) // PARTS_OF_TIME[part]) if part in PARTS_OF_TIME else None


def _replaced(old: str, new: str, value: Plain) -> str | None:
    return value.replace(old, new) if isinstance(value, str) else None


def _sliced(*arguments: Any) -> list[Plain]:
    """`start[, end[, stride]]` of the elements of the last argument."""
    *bounds, value = arguments
    start, end, stride = [*bounds, None, None][:3]
    return [] if stride == 0 else listed(value)[start:end:stride]


FUNCTIONS: dict[str, Callable[..., Plain]] = {
    "list": lambda *each: listed(each[0]) if len(each) == 1 else [one for one in each if one is not None],
    "first": lambda value: next(iter(listed(value)), None),
    "if-null": lambda value, other: other if next(iter(listed(value)), None) is None else value,
    "or": lambda *each: any(one is True for one in each),
    "eq": lambda one, other: _comparable(one) == _comparable(other),
    "neq": lambda one, other: _comparable(one) != _comparable(other),
    "gt": _exceeds,
    "abs": lambda value: each(lambda one: abs(one) if is_number(one) else None, value),
    "is-empty": lambda value: not listed(value),
    "is-null": lambda value: next(iter(listed(value)), None) is None,
    "is-decimal": lambda value: isinstance(next(iter(listed(value)), None), Decimal),
    "is-boolean": lambda value: isinstance(next(iter(listed(value)), None), bool),
    "matches": _matches,
    "replace": lambda old, new, value: each(lambda one: _replaced(old, new, one), value),
    "split": lambda mark, value: [part for t in _texts(value) for part in (t.split(mark) if mark else t)],
    "join": lambda mark, value: mark.join(_texts(value)),
    "slice": _sliced,
    "datetime-format": _format,
    "datetime-parse": _parse,
    "datetime-diff": _difference,
}

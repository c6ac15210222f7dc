"""Computes what a data type expression makes of a value.

Values are JSON's, and two that JSON lacks: `decimal.Decimal`, and `datetime.datetime` (aware). Operators do
what the DTL reference says, for each element where the value is a list, with one difference: what a type
can't represent without loss (124.4 as integer) gives nothing, where DTL cuts it off, since a value is never
bent (S15).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any, TypeAlias

from bothways.checklist.datatypes.expression import Call, Constant, Expression
from bothways.checklist.datatypes.moments import difference, format_moment, moment, parse_moment

Data: TypeAlias = Any
"""None, bool, int, float, Decimal, str, datetime, or a list or dict of these."""

NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?\s*")
INTEGER = re.compile(r"\s*[+-]?\d+\s*")


def evaluate(expression: Expression, value: Data, now: datetime) -> Data:
    """What the expression makes of the value; None where it makes nothing of it. `now` is what `["now"]`
    gives."""
    match expression:
        case Constant(constant):
            return constant
        case Call("if", _, (condition, *branches)):
            chosen = branches[:1] if evaluate(condition, value, now) is True else branches[1:]
            return evaluate(chosen[0], value, now) if chosen else None
        case Call("now"):
            return now
        case Call(operator, _, (default, operand)) if operator in CONVERT:
            replace = partial(_converted, CONVERT[operator], default, now)
            return each(replace, evaluate(operand, value, now))
        case Call(operator, _, (operand,)) if operator in CONVERT:
            return each(CONVERT[operator], evaluate(operand, value, now))
        case Call(operator, constants, operands):
            return OPERATORS[operator](*constants, *(evaluate(operand, value, now) for operand in operands))
        case _:
            return value


def each(function: Callable[[Data], Data], value: Data) -> Data:
    """The function's result for a value, or for each element of a list; what gives nothing is left out."""
    if isinstance(value, list):
        return [result for result in map(function, value) if result is not None]
    return None if value is None else function(value)


def elements(value: Data) -> list[Data]:
    """A value as a list: none, one, or the list that it is."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def first(value: Data) -> Data:
    return next(iter(elements(value)), None)


def is_number(value: Data) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def exact(value: Data) -> Decimal | None:
    """The number that a value is or spells, exactly; a float counts as the shortest decimal that spells
    it."""
    if is_number(value):
        number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
        return number if number.is_finite() else None
    if isinstance(value, str) and NUMBER.fullmatch(value):
        return Decimal(value.strip())
    return None


def to_integer(value: Data) -> int | None:
    number = exact(value)
    if number is None or (isinstance(value, str) and not INTEGER.fullmatch(value)):
        return None
    return int(number) if number == number.to_integral_value() else None


def to_float(value: Data) -> float | None:
    number = exact(value)
    if number is None:
        return None
    result = float(number)
    return result if math.isfinite(result) and exact(result) == number else None


def to_boolean(value: Data) -> bool | None:
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(value.casefold()) if isinstance(value, str) else None


def to_string(value: Data) -> str:
    """Text as it is, a number or truth as JSON writes it, a point in time in ISO 8601, anything else as
    JSON."""
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return json.dumps(value, ensure_ascii=False, default=to_string)


CONVERT: dict[str, Callable[[Data], Data]] = {
    "integer": to_integer,
    "decimal": exact,
    "float": to_float,
    "boolean": to_boolean,
    "string": to_string,
}


def _converted(convert: Callable[[Data], Data], default: Expression, now: datetime, value: Data) -> Data:
    """The value converted, or what the default makes of it."""
    result = convert(value)
    return evaluate(default, value, now) if result is None else result


def equal(left: Data, right: Data) -> bool:
    """Equality of the language: a value and a list of it are equal, numbers are by number."""
    return [_compared(value) for value in elements(left)] == [_compared(value) for value in elements(right)]


def _compared(value: Data) -> tuple[str, Data]:
    """A value by kind and content, so that 1, 1.0 and Decimal("1") are equal, and neither True nor "1" is."""
    number = exact(value) if is_number(value) else None
    return (type(value).__name__, value) if number is None else ("number", number)


def _greater(left: Data, right: Data) -> bool:
    (left_kind, one), (right_kind, other) = _compared(first(left)), _compared(first(right))
    return (
        left_kind == right_kind and left_kind in ("number", "str", "datetime", "bool") and bool(one > other)
    )


def _matches(pattern: str, value: Data) -> bool:
    glob = "".join({"*": ".*", "?": "."}.get(letter) or re.escape(letter) for letter in pattern)
    texts = elements(value)
    return bool(texts) and all(
        isinstance(text, str) and re.fullmatch(glob, text, re.DOTALL) for text in texts
    )


def _text(value: Data) -> str | None:
    return value if isinstance(value, str) else None


def _texts(value: Data) -> list[str]:
    return [text for text in elements(value) if isinstance(text, str)]


def _replace(old: str, new: str, value: Data) -> Data:
    return each(lambda text: text.replace(old, new), each(_text, value))


def _split(separator: str, value: Data) -> list[str]:
    return [part for text in _texts(value) for part in (text.split(separator) if separator else text)]


def _slice(*arguments: Data) -> list[Data]:
    """`start[, end[, stride]]` of the elements of the last argument."""
    *bounds, value = arguments
    start, end, stride = [*bounds, None, None][:3]
    return [] if stride == 0 else elements(value)[start:end:stride]


def _datetime_format(*arguments: Data) -> Data:
    *zone, form, value = arguments
    return each(partial(format_moment, form, *zone or ["UTC"]), each(moment, value))


def _datetime_parse(*arguments: Data) -> Data:
    *zone, form, value = arguments
    return each(partial(parse_moment, form, *zone or ["UTC"]), each(_text, value))


def _datetime_diff(part: str, start: Data, end: Data) -> int | None:
    one, other = moment(first(start)), moment(first(end))
    return None if one is None or other is None else difference(part, one, other)


def _list(*values: Data) -> list[Data]:
    return elements(values[0]) if len(values) == 1 else [value for value in values if value is not None]


OPERATORS: dict[str, Callable[..., Data]] = {
    "list": _list,
    "first": first,
    "if-null": lambda value, fallback: fallback if first(value) is None else value,
    "or": lambda *values: any(value is True for value in values),
    "eq": equal,
    "neq": lambda left, right: not equal(left, right),
    "gt": _greater,
    "abs": lambda value: each(lambda number: abs(number) if is_number(number) else None, value),
    "is-empty": lambda value: not elements(value),
    "is-null": lambda value: first(value) is None,
    "is-decimal": lambda value: isinstance(first(value), Decimal),
    "is-boolean": lambda value: isinstance(first(value), bool),
    "matches": _matches,
    "replace": _replace,
    "split": _split,
    "join": lambda separator, value: separator.join(_texts(value)),
    "slice": _slice,
    "datetime-format": _datetime_format,
    "datetime-parse": _datetime_parse,
    "datetime-diff": _datetime_diff,
}

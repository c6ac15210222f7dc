"""Values to try a data type with: of the kind that it takes, and such as it tells apart."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

from bothways.checklist.datatypes.declared import DataType, Kind, Refused
from bothways.checklist.datatypes.evaluation import Data
from bothways.checklist.datatypes.expression import Call, Constant, Expression
from bothways.checklist.datatypes.moments import format_moment

TIMES = (
    datetime(2024, 11, 5, 10, tzinfo=UTC),
    datetime(2024, 12, 24, 18, 30, tzinfo=UTC),
    datetime(2025, 2, 3, 4, 5, 6, tzinfo=UTC),
)
PLAIN: dict[Kind, tuple[Data, ...]] = {
    "string": ("4711", "4712", "-4713", "47.11", "48.12", "47,11", "48,12", "+47 12 34", "+46 56 78"),
    "integer": (4711, 4712, -4713),
    "decimal": (Decimal("47.11"), Decimal("48.12"), Decimal("-49.13")),
    "float": (47.5, 48.25, -49.125),
    "boolean": (False, True),
    "list": (["one", "two"], ["three"], ["4", "5"]),
    "datetime": TIMES,
}


def specimens(data_type: DataType, name: str) -> list[tuple[Data, Data]]:
    """Values of a property called `name` that cross, each with what becomes of it; what is made of one is not made
    of the next. None for a type that can't be read or that carries no value that we think of."""
    crossing: list[tuple[Data, Data]] = []
    for value in _likely(data_type, name) if data_type.expression else ():
        try:
            made = data_type.apply(value)
        except Refused:
            continue
        if not crossing or made != crossing[-1][1]:
            crossing.append((value, made))
    return crossing


def _likely(data_type: DataType, name: str) -> Iterator[Data]:
    """The kind's own values; of text, those that the expression speaks of come before."""
    if data_type.takes == "string" and data_type.expression:
        yield from dict.fromkeys(_spoken_of(data_type.expression))
        yield from (f"{which} {name}" for which in ("first", "second", "third"))
    yield from PLAIN[data_type.takes]


def _spoken_of(expression: Expression) -> Iterator[str]:
    """The texts that an expression compares with, and times in its forms."""
    match expression:
        case Constant(str() as text) if text:
            yield text
        case Call("datetime-parse", (*zone, form), _):
            times = (format_moment(str(form), str((zone or ["UTC"])[0]), time) for time in TIMES)
            yield from filter(None, times)
    for operand in expression.operands if isinstance(expression, Call) else ():
        yield from _spoken_of(operand)


def kind_of(value: Data) -> Kind:
    """The kind of a value. Raises KeyError for none that a data type makes."""
    kinds: dict[type, Kind] = {
        bool: "boolean",
        int: "integer",
        float: "float",
        Decimal: "decimal",
        datetime: "datetime",
        list: "list",
        str: "string",
    }
    return kinds[type(value)]

"""Values to try a data type with, as features can say them: of the kind that it takes, and such as it tells apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from bothways.checklist.datatypes.declared import DataType, Kind, Refused
from bothways.checklist.datatypes.evaluation import Data, to_string
from bothways.checklist.datatypes.expression import Call, Constant, Expression
from bothways.checklist.datatypes.moments import format_moment

TIMES = (
    datetime(2024, 11, 5, 10, tzinfo=UTC),
    datetime(2024, 12, 24, 18, 30, tzinfo=UTC),
    datetime(2025, 2, 3, 4, 5, 6, tzinfo=UTC),
)
PLAIN: dict[Kind, tuple[Data, ...]] = {
    "string": (
        "4711",
        "4712",
        "-4713",
        "47.11",
        "48.12",
        "47,11",
        "48,12",
        "+47 12 34",
        "+46 56 78",
        "a-b",
        "c-d",
    ),
    "integer": (4711, -4712, -4713),
    "decimal": (Decimal("47.11"), Decimal("-48.12"), Decimal("-49.13")),
    "float": (47.5, -48.25, -49.125),
    "boolean": (False, True),
    "list": (["one", "two"], ["three"], ["4", "5"]),
    "datetime": TIMES,
}


class Specimen(NamedTuple):
    """A value, what becomes of it in the target, and what comes back of that (the value itself, if nothing does)."""

    value: Data
    made: Data
    back: Data


@lru_cache(maxsize=4096)
def specimens(data_type: DataType, name: str) -> tuple[Specimen, ...]:
    """Values of a property called `name` that cross; what is made of one is not made of the next, if the type tells
    any apart, and the second doesn't cross as it is, if any doesn't. None for a type that can't be read or that
    carries no value that we think of."""
    crossing = _changed_second(list(_crossing(data_type, name)))
    told_apart = [
        one for before, one in zip([None, *crossing], crossing, strict=False) if _differ(before, one)
    ]
    return tuple(told_apart if len(told_apart) > 1 else crossing)


def _changed_second(crossing: list[Specimen]) -> list[Specimen]:
    changed = [one for one in crossing if words(one.made) != words(one.value)]
    plain = [one for one in crossing if one not in changed]
    return [*changed, *plain] if len(changed) > 1 else [*plain[:1], *changed, *plain[1:]]


def _differ(before: Specimen | None, one: Specimen) -> bool:
    return before is None or before.made != one.made


def _crossing(data_type: DataType, name: str) -> Iterator[Specimen]:
    for value in _likely(data_type, name) if data_type.expression else ():
        try:
            made = data_type.apply(value)
            specimen = Specimen(value, made, value if data_type.one_way else data_type.restore(made))
        except Refused:
            continue
        if all(map(words, specimen)):
            yield specimen


UNSAYABLE = re.compile(r"[\"|\\<>\x00-\x1f]|^\s|\s$")


def words(value: Data) -> str:
    """A value as features write it, the parts of a list between semicolons; "" for one that they can't."""
    if isinstance(value, list):
        parts = [words(part) if isinstance(part, str) and ";" not in part else "" for part in value]
        return "; ".join(parts) if all(parts) else ""
    said = to_string(value)
    return "" if UNSAYABLE.search(said) else said


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

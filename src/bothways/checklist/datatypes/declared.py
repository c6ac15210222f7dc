"""A data type as a checklist declares it: what it makes of a value on the way across, and on the way back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from bothways.checklist.datatypes.evaluation import (
    Data,
    elements,
    equal,
    evaluate,
    exact,
    is_number,
    to_boolean,
    to_string,
)
from bothways.checklist.datatypes.expression import Call, Expression, Value, written
from bothways.checklist.datatypes.inversion import one_way, ways_back
from bothways.checklist.datatypes.moments import moment, precision
from bothways.checklist.datatypes.reading import Unreadable, read_expression

Kind = Literal["string", "integer", "decimal", "float", "boolean", "list", "datetime"]

UNDECLARED = frozenset({"", "N/A"})
"""Cells that leave the type open: any value crosses unchanged."""

SOME_TIME = datetime(2024, 10, 1, tzinfo=UTC)

SPECIMENS: dict[Kind, tuple[Data, ...]] = {
    "string": ("Text", "17", "17,25"),
    "integer": (17,),
    "decimal": (Decimal("17.25"),),
    "float": (17.5,),
    "boolean": (True,),
    "datetime": (SOME_TIME,),
    "list": (["One", "Two"],),
}


class Refused(ValueError):
    """A value that the data type can't carry, with the reason (S15)."""


@dataclass(frozen=True)
class DataType:
    """What a cell declares. `expression` is None where the cell can't be read, and `problem` says why.

    Values are JSON's, decimals as `Decimal` or text, points in time as `datetime` or text in ISO 8601.
    """

    cell: str
    expression: Expression | None
    repaired: bool = False
    problem: str | None = None

    @property
    def declared(self) -> bool:
        return self.cell not in UNDECLARED

    @property
    def written(self) -> str:
        """The expression in full; equal for cells of one meaning. The cell itself where it can't be read."""
        return written(self.expression) if self.expression and self.declared else self.cell

    @property
    def one_way(self) -> str | None:
        """Why values can't come back; None if they can."""
        return self.problem or one_way(self._readable)

    @property
    def takes(self) -> Kind:
        """The kind of source value to draw in a test: what the expression is about, if such a value crosses,
        else the first kind of which one does. Others may cross, too."""
        if self.expression is None:
            return "string"
        likeliest = _takes(self.expression) or "string"
        kinds = (kind for kind in (likeliest, *SPECIMENS) if any(map(self._carries, SPECIMENS[kind])))
        return next(kinds, likeliest)

    def _carries(self, value: Data) -> bool:
        try:
            self.apply(value)
        except Refused:
            return False
        return True

    def apply(self, value: Data, now: datetime = SOME_TIME) -> Data:
        """What becomes of a source value in the target. An empty value stays as it is. Raises Refused, also
        where the type has a way back and the value would not survive it."""
        if is_empty(value):
            return value
        result = evaluate(self._readable, value, now)
        if is_empty(result):
            raise Refused(f"{to_string(value)} can't be represented as {self.cell}")
        if self.one_way is None and not alike(value, back := self.restore(result, now), self._precision):
            raise Refused(f"{to_string(value)} would come back as {to_string(back)} from {self.cell}")
        return result

    def restore(self, value: Data, now: datetime = SOME_TIME) -> Data:
        """What becomes of a target value in the source: a value of which `apply` makes the target's. An
        empty value stays as it is. Raises Refused, always for a one-way type."""
        if is_empty(value):
            return value
        if self.one_way:
            raise Refused(f"{self.cell} has no way back: {self.one_way}")
        back = self._origin(value, now)
        if not alike(back, self._origin(evaluate(self._readable, back, now), now), self._precision):
            raise Refused(f"{to_string(value)} would come back in two forms from {self.cell}")
        return back

    def _origin(self, result: Data, now: datetime) -> Data:
        """The likeliest value of which the type makes that result. Raises Refused if there is none."""
        for proposal in ways_back(self._readable, result):
            if alike(evaluate(self._readable, proposal, now), result):
                return proposal
        raise Refused(f"{to_string(result)} can't come from {self.cell}")

    def canonical(self, value: Data, now: datetime = SOME_TIME) -> Data:
        """The form in which a source value comes back. Raises Refused."""
        return self.restore(self.apply(value, now), now)

    @property
    def _readable(self) -> Expression:
        if self.expression is None:
            raise Refused(f"{self.cell} can't be read: {self.problem}")
        return self.expression

    @property
    def _precision(self) -> timedelta:
        return max((precision(form) for form in _forms(self._readable)), default=timedelta(0))


@lru_cache(maxsize=1024)
def read_data_type(cell: str) -> DataType:
    """The data type that a cell declares. Never raises: what can't be read has a `problem`."""
    if cell in UNDECLARED:
        return DataType(cell, Value())
    try:
        expression, repaired = read_expression(cell)
    except Unreadable as problem:
        return DataType(cell, None, problem=str(problem))
    return DataType(cell, expression, repaired)


def is_empty(value: Data) -> bool:
    """Null, absent, "" or []; 0 and false are values."""
    return value is None or value in ("", [])


def alike(left: Data, right: Data, tolerance: timedelta = timedelta(0)) -> bool:
    """Whether two values are one in another form: 5 and "5", true and "true", a value and a list of it, a
    point in time and its ISO 8601 text, points in time less than the tolerance apart."""
    pairs = list(zip(elements(left), elements(right), strict=False))
    return len(elements(left)) == len(elements(right)) and all(_alike(*pair, tolerance) for pair in pairs)


def _alike(left: Data, right: Data, tolerance: timedelta) -> bool:
    if equal(left, right):
        return True
    if isinstance(left, bool) or isinstance(right, bool):
        return to_boolean(left) is not None and to_boolean(left) == to_boolean(right)
    if is_number(left) or is_number(right):
        return exact(left) is not None and exact(left) == exact(right)
    one, other = moment(left), moment(right)
    return one is not None and other is not None and (one == other or abs(one - other) < tolerance)


def _forms(expression: Expression) -> Iterator[str]:
    """The time formats in the expression."""
    if isinstance(expression, Call):
        if expression.operator in ("datetime-format", "datetime-parse"):
            yield str(expression.constants[-1])
        for operand in expression.operands:
            yield from _forms(operand)


def _takes(expression: Expression) -> Kind | None:
    """The kind of value that the expression is for; None if it says nothing about it."""
    match expression:
        case Call("datetime-format" | "datetime-diff"):
            return "datetime"
        case Call("replace" | "split" | "matches" | "datetime-parse"):
            return "string"
        case Call("abs"):
            return "integer"
        case Call("if", _, (_, *branches)):
            return next(filter(None, map(_takes, branches)), None)
        case Call("join" | "slice" | "first" | "list", _, (operand, *_)):
            return _takes(operand) or "list"
        case Call("if-null", _, (operand, *_)):
            return _takes(operand)
        case Call("integer" | "decimal" | "float" | "boolean" | "string" as own, _, operands):
            inner = _takes(operands[-1])
            return inner if inner in ("datetime", "list") else own
    return None

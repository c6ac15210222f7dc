"""What a transformation makes of a value on its way to the target, and the value behind what a target shows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from bothways.mapping import Transform, Type
from bothways.sync.codecs import Unrepresentable, Value, empty, instant
from bothways.sync.operators import (
    CONVERSIONS,
    FUNCTIONS,
    Plain,
    boolean,
    each,
    exact_float,
    is_number,
    listed,
    moment,
    number,
    result,
    text,
)
from bothways.transform import VALUE, Expression, loss, parts, told_by


class Transformation:
    """A mapping's transform between the entity's type and the target's. `reversible`: values come back, too."""

    def __init__(self, transform: Transform, source: Type) -> None:
        self.source, self.target = source, transform.type
        self.expression = transform.expression
        self.reversible = not loss(self.expression)
        self._fineness = max(map(_fineness, _forms(self.expression)), default=timedelta(0))

    @property
    def shown_type(self) -> Type:
        """The type of what is known of a target's value: the entity's if it comes back, else its own."""
        return self.source if self.reversible else self.target

    def applied(self, value: Value, now: datetime | None = None) -> Value:
        """What the target is to show. Raises `Unrepresentable`, also for what would come back as another value."""
        if empty(value):
            return None
        shown = self._made_of(value, now)
        if empty(shown):
            raise Unrepresentable(f"{value!r} can't be held as {self}")
        if self.reversible and not self._alike(value, back := self.undone(shown)):
            raise Unrepresentable(f"{value!r} would come back as {back!r} from {self}")
        return shown

    def undone(self, shown: Value) -> Value:
        """The entity's value of which the target shows this. Raises `Unrepresentable` if there is none."""
        if empty(shown):
            return None
        for origin in _origins(self.expression, _plain(self.target, shown)):
            value = _json(self.source, origin)
            if not empty(value) and _json(self.target, _plain(self.target, shown)) == self._made_of(
                value, None
            ):
                return value
        raise Unrepresentable(f"{shown!r} is nothing that comes of {self}")

    def __str__(self) -> str:
        return json.dumps(self.expression, ensure_ascii=False)

    def _made_of(self, value: Value, now: datetime | None) -> Value:
        return _json(self.target, result(self.expression, _plain(self.source, value), now))

    def _alike(self, value: Value, back: Value) -> bool:
        """Whether what comes back is the value in its canonical form: times as finely as they are written."""
        ones, others = listed(_plain(self.source, value)), listed(_plain(self.source, back))
        return len(ones) == len(others) and all(map(self._is_form_of, ones, others))

    def _is_form_of(self, one: Plain, other: Plain) -> bool:
        for spelled in (number, boolean):
            if (meant := spelled(one)) is not None:
                return bool(meant == spelled(other))
        if (here := moment(one)) is not None and (there := moment(other)) is not None:
            return here == there or abs(here - there) < self._fineness
        return bool(one == other)


def _plain(kind: Type, value: Value) -> Plain:
    """A value of a type as operators take it."""
    if kind is Type.DECIMAL:
        return number(value)
    return instant(value) if kind is Type.DATETIME else value


def _json(kind: Type, value: Plain) -> Value:
    """What operators have made, as a value of a type; None where it is of another."""
    match kind:
        case Type.DECIMAL:
            return text(exact) if is_number(value) and isinstance(exact := number(value), Decimal) else None
        case Type.DATETIME:
            return text(value) if isinstance(value, datetime) else None
        case Type.FLOAT:
            return exact_float(value) if is_number(value) else None
        case Type.LIST:
            return [text(one) if isinstance(one, Decimal | datetime) else one for one in listed(value)]
    expected = {Type.STRING: str, Type.INTEGER: int, Type.BOOLEAN: bool}.get(kind)
    return value if type(value) is expected else None


# -- the way back ----------------------------------------------------------------------------------


def _origins(expression: Expression, made: Plain) -> Iterator[Plain]:
    """Values of which an expression may have made this, likeliest first. They are to be tried."""
    if expression == VALUE:
        yield made
    elif isinstance(expression, tuple):
        for operand, wanted in _operands_for(expression, made):
            yield from _origins(operand, wanted)


def _operands_for(call: tuple[Expression, ...], made: Plain) -> Iterator[tuple[Expression, Plain]]:
    """What operands would have to make, for the call to make this."""
    constants, operands = parts(call)
    match call[0]:
        case "if":
            if told := told_by(operands[0], [*operands[1:]]):
                yield VALUE, told[1]
            yield from ((branch, made) for branch in operands[1:])
        case "if-null":
            yield from ((operand, made) for operand in operands)
        case "list":
            alone = made[0] if isinstance(made, list) and len(made) == 1 else made
            yield from ((operand, wanted) for operand in operands for wanted in (made, alone))
        case "replace":
            yield operands[0], FUNCTIONS["replace"](constants[1], constants[0], made)
        case "split" | "join" | "datetime-format" | "datetime-parse" as name:
            yield operands[0], FUNCTIONS[OPPOSITES[name]](*constants, made)
        case name if name in CONVERSIONS:
            forms = [made, *(each(spelled, made) for spelled in (text, *CONVERSIONS.values(), moment))]
            yield from ((operand, wanted) for operand in reversed(operands) for wanted in forms)


OPPOSITES = {
    "split": "join",
    "join": "split",
    "datetime-format": "datetime-parse",
    "datetime-parse": "datetime-format",
}


# -- how finely times are written ------------------------------------------------------------------


def _forms(expression: Expression) -> Iterator[str]:
    """The forms of times in an expression."""
    if isinstance(expression, tuple):
        constants, operands = parts(expression)
        if expression[0] in ("datetime-format", "datetime-parse"):
            yield constants[-1]
        for operand in operands:
            yield from _forms(operand)


def _fineness(form: str) -> timedelta:
    """The span of time that is written alike in that form."""
    spans = {"f": "microseconds", "S": "seconds", "M": "minutes", "H": "hours", "I": "hours"}
    tokens = set(re.findall(r"%(.)", form))
    finest = next((span for token, span in spans.items() if token in tokens), "days")
    return timedelta(**{finest: 1})

"""The way back: from what a data type made of a value to a value that it makes the same of.

Each operator either has a way back, which proposes values for the caller to try, or loses something and
says what.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bothways.checklist.datatypes.evaluation import (
    OPERATORS,
    Data,
    each,
    elements,
    exact,
    to_boolean,
    to_string,
)
from bothways.checklist.datatypes.expression import CONVERSIONS, Call, Constant, Expression, Value
from bothways.checklist.datatypes.moments import loss

BACK = {
    "split": "join",
    "join": "split",
    "datetime-format": "datetime-parse",
    "datetime-parse": "datetime-format",
}
"""Operators that undo each other, with the same constants."""

ONLY_A_TRUTH = "only a truth crosses"
LOSSES = {
    "first": "only the first of several values crosses",
    "abs": "the sign is lost",
    "slice": "what lies outside the slice is lost",
    "or": ONLY_A_TRUTH,
    "eq": ONLY_A_TRUTH,
    "neq": ONLY_A_TRUTH,
    "gt": ONLY_A_TRUTH,
    "is-empty": ONLY_A_TRUTH,
    "is-null": ONLY_A_TRUTH,
    "is-decimal": ONLY_A_TRUTH,
    "is-boolean": ONLY_A_TRUTH,
    "matches": ONLY_A_TRUTH,
    "datetime-diff": "only a distance in time crosses",
    "now": "the value itself doesn't cross",
}


def one_way(expression: Expression) -> str | None:
    """Why there is no way back; None if there is one."""
    match expression:
        case Value():
            return None
        case Constant():
            return LOSSES["now"]
        case Call("if", _, (condition, *branches)):
            told = _told(condition, branches)
            reasons = [one_way(branch) for at, branch in enumerate(branches) if not told or at != told[0]]
        case Call("replace", (old, new)) if not (old and new):
            return f"each “{old}” is lost"
        case Call("datetime-format" | "datetime-parse", (*_, form)) if lost := loss(str(form)):
            return lost
        case Call(operator) if operator in LOSSES:
            return LOSSES[operator]
        case Call(_, _, operands):
            reasons = [one_way(operand) for operand in operands]
    return next(filter(None, reasons), None)


def ways_back(expression: Expression, result: Data) -> Iterator[Data]:
    """Values of which the expression may make that result, likeliest first. They are proposals: try them."""
    if isinstance(expression, Value):
        yield result
    elif isinstance(expression, Call):
        for operand, wanted in _wanted(expression, result):
            yield from ways_back(operand, wanted)


def _wanted(call: Call, result: Data) -> Iterator[tuple[Expression, Data]]:
    """Which operand would have to make what, for the call to make that result."""
    match call:
        case Call("if", _, (condition, *branches)):
            if told := _told(condition, branches):
                yield Value(), told[1].value
            for branch in branches:
                yield branch, result
        case Call("if-null", _, operands):
            for operand in operands:
                yield operand, result
        case Call("list", _, operands):
            for operand in operands:
                yield operand, result
                yield operand, elements(result)[0] if len(elements(result)) == 1 else result
        case Call(operator, _, operands) if operator in CONVERSIONS:
            for operand in reversed(operands):
                yield operand, result
                yield operand, each(to_string, result)
                yield operand, each(_spelled, result)
        case Call("replace", (old, new), (operand,)):
            yield operand, OPERATORS["replace"](new, old, result)
        case Call(operator, constants, (operand,)) if operator in BACK:
            yield operand, OPERATORS[BACK[operator]](*constants, result)


def _spelled(value: Data) -> Data:
    """The truth or number that a text spells; else the value itself."""
    for spelled in (to_boolean(value), exact(value)):
        if spelled is not None:
            return spelled
    return value


def _told(condition: Expression, branches: Sequence[Expression]) -> tuple[int, Constant] | None:
    """The branch (0: then, 1: else) that only one value leads to and that makes a literal of it; and that
    value."""
    match condition:
        case Call(
            "eq" | "neq" as operator, _, (Value(), Constant() as value) | (Constant() as value, Value())
        ):
            at = ("eq", "neq").index(operator)
            if at < len(branches) and isinstance(branches[at], Constant):
                return at, value
    return None

"""Transformations as a mapping writes them: expressions of the checklists' language (DTL), with nothing left out.

`"_."` is the source's value, a list is an operator with its constants and then its operands, anything else stands
for itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

Expression = Any
"""None, bool, int, float or str, or a tuple of an operator's name, its constants and its operands (expressions)."""

VALUE = "_."
DEEPEST = 60
"""How deep operators may be nested: far more than any checklist's, far fewer than the stack bears."""


class Operator(NamedTuple):
    """How many operands an operator takes, and how many constants of which type before them (fewest, most).

    `loses` says what is lost of a value on the way, "" if it can come back.
    """

    operands: tuple[int, int] = (1, 1)
    constants: tuple[int, int] = (0, 0)
    of: type = str
    loses: str = ""


MANY = 99
CONVERSION = Operator((1, 2))  # of two, the first replaces what can't be converted
TRUTH = "only true or false crosses"

OPERATORS = {
    "integer": CONVERSION,
    "decimal": CONVERSION,
    "float": CONVERSION,
    "boolean": CONVERSION,
    "string": Operator(),
    "list": Operator((1, MANY)),
    "first": Operator(loses="all but the first value is lost"),
    "if": Operator((2, 3)),
    "if-null": Operator((2, 2)),
    "or": Operator((1, MANY), loses=TRUTH),
    "eq": Operator((2, 2), loses=TRUTH),
    "neq": Operator((2, 2), loses=TRUTH),
    "gt": Operator((2, 2), loses=TRUTH),
    "abs": Operator(loses="the sign is lost"),
    "is-empty": Operator(loses=TRUTH),
    "is-null": Operator(loses=TRUTH),
    "is-decimal": Operator(loses=TRUTH),
    "is-boolean": Operator(loses=TRUTH),
    "matches": Operator(constants=(1, 1), loses=TRUTH),
    "replace": Operator(constants=(2, 2)),
    "split": Operator(constants=(1, 1)),
    "join": Operator(constants=(1, 1)),
    "slice": Operator(constants=(1, 3), of=int, loses="what is cut off is lost"),
    "datetime-format": Operator(constants=(1, 2)),  # of two, the first is a time zone
    "datetime-parse": Operator(constants=(1, 2)),
    "datetime-diff": Operator((2, 2), constants=(1, 1), loses="only a distance in time crosses"),
    "now": Operator((0, 0), loses="the time of writing crosses"),
}


def checked(raw: Any, depth: int = 0) -> Expression:
    """What YAML or JSON says, as an expression. Raises ValueError, saying what is wrong with it."""
    if raw is None or isinstance(raw, str | bool | int | float):
        return raw
    if depth > DEEPEST:
        raise ValueError("operators are nested too deep")
    if not isinstance(raw, list | tuple) or not raw or not isinstance(raw[0], str) or raw[0] not in OPERATORS:
        raise ValueError(f"{raw!r:.80} is no operator with its operands")
    name, *arguments = raw
    operator = OPERATORS[name]
    constants, operands = parts((name, *arguments))
    if not operator.constants[0] <= len(constants) <= operator.constants[1]:
        raise ValueError(f"{name} takes other constants than {constants!r:.80}")
    if not operator.operands[0] <= len(operands) <= operator.operands[1]:
        raise ValueError(f"{name} takes another number of operands than {len(operands)}")
    if any(type(constant) is not operator.of for constant in constants):
        raise ValueError(f"{name} takes a {operator.of.__name__} before its operands, not {constants!r:.80}")
    return (name, *constants, *(checked(operand, depth + 1) for operand in operands))


def parts(call: tuple[Any, ...]) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """The constants and the operands of a call."""
    operator, arguments = OPERATORS[call[0]], call[1:]
    split = max(len(arguments) - operator.operands[1], 0) if operator.constants[1] else 0
    return arguments[:split], arguments[split:]


def loss(expression: Expression) -> str:
    """Why a value can't come back from what the expression makes of it, "" if it can."""
    if expression == VALUE:
        return ""
    if not isinstance(expression, tuple):
        return "a fixed value crosses"
    name = expression[0]
    constants, operands = parts(expression)
    if name == "replace" and not all(constants):
        return f"each {constants[0]!r} is lost"
    if name in ("datetime-format", "datetime-parse") and (lost := _lost_in(constants[-1])):
        return lost
    if name == "if":
        operands = tuple(branches_with_loss(operands))
    return OPERATORS[name].loses or next(filter(None, map(loss, operands)), "")


def branches_with_loss(operands: tuple[Any, ...]) -> Iterator[Expression]:
    """The branches of an `if` from which a value is not told by the condition alone."""
    condition, *branches = operands
    told = told_by(condition, branches)
    yield from (branch for at, branch in enumerate(branches) if told is None or at != told[0])


def told_by(condition: Expression, branches: list[Expression]) -> tuple[int, Expression] | None:
    """Where a condition lets one value alone into a branch (0: then, 1: else) that makes a fixed value of it: the
    branch, and that value."""
    match condition:
        case ("eq" | "neq" as name, one, other) if VALUE in (one, other):
            value = other if one == VALUE else one
            at = ("eq", "neq").index(name)
            fixed = at < len(branches) and branches[at] != VALUE and not isinstance(branches[at], tuple)
            return (at, value) if fixed and value != VALUE and not isinstance(value, tuple) else None
    return None


def _lost_in(form: str) -> str:
    tokens = set(re.findall(r"%.", form))
    if not (tokens & {"%Y", "%y"} and "%m" in tokens and tokens & {"%d", "%e"}):
        return f"{form!r} leaves out part of the date"
    return f"{form!r} leaves out which half of the day it is" if "%I" in tokens and "%p" not in tokens else ""

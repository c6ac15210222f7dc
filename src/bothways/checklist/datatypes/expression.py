"""The tree of a data type expression, and the operators it may use with their arguments.

The language is the one of the family's data types (DTL), reduced to the operators that its checklists show.
`"_."` is the value itself. A bare operator stands for itself applied to the value: `"integer"` for
`["integer", "_."]`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TypeAlias

JsonScalar: TypeAlias = str | int | float | bool | None


@dataclass(frozen=True)
class Value:
    """`"_."`."""


@dataclass(frozen=True)
class Constant:
    """A literal in a place where a value is computed."""

    value: JsonScalar


@dataclass(frozen=True)
class Call:
    """An operator, its constants (separator, format, bounds …) and the expressions that it is applied to."""

    operator: str
    constants: tuple[str | int, ...]
    operands: tuple[Expression, ...]


Expression: TypeAlias = Value | Constant | Call


@dataclass(frozen=True)
class Signature:
    """How many constants, all of one type, come before how many operands."""

    operands: tuple[int, int]
    constants: tuple[int, int] = (0, 0)
    constant_type: type = str


MANY = 99
UNARY = Signature((1, 1))
CONVERSION = Signature((1, 2))  # with two, the first replaces what can't be converted
COMPARISONS = frozenset({"eq", "neq", "gt"})
CONVERSIONS = frozenset({"integer", "decimal", "float", "boolean", "string"})

SIGNATURES: dict[str, Signature] = {
    "integer": CONVERSION,
    "decimal": CONVERSION,
    "float": CONVERSION,
    "boolean": CONVERSION,
    "string": UNARY,
    "list": Signature((1, MANY)),
    "first": UNARY,
    "if": Signature((2, 3)),
    "if-null": Signature((2, 2)),
    "or": Signature((1, MANY)),
    "eq": Signature((2, 2)),
    "neq": Signature((2, 2)),
    "gt": Signature((2, 2)),
    "abs": UNARY,
    "is-empty": UNARY,
    "is-null": UNARY,
    "is-decimal": UNARY,
    "is-boolean": UNARY,
    "matches": Signature((1, 1), constants=(1, 1)),
    "replace": Signature((1, 1), constants=(2, 2)),
    "split": Signature((1, 1), constants=(1, 1)),
    "join": Signature((1, 1), constants=(1, 1)),
    "slice": Signature((1, 1), constants=(1, 3), constant_type=int),
    "datetime-format": Signature((1, 1), constants=(1, 2)),  # with two, the first is a time zone
    "datetime-parse": Signature((1, 1), constants=(1, 2)),
    "datetime-diff": Signature((2, 2), constants=(1, 1)),
    "now": Signature((0, 0)),
}


def written(expression: Expression) -> str:
    """The expression as JSON in full, nothing left to shorthand: two cells of one meaning are written
    alike."""
    return json.dumps(_plain(expression), ensure_ascii=False)


def _plain(expression: Expression) -> object:
    match expression:
        case Value():
            return "_."
        case Constant(value):
            return value
        case Call(operator, constants, operands):
            return [operator, *constants, *map(_plain, operands)]

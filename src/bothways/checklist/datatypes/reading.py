"""Reads data type cells, and puts lost brackets back where only one way of doing so makes sense."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from itertools import combinations_with_replacement
from math import comb

from bothways.checklist.datatypes.expression import (
    COMPARISONS,
    SIGNATURES,
    Call,
    Constant,
    Expression,
    Signature,
    Value,
)

TOKEN = re.compile(r'\s*(?:([\[\]])|("(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|true|false|null))\s*,?')
MOST_BRACKETS = 60
"""How many brackets an expression may open: far more than any checklist's, far fewer than the stack bears."""
MOST_WAYS = 2000
"""Among how many ways of putting brackets back the one is looked for: beyond that it is guesswork, and
slow."""


class Unreadable(ValueError):
    """A cell that is no expression, and that no unique repair makes one."""


def read_expression(cell: str) -> tuple[Expression, bool]:
    """The cell's expression, and whether it had to be repaired. Raises Unreadable."""
    if cell.count("[") + cell.count("{") > MOST_BRACKETS:
        raise Unreadable("too many brackets")
    try:
        plain = json.loads(cell)
    except ValueError:
        return _repaired(cell), True
    return _data_type(plain), False


def _data_type(plain: object) -> Expression:
    """What JSON says, as a data type. A literal alone is none."""
    expression = _operand(plain)
    if isinstance(expression, Constant):
        raise Unreadable(f"no known type: {json.dumps(plain)}")
    return expression


def _operand(plain: object) -> Expression:
    if plain == "_.":
        return Value()
    if isinstance(plain, list):
        return _call(plain)
    if isinstance(plain, str) and plain in SIGNATURES:
        return _bare(plain)
    if plain is None or isinstance(plain, str | int | float):
        return Constant(plain)
    raise Unreadable(f"no place for {json.dumps(plain)}")


def _bare(operator: str) -> Expression:
    """An operator by its name alone: applied to the value. One that needs more is a literal of that
    spelling."""
    signature = SIGNATURES[operator]
    if signature.operands[1] == 0:
        return Call(operator, (), ())
    return Call(operator, (), (Value(),)) if _is_bare(signature) else Constant(operator)


def _is_bare(signature: Signature) -> bool:
    """Whether such an operator may stand without an operand, which then is the value."""
    return signature.constants[0] == 0 and signature.operands[0] == 1


def _call(plain: Sequence[object]) -> Expression:
    if not plain or not isinstance(plain[0], str) or plain[0] not in SIGNATURES:
        raise Unreadable(f"no known operator: {json.dumps(plain)}")
    operator, arguments = plain[0], list(plain[1:])
    signature = SIGNATURES[operator]
    if not arguments and _is_bare(signature):
        arguments = ["_."]
    split = max(len(arguments) - signature.operands[1], 0) if signature.constants[1] else 0
    constants, operands = _constants(plain, arguments[:split], signature), arguments[split:]
    if not signature.operands[0] <= len(operands) <= signature.operands[1]:
        raise Unreadable(f"wrong number of arguments: {json.dumps(plain)}")
    read = _compared(operands) if operator in COMPARISONS else [_operand(operand) for operand in operands]
    return Call(operator, constants, tuple(read))


def _constants(
    call: Sequence[object], given: Sequence[object], signature: Signature
) -> tuple[str | int, ...]:
    constants = [constant for constant in given if isinstance(constant, str | int)]
    of_type = all(type(constant) is signature.constant_type for constant in constants)
    if len(constants) != len(given) or not of_type:
        raise Unreadable(f"wrong constants: {json.dumps(call)}")
    if not signature.constants[0] <= len(constants) <= signature.constants[1]:
        raise Unreadable(f"wrong number of arguments: {json.dumps(call)}")
    return tuple(constants)


def _compared(operands: Sequence[object]) -> list[Expression]:
    """What is compared: text is literal there, unless nothing would look at the value; then the first is
    shorthand."""
    read = [_literal(operand) for operand in operands]
    if all(isinstance(operand, Constant) for operand in read):
        read[0] = _operand(operands[0])
    return read


def _literal(plain: object) -> Expression:
    return Constant(plain) if isinstance(plain, str) and plain != "_." else _operand(plain)


def _repaired(cell: str) -> Expression:
    """The one expression that lost brackets can have left in this form."""
    tokens = _tokens(cell)
    found: dict[Expression, None] = {}
    for candidate in _with_brackets_back(tokens):
        try:
            found[_data_type(_tree(candidate))] = None
        except ValueError:
            continue
    if len(found) != 1:
        raise Unreadable("no repair makes sense" if not found else f"{len(found)} repairs make sense")
    return next(iter(found))


def _tokens(cell: str) -> list[str]:
    """Brackets and literals; commas say nothing that brackets don't."""
    tokens, position = [], 0
    while position < len(cell):
        match = TOKEN.match(cell, position)
        if match is None:
            raise Unreadable(f"not JSON from “{cell[position:]}” on")
        tokens.append(match[1] or match[2])
        position = match.end()
    return tokens


def _with_brackets_back(tokens: list[str]) -> Iterator[list[str]]:
    """The tokens with as many brackets put back as are lost: an opening one before an operator's name, a
    closing one anywhere. With as many of each, one of each may be lost."""
    missing = tokens.count("]") - tokens.count("[")
    opening, closing = max(missing, 0), max(-missing, 0)
    if missing == 0:
        opening = closing = 1
    names = [at for at, token in enumerate(tokens) if token.strip('"') in SIGNATURES]
    ends = range(1, len(tokens) + 1)
    if _ways(len(names), opening) * _ways(len(ends), closing) > MOST_WAYS:
        raise Unreadable("too many brackets are lost")
    for before in combinations_with_replacement(names, opening):
        for after in combinations_with_replacement(ends, closing):
            yield _inserted(tokens, before, after)


def _ways(places: int, times: int) -> int:
    """In how many ways brackets go to places that may take several."""
    return comb(places + times - 1, times) if places else int(times == 0)


def _inserted(tokens: list[str], before: tuple[int, ...], after: tuple[int, ...]) -> list[str]:
    result = []
    for at, token in enumerate(tokens):
        result += ["]"] * after.count(at) + ["["] * before.count(at) + [token]
    return result + ["]"] * after.count(len(tokens))


def _tree(tokens: list[str]) -> object:
    """The nested lists of balanced tokens that have one root."""
    stack: list[list[object]] = [[]]
    for mark in tokens:
        if mark == "[":
            stack.append([])
        elif mark != "]":
            stack[-1].append(json.loads(mark))
        elif len(stack) > 1:
            done = stack.pop()
            stack[-1].append(done)
        else:
            raise Unreadable("closed before it was opened")
    if len(stack) != 1 or len(stack[0]) != 1:
        raise Unreadable("not one expression")
    return stack[0][0]

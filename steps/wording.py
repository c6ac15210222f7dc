"""The parts that the features' sentences are made of, for `parsers.parse`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from parse import with_pattern
from pytest_bdd import parsers

_STOPS = "linked|whose|and|with|shows|still|agrees|is|are|has|have|had"
_NAME = rf"(?:(?! (?:{_STOPS}) )[^\"'])+?"
_PROPERTY = r"[\w.$@-]+(?: (?!is |are |to |exactly )[\w.$@-]+)*?"
_VALUE = r"(?:empty|\"[^\"]*\")"
_CLAUSE = rf"{_PROPERTY} (?:is|are) {_VALUE}"


@with_pattern(rf"(?:an?|another) {_NAME}")
def _new(words: str) -> str:
    """`a Custom Webshop Product`, `another Inventory`."""
    return words.split(" ", 1)[1]


@with_pattern(rf"the {_NAME}")
def _the(words: str) -> str:
    """`the Inventory`, `the other Custom Webshop Product`."""
    return words.removeprefix("the ")


@with_pattern(rf"the {_NAME}'s?")
def _owner(words: str) -> str:
    """`the Inventory's`, `the Sesamproducts'`."""
    name, _, _ = words.removeprefix("the ").rpartition("'")
    return name


@with_pattern(_NAME)
def _name(words: str) -> str:
    return words


@with_pattern(_PROPERTY)
def _property(words: str) -> str:
    return words


@with_pattern(_VALUE)
def _value(words: str) -> str | None:
    """`"Blue mug"`, or `empty` as None."""
    return None if words == "empty" else words[1:-1]


@with_pattern(rf"whose {_CLAUSE}(?: and {_CLAUSE})*")
def _details(words: str) -> dict[str, str | None]:
    """`whose sku is "MUG-1" and description is empty` as {"sku": "MUG-1", "description": None}."""
    clauses = re.findall(rf"({_PROPERTY}) (?:is|are) ({_VALUE})", words.removeprefix("whose "))
    return {name.removeprefix("and "): _value(value) for name, value in clauses}


@with_pattern(r"(?:(?:a moment later |at the same moment )?someone)")
def _someone(words: str) -> bool:
    """Whether time passes before the edit: people need a moment, unless it's said that they don't."""
    return not words.startswith("at the same moment")


@with_pattern(r"\d+")
def _number(words: str) -> int:
    return int(words)


@with_pattern(r"once|twice|\d+ times")
def _times(words: str) -> int:
    return {"once": 1, "twice": 2}.get(words) or int(words.split(" ", 1)[0])


TYPES: Final[Mapping[str, Callable[[str], Any]]] = {
    "New": _new,
    "The": _the,
    "Owner": _owner,
    "Name": _name,
    "Property": _property,
    "Value": _value,
    "Details": _details,
    "Someone": _someone,
    "Number": _number,
    "Times": _times,
}


def sentence(pattern: str) -> parsers.StepParser:
    """A step's sentence whose parts are of `TYPES`, as in `{record:The} shows {name:Property} {value:Value}`."""
    return parsers.parse(pattern, dict(TYPES), case_sensitive=True)

"""The parts that the features' sentences are made of."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from pytest_bdd import parsers

MOMENT = 60.0
"""Seconds that a person needs before the next edit, and that pass before the next cycle."""

_STOPS = "linked|whose|and|with|shows|still|agrees|is|are|has|have|had"
_NAME = rf"(?:(?! (?:{_STOPS}) )[^\"'])+?"
_PROPERTY = r"[\w.$@\u00a0-]+(?: (?!is |are |to |exactly )[\w.$@\u00a0-]+)*?"
_VALUE = r"(?:empty|\"[^\"]*\")"
_CLAUSE = rf"{_PROPERTY} (?:is|are) {_VALUE}"


@dataclass(frozen=True)
class Part:
    """A part of a sentence: what it looks like, and what it says."""

    pattern: str
    read: Callable[[str], Any]

    def __call__(self, words: str) -> Any:
        return self.read(words)


def _name(words: str) -> str:
    """A name. No-break spaces keep one together that has a word in it at which it would end."""
    return words.replace("\u00a0", " ")


def _value(words: str) -> str | None:
    """`"Blue mug"`, or `empty` as None."""
    return None if words == "empty" else words[1:-1]


def _details(words: str) -> dict[str, str | None]:
    """`whose sku is "MUG-1" and description is empty` as {"sku": "MUG-1", "description": None}."""
    clauses = re.findall(rf"({_PROPERTY}) (?:is|are) ({_VALUE})", words.removeprefix("whose "))
    return {_name(name.removeprefix("and ")): _value(value) for name, value in clauses}


def _pause(words: str) -> float:
    return {"at the same moment someone": 0.0, "half a second later someone": 0.5}.get(words, MOMENT)


def _times(words: str) -> int:
    return {"once": 1, "twice": 2}.get(words) or int(words.split(" ", 1)[0])


PARTS: Final = {
    # a Custom Webshop Product; another Inventory
    "New": Part(rf"(?:an?|another) {_NAME}", lambda words: _name(words.split(" ", 1)[1])),
    # the Inventory; the other Custom Webshop Product
    "The": Part(rf"the {_NAME}", lambda words: _name(words.removeprefix("the "))),
    # the Inventory's; the Sesamproducts'
    "Owner": Part(rf"the {_NAME}'s?", lambda words: _name(words.removeprefix("the ").rpartition("'")[0])),
    "Name": Part(_NAME, _name),
    "Property": Part(_PROPERTY, _name),
    "Value": Part(_VALUE, _value),
    "Details": Part(rf"whose {_CLAUSE}(?: and {_CLAUSE})*", _details),
    # Seconds that pass before an edit: people need a moment, unless it's said that they don't.
    "Someone": Part("(?:(?:a moment later |at the same moment |half a second later )?someone)", _pause),
    "Number": Part(r"\d+", int),
    "Times": Part(r"once|twice|\d+ times", _times),
}


def sentence(pattern: str) -> parsers.StepParser:
    """A step's sentence made of `PARTS`, as in `{record:The} shows {name:Property} {value:Value}`."""
    return parsers.parse(pattern, dict(PARTS), case_sensitive=True)

"""Unremarkable values for the properties that a scenario doesn't speak of, in the features' words."""

from __future__ import annotations

from bothways.mapping import Type
from steps.vocabulary import Field

_WORDS = {"currency": "USD", "country_code": "NO"}
_BY_TYPE = {
    Type.INTEGER: "10",
    Type.FLOAT: "1.5",
    Type.DECIMAL: "19.00",
    Type.BOOLEAN: "true",
    Type.DATETIME: "2024-10-01T08:00:00Z",
    Type.MONEY: "19.00 USD",
}
# A line of two at 9.50 makes the total of 19.00 above.
_IN_ITEMS = {Type.INTEGER: "2", Type.DECIMAL: "9.50"}


def sample(field: Field, number: int) -> str:
    """A value for `field` of the `number`th record."""
    if field.type is Type.OBJECT:
        return ", ".join(f"{member}: {_text(member, number)}" for member in field.members)
    if field.type is Type.LIST:
        items = field.end.items
        line = (f"{word}: {_IN_ITEMS.get(items[word].type, _text(word, number))}" for word in items)
        return ", ".join(line) if items else f"{field.name} {number}; {field.name} {number + 1}"
    if field.type is Type.STRING:
        return field.choices[0] if field.choices else _text(field.name, number)
    return _BY_TYPE[field.type]


def _text(word: str, number: int) -> str:
    if "mail" in word.lower():
        return f"customer{number}@example.com"
    return _WORDS.get(word, f"{word}-{number}")

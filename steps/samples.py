"""What a person fills in for a new record: what the scenario says, and unremarkable values for the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bothways.mapping import Side, Type
from steps.values import Native
from steps.vocabulary import Field, Vocabulary

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


def filled(
    words: Vocabulary, side: Side, details: Mapping[str, str | None], number: int
) -> Iterator[tuple[str, Native]]:
    """The paths and values of the `number`th new record, at those of the datatype that it is made as.

    A source record has a value for every property and merge key; a target record for what fits in one field.
    """
    made, is_source = words.made_with(side), words.is_source(side)
    for flow in words.flows(source=side):
        yield from ((criterion.source, f"{criterion.source}-{number}") for criterion in flow.criteria)
    fields = words.fields(made) | words.fields(side)
    given: set[str | None] = set()
    for name in sorted({**fields, **details}, key=lambda name: name not in details):
        field = fields.get(name) or words.field(side, name)
        path = field.end.path if made == side else words.path_at(made, field)
        if path is None or path in given:  # of several names for one place, the scenario's own counts
            continue
        if name in details:
            given.add(path)
            yield path, field.native(details[name])
        elif is_source or field.type not in (Type.LIST, Type.OBJECT):
            yield path, field.native(sample(field, number))


def sample(field: Field, number: int) -> str:
    """A value for `field` of the `number`th record, in the features' words."""
    if field.usual:
        return field.usual
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

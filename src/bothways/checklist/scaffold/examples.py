"""The values that features edit a property to, as each side says them."""

from __future__ import annotations

from dataclasses import dataclass

from bothways.checklist.datatypes.declared import read_data_type
from bothways.checklist.datatypes.specimens import specimens, words
from bothways.checklist.scaffold.draft import Row

EXAMPLES = {
    "string": ('"first {name}"', '"second {name}"'),
    "integer": ('"4711"', '"4712"'),
    "decimal": ('"47.11"', '"48.12"'),
    "float": ('"47.5"', '"48.25"'),
    "boolean": ('"false"', "empty"),
    "list": ('"one; two"', '"three"'),
    "datetime": ('"2024-11-05T10:00:00Z"', '"2024-12-24T18:30:00Z"'),
}
"""Two values of each type that a new record doesn't have."""


@dataclass(frozen=True)
class Example:
    """A value as the source says it, as the target shows it, and as it comes back; with quotes, or `empty`."""

    source: str
    target: str
    back: str


def examples(row: Row) -> tuple[Example, Example]:
    """Two values for a row that a new record doesn't have; if its values are transformed, the second may be one."""
    if row.transform:
        _, one, two, *_ = usual(row) * 2
        return one, two
    first, second = plain_examples(row.type, row.name)
    return Example(first, first, first), Example(second, second, second)


def plain_examples(kind: str, name: str) -> tuple[str, str]:
    """Two values of a type that cross as they are."""
    one, two = EXAMPLES[kind]
    return one.format(name=name), two.format(name=name)


def usual(row: Row) -> list[Example]:
    """What becomes of values of a row that are transformed: first of the one that a new record has."""
    return [
        Example(*(f'"{words(value)}"' for value in specimen))
        for specimen in specimens(read_data_type(row.transform), row.name)
    ]

"""What features call records and properties, so that each sentence has one reading."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bothways.checklist.model import Side
from bothways.checklist.scaffold.fields import Fields
from bothways.checklist.scaffold.soundness import Bound, Soundness

TAKEN = frozenset(
    (
        "linked",
        "whose",
        "and",
        "with",
        "shows",
        "still",
        "agrees",
        "is",
        "are",
        "has",
        "have",
        "had",
        "to",
        "exactly",
    )
)
"""Words by which features tell where a name ends."""
Names = dict[tuple[Side, Side, str, str], str]
"""What features call each pair of properties (paths) of two sides."""
ODD = re.compile(r"[\"'<>{}|\\]|\s\s|[\x00-\x1f\x7f\u00a0]")


def said(name: str) -> str:
    """A name as features write it: one with a word that they use themselves is kept together by no-break spaces."""
    return name.replace(" ", "\u00a0") if TAKEN & set(name.split(" ")) else name


def unsayable(name: str) -> str:
    """What keeps features from speaking of a name, "" for nothing."""
    if found := ODD.search(name):
        return "two blanks in a row" if found[0].isspace() else f"a {found[0]}"
    return "“other” as its first word" if name.startswith("other ") else ""


def slug(words: str) -> str:
    """`Customers company` as `customers_company`."""
    return re.sub(r"[^a-z0-9]+", "_", words.casefold()).strip("_")


def name_rows(bound: Sequence[Bound], soundness: Soundness, fields: Fields) -> Names:
    """A name for each pair of properties of two sides that crosses, by which both sides find their own.

    The source property's path, unless that is the name of something else on either side.
    """
    meant: dict[tuple[Side, str], str] = {}
    for _, *sides in bound:
        meant |= {(side, field): field for side in sides for field in fields.typed(side)}
    names: Names = {}
    for section, source, target in bound:
        for row in section.properties:
            key = (source, target, row.source, row.target)
            if key in names or soundness.problem(row):
                continue
            ends = ((source, fields.native(source, row.source)), (target, fields.native(target, row.target)))
            wanted = (
                row.source,
                f"{row.source} as {row.target}",
                f"{row.source} as {row.target} of section {section.number}",
            )
            fitting = (
                name
                for name in wanted
                if all(meant.get((side, name), field) == field for side, field in ends)
            )
            names[key] = next(fitting, wanted[-1])
            meant |= {(side, names[key]): field for side, field in ends}
    return names

"""Which rows and merge criteria of a checklist a draft can show, and of which type their properties are."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bothways.checklist.datatypes.declared import read_data_type
from bothways.checklist.datatypes.expression import CONVERSIONS, Call, Value
from bothways.checklist.datatypes.specimens import kind_of, specimens
from bothways.checklist.model import Criterion, Property, Section, Side

PATH = re.compile(r"[\w$]+(\.[\w$]+)*")
ISO_8601 = "%Y-%m-%dT%H:%M:%SZ"
"""The form of a point in time that is its own canonical form."""

Bound = tuple[Section, Side, Side]
"""A section with its two sides, whose systems are keys of the mapping."""
Place = tuple[Side, str]
"""A property's path on a side, as the checklist writes it."""


class Soundness:
    """Judges every row on its own and then beside the others, in the document's order: the first types a property."""

    def __init__(self, bound: Sequence[Bound]) -> None:
        self.bound = bound
        self.types: dict[Place, str] = {}
        self._made: dict[Place, str] = {}
        self._problems: dict[str, str] = {}
        for section, source, target in bound:
            for row in section.properties:
                if problem := _by_itself(row) or self._typed((source, row.source), (target, row.target), row):
                    self._problems[row.id] = problem
        for section, source, target in bound:
            for criterion in section.criteria:
                for place in ((source, criterion.source), (target, criterion.target)):
                    if PATH.fullmatch(place[1]):
                        self.types.setdefault(place, "string")

    def problem(self, row: Property) -> str:
        """What a person has to fill in before the row can be shown, "" for nothing."""
        return self._problems.get(row.id, "")

    def is_key(self, source: Side, target: Side, criterion: Criterion) -> bool:
        """Whether records can be linked by a criterion: values of one type, or text on a side; no list is a key, and
        nothing that is made of another value."""
        places = ((source, criterion.source), (target, criterion.target))
        types = {self.types.get(place) for place in places}
        made = any(self._made.get(place) for place in places)
        return (
            not types & {None, "list"}
            and not (made or criterion.dependencies)
            and len(types - {"string"}) < 2
        )

    def _typed(self, source: Place, target: Place, row: Property) -> str:
        """Settle the types of both ends of a row; or say what keeps other rows from having them, too."""
        data_type, made = read_data_type(row.data_type), transformation(row)
        here, there = (source, ""), (target, made)
        for place, way in (here, there):
            if self._made.get(place, way) != way:
                other = self._made[place] or "none"
                return f"one transformation: other rows of {place[1]} have {other}"
        if made:
            wanted = {
                source: str(data_type.takes),
                target: str(kind_of(specimens(data_type, row.source)[0].made)),
            }
        else:
            own = {str(data_type.takes)} if data_type.declared else set()
            known = own | {self.types[place] for place in (source, target) if place in self.types}
            if len(known) > 1:
                return f"one data type: other rows make it {' and '.join(sorted(known - own) or known)}"
            wanted = dict.fromkeys((source, target), next(iter(known), "string"))
        for place, kind in wanted.items():
            if self.types.get(place, kind) != kind:
                return f"one data type: other rows make it {self.types[place]}"
        self.types |= wanted
        self._made |= dict((here, there))
        return ""


def transformation(row: Property) -> str:
    """What makes the target's values of the source's, as an expression in full; "" where they cross as they are."""
    data_type = read_data_type(row.data_type)
    return "" if data_type.expression is None or _keeps_values(data_type.expression) else data_type.written


def _by_itself(row: Property) -> str:
    """What is wrong with a row, or more than a mapping can say yet."""
    if not PATH.fullmatch(row.source) or not PATH.fullmatch(row.target):
        return "both properties, as dotted paths"
    if row.dependencies:
        what = " and ".join(
            f"{one.path or '(blank)'} is {one.value or '(blank)'}" for one in row.dependencies
        )
        return f"scenarios for the dependency: the row holds only where {what}"
    data_type = read_data_type(row.data_type)
    if data_type.expression is None:
        return f"a data type that can be read ({data_type.problem})"
    made = transformation(row)
    if '"now"' in made:
        return f"scenarios that say when they look: what {made} makes depends on it"
    if made and len(specimens(data_type, row.source)) < 2:
        return f"two values that {made} can carry"
    return ""


def _keeps_values(expression: object) -> bool:
    """Whether values of the type that an expression takes cross as they are."""
    match expression:
        case Value() | Call("list", _, (Value(),)):
            return True
        case Call("datetime-format", constants, (Value(),)):
            return constants == (ISO_8601,)
        case Call(operator, _, (Value(),)):
            return operator in CONVERSIONS
    return False

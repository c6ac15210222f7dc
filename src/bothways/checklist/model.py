"""A checklist as typed facts: sections, statements, property rows, and what was odd about the document."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True)
class Side:
    """One side of a section: a datatype of a system, both as the heading writes them. A blank system is
    ""."""

    system: str
    datatype: str


@dataclass(frozen=True)
class Statement:
    """One sentence of a section. `kind` is one of `statements.KINDS`."""

    id: str
    key: str
    kind: str
    text: str
    line: int
    condition: str | None = None
    """Of a `when`: its condition, in prose."""
    datatypes: tuple[str, ...] = ()
    """Of a `created_if_connected`: the record types, one of which the source record must be connected to."""
    target: str | None = None
    """Of a `created_if_connected`: the system that the connected record must be synchronised into."""


@dataclass(frozen=True)
class Dependency:
    """`(Dependant on having VALUE in PATH)` after a property: the row holds only where PATH has VALUE."""

    side: Literal["source", "target"]
    value: str
    path: str


@dataclass(frozen=True)
class Criterion:
    """One row of a merge criteria table: the two properties that must be equal."""

    source: str
    target: str
    line: int
    dependencies: tuple[Dependency, ...] = ()


@dataclass(frozen=True)
class Property:
    """One row of a properties table. `data_type` is the cell as written; "" where the row has none."""

    id: str
    key: str
    source: str
    target: str
    data_type: str
    dependencies: tuple[Dependency, ...]
    line: int

    @property
    def text(self) -> str:
        return f"{self.source or '(blank)'} to {self.target or '(blank)'}"


@dataclass(frozen=True)
class Section:
    """One flow: a source side and a target side. `number` counts the flow sections of a document from 1."""

    number: int
    heading: str
    line: int
    source: Side
    target: Side
    statements: tuple[Statement, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    properties: tuple[Property, ...] = ()


@dataclass(frozen=True)
class Finding:
    """Something odd at a line of a document. Its code is explained in `docs/findings.md`."""

    code: str
    severity: Severity
    line: int
    message: str
    advice: str


@dataclass(frozen=True)
class Item:
    """What gets a verdict: a statement (`1.2`), or a property row (`1.3.2`)."""

    id: str
    key: str
    kind: str
    text: str
    line: int
    section: int


@dataclass(frozen=True)
class Checklist:
    """A document, read. `generated` is written as in the document (`YYYY-MM-DD HH:MM:SS`), None where it
    has none.

    `lines` accounts for the document: each line that isn't blank, to the one element that it belongs to:
    `title`, `generated`, `introduction`, a section's number (its heading), an item's id, or `finding`.
    """

    file: str
    title: str
    source_system: str
    target_system: str
    generated: str | None
    sections: tuple[Section, ...]
    findings: tuple[Finding, ...]
    line: int = 1
    """Where the title stands."""
    lines: Mapping[int, str] = field(default_factory=dict, repr=False)

    def items(self) -> Iterator[Item]:
        """All items, in document order: a section's property rows follow the statement that opens their
        table."""
        for section in self.sections:
            for statement in section.statements:
                yield Item(
                    statement.id,
                    statement.key,
                    statement.kind,
                    statement.text,
                    statement.line,
                    section.number,
                )
                for row in section.properties:
                    if row.id.rpartition(".")[0] == statement.id:
                        yield Item(row.id, row.key, "property", row.text, row.line, section.number)


def item_key(kind: str, source: str, target: str, text: str, occurrence: int) -> str:
    """What an item is known by when numbers move: a hash of its kind, the section's two datatypes, its text
    (runs of blanks count as one) and which one of several alike it is, from 1. 12 hexadecimal digits."""
    parts = (kind, source, target, " ".join(text.split()), str(occurrence))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]

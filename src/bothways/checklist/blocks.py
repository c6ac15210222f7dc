"""A document as a flat list of blocks: headings, paragraphs, tables and strays, found by docutils' state
machine.

docutils finds where a block starts and ends; what stands in it is data, never markup, so nothing is nested
and nothing inline is read. The rules that real documents break are relaxed: short underlines, headings with
a leading blank, tables of a header alone, and table rows whose data type has lost its cell marker.
"""

# ruff: noqa: ARG002  (docutils hands every transition the same three arguments)

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from docutils import nodes
from docutils.frontend import Values, get_default_settings
from docutils.parsers.rst import Directive, Parser, states
from docutils.statemachine import StringList
from docutils.utils import new_document

from bothways.checklist.tables import DATA_TYPE, Table

ADORNMENT = re.compile(r"([!-/:-@\[-`{-~])\1* *$")
LIST_TABLE = re.compile(r"\.\. +list-table *::(?: +|$)")

Transition = tuple[list[str], str, list[str]]


@dataclass(frozen=True)
class Block:
    """Consecutive lines of a document, from line number `first` on.

    A heading's lines include its over- and underline; a paragraph's are its sentences, each on its line; a
    stray's fit nowhere. Only a table has a `table`.
    """

    kind: Literal["heading", "paragraph", "table", "stray"]
    first: int
    lines: tuple[str, ...]
    table: Table | None = None

    @property
    def heading(self) -> str:
        """Of a heading: its text. Leading blanks stand for a blank name, unless it is overlined."""
        return self.lines[-2]

    @property
    def heading_line(self) -> int:
        return self.first + len(self.lines) - 2

    def numbered(self) -> Iterator[tuple[int, str]]:
        """The lines that aren't blank, with their numbers."""
        return ((number, line) for number, line in enumerate(self.lines, self.first) if line)

    def numbers(self) -> Iterator[int]:
        """The numbers of the lines that aren't blank."""
        return (number for number, _ in self.numbered())


def read_blocks(text: str) -> list[Block]:
    """The blocks of a document in order; together they hold each line that isn't blank exactly once."""
    lines = [line.expandtabs(8).rstrip() for line in re.split(r"\r\n|\r|\n", text)]
    document = new_document("", _settings())
    machine = states.RSTStateMachine(state_classes=(Body,), initial_state="Body")
    machine.run(StringList(lines, ""), document, inliner=NoMarkup())
    return [child["block"] for child in document.children if isinstance(child, nodes.Element)]


def is_heading(line: str, following: str) -> bool:
    """Whether a line is underlined by the one that follows: by docutils' rule, with four marks or the
    line's length."""
    return bool(line and ADORNMENT.match(following)) and len(following) >= min(4, len(line))


class Body(states.Body):
    """docutils' classifier of a block's first line, reduced to the kinds of block that a checklist has.

    docutils knows a state by its class name, hence the name. Each transition appends one node that carries
    its Block.
    """

    initial_transitions = ("explicit_markup", "line", "text")

    def text(self, match: re.Match[str], context: list[str], next_state: str) -> Transition:
        """A heading, or a paragraph up to the next blank line, heading or table."""
        if self._underlined(0):
            return self._append("heading", 2, next_state)
        length = 1
        while self._line(length).strip() and not self._starts_block(length):
            length += 1
        return self._append("paragraph", length, next_state)

    def indent(self, match: re.Match[str], context: list[str], next_state: str) -> Transition:
        """A heading that starts with a blank name, or an indented block, which no checklist has."""
        if self._underlined(0):
            return self._append("heading", 2, next_state)
        length = 1
        while self._line(length).startswith(" ") and not self._underlined(length):
            length += 1
        return self._append("stray", length, next_state)

    def line(self, match: re.Match[str], context: list[str], next_state: str) -> Transition:
        """An overlined heading, or a line of punctuation alone."""
        if self._line(1).strip() and self._underlined(1):
            return self._append("heading", 3, next_state)
        return self._append("stray", 1, next_state)

    def explicit_markup(self, match: re.Match[str], context: list[str], next_state: str) -> Transition:
        """A list-table. Any other directive or comment is text like other text."""
        if directive := LIST_TABLE.match(match.string):
            found, _ = self.run_directive(ListTable, directive, "list-table", {})  # type: ignore[no-untyped-call]  # docutils has no types here
            self.parent += found
            return [], next_state, []
        return self.text(match, context, next_state)

    def _line(self, ahead: int) -> str:
        """The line that many lines ahead; "" past the end."""
        lines = self.state_machine.input_lines or StringList()
        offset = self.state_machine.line_offset + ahead
        return str(lines[offset]) if offset < len(lines) else ""

    def _underlined(self, ahead: int) -> bool:
        return is_heading(self._line(ahead), self._line(ahead + 1))

    def _starts_block(self, ahead: int) -> bool:
        return self._underlined(ahead) or bool(LIST_TABLE.match(self._line(ahead)))

    def _append(
        self, kind: Literal["heading", "paragraph", "stray"], length: int, next_state: str
    ) -> Transition:
        lines = tuple(self._line(ahead) for ahead in range(length))
        self.parent += nodes.Element(block=Block(kind, self.state_machine.abs_line_number(), lines))
        self.state_machine.next_line(length - 1)
        return [], next_state, []


class ListTable(Directive):
    """A list-table that takes its raw lines, may be a header alone, and reads on over rows that lost a cell
    marker."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        lines = (self.state_machine.input_lines or StringList()).data[self.lineno - 1 :]
        table = Table()
        length = 0
        while length < len(lines) and (length == 0 or self._belongs(table, lines, length)):
            table.take(self.lineno + length, lines[length])
            length += 1
        self.state_machine.goto_line(self.lineno + length - 2)
        return [nodes.Element(block=Block("table", self.lineno, tuple(lines[:length]), table))]

    @staticmethod
    def _belongs(table: Table, lines: list[str], at: int) -> bool:
        """Whether that line goes on with the table. A lost data type does, next to its row whatever it
        says, else if it looks like one."""
        line = lines[at]
        if not line:
            return True
        if is_heading(line, lines[at + 1] if at + 1 < len(lines) else ""):
            return False
        if line.startswith(" "):
            return True
        return table.wants_data_type and bool(
            DATA_TYPE.match(line) or (lines[at - 1] and not LIST_TABLE.match(line))
        )


class NoMarkup(states.Inliner):
    """docutils asks for an inliner and compiles its patterns for each document; nothing inline is read
    here."""

    def init_customizations(self, settings: Any) -> None:
        pass


@cache
def _settings() -> Values:
    settings = get_default_settings(Parser)
    settings.report_level = settings.halt_level = 5  # docutils' own complaints are not ours
    return settings

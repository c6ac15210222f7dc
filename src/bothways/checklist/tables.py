"""The rows of a list-table, read from its raw lines: cells are data, so no markup is looked for in them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

ROW = re.compile(r" *\* -(?: (?P<cell>.*))?$")
CELL = re.compile(r" +-(?: (?P<cell>.*))?$")
DATA_TYPE = re.compile(r'["\[]|N/A$')
"""How a data type starts."""


@dataclass
class Row:
    """A row and its lines. Cells keep their leading blanks: a blank name before a column's title shows by
    them. `spilled`: the data type's cell marker was lost."""

    lines: list[int]
    cells: list[str] = field(default_factory=list)
    spilled: bool = False

    @property
    def line(self) -> int:
        return self.lines[0]


@dataclass
class Table:
    """A table, built line by line with `take`. `frame`: the lines that aren't rows (directive, option);
    `strays`: indented lines that no row can hold."""

    rows: list[Row] = field(default_factory=list)
    frame: list[int] = field(default_factory=list)
    strays: list[tuple[int, str]] = field(default_factory=list)
    _open: bool = False

    @property
    def header(self) -> list[str]:
        return self.rows[0].cells if self.rows else []

    @property
    def wants_data_type(self) -> bool:
        """Whether the last row lacks the last cell of three: its data type may still follow."""
        return len(self.rows) > 1 and len(self.header) == 3 and len(self.rows[-1].cells) == 2

    def take(self, number: int, line: str) -> None:
        """Add the document's line of that number: a row, a cell, a cell's continuation, a lost data type,
        or a stray."""
        text = line.strip()
        follows, self._open = self._open, bool(text)
        if not text:
            return
        if row := ROW.match(line):
            self.rows.append(Row([number], [row["cell"] or ""]))
        elif not self.rows:
            if text.startswith(("..", ":")):
                self.frame.append(number)
            else:
                self.strays.append((number, line))
        elif cell := CELL.match(line):
            self._add(number, cell["cell"] or "")
        elif self.wants_data_type and (DATA_TYPE.match(text) or not line.startswith(" ")):
            self._add(number, text)
            self.rows[-1].spilled = True
        elif follows:
            self.rows[-1].lines.append(number)
            self.rows[-1].cells[-1] += f" {text}"
        else:
            self.strays.append((number, line))

    def _add(self, number: int, cell: str) -> None:
        self.rows[-1].lines.append(number)
        self.rows[-1].cells.append(cell)

"""Property cells: a dotted path, and the dependencies that may be run together behind it."""

from __future__ import annotations

import re
from typing import Literal

from bothways.checklist.model import Dependency

PATH = re.compile(r"[\w.$]*$")
DEPENDENCIES = re.compile(r"\(?\s*Depend[ae]nt on having ")
DEPENDENCY = re.compile(
    r"\(?\s*Depend[ae]nt on having (?P<value>.*?) ?\bin(?: (?P<path>[\w.$]*?))?\s*\)?[\s,;]*"
    r"(?=\(?\s*Depend[ae]nt on having |$)"
)


def read_property(
    cell: str, side: Literal["source", "target"]
) -> tuple[str, tuple[Dependency, ...], str | None]:
    """The cell's path, its dependencies, and what is odd about it (None if nothing is). Without a readable
    dependency the path is the whole cell, so that nothing of it is lost."""
    cell = cell.strip()
    start = DEPENDENCIES.search(cell)
    path = (cell[: start.start()] if start else cell).strip()
    dependencies: list[Dependency] = []
    position = start.start() if start else len(cell)
    while position < len(cell):
        match = DEPENDENCY.match(cell, position)
        if match is None:
            return cell, (), f"dependency not understood: {cell[position:]}"
        dependencies.append(Dependency(side, match["value"].strip(), match["path"] or ""))
        position = match.end()
    odd = None if PATH.match(path) else f"not a property: {path}"
    return path, tuple(dependencies), odd

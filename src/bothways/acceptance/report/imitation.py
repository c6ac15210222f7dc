"""What the simulated systems say they don't imitate. Read, never imported: a report needs no running system."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

HEADING = "Not imitated:\n"


def not_imitated(root: Path, contract: str) -> list[str]:
    """The entries under "Not imitated" in the docstring of the class in `root/fakes` that serves `contract`."""
    return _listed((root / "fakes").resolve(), contract)


@cache
def _listed(fakes: Path, contract: str) -> list[str]:
    for path in sorted(fakes.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and contract in _contracts(node):
                return list(_entries(inspect.cleandoc(ast.get_docstring(node) or "")))
    return []


def _contracts(node: ast.ClassDef) -> Iterator[str]:
    for part in node.body:
        if (
            isinstance(part, ast.AnnAssign)
            and isinstance(part.target, ast.Name)
            and part.target.id == "contract"
            and isinstance(part.value, ast.Constant)
        ):
            yield str(part.value.value)


def _entries(docstring: str) -> Iterator[str]:
    _, _, listed = docstring.partition(HEADING)
    for entry in re.split("^- ", listed.partition("\n\n")[0], flags=re.MULTILINE)[1:]:
        yield " ".join(entry.replace("`", "").split())

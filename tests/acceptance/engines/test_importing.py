"""The module of an integration, which is the first of it that runs."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bothways.acceptance import engines
from bothways.errors import InputError


@pytest.fixture
def till(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], engines.Engine]]:
    """The integration in a module of these lines."""
    monkeypatch.syspath_prepend(tmp_path)

    def written(lines: str) -> engines.Engine:
        (tmp_path / "till.py").write_text(lines, encoding="utf-8")
        return engines.parse("python:till:Till")

    yield written
    sys.modules.pop("till", None)


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("raise ValueError('no till')", "ValueError: no till"),
        ("def build(", r"SyntaxError: .* \(till.py, line 1\)"),
        ("import sys; sys.exit('no licence')", "RuntimeError: it tried to end .*: SystemExit: no licence"),
        ("raise KeyboardInterrupt", "RuntimeError: it tried to end .*: KeyboardInterrupt"),
        ("import os; os._exit(0)", "RuntimeError: it tried to end .*: SystemExit: 0"),
    ],
)
def test_one_that_cant_be_imported_is_refused_in_one_line(
    till: Callable[[str], engines.Engine], lines: str, told: str
) -> None:
    with pytest.raises(InputError, match=f"^--engine: python:till:Till: till can't be imported: {told}$"):
        till(lines).find()


def test_a_way_out_that_it_took_along_ends_no_more_than_its_cycle(
    till: Callable[[str], engines.Engine],
) -> None:
    lines = """
from os import _exit

class Till:
    async def sync(self):
        _exit(3)
"""
    with pytest.raises(RuntimeError, match=r": SystemExit: 3$"):
        asyncio.run(till(lines).factory()().sync())

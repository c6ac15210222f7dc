"""`make bench`: measures line by line, prints a table and writes build/bench.json."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from benchmarks import lines
from benchmarks.board import ROOT
from benchmarks.lines import Line

RESULT = ROOT / "build" / "bench.json"

KINDS: dict[str, Callable[[lines.Measure, bool], Iterator[Line]]] = {
    "alone": lines.alone,
    "peer": lines.peer,
    "growth": lines.growth,
    "least": lines.least,
    "harness": lines.harness,
}


def measure(python: Path, module: str, *arguments: Any) -> dict[str, Any]:
    """The figures of a measurement in a process of its own. Raises ChildProcessError where it fails."""
    environment = os.environ | {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
    command = [str(each) for each in (python, "-m", module, *arguments)]
    done = subprocess.run(  # noqa: S603  # our own modules
        command, cwd=ROOT, capture_output=True, text=True, check=False, env=environment
    )
    if done.returncode:
        raise ChildProcessError(f"{module} failed: {done.stderr.strip()[-800:]}")
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


@click.command()
@click.argument("kinds", nargs=-1, type=click.Choice(sorted(KINDS)))
@click.option("--large", is_flag=True, help="Up to 1,000,000 records.")
def main(kinds: tuple[str, ...], *, large: bool) -> None:
    """Measure KINDS, or all."""
    console = Console()
    table = Table("what", "figure", "wanted", "met", "again with", title="Benchmarks")
    found: list[Line] = []
    for kind in kinds or KINDS:
        console.print(f"{kind} …", style="dim")
        for line in KINDS[kind](measure, large):
            found.append(line)
            table.add_row(line.what, line.figure, line.wanted, line.verdict, line.again)
    console.print(table)
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps([line.as_json() for line in found], indent=2) + "\n", encoding="utf-8")
    console.print(f"in full: {RESULT.relative_to(ROOT)}")
    sys.exit(0)


if __name__ == "__main__":
    main()

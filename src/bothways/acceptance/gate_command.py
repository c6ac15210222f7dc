"""The command `gate`, for `bothways.cli` to mount."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from bothways.acceptance import gate as gates
from bothways.acceptance.report.changes import read_result
from bothways.acceptance.report.shown import visible

BROKEN = 1


@click.command()
@click.argument("result", type=click.Path(path_type=Path))
@click.option("--rules", type=click.Path(path_type=Path), help="A gate.yaml, instead of the strict rules.")
def gate(*, result: Path, rules: Path | None) -> None:
    """Say of each rule whether the run in RESULT (a result.json) keeps it. Ends with 1 if one is broken."""
    rulings = gates.judge(read_result(result), gates.read(rules), gates.today())
    for ruling in rulings:
        click.echo(visible(f"{'kept  ' if ruling.kept else 'BROKEN'}  {ruling.rule}: {ruling.seen}"))
    if not all(ruling.kept for ruling in rulings):
        sys.exit(BROKEN)

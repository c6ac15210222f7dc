"""The command `scaffold`, for `bothways.cli` to mount."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from bothways.checklist.parse import parse
from bothways.checklist.scaffold.files import Outcome, name_of
from bothways.checklist.scaffold.files import scaffold as write_scaffold


@click.command()
@click.argument("checklist", type=click.Path(path_type=Path))
@click.option("--into", type=click.Path(path_type=Path, file_okay=False), default=Path(), show_default=".")
@click.option("--json", "as_json", is_flag=True, help="Files written, kept, differing as JSON.")
def scaffold(*, checklist: Path, into: Path, as_json: bool) -> None:
    """Write a mapping and features for CHECKLIST, and keep what people changed since an earlier time."""
    outcome = write_scaffold(parse(checklist), checklist.as_posix(), name_of(checklist), into)
    click.echo(json.dumps(asdict(outcome), ensure_ascii=False) if as_json else _told(outcome))


def _told(outcome: Outcome) -> str:
    lines = [f"written    {path}" for path in outcome.written]
    lines += [f"kept       {path}" for path in outcome.kept]
    for path, difference in outcome.differing.items():
        lines += [f"differing  {path}: yours is kept; the checklist now asks for this", difference.rstrip()]
    return "\n".join(lines)

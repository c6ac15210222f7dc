"""The commands `parse` and `lint`, for `bothways.cli` to mount."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import click
from rich.console import Console

from bothways.checklist import finding_formats, screen
from bothways.checklist.as_json import checklist_as_json, findings_as_json
from bothways.checklist.lint import lint as lint_checklist
from bothways.checklist.model import Checklist
from bothways.checklist.parse import parse as parse_checklist
from bothways.errors import ChecklistError

UNSOUND = 1
COULD_NOT_RUN = 3

FILES = click.argument(
    "files", metavar="FILE…", nargs=-1, required=True, type=click.Path(path_type=Path, allow_dash=False)
)


class Batch:
    """Files read one after another. One that can't be read gets its line on standard error and doesn't stop
    the rest."""

    def __init__(self, files: tuple[Path, ...]) -> None:
        self._files = files
        self.failed = False

    def checklists(self) -> Iterator[Checklist]:
        for file in self._files:
            try:
                yield parse_checklist(file)
            except ChecklistError as error:
                self.failed = True
                click.echo(f"bothways: {error}", err=True)


@click.command()
@FILES
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line and file.")
def parse(*, files: tuple[Path, ...], as_json: bool) -> None:
    """Read checklists, and show what they say."""
    batch = Batch(files)
    console = Console(highlight=False)
    for checklist in batch.checklists():
        if as_json:
            click.echo(json.dumps(checklist_as_json(checklist)))
        else:
            console.print(screen.overview(checklist))
    sys.exit(COULD_NOT_RUN if batch.failed else 0)


@click.command()
@FILES
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "sarif", "github"]),
    default="text",
    show_default=True,
)
def lint(*, files: tuple[Path, ...], form: str) -> None:
    """Find what checklists get wrong. Each code is explained in docs/findings.md."""
    batch = Batch(files)
    found = [(each.file, finding) for each in batch.checklists() for finding in lint_checklist(each)]
    match form:
        case "json":
            click.echo(json.dumps(findings_as_json(found)))
        case "sarif":
            click.echo(json.dumps(finding_formats.as_sarif(found)))
        case "github":
            click.echo(finding_formats.as_github(found), nl=bool(found))
        case _:
            click.echo(finding_formats.as_text(found), nl=bool(found))
    unsound = any(finding.severity == "error" for _, finding in found)
    sys.exit(COULD_NOT_RUN if batch.failed else UNSOUND if unsound else 0)

"""`bothways replay`: a history that the property tests found, once more."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import click

from bothways.acceptance import engines
from bothways.acceptance.contained import INTERRUPTIONS


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--engine", default=engines.CORE, show_default=True, help="The integration under test.")
def replay(*, file: Path, engine: str) -> None:
    """Run exactly the events in FILE, and say which rule they break. Exit code 1 if they do."""
    sys.path.insert(0, str(Path.cwd()))  # the property tests are modules of the project
    with INTERRUPTIONS.heard():
        kept, said = importlib.import_module("properties.replay").replay(
            file, engines.parse(engine).factory()
        )
    click.echo(said)
    sys.exit(0 if kept else 1)

"""The command `bothways calibrate`."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from bothways.acceptance import calibrate as calibrating
from bothways.acceptance import project
from bothways.acceptance.calibration import LAST, Calibration


@click.command()
@click.option("--only", multiple=True, metavar="ID", help="This fault; the outcome isn't kept then.")
@click.option("--matrix", is_flag=True, help="Find everything that notices a fault, not only the first.")
@click.option(
    "--seeds",
    type=click.IntRange(0),
    default=1,
    show_default=True,
    help="Runs of the core without a fault. Without any, the outcome isn't kept.",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def calibrate(*, only: tuple[str, ...], matrix: bool, seeds: int, form: str) -> None:
    """Run the suite against the core with one known fault each, and see which it notices.

    The outcome is kept for the sign-off in calibration/last.json. Ends with 1 if a fault goes unnoticed, or the
    core without a fault is refuted.
    """
    read = project.read(Path())
    faults = calibrating.planted(read.root, only)
    progress = Console(stderr=True, highlight=False)
    found = calibrating.calibrate(
        read, faults, seeds, lambda line: progress.print(line, soft_wrap=True), matrix=matrix
    )
    if seeds and not only:
        LAST.write_text(found.to_json(), encoding="utf-8")
    if form == "json":
        click.echo(found.to_json(), nl=False)
    else:
        _show(Console(highlight=False), found)
    sys.exit(0 if found.sound else 1)


def _show(console: Console, found: Calibration) -> None:
    if found.matrix:
        console.print(_matrix(found))
    live = [fault for fault in found.faults if fault.live]
    noticed = [fault for fault in live if fault.noticed]
    console.print(f"{len(noticed)} of {len(live)} planted faults were noticed", soft_wrap=True)
    for fault in found.faults:
        if not fault.live:
            console.print(f"  {fault.id} is not planted: {fault.reason}", soft_wrap=True)
        elif not fault.noticed:
            console.print(f"  {fault.id} {fault.name} was not noticed", soft_wrap=True)
    clean = found.clean
    console.print(f"the core without a fault, {clean.seeds} seeds: {clean.alarms} alarms", soft_wrap=True)
    for alarm in clean.raised:
        console.print(f"  {alarm}", soft_wrap=True)


def _matrix(found: Calibration) -> Table:
    """Which lines of the checklist guard against what."""
    items = sorted({item for fault in found.faults for item in fault.items})
    table = Table("Fault", *items, "Rules")
    for fault in found.faults:
        marks = ("×" if item in fault.items else "" for item in items)
        table.add_row(f"{fault.id} {fault.name}", *marks, " ".join(fault.rules))
    return table

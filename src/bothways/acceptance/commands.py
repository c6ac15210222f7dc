"""The commands of acceptance, for `bothways.cli` to mount."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

import click
from rich.console import Console

from bothways.acceptance import by_hand, engines, outputs, project, screen, shares
from bothways.acceptance.address import Address
from bothways.acceptance.attempts import attempt_in
from bothways.acceptance.conclude import conclude
from bothways.acceptance.drafted import project_of
from bothways.acceptance.formats.cucumber import ids
from bothways.acceptance.formats.github import announce
from bothways.acceptance.formats.markdown import to_markdown
from bothways.acceptance.repeat import told_as_one
from bothways.acceptance.report.changes import read_result
from bothways.acceptance.run import Order, Profile, selected_items, survey
from bothways.acceptance.trace import to_csv
from bothways.acceptance.trace import trace as trace_matrix
from bothways.acceptance.waivers import waivers_of

CHECKLIST = click.argument("checklist", type=click.Path(path_type=Path), default=project.DEFAULT_CHECKLIST)
MAPPING = click.option(
    "--mapping", type=click.Path(path_type=Path), help="Another mapping than the checklist's."
)


@click.command()
@CHECKLIST
@MAPPING
@click.option("--engine", default=engines.CORE, show_default=True, help="The integration under test.")
@click.option("--host", default=Address.host, show_default=True, help="What served systems listen on.")
@click.option(
    "--public-url", default="", metavar="URL", help="What an integration elsewhere calls the first system by."
)
@click.option(
    "--only", multiple=True, metavar="ITEM", help="Run what proves this item; the rest is UNPROVEN."
)
@click.option(
    "--profile", type=click.Choice([each.value for each in Profile]), default="quick", show_default=True
)
@click.option("--seed", type=int, default=0, show_default=True, help="What all random choices follow from.")
@click.option(
    "--repeat",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    help="Run so often, each time from the next seed.",
)
@click.option(
    "--waivers", type=click.Path(path_type=Path), help="Accepted exceptions, instead of waivers.yaml."
)
@click.option("--baseline", type=click.Path(path_type=Path), help="The result.json to compare with.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("out"), show_default=True)
def run(
    *,
    checklist: Path,
    mapping: Path | None,
    engine: str,
    host: str,
    public_url: str,
    only: tuple[str, ...],
    profile: str,
    seed: int,
    repeat: int,
    waivers: Path | None,
    baseline: Path | None,
    out: Path,
) -> None:
    """Test an integration against CHECKLIST, and give every line of it a verdict.

    A checklist without a mapping is drafted first: both systems on the generic contract, in a temporary folder.
    ENGINE is `core`, our reference engine, or an integration of yours: `python:MODULE:FACTORY` in this process;
    `command:ARGV`, a program that runs one cycle; `url:URL`, where `POST URL/sync` asks for a cycle; or `watch`, one
    that runs by itself. To all but the first two, both systems are served on loopback.
    """
    with project_of(Path(), checklist, mapping) as read:
        address = Address(host, public_url)
        order = Order(engines.parse(engine), seed, selected_items(read, only), Profile(profile), address)
        ids(read.root)  # a mistake there must not cost a run
        accepted, seen_by_hand = waivers_of(waivers), by_hand.read(read.root)
        before = read_result(baseline) if baseline else None
        outputs.prepare(out)
        console = Console(highlight=False)
        console.print(screen.preamble(read, order), soft_wrap=True)
        # pytest takes both streams for itself while tests run; what a person follows must go past it.
        with os.fdopen(os.dup(2), "w", encoding=sys.stderr.encoding) as past_pytest:
            progress = Console(file=past_pytest, force_terminal=sys.stderr.isatty() or None, highlight=False)
            with screen.Follower(progress).following() as follower:
                seeds = range(seed, seed + repeat)
                runs = [shares.execute(read, replace(order, seed=each), follower) for each in seeds]
        concluded = conclude(
            read, told_as_one(runs), accepted, attempt_in(out, read.checklist.title), seen_by_hand
        )
        outputs.write(concluded, out, before)
        screen.show(console, concluded, out)
        for line in announce(concluded, to_markdown(concluded, before), os.environ):
            click.echo(line)
        sys.exit(concluded.exit_code)


@click.command()
@CHECKLIST
@MAPPING
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True
)
def trace(*, checklist: Path, mapping: Path | None, form: str) -> None:
    """List what there is to prove each item of CHECKLIST, and each rule. Nothing is run."""
    read = project.read(Path(), checklist, mapping)
    records = survey(read, Order(engines.parse(engines.CORE), profile=Profile.CI))
    matrix = trace_matrix(read, records)
    match form:
        case "json":
            click.echo(matrix.to_json())
        case "csv":
            click.echo(to_csv(matrix, records), nl=False)
        case _:
            Console(highlight=False).print(screen.matrix(matrix, records))

"""The command `portfolio`, for `bothways.cli` to mount."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bothways.acceptance import engines, outputs
from bothways.acceptance.portfolio import tables
from bothways.acceptance.portfolio.crew import Crew, cluster, local
from bothways.acceptance.portfolio.entry import Entry, Job, Portfolio
from bothways.acceptance.portfolio.journal import Journal
from bothways.acceptance.run import Profile
from bothways.errors import InputError

PATTERNS = ("*.rst", "*.rst.txt")


@click.command()
@click.argument("paths", metavar="PATH…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--engine", default=engines.CORE, show_default=True, help="The integration under test.")
@click.option(
    "--profile", type=click.Choice([each.value for each in Profile]), default="quick", show_default=True
)
@click.option("--seed", type=int, default=0, show_default=True, help="What all random choices follow from.")
@click.option("--scheduler", metavar="ADDRESS", help="Run on the Dask cluster of this scheduler.")
@click.option("--resume", is_flag=True, help="Keep what DIR has of the same documents already.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("out/portfolio"), show_default=True)
def portfolio(
    *,
    paths: tuple[Path, ...],
    engine: str,
    profile: str,
    seed: int,
    scheduler: str | None,
    resume: bool,
    out: Path,
) -> None:
    """Run every checklist in PATH (files, or folders of them), and show what came of each."""
    engines.parse(engine)
    outputs.prepare(out)
    jobs = [_job(file, out, engine, profile, seed) for file in _files(paths)]
    workers: AbstractContextManager[Crew] = cluster(scheduler) if scheduler else nullcontext(local())
    with workers as crew:
        told = _run(jobs, crew, Journal(out), resume=resume)
    (out / "portfolio.json").write_text(told.to_json(), encoding="utf-8")
    (out / "portfolio.csv").write_text(tables.to_csv(told), encoding="utf-8")
    (out / "index.html").write_text(tables.to_html(told), encoding="utf-8")
    console = Console(highlight=False)
    console.print(tables.on_screen(told))
    console.print(f"\nAll of them in {out / 'index.html'}", markup=False, soft_wrap=True)
    sys.exit(told.exit_code)


def _files(paths: Sequence[Path]) -> list[Path]:
    """The files themselves, and all checklists below the folders, each once. Raises `InputError` for none."""
    found: dict[Path, None] = {}
    for path in paths:
        below = (
            sorted(file for pattern in PATTERNS for file in path.rglob(pattern)) if path.is_dir() else [path]
        )
        found |= dict.fromkeys(below)
    if not found:
        raise InputError(paths[0], None, f"no checklist there ({', '.join(PATTERNS)})")
    return list(found)


def _job(file: Path, out: Path, engine: str, profile: str, seed: int) -> Job:
    try:
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError:
        digest = ""  # the run itself says what is wrong with it
    return Job(
        root=Path.cwd(),
        file=file.as_posix(),
        path=file.resolve(),
        out=out.resolve(),
        engine=engine,
        profile=profile,
        seed=seed,
        sha256=digest,
    )


def _run(jobs: Sequence[Job], crew: Crew, journal: Journal, *, resume: bool) -> Portfolio:
    """Everything that isn't done yet, each kept as it ends; an interruption keeps what there is."""
    by_file = {job.file: job for job in jobs}
    if not resume:
        journal.begin()
    known = journal.done()
    done = {job.file: known[job] for job in jobs if job in known}
    interrupted = False
    try:
        for entry in _followed(crew.run([job for job in jobs if job.file not in done]), len(jobs), len(done)):
            done[entry.file] = entry
            journal.add(by_file[entry.file], entry)
    except KeyboardInterrupt:
        interrupted = True
    entries = [done[job.file] for job in jobs if job.file in done]
    return Portfolio(checklists=entries, interrupted=interrupted)


def _followed(entries: Iterator[Entry], total: int, before: int) -> Iterator[Entry]:
    """The entries, with a bar on a terminal while they come."""
    console = Console(stderr=True, highlight=False)
    columns = (TextColumn("Running"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=total, completed=before)
        for entry in entries:
            yield entry
            bar.advance(task)

"""A portfolio as a table: on a terminal, as CSV, as one HTML page that links each report."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator

from jinja2 import Environment, PackageLoader, StrictUndefined
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from bothways.acceptance.portfolio.entry import COULD_NOT_RUN, Entry, Portfolio
from bothways.acceptance.screen import STYLES, plain_text
from bothways.acceptance.verdict import RunVerdict

COLUMNS = (
    "file",
    "title",
    "verdict",
    "items",
    "failed",
    "unproven",
    "findings",
    "seconds",
    "report",
    "reason",
)
VERDICTS = (*(str(verdict) for verdict in RunVerdict), COULD_NOT_RUN)
LISTED = 20
"""So many checklists that aren't accepted are listed on a terminal; the page has them all."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def to_csv(portfolio: Portfolio) -> str:
    """A row for each checklist."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for entry in portfolio.checklists:
        writer.writerow([_harmless(getattr(entry, column)) for column in COLUMNS])
    return text.getvalue()


def _harmless(cell: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = str(cell)
    return f"'{text}" if text.startswith(FORMULA) else text


def to_html(portfolio: Portfolio) -> str:
    """One page without anything to load, worst first."""
    environment = Environment(
        loader=PackageLoader("bothways.acceptance.portfolio", "."), autoescape=True, undefined=StrictUndefined
    )
    return environment.get_template("page.html").render(
        entries=sorted(portfolio.checklists, key=_severity), counts=_counts(portfolio), portfolio=portfolio
    )


def on_screen(portfolio: Portfolio) -> RenderableType:
    """How many of each verdict, and the first that aren't accepted."""
    counts = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, show_header=False)
    for verdict, count in _counts(portfolio).items():
        counts.add_row(Text(verdict, STYLES.get(verdict, "bold red")), Text(str(count), justify="right"))
    return Group(counts, *_listed(portfolio))


def _listed(portfolio: Portfolio) -> Iterator[RenderableType]:
    odd = sorted((one for one in portfolio.checklists if one.exit_code), key=_severity)
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
    for column in ("Checklist", "Verdict"):
        table.add_column(column, overflow="fold")
    for column in ("Items", "Failed", "Unproven", "Findings"):
        table.add_column(column, justify="right")
    for entry in odd[:LISTED]:
        numbers = (entry.items, entry.failed, entry.unproven, entry.findings)
        verdict = Text(entry.verdict, STYLES.get(entry.verdict, "bold red"))
        table.add_row(plain_text(entry.file), verdict, *map(str, numbers))
    if odd:
        yield Text()
        yield table
    if len(odd) > LISTED:
        yield Text(f"and {len(odd) - LISTED} more that are not accepted")
    yield from (plain_text(f"{entry.file}: {entry.reason}") for entry in odd[:LISTED] if entry.reason)


def _counts(portfolio: Portfolio) -> dict[str, int]:
    counts = Counter(str(entry.verdict) for entry in portfolio.checklists)
    return {verdict: counts[verdict] for verdict in VERDICTS if counts[verdict]}


def _severity(entry: Entry) -> tuple[int, str]:
    return (3, 1, 2, 0).index(entry.exit_code), entry.file

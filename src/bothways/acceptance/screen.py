"""What a person sees of a run at the terminal."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console, Group, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from bothways.acceptance.conclude import Conclusion, unnamed_target
from bothways.acceptance.project import Project
from bothways.acceptance.record import Kind, Record
from bothways.acceptance.result import Failure
from bothways.acceptance.run import Order
from bothways.acceptance.trace import Trace
from bothways.acceptance.verdict import Judgement, RunVerdict, Verdict

STYLES: dict[str, str] = {
    Verdict.PASS: "green",
    Verdict.FAIL: "bold red",
    Verdict.UNPROVEN: "yellow",
    Verdict.WAIVED: "cyan",
    RunVerdict.ACCEPTED: "bold green",
    RunVerdict.ACCEPTED_WITH_EXCEPTIONS: "bold cyan",
    RunVerdict.REJECTED: "bold red",
    RunVerdict.INCOMPLETE: "bold yellow",
}


_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


class Follower:
    """Shows how far a run is: a bar on a terminal; elsewhere one line, and one for each failure."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bar = Progress(
            TextColumn("Running"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TextColumn("{task.description}", markup=False),
            console=console,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._task = self._bar.add_task("", total=None)

    @contextmanager
    def following(self) -> Iterator[Follower]:
        """Show the bar, on a terminal, while the block runs."""
        if not self._console.is_terminal:
            yield self
            return
        with self._bar:
            yield self

    def begin(self, total: int) -> None:
        """So many tests will run."""
        self._bar.update(self._task, total=total)
        if not self._console.is_terminal:
            self._console.print(f"Running {total} scenarios and property tests", highlight=False)

    def see(self, record: Record) -> None:
        """One has."""
        self._bar.update(
            self._task, advance=1, description=_cut(plain_text(record.name).plain, self._console.width - 48)
        )
        if record.verdict in (Verdict.FAIL, Verdict.UNPROVEN):
            line = Text.assemble(_verdict(record.verdict), plain_text(f" {record.name}"))
            self._console.print(line, highlight=False, soft_wrap=True)


def preamble(project: Project, order: Order) -> RenderableType:
    """What is about to be tested."""
    checklist, target = project.checklist, unnamed_target(project)
    title = f"{checklist.source_system or '(unnamed)'} to {checklist.target_system or '(unnamed)'} Dataflow"
    lines = [
        plain_text(title, style="bold"),
        plain_text(
            f"Checklist    {project.checklist_path}, generated {checklist.generated or 'at an unknown time'}"
        ),
        plain_text(f"Integration  {order.engine.label}, between simulated systems, seed {order.seed}"),
    ]
    if target:
        lines.append(plain_text(f"Target       unnamed in the checklist, here bound to {target.bound_to}"))
    return Group(*lines)


def show(console: Console, conclusion: Conclusion, out: Path) -> None:
    """Print the table of items, what failed, what is missing, where to read more, and the headline."""
    result = conclusion.result
    asked = [judgement for judgement in conclusion.judgements if _is_asked_for(judgement, conclusion)]
    console.print()
    console.print(_table(asked, conclusion, console.width))
    for failure in result.failures:
        console.print(_failure(failure))
        # Never broken into lines: it is there to be copied.
        console.print(plain_text(f"repeat  {failure.command}\n"), soft_wrap=True)
    for line in _unproven(asked):
        console.print(line)
    if others := len(conclusion.judgements) - len(asked):
        console.print(f"The other {others} items are UNPROVEN: they were not asked for.")
    for message in conclusion.run.broken:
        console.print(plain_text(f"Not collected: {message}", style="yellow"))
    if refuted := [rule.id for rule in result.rules if rule.verdict is Verdict.FAIL]:
        console.print(plain_text(f"Rules refuted, which weigh nothing by themselves: {', '.join(refuted)}"))
    if conclusion.run.interrupted:
        console.print(plain_text("Interrupted: this is what was seen until then.", style="bold yellow"))
    records = [record for record in conclusion.run.records if record.kind is not Kind.MANUAL]
    passed = sum(record.verdict is Verdict.PASS for record in records)
    console.print(
        plain_text(f"{passed} scenarios and property tests passed, in {conclusion.run.seconds:.1f} s")
    )
    if by_hand := len(conclusion.run.records) - len(records):
        console.print(plain_text(f"{by_hand} more proofs are what testers saw by hand"))
    console.print(plain_text(f"Report in {out / 'index.html'}, results for scripts beside it"))
    overall, _, rest = result.headline.partition(" · ")
    console.print(Text.assemble("\n", (overall, STYLES[result.verdict]), plain_text(f" · {rest}")))


def _is_asked_for(judgement: Judgement, conclusion: Conclusion) -> bool:
    only, id = conclusion.run.order.only, judgement.item.id
    return not only or id in only or id.rpartition(".")[0] in only


def _table(judgements: Sequence[Judgement], conclusion: Conclusion, width: int) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
    table.add_column("Item")
    table.add_column("What it says")
    table.add_column("Basis")
    table.add_column("Verdict")
    table.add_column("Proofs", justify="right")
    table.add_column("Limits", justify="right")
    room = max(min(width, 120) - 45, 16)
    headings = {section.number: section.heading for section in conclusion.project.checklist.sections}
    section = 0
    for judgement in judgements:
        if judgement.item.section != section:
            section = judgement.item.section
            heading = _cut(" ".join(headings[section].split()), room)
            table.add_row()
            table.add_row(plain_text(str(section), style="bold"), plain_text(heading, style="bold"))
        table.add_row(*_row(judgement, room))
    table.add_row()
    return table


def _row(judgement: Judgement, room: int) -> Iterator[RenderableType]:
    item = judgement.item
    text = " ".join(item.text.split())
    if item.kind == "property":
        text = f"  {item.properties[0]} ({text})" if item.properties else f"  {text}"
    yield item.id
    yield plain_text(_cut(text, room))
    yield str(item.basis)
    yield _verdict(judgement.verdict)
    yield str(sum(record.verdict is Verdict.PASS for record in judgement.evidence))
    yield str(len(item.limitations) or "")


def _verdict(verdict: Verdict) -> Text:
    return plain_text(str(verdict), style=STYLES.get(verdict, ""))


def _failure(failure: Failure) -> RenderableType:
    what = f"item {failure.item}" if failure.item else "a rule"
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, show_header=False)
    table.add_column(width=6)
    table.add_column(overflow="fold")
    table.add_row(plain_text("FAIL", STYLES[Verdict.FAIL]), plain_text(f"{what}: {failure.name}", "bold"))
    table.add_row("at", plain_text(f"{failure.step}\n{failure.evidence}".lstrip()))
    table.add_row("seen", plain_text(failure.message))
    return table


def _unproven(judgements: Sequence[Judgement]) -> Iterator[RenderableType]:
    for judgement in judgements:
        if judgement.verdict is Verdict.UNPROVEN and not judgement.item.rows:
            item = f"item {judgement.item.id}: {judgement.reason}"
            yield Text.assemble(("UNPROVEN ", STYLES[Verdict.UNPROVEN]), plain_text(item))


def matrix(trace: Trace, records: Sequence[Record]) -> RenderableType:
    """Each item and rule with the names of its scenarios and property tests."""
    names = {record.id: record.name for record in records}
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, show_header=False)
    for traced in (*trace.items, *trace.rules):
        evidence = [*traced.scenarios, *traced.properties]
        for number, id in enumerate(evidence):
            label = plain_text(traced.id, "bold") if number == 0 else Text()
            table.add_row(
                label, Text.assemble(plain_text(names[id]), plain_text(f"  {Path(id).name}", "dim"))
            )
        if not evidence:
            table.add_row(plain_text(traced.id, "bold"), plain_text("nothing", STYLES[Verdict.UNPROVEN]))
    return table


def plain_text(text: str, style: str = "") -> Text:
    """Text as it stands: no markup, and nothing that a terminal would obey."""
    return Text(_CONTROL.sub("\ufffd", text), style)


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: max(width - 1, 0)] + "…"

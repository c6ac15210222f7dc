"""A checklist on a terminal, for people; plain where the output is none."""

from __future__ import annotations

from collections import Counter

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bothways.checklist.model import Checklist, Item, Section, Side

UNNAMED = "(unnamed)"


def overview(checklist: Checklist) -> RenderableType:
    """What the checklist says, item by item; what was odd about it; and the account of its lines."""
    head = (
        f"{checklist.file}: {checklist.source_system or UNNAMED} to {checklist.target_system or UNNAMED},"
        f" generated {checklist.generated or 'at an unknown time'}"
    )
    items = list(checklist.items())
    sections = [
        _section(section, [i for i in items if i.section == section.number]) for section in checklist.sections
    ]
    odd = [Text(f"line {each.line}: {each.message} [{each.code}]") for each in checklist.findings]
    return Group(
        Text(checklist.title, style="bold"), Text(head), *sections, *odd, Text(_account(checklist, items))
    )


def _section(section: Section, items: list[Item]) -> RenderableType:
    table = Table.grid(padding=(0, 2))
    for style in ("cyan", "dim", ""):
        table.add_column(style=style, overflow="fold")
    for item in items:
        table.add_row(item.id, item.kind, Text(item.text))
    sides = f"{section.number}  {_side(section.source)} to {_side(section.target)}"
    return Group(Text(f"\n{sides}", style="bold"), Padding(table, (0, 0, 0, 2)))


def _side(side: Side) -> str:
    return f"{side.system} {side.datatype}".strip()


def _account(checklist: Checklist, items: list[Item]) -> str:
    understood = Counter(owner != "finding" for owner in checklist.lines.values())
    return f"\n{len(items)} items; {understood[True]} lines read, {understood[False]} not understood\n"

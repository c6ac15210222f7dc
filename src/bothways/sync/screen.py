"""What the commands of the core print."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bothways.sync.plan import Send
from bothways.sync.reconcile import Comparison
from bothways.sync.redaction import Redaction

Row = dict[str, Any]


def print_json(content: Any) -> None:
    """One line of JSON on standard output."""
    sys.stdout.write(json.dumps(content, default=str) + "\n")


def planned(sends: Iterable[Send], redaction: Redaction) -> list[Row]:
    """Planned writes as plain JSON, without values that nobody is to read."""
    return [
        {
            "system": send.system,
            "datatype": send.write.datatype,
            "id": send.write.id,
            "kind": send.write.kind.value,
            "body": {
                path: redaction.at(send.system, send.write.datatype, path, value)
                for path, value in send.write.body.items()
            },
        }
        for send in sends
    ]


def print_planned(rows: Sequence[Row]) -> None:
    """What a cycle would write."""
    if not rows:
        _print("Nothing would be written.")
        return
    table = _table("system", "datatype", "id", "would", "what")
    for row in rows:
        what = "\n".join(f"{path}: {_value(value)}" for path, value in row["body"].items())
        table.add_row(*_cells(row["system"], row["datatype"], row["id"] or "(new)", row["kind"], what))
    _print(table)
    _print(f"{len(rows)} would be written; what follows from these isn't known yet.")


def print_status(found: Row) -> None:
    """What asks for attention, then the figures."""
    columns = {
        "failing": ("system", "datatype", "id", "reason", "tries"),
        "uncrossed": ("system", "datatype", "id", "property", "value", "reason"),
        "orphans": ("system", "datatype", "id"),
        "collisions": ("system", "datatype", "id", "criterion", "value"),
        "unknown": ("write", "tries"),
        "cursors": ("system", "datatype", "cursor", "scanned_at"),
    }
    titles = {"uncrossed": "edits that can't cross", "unknown": "writes without an outcome"}
    for name, shown in columns.items():
        if rows := found.get(name):
            table = _table(*shown, title=titles.get(name, name))
            for row in rows:
                table.add_row(*_cells(*(row[column] for column in shown)))
            _print(table)
    _print(f"{found['linked']} linked, {found['cycles']} cycles")
    if last := found["last_cycle"]:
        _print("last cycle: " + ", ".join(f"{name} {value}" for name, value in last.items()))


def print_explanation(found: Row) -> None:
    """Each value, where it comes from, and what it beat."""
    table = _table("property", "value", "edited at", "where", "why")
    for name, version in found["properties"].items():
        for label, edit in [(name, version), *(("  beat", edit) for edit in version["beat"])]:
            table.add_row(
                *_cells(label, edit["value"], edit["edited_at"] or "unknown", edit["where"], edit["why"])
            )
    _print(table)


def print_differences(compared: Sequence[Comparison]) -> None:
    """Both sides of every flow: counts, then what is only here or there, and what differs."""
    counts = _table("source", "records", "target", "records", "matched", "differing values")
    for flow in compared:
        matched = "no criteria" if flow.matched is None else flow.matched
        counts.add_row(
            *_cells(flow.source, flow.sources, flow.target, flow.targets, matched, len(flow.differences))
        )
    _print(counts)
    rows = [row for flow in compared for row in _difference_rows(flow)]
    if rows:
        table = _table(*COLUMNS)
        for row in rows:
            table.add_row(*_cells(*row))
        _print(table)


def print_differences_as_csv(compared: Sequence[Comparison]) -> None:
    """One line for each record on one side only, for each key of several records, for each differing value."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(COLUMNS)
    for flow in compared:
        writer.writerows([_value(cell) for cell in row] for row in _difference_rows(flow))


COLUMNS = (
    "source",
    "target",
    "what",
    "key",
    "source_id",
    "target_id",
    "property",
    "source_value",
    "target_value",
)


def _difference_rows(flow: Comparison) -> list[tuple[Any, ...]]:
    sides = (str(flow.source), str(flow.target))
    return [
        *((*sides, "only in source", key, id, "", "", "", "") for id, key in flow.only_source.items()),
        *((*sides, "only in target", key, "", id, "", "", "") for id, key in flow.only_target.items()),
        *((*sides, "several records", key, "", "", "", "", "") for key in flow.several),
        *(
            (*sides, "differs", "", each.source_id, each.target_id, each.property, each.source, each.target)
            for each in flow.differences
        ),
    ]


def _table(*columns: str, title: str | None = None) -> Table:
    table = Table(*columns, title=title, title_justify="left")
    for column in table.columns:
        column.overflow = "fold"
    return table


def _cells(*values: Any) -> list[Text]:
    """As plain text: a value from a system is no markup."""
    return [Text(_value(value)) for value in values]


def _value(value: Any) -> str:
    """As it is for text without control characters, else as JSON."""
    if value is None:
        return ""
    text = str(value) if not isinstance(value, dict | list | bool) else json.dumps(value)
    return "".join(char if char.isprintable() or char == "\n" else repr(char)[1:-1] for char in text)


def _print(what: Any) -> None:
    Console(highlight=False, markup=False, soft_wrap=isinstance(what, str)).print(what)

"""Checklists and findings as JSON, in the shapes that others script against (`schemas/parse.schema.json`,
`schemas/lint.schema.json`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from bothways.checklist.model import Checklist, Finding, Section


def checklist_as_json(checklist: Checklist) -> dict[str, Any]:
    """A checklist as `bothways parse --json` shows it. `lines` maps each element to the lines that belong
    to it."""
    lines = defaultdict(list)
    for line, owner in checklist.lines.items():
        lines[owner].append(line)
    return {
        "file": checklist.file,
        "title": checklist.title,
        "source_system": checklist.source_system,
        "target_system": checklist.target_system,
        "generated": checklist.generated,
        "sections": [_section_as_json(section) for section in checklist.sections],
        "findings": [asdict(found) for found in checklist.findings],
        "lines": lines,
    }


def findings_as_json(found: Sequence[tuple[str, Finding]]) -> dict[str, Any]:
    """Findings, each with its file, as `bothways lint --format json` shows them."""
    return {
        "findings": [
            {
                "code": each.code,
                "severity": each.severity,
                "file": file,
                "line": each.line,
                "message": each.message,
                "advice": each.advice,
            }
            for file, each in found
        ]
    }


def _section_as_json(section: Section) -> dict[str, Any]:
    """What a statement's kind doesn't hold is left out."""
    plain = asdict(section)
    for statement in plain["statements"]:
        if statement["kind"] != "when":
            del statement["condition"]
        if statement["kind"] != "created_if_connected":
            del statement["datatypes"], statement["target"]
    return plain

"""Reads a checklist. Nothing is dropped: each line that isn't blank belongs to one element, or to a
finding."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

from bothways.checklist.account import Account
from bothways.checklist.blocks import read_blocks
from bothways.checklist.model import Checklist
from bothways.checklist.naming import name_sides
from bothways.checklist.outline import read_outline
from bothways.checklist.sections import SectionReading
from bothways.errors import ChecklistError


def parse(path: str | Path) -> Checklist:
    """The checklist in that file. Raises ChecklistError: no such file, not readable, not UTF-8, not a
    checklist."""
    try:
        content = Path(path).read_bytes()
    except (OSError, ValueError) as error:
        raise ChecklistError(
            path, None, f"can't be read: {getattr(error, 'strerror', None) or error}"
        ) from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ChecklistError(path, line, f"not UTF-8: byte 0x{content[error.start]:02x}") from error
    return parse_text(text, os.fsencode(path).decode(errors="replace"))


def parse_text(text: str, file: str) -> Checklist:
    """The checklist in that text; `file` names it in results. Raises ChecklistError if the text isn't a
    checklist."""
    account = Account()
    outline = read_outline(read_blocks(text), account)
    if outline is None:
        raise ChecklistError(file, 1, "not a checklist: no title `<Source> to <Target> Dataflow`")
    naming = name_sides(outline, account)
    occurrences: Counter[tuple[str, ...]] = Counter()
    sections = tuple(
        SectionReading(number, draft, names, account, occurrences).read()
        for number, (draft, names) in enumerate(zip(outline.drafts, naming.sections, strict=True), 1)
    )
    return Checklist(
        file=file,
        title=outline.title,
        source_system=naming.source_system,
        target_system=naming.target_system,
        generated=outline.generated,
        sections=sections,
        findings=account.findings,
        line=outline.line,
        lines=account.lines,
    )

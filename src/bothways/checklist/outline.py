"""The outline of a document: its title, date and flow sections, each section still a list of blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from bothways.checklist.account import Account
from bothways.checklist.blocks import Block
from bothways.checklist.headings import split_title
from bothways.checklist.statements import Sentence, read_sentence

GENERATED = re.compile(r"Generated: *(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)$")
INTRODUCTION = re.compile(r" *Introduction\.*$")
PROPERTY_COLUMN = re.compile(r" Property$")
DATA_TYPE_COLUMN = re.compile(r" ?Data Type$")


@dataclass
class Draft:
    """A flow section before the document's names are known."""

    heading: str
    line: int
    blocks: list[Block] = field(default_factory=list)

    def sentences(self) -> Iterator[Sentence]:
        """The sentences that have one of the forms."""
        for block in self.blocks:
            if block.kind == "paragraph":
                yield from filter(None, (read_sentence(line) for line in block.lines))

    def headers(self) -> list[list[str]]:
        """The header of each table, those of three columns first: they name the sides most reliably."""
        return sorted((block.table.header for block in self.blocks if block.table), key=len, reverse=True)

    def record_types(self) -> Iterator[tuple[str, str]]:
        """The pairs of record types that table headers and sentences name, most reliable first."""
        for header in self.headers():
            if len(header) >= 2:
                yield PROPERTY_COLUMN.sub("", header[0]), PROPERTY_COLUMN.sub("", header[1])
        for sentence in self.sentences():
            if sentence.source is not None and sentence.target is not None:
                yield sentence.source, sentence.target

    def target_systems(self) -> Iterator[str]:
        """What the third column's header names as the target system ("" if blank), then what the sentences
        name."""
        for header in self.headers():
            if len(header) == 3 and DATA_TYPE_COLUMN.search(header[2]):
                yield DATA_TYPE_COLUMN.sub("", header[2]).strip()
        for sentence in self.sentences():
            if sentence.into is not None:
                yield sentence.into


@dataclass
class Outline:
    """`readings`: the ways to read the title as two systems, at least one."""

    title: str
    line: int
    readings: list[tuple[str, str]]
    generated: str | None = None
    drafts: list[Draft] = field(default_factory=list)


def read_outline(blocks: list[Block], account: Account) -> Outline | None:
    """The outline, with all that stands outside flow sections accounted for; None if no heading is a
    checklist's title."""
    title = next((block for block in blocks if block.kind == "heading" and split_title(block.heading)), None)
    if title is None:
        return None
    outline = Outline(title.heading.strip(), title.heading_line, split_title(title.heading))
    place = ""
    for block in blocks:
        if block is title:
            place = "title"
        elif block.kind == "heading" and INTRODUCTION.match(block.heading):
            place = "introduction"
        elif block.kind == "heading":
            outline.drafts.append(Draft(block.heading, block.heading_line))
            place = str(len(outline.drafts))
        if block.kind == "heading":
            account.own(block.numbers(), place)
            _check_underline(block, account)
        elif place == "introduction" and block.kind == "paragraph":
            account.own(block.numbers(), place)
        elif place in ("", "title", "introduction"):
            outline.generated = _read_date(block, account) or outline.generated
        else:
            outline.drafts[-1].blocks.append(block)
    return outline


def _check_underline(block: Block, account: Account) -> None:
    missing = len(block.heading.strip()) - len(block.lines[-1])
    if missing > 0:
        account.find(
            "short-underline", block.heading_line + 1, f"{missing} short of “{block.heading.strip()}”"
        )


def _read_date(block: Block, account: Account) -> str | None:
    """The date of a block that is nothing else. Any other line is reported."""
    lines = list(block.numbered())
    match = GENERATED.match(lines[0][1].strip())
    if match is None or not _is_date(match[1]):
        account.not_understood(lines)
        return None
    account.own([lines[0][0]], "generated")
    account.not_understood(lines[1:])
    return match[1]


def _is_date(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True

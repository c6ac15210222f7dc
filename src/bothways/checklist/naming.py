"""Which systems and datatypes a document speaks of: its title and headings split, with all of it as
evidence."""

from __future__ import annotations

from dataclasses import dataclass

from bothways.checklist.account import Account
from bothways.checklist.headings import common_start, folded, split_heading, split_side
from bothways.checklist.model import Side
from bothways.checklist.outline import Draft, Outline


@dataclass(frozen=True)
class SectionNames:
    """A section's two sides, and the record types that they stand for: system and datatype in one, as its
    statements name them. None where no telling which "to" parts the heading."""

    source: Side
    target: Side
    record_types: tuple[str, str] | None


@dataclass(frozen=True)
class Naming:
    """The two systems as the title writes them, and the names of each section."""

    source_system: str
    target_system: str
    sections: tuple[SectionNames, ...]


def name_sides(outline: Outline, account: Account) -> Naming:
    """Split the title and all headings. What can't be split is kept whole, as a datatype, and reported."""
    drafts = outline.drafts
    parted = [split_heading(draft.heading, draft.record_types()) for draft in drafts]
    columns = [next(draft.target_systems(), None) for draft in drafts]
    source, target = _read_title(outline, parted, columns, account)
    others = list(dict.fromkeys(name for name in (source, target, *columns) if name))
    sources = [source, *others, *common_start(pair[0] for pair in parted if pair)]
    targets = [target, *others, *common_start(pair[1] for pair in parted if pair)]
    sections = []
    for draft, pair, column in zip(drafts, parted, columns, strict=True):
        if pair is None:
            account.find("heading-without-split", draft.line, "no telling which “to” parts its two sides")
            sections.append(SectionNames(Side("", draft.heading.strip()), Side("", ""), None))
        else:
            source_side = _side(pair[0], sources, draft, account)
            sections.append(
                SectionNames(source_side, _target_side(pair[1], column, targets, draft, account), pair)
            )
    return Naming(source, target, tuple(sections))


def _target_side(
    record_type: str, column: str | None, systems: list[str], draft: Draft, account: Account
) -> Side:
    """The third column names the system most reliably, also where it leaves it blank."""
    if column == "":
        return Side("", record_type.strip())
    return _side(record_type, [column, *systems] if column else systems, draft, account)


def _side(record_type: str, systems: list[str], draft: Draft, account: Account) -> Side:
    side = split_side(record_type, systems)
    if side is None:
        side = Side("", record_type.strip())
        account.find(
            "heading-without-split", draft.line, f"no telling system and datatype apart in “{side.datatype}”"
        )
    return side


def _read_title(
    outline: Outline,
    parted: list[tuple[str, str] | None],
    columns: list[str | None],
    account: Account,
) -> tuple[str, str]:
    """The reading of the title that most sections bear out; the first, reported, if none stands out."""

    def borne_out(reading: tuple[str, str]) -> int:
        source, target = map(folded, reading)
        return sum(
            (pair is not None and folded(pair[0]).startswith(source))
            + (column is not None and folded(column) == target)
            for pair, column in zip(parted, columns, strict=True)
        )

    ranked = sorted(outline.readings, key=borne_out, reverse=True)
    if len(ranked) > 1 and borne_out(ranked[0]) == borne_out(ranked[1]):
        account.find(
            "heading-without-split", outline.line, "no telling which “to” parts the title's two systems"
        )
    return ranked[0]

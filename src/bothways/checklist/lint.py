"""What a checklist gets wrong: the findings of its reading, and what only shows when its lines are
compared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from bothways.checklist.datatypes.declared import read_data_type
from bothways.checklist.findings import finding
from bothways.checklist.headings import folded
from bothways.checklist.model import Checklist, Finding, Property, Section, Side, Statement

Key = TypeVar("Key")
Member = TypeVar("Member")


def lint(checklist: Checklist) -> tuple[Finding, ...]:
    """All findings about a checklist, by line."""
    found = [*checklist.findings, *(each for check in CHECKS for each in check(checklist))]
    return tuple(sorted(found, key=lambda each: each.line))


def unnamed_systems(checklist: Checklist) -> Iterator[Finding]:
    for side, name in (("source", checklist.source_system), ("target", checklist.target_system)):
        if not name:
            yield finding("unnamed-system", checklist.line, f"the title names no {side} system")


def no_sections(checklist: Checklist) -> Iterator[Finding]:
    if not checklist.sections:
        yield finding("no-sections", checklist.line, "the document has no flow sections")


def sections_without_properties(checklist: Checklist) -> Iterator[Finding]:
    for section in checklist.sections:
        if not section.properties:
            yield finding(
                "section-without-properties", section.line, f"“{section.heading}” lists no property"
            )


def repeated_sections(checklist: Checklist) -> Iterator[Finding]:
    seen: dict[str, Section] = {}
    for section in checklist.sections:
        original = seen.setdefault(" ".join(section.heading.split()), section)
        if original is not section:
            message = f"“{section.heading}” is section {original.number} already (line {original.line})"
            yield finding("repeated-section", section.line, message)


def contested_targets(checklist: Checklist) -> Iterator[Finding]:
    """Target properties that several source properties of their section feed."""
    for section in checklist.sections:
        for target, rows in _grouped((row.target, row) for row in section.properties if row.target).items():
            sources = list(dict.fromkeys(row.source or "(blank)" for row in rows))
            if len(sources) > 1:
                other = next(row for row in rows if row.source != rows[0].source)
                yield finding("contested-target", other.line, f"{target} is fed by {', '.join(sources)}")


def conflicting_data_types(checklist: Checklist) -> Iterator[Finding]:
    """Target properties that two sections type differently, expressions of one meaning being alike."""
    typed = (
        ((section.target, row.target), (section, row))
        for section in checklist.sections
        for row in section.properties
        if row.target and read_data_type(row.data_type).declared
    )
    for (_, target), places in _grouped(typed).items():
        (first_section, first_row), *others = places
        for section, row in others:
            if section is not first_section and _type_of(row) != _type_of(first_row):
                message = (
                    f"{target} is {row.data_type} here and {first_row.data_type} at line {first_row.line}"
                )
                yield finding("conflicting-data-types", row.line, message)
                break


def unavailable_data_types(checklist: Checklist) -> Iterator[Finding]:
    for section in checklist.sections:
        for row in section.properties:
            if row.data_type == "N/A":
                yield finding(
                    "unavailable-data-type", row.line, f"no data type for {row.target or '(blank)'}"
                )


def unsynchronised_criteria(checklist: Checklist) -> Iterator[Finding]:
    """Merge criteria on properties that no section of the same two sides lists."""
    synchronised: dict[tuple[Side, Side], set[tuple[str, str]]] = defaultdict(set)
    for section in checklist.sections:
        for row in section.properties:
            synchronised[section.source, section.target] |= {("source", row.source), ("target", row.target)}
    for section in checklist.sections:
        for criterion in section.criteria:
            named = (("source", criterion.source), ("target", criterion.target))
            missing = [name for name in named if name not in synchronised[section.source, section.target]]
            if missing:
                names = " and ".join(name or "(blank)" for _, name in missing)
                yield finding("unsynchronised-criterion", criterion.line, f"not synchronised: {names}")


def impossible_creations(checklist: Checklist) -> Iterator[Finding]:
    """`created if connected to` statements that no record can ever satisfy: no section synchronises what
    they ask for, or only sections that wait for each other do."""
    reachable = _reachable(checklist)
    for section in checklist.sections:
        for statement in _conditions(section):
            wanted = [other for other in checklist.sections if _satisfies(other.source, section, [statement])]
            asked = ", ".join(statement.datatypes)
            if not wanted:
                yield finding("unsynchronised-connection", statement.line, f"no section synchronises {asked}")
            elif section.number not in reachable:
                numbers = ", ".join(str(each.number) for each in wanted)
                yield finding(
                    "circular-creation", statement.line, f"{asked} (section {numbers}) waits in turn"
                )


def _reachable(checklist: Checklist) -> set[int]:
    """The sections in which some record can come to be synchronised: without a condition on creation, or
    because it may be linked otherwise, or because a record of a reachable section satisfies the condition."""
    reachable: set[int] = set()
    crossing: set[Side] = set()
    grown = True
    while grown:
        waiting = [section for section in checklist.sections if section.number not in reachable]
        open_ones = [
            section
            for section in waiting
            if _is_open(section) or any(_satisfies(side, section, _conditions(section)) for side in crossing)
        ]
        reachable |= {section.number for section in open_ones}
        crossing |= {section.source for section in open_ones}
        grown = bool(open_ones)
    return reachable


def _conditions(section: Section) -> list[Statement]:
    return [statement for statement in section.statements if statement.kind == "created_if_connected"]


def _is_open(section: Section) -> bool:
    """Whether records may be created there without a condition, or be linked without being created."""
    linking = {"link_required", "merge_if_match", "merge_criteria"}
    return not _conditions(section) or any(statement.kind in linking for statement in section.statements)


def _satisfies(side: Side, section: Section, conditions: list[Statement]) -> bool:
    """Whether records of a side are what conditions of a section ask for: by their datatype, with or without the
    system, in the system that the section starts from."""
    asked = {folded(datatype) for statement in conditions for datatype in statement.datatypes}
    names = {folded(side.datatype), folded(side.system + side.datatype)}
    return side.system == section.source.system and bool(asked & names)


def _type_of(row: Property) -> str:
    return read_data_type(row.data_type).written


def _grouped(pairs: Iterable[tuple[Key, Member]]) -> dict[Key, list[Member]]:
    groups: dict[Key, list[Member]] = defaultdict(list)
    for key, member in pairs:
        groups[key].append(member)
    return groups


CHECKS: tuple[Callable[[Checklist], Iterator[Finding]], ...] = (
    unnamed_systems,
    no_sections,
    sections_without_properties,
    repeated_sections,
    contested_targets,
    conflicting_data_types,
    unavailable_data_types,
    unsynchronised_criteria,
    impossible_creations,
)

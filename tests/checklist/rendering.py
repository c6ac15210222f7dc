"""Writes a planned checklist as the generator of the family does, and says what reading it must give."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

from bothways.checklist.model import Checklist, Criterion, Property, Section, Statement, item_key
from tests.checklist.documents import Document, Flow, Row, record_type


@dataclass
class Rendering:
    """A document's text so far, what its lines belong to, and the (code, line) of what reading must report."""

    short: bool
    lines: list[str] = field(default_factory=list)
    owners: dict[int, str] = field(default_factory=dict)
    oddities: list[tuple[str, int]] = field(default_factory=list)
    alike: Counter[tuple[str, ...]] = field(default_factory=Counter)

    def write(self, text: str, owner: str) -> int:
        """Add a line; its number."""
        self.lines.append(text)
        self.owners[len(self.lines)] = owner
        return len(self.lines)

    def blank(self) -> None:
        self.lines.append("")

    def heading(self, text: str, owner: str) -> int:
        number = self.write(text, owner)
        marks = len(text) - self.short
        self.write("-" * marks, owner)
        if marks < len(text.strip()):
            self.oddities.append(("short-underline", number + 1))
        return number

    def key(self, kind: str, flow: Flow, text: str) -> str:
        alike = (kind, flow.source.datatype, flow.target.datatype, " ".join(text.split()))
        self.alike[alike] += 1
        return item_key(*alike, self.alike[alike])


def render(document: Document) -> tuple[str, Checklist, list[tuple[str, int]]]:
    """The text, what reading it must give (its findings apart), and the (code, line) of those."""
    page = Rendering(document.short)
    title = f"{document.source_system} to {document.target_system} Dataflow"
    for text in ("=" * len(title), title, "=" * len(title)):
        page.write(text, "title")
    page.blank()
    page.write(f"Generated: {document.generated}", "generated")
    page.blank()
    page.heading("Introduction", "introduction")
    page.blank()
    for sentence in document.introduction:
        page.write(sentence, "introduction")
        page.blank()
    sections = [SectionWriter(page, number, flow).section() for number, flow in enumerate(document.flows, 1)]
    checklist = Checklist(
        file="ours.rst",
        title=title.strip(),
        source_system=document.source_system,
        target_system=document.target_system,
        generated=document.generated,
        sections=tuple(sections),
        findings=(),
        line=2,
        lines=page.owners,
    )
    return "\n".join(page.lines) + "\n", checklist, sorted(page.oddities, key=lambda each: each[1])


class SectionWriter:
    """Writes one section and collects what reading it must give."""

    def __init__(self, page: Rendering, number: int, flow: Flow) -> None:
        self.page, self.number, self.flow = page, number, flow
        self.source, self.target = record_type(flow.source), record_type(flow.target)
        self.statements: list[Statement] = []

    def section(self) -> Section:
        heading = f"{self.source} to {self.target}"
        line = self.page.heading(heading, str(self.number))
        self._opening()
        self._creation()
        criteria = self._criteria() if self.flow.criteria else ()
        self._say(
            "stays_in_sync",
            f"Once a link between a {self.source} and a {self.target} is established, it will keep in sync"
            " between the two systems, regardless of where it is edited.",
        )
        self.page.blank()
        properties = self._properties()
        return Section(
            number=self.number,
            heading=heading.strip(),
            line=line,
            source=self.flow.source,
            target=self.flow.target,
            statements=tuple(self.statements),
            criteria=criteria,
            properties=properties,
        )

    def _say(self, kind: str, text: str, **held: Any) -> Statement:
        id = f"{self.number}.{len(self.statements) + 1}"
        line = self.page.write(text, id)
        self.statements.append(Statement(id, self.page.key(kind, self.flow, text), kind, text, line, **held))
        if kind == "note":
            self.page.oddities.append(("leaked-note", line))
        return self.statements[-1]

    def _opening(self) -> None:
        source, target, words = self.source, self.target, self.flow.words
        match self.flow.opening:
            case "every":
                self._say("every", f"Every {source} will be synchronized with a {target}.")
            case "when":
                text = f"When a {source} {words}, it  will be synchronized with a {target}."
                self._say("when", text, condition=words)
            case "note":
                self._say("note", f"{words}, it  will be synchronized with a {target}.")
            case "link_required":
                self._say(
                    "link_required",
                    f"Before any synchronization can take place, a link between a {source} and a {target}"
                    " must be established.",
                )
        self.page.blank()

    def _creation(self) -> None:
        flow, source, target = self.flow, self.source, self.target
        if flow.connected:
            self._say(
                "created_if_connected",
                f"A new {target} will be created from a {source} if it is connected to a"
                f" {listed(flow.connected)} that is synchronized into {flow.target.system}.",
                datatypes=flow.connected,
                target=flow.target.system,
            )
            self.page.blank()
        if flow.merges:
            self._say(
                "merge_if_match",
                f"If a matching {target} already exists, the {source} will be merged with the existing one.",
            )
        if flow.creates:
            self._say(
                "create_if_no_match", f"If no matching {target} is found, a new {target} will be created."
            )
        self.page.blank()

    def _criteria(self) -> tuple[Criterion, ...]:
        id = self._say(
            "merge_criteria",
            f"A {self.source} will merge with a {self.target} if one of the following property combinations"
            " match:",
        ).id
        self._table(id, f"{self.source} Property", f"{self.target} Property")
        criteria = []
        for source, target in self.flow.criteria:
            line = self._row(id, source, target)
            criteria.append(Criterion(source, target, line))
        self.page.blank()
        return tuple(criteria)

    def _properties(self) -> tuple[Property, ...]:
        id = self._say(
            "properties",
            f"The following properties are synchronized between a {self.source} and a {self.target}:",
        ).id
        system = self.flow.target.system
        self._table(id, f"{self.source} Property", f"{self.target} Property", f"{system} Data Type")
        rows = tuple(self._property(f"{id}.{n}", row) for n, row in enumerate(self.flow.rows, 1))
        self.page.blank()
        self.page.blank()
        return rows

    def _property(self, id: str, row: Row) -> Property:
        cells = [row.source, row.target, row.data_type]
        for dependency in row.dependencies:
            cells[dependency.side == "target"] += (
                f" (Dependant on having {dependency.value} in {dependency.path})"
            )
        line = self._row(id, *cells[: 2 if row.spilled else 3])
        if row.spilled:
            self.page.oddities.append(("lost-cell-marker", self.page.write(row.data_type, id)))
        if row.oddity:
            self.page.oddities.append((row.oddity, len(self.page.lines)))
        key = self.page.key("property", self.flow, " | ".join(cell.strip() for cell in cells))
        return Property(id, key, row.source, row.target, row.data_type, row.dependencies, line)

    def _table(self, owner: str, *header: str) -> None:
        self.page.blank()
        self.page.write(".. list-table::", owner)
        self.page.write("   :header-rows: 1", owner)
        self.page.blank()
        self._row(owner, *header)

    def _row(self, owner: str, first: str, *others: str) -> int:
        line = self.page.write(f"   * - {first}", owner)
        for cell in others:
            self.page.write(f"     - {cell}", owner)
        return line


def listed(names: tuple[str, ...]) -> str:
    """ "A", "A or B", "A, B, or C"."""
    if len(names) < 3:
        return " or ".join(names)
    return ", ".join(names[:-1]) + f", or {names[-1]}"


def without_findings(checklist: Checklist) -> Checklist:
    """A reading to compare with what `render` expects."""
    return replace(checklist, findings=())

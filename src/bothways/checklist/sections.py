"""Reads one flow section: its statements, and the rows of their tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bothways.checklist.account import Account
from bothways.checklist.blocks import Block
from bothways.checklist.datatypes.declared import read_data_type
from bothways.checklist.model import Criterion, Dependency, Property, Section, Statement, item_key
from bothways.checklist.naming import SectionNames
from bothways.checklist.outline import Draft
from bothways.checklist.properties import read_property
from bothways.checklist.statements import NO_FORM, Sentence, read_sentences
from bothways.checklist.tables import DATA_TYPE, Row, Table

COLUMNS = {"merge_criteria": 2, "properties": 3}
"""How many columns the table of such a statement has."""


class SectionReading:
    """One section being read. `occurrences` counts items alike over the whole document."""

    def __init__(
        self,
        number: int,
        draft: Draft,
        names: SectionNames,
        account: Account,
        occurrences: Counter[tuple[str, ...]],
    ) -> None:
        self.number = number
        self.draft = draft
        self.names = names
        self.account = account
        self.occurrences = occurrences
        self.statements: list[Statement] = []
        self.criteria: list[Criterion] = []
        self.properties: list[Property] = []
        self.due: Statement | None = None
        """The statement whose table must follow."""

    def read(self) -> Section:
        for block in self.draft.blocks:
            if block.kind == "paragraph":
                self._read_paragraph(block)
            elif block.table and self.due:
                self._read_table(block.table, self.due)
            else:
                self.account.not_understood(block.numbered())
        return Section(
            number=self.number,
            heading=self.draft.heading.strip(),
            line=self.draft.line,
            source=self.names.source,
            target=self.names.target,
            statements=tuple(self.statements),
            criteria=tuple(self.criteria),
            properties=tuple(self.properties),
        )

    def _read_paragraph(self, block: Block) -> None:
        """Its sentences. Lines that have no form, up to the next that has one, are a note."""
        for lines, sentence in read_sentences(list(block.numbered())):
            if sentence is NO_FORM and DATA_TYPE.match(lines[0][1]):
                self.account.not_understood(lines)
            else:
                self._add_statement(lines, sentence)

    def _add_statement(self, lines: Sequence[tuple[int, str]], sentence: Sentence) -> None:
        id = f"{self.number}.{len(self.statements) + 1}"
        text = " ".join(line.strip() for _, line in lines)
        statement = Statement(
            id=id,
            key=self._key(sentence.kind, text),
            kind=sentence.kind,
            text=text,
            line=lines[0][0],
            condition=self._condition(sentence),
            datatypes=sentence.connected,
            target=sentence.into,
        )
        self.statements.append(statement)
        self.due = statement if statement.kind in COLUMNS else None
        self.account.own((number for number, _ in lines), id)
        if sentence.kind == "note":
            self.account.find("leaked-note", statement.line, f"a note, not a statement: {text}")
        elif self.names.record_types and not sentence.speaks_of(*self.names.record_types):
            self.account.find("other-record-types", statement.line, f"not about these two sides: {text}")

    def _condition(self, sentence: Sentence) -> str | None:
        """What a `when` says of its source record type; all of it where the record type is not the
        heading's."""
        if sentence.kind != "when":
            return None
        source = " ".join(self.names.record_types[0].split()) if self.names.record_types else ""
        return sentence.whole.removeprefix(f"{source} ")

    def _read_table(self, table: Table, statement: Statement) -> None:
        self.due = None
        self.account.own(table.frame, statement.id)
        self.account.not_understood(table.strays)
        for count, row in enumerate(table.rows):
            self._check_width(row, COLUMNS[statement.kind])
            if count == 0:
                self.account.own(row.lines, statement.id)
            elif statement.kind == "properties":
                self._add_property(row, f"{statement.id}.{count}")
            else:
                self._add_criterion(row, statement.id)

    def _check_width(self, row: Row, columns: int) -> None:
        if len(row.cells) != columns:
            shown = " | ".join(cell.strip() for cell in row.cells)
            self.account.find("incomplete-row", row.line, f"{len(row.cells)} of {columns} cells: {shown}")

    def _add_property(self, row: Row, id: str) -> None:
        source, target, data_type = self._cells(row, 3)
        source_path, target_path, dependencies = self._read_pair(row, source, target)
        self.properties.append(
            Property(
                id=id,
                key=self._key("property", " | ".join((source, target, data_type))),
                source=source_path,
                target=target_path,
                data_type=data_type,
                dependencies=dependencies,
                line=row.line,
            )
        )
        self.account.own(row.lines, id)
        if row.spilled:
            self.account.find("lost-cell-marker", row.lines[-1], f"outside its table: {data_type}")
        self._check_data_type(row.lines[-1], data_type)

    def _check_data_type(self, line: int, cell: str) -> None:
        data_type = read_data_type(cell)
        if data_type.problem:
            self.account.find("unreadable-data-type", line, f"{cell}: {data_type.problem}")
        elif data_type.repaired:
            self.account.find("damaged-data-type", line, f"{cell}, read as {data_type.written}")

    def _add_criterion(self, row: Row, statement: str) -> None:
        source, target, dependencies = self._read_pair(row, *self._cells(row, 2))
        self.criteria.append(Criterion(source, target, row.line, dependencies))
        self.account.own(row.lines, statement)

    def _read_pair(self, row: Row, source: str, target: str) -> tuple[str, str, tuple[Dependency, ...]]:
        source_path, source_dependencies, source_odd = read_property(source, "source")
        target_path, target_dependencies, target_odd = read_property(target, "target")
        for odd in filter(None, (source_odd, target_odd)):
            self.account.find("odd-property", row.line, odd)
        return source_path, target_path, source_dependencies + target_dependencies

    @staticmethod
    def _cells(row: Row, columns: int) -> list[str]:
        """That many cells; what there is too much of stays with the last, what lacks is blank."""
        cells = [cell.strip() for cell in row.cells]
        return [*cells[: columns - 1], " ".join(cells[columns - 1 :]), *[""] * columns][:columns]

    def _key(self, kind: str, text: str) -> str:
        alike = (kind, self.names.source.datatype, self.names.target.datatype, " ".join(text.split()))
        self.occurrences[alike] += 1
        return item_key(*alike, self.occurrences[alike])

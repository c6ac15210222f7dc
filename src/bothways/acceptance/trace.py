"""What is there to prove what: each item and rule with its scenarios and property tests, nothing run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from pydantic import BaseModel, ConfigDict

from bothways.acceptance.project import Project
from bothways.acceptance.record import Kind, Record
from bothways.acceptance.verdict import RULES


class Traced(BaseModel):
    """What there is for one item (with its key) or rule (without); both lists hold ids of records."""

    model_config = ConfigDict(frozen=True)

    id: str
    key: str | None = None
    scenarios: list[str]
    properties: list[str]


class Trace(BaseModel):
    """The whole matrix."""

    model_config = ConfigDict(frozen=True)

    items: list[Traced]
    rules: list[Traced]

    def to_json(self) -> str:
        """One line of JSON; a rule has no key."""
        return self.model_dump_json(exclude_none=True)


def trace(project: Project, records: Sequence[Record]) -> Trace:
    """The matrix of a project's items and of all rules against the evidence there should be."""
    items = [_traced(item.id, item.key, item.tags, records) for item in project.items]
    return Trace(items=items, rules=[_traced(rule, None, {rule}, records) for rule in RULES])


def _traced(id: str, key: str | None, tags: Iterable[str], records: Sequence[Record]) -> Traced:
    found = [record for record in records if record.tags.intersection(tags)]
    scenarios = [record.id for record in found if record.kind is Kind.SCENARIO]
    return Traced(
        id=id, key=key, scenarios=scenarios, properties=[r.id for r in found if r.id not in scenarios]
    )


def to_csv(matrix: Trace, records: Sequence[Record]) -> str:
    """One line for each pair; an item or rule without any evidence has one line with nothing beside it."""
    names = {record.id: record.name for record in records}
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("id", "key", "kind", "evidence", "name"))
    for traced in (*matrix.items, *matrix.rules):
        for kind, evidence in _pairs(traced):
            writer.writerow((traced.id, traced.key or "", kind, evidence, names.get(evidence, "")))
    return text.getvalue()


def _pairs(traced: Traced) -> Iterator[tuple[str, str]]:
    if not (traced.scenarios or traced.properties):
        yield "", ""
    yield from ((Kind.SCENARIO, scenario) for scenario in traced.scenarios)
    yield from ((Kind.PROPERTY, test) for test in traced.properties)

"""Lint, scaffold and the document agree: what one calls unprovable, another doesn't show."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings

from bothways.acceptance.project import Project
from bothways.checklist.lint import lint
from bothways.checklist.model import Section
from tests.checklist.crowded import crowded_documents
from tests.checklist.documents import Document
from tests.checklist.strategies import UNHURRIED, documents
from tests.checklist.test_scaffold import drafted

BRIEFLY = settings(UNHURRIED, max_examples=100, suppress_health_check=[HealthCheck.too_slow])


def drafted_somewhere(document: Document) -> Project:
    with tempfile.TemporaryDirectory() as folder:
        return drafted(document, Path(folder))


def gaps(read: Project) -> dict[str, str]:
    """What is left to a person, by item."""
    return {
        tag: pickle.name.partition(": ")[2]
        for pickle in read.pickles
        if pickle.name.startswith("FILL IN")
        for tag in pickle.tags
    }


def blamed(read: Project, *severities: str) -> dict[str, str]:
    """The codes of findings by the item that their line belongs to."""
    lines = read.checklist.lines
    return {lines[found.line]: found.code for found in lint(read.checklist) if found.severity in severities}


@BRIEFLY
@given(documents() | crowded_documents())
def test_an_item_that_lint_calls_unprovable_is_left_to_a_person(document: Document) -> None:
    read = drafted_somewhere(document)

    items = {item.id for item in read.items}
    assert {item for item in blamed(read, "error") if item in items} <= gaps(read).keys()


@BRIEFLY
@given(documents() | crowded_documents())
def test_a_condition_is_left_to_a_person_where_lint_finds_no_way_in_or_one_by_merging_alone(
    document: Document,
) -> None:
    read = drafted_somewhere(document)
    left, found = gaps(read), blamed(read, "error")

    for section in read.checklist.sections:
        for statement in section.statements:
            gap = left.get(statement.id, "")
            if statement.kind != "created_if_connected" or not is_bound(read, section):
                continue
            if statement.id in found:
                assert gap
            elif gap.startswith("how it shows"):
                assert all(row.id in left for row in section.properties)
            elif gap.startswith("how one"):
                assert has_a_link_of_its_own(section)
            elif gap:
                assert gap.endswith("no new record of it ever does")
                others = read.checklist.sections
                assert any(has_a_link_of_its_own(other) or not is_bound(read, other) for other in others)


def is_bound(read: Project, section: Section) -> bool:
    return section.number in {flow.section for flow in read.mapping.flows}


def has_a_link_of_its_own(section: Section) -> bool:
    """Whether its records may be linked with what is there, so that nothing has to be created first."""
    return bool(
        {one.kind for one in section.statements} & {"link_required", "merge_if_match", "merge_criteria"}
    )

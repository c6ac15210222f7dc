"""Which files a checklist is run with: its own, or a draft of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bothways.acceptance.drafted import project_of
from bothways.acceptance.project import DEFAULT_CHECKLIST
from bothways.checklist.model import Side
from bothways.errors import InputError
from tests.acceptance.suite import ROOT
from tests.checklist.documents import Document, Flow, Row
from tests.checklist.rendering import render

CONTACTS = Document(
    "Alpha",
    "Beta",
    (Flow(Side("Alpha", "Contact"), Side("Beta", "Customer"), rows=(Row("mail", "email", '"string"'),)),),
)


def test_a_checklist_with_a_mapping_is_run_with_its_own_files() -> None:
    for named in (DEFAULT_CHECKLIST, ROOT / DEFAULT_CHECKLIST):
        with project_of(ROOT, named, None) as project:
            assert (project.root, project.checklist.source_system) == (ROOT, "Custom Webshop")


def test_a_mapping_of_the_same_name_is_not_taken_for_another_checklist(tmp_path: Path) -> None:
    elsewhere = tmp_path / DEFAULT_CHECKLIST.name
    elsewhere.write_text(render(CONTACTS)[0], encoding="utf-8")

    with project_of(ROOT, elsewhere, None) as project:
        assert project.root != ROOT
        assert [system.name for system in project.mapping.systems.values()] == ["Alpha", "Beta"]


def test_a_mapping_that_is_asked_for_is_taken(tmp_path: Path) -> None:
    elsewhere = tmp_path / "contacts.rst"
    elsewhere.write_text(render(CONTACTS)[0], encoding="utf-8")

    with (
        pytest.raises(InputError, match="features"),
        project_of(ROOT, elsewhere, Path("mappings/custom_webshop.yaml")),
    ):
        pass

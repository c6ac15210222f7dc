"""What the tests of acceptance share."""

from __future__ import annotations

from pathlib import Path

import pytest

from bothways.acceptance.project import Project
from tests.acceptance.recorded import read
from tests.acceptance.suite import Suite

collect_ignore = ["library"]  # a project of its own, for tests to copy


@pytest.fixture
def suite(tmp_path: Path) -> Suite:
    """A sound suite, ready to be spoilt."""
    return Suite(tmp_path / "project")


@pytest.fixture
def library(suite: Suite) -> Project:
    """The sound suite's project, read."""
    return read(suite.folder)

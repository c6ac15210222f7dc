"""What the tests of acceptance share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.suite import Suite

collect_ignore = ["library"]  # a project of its own, for tests to copy


@pytest.fixture
def suite(tmp_path: Path) -> Suite:
    """A sound suite, ready to be spoilt."""
    return Suite(tmp_path / "project")

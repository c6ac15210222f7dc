"""pytest-bdd without our plugin: what a trap looks like to whoever falls into it."""

from __future__ import annotations

import contextlib
import io
import textwrap
from pathlib import Path

import pytest

BINDING = """
from pytest_bdd import given, parsers, scenarios, then, when

scenarios("bare.feature")
"""


class Counter:
    """Counts what pytest says of its tests."""

    def __init__(self) -> None:
        self.passed: list[str] = []
        self.failed: list[str] = []
        self.told = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep what each test came to."""
        if report.when == "call":
            (self.passed if report.passed else self.failed).append(report.nodeid.partition("::")[2])


def run_bare(folder: Path, feature: str, steps: str, *arguments: str) -> Counter:
    """Run one feature and its steps with pytest-bdd alone."""
    folder.mkdir(exist_ok=True)
    (folder / "bare.feature").write_text(textwrap.dedent(feature), encoding="utf-8")
    # Each folder has a name of its own for its module: pytest imports it by that name.
    module = folder / f"test_bare_{abs(hash(str(folder)))}.py"
    module.write_text(BINDING + textwrap.dedent(steps), encoding="utf-8")
    counter, told = Counter(), io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(told), contextlib.redirect_stderr(told):
        # Warnings are errors around us; whoever falls into a trap has them as pytest shows them.
        ours = [f"--rootdir={folder}", "-pno:cacheprovider", "-Wdefault"]
        pytest.main([*ours, *arguments, str(module)], plugins=[counter])
    counter.told = told.getvalue()
    return counter

"""Which test runs which pickle. What no test runs, or more than one, becomes a test that fails."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest
from pytest_bdd.scenario import scenario_wrapper_template_registry

from bothways.acceptance.census import Pickle, name_of
from bothways.acceptance.trial import Unproven

PICKLE = pytest.StashKey[Pickle]()
"""The pickle that a test runs, or that the census misses."""


class CensusItem(pytest.Item):
    """A test that fails for a pickle that can't be proof."""

    complaint: str

    def runtest(self) -> None:
        """Fail."""
        raise Unproven(self.complaint)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None) -> str:  # noqa: ARG002
        """One line, with the place in the feature."""
        return f"{self.stash[PICKLE].id}: {excinfo.value}"

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where pytest says that this test stands."""
        pickle = self.stash[PICKLE]
        return self.path, pickle.line - 1, f"census: {pickle.name}"


def bind(items: Iterable[pytest.Item], pickles: Sequence[Pickle], root: Path) -> None:
    """Stash its pickle in each test that runs one."""
    by_row = {(pickle.file, pickle.template, pickle.row): pickle for pickle in reversed(pickles)}
    for item in items:
        if place := _place(item, root):
            pickle = by_row.get(place)
            if pickle is None:
                raise pytest.UsageError(
                    f"{place[0]}:{place[1]}: {item.nodeid} runs what no pickle stands for"
                )
            item.stash[PICKLE] = pickle


def _place(item: pytest.Item, root: Path) -> tuple[str, int, int] | None:
    """The file, line and row of the scenario that a test runs; None for a test that isn't pytest-bdd's."""
    template = scenario_wrapper_template_registry.get(item.obj) if isinstance(item, pytest.Function) else None
    if template is None:
        return None
    callspec = getattr(item, "callspec", None)
    row = 0 if callspec is None else callspec.indices.get("_pytest_bdd_example", 0)
    return name_of(Path(template.feature.filename), root), template.line_number, row


def complaints(
    items: Iterable[pytest.Item], expected: Iterable[Pickle], session: pytest.Session
) -> Iterator[CensusItem]:
    """A failing test for every expected pickle that has a defect, or isn't run by exactly one test."""
    runs: dict[str, list[str]] = {}
    for item in items:
        if PICKLE in item.stash:
            runs.setdefault(item.stash[PICKLE].id, []).append(item.nodeid)
    for pickle in expected:
        complaint = pickle.defect or _miscounted(runs.get(pickle.id, []))
        if complaint:
            item = CensusItem.from_parent(
                session, name=f"census of {pickle.id}", path=session.config.rootpath / pickle.file
            )
            item.complaint = complaint
            item.stash[PICKLE] = pickle
            yield item


def _miscounted(tests: Sequence[str]) -> str:
    if not tests:
        return "no test runs it: bind its folder with pytest_bdd.scenarios(...) in a test module beside it"
    return f"{len(tests)} tests run it: {', '.join(tests)}" if len(tests) > 1 else ""

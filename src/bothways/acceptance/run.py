"""Running a suite: pytest, in this process and out of sight, with someone listening."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

import pytest

from bothways.acceptance.address import LOOPBACK, Address
from bothways.acceptance.engines import Engine
from bothways.acceptance.plugin import RECORD, blank_record, is_evidence, tags_of
from bothways.acceptance.project import RULES_FOLDER, Project
from bothways.acceptance.record import Kind, Record
from bothways.acceptance.verdict import Verdict
from bothways.errors import InputError

PROPERTIES = Path("properties")
"""Where a project has its property tests; their conftest registers Hypothesis's profiles by the names of ours."""

MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
"""Where Linux keeps files in memory: an engine's state there costs no wait for a disk. Elsewhere a disk will do."""


NOT_YET = "the run was interrupted before it"
"""The reason of a wanted test that hasn't run."""


class Profile(StrEnum):
    """How much is run. Quick leaves out scenarios about rules alone; each looks longer for counter-examples."""

    QUICK = "quick"
    CI = "ci"
    THOROUGH = "thorough"


@dataclass(frozen=True)
class Order:
    """What is to be run: `only` these items (all, if empty), against which engine, from which seed.

    `address` is where an engine in another process finds the simulated systems. `folders`, if given, hold the
    evidence, whatever the profile says. What has one of the tags `first` runs before all else; `until_refuted` ends
    the run at the first failure. `share` (place, of) is which of so many equal parts of the tests is run, all of them
    unless it's said.
    """

    engine: Engine
    seed: int = 0
    only: tuple[str, ...] = ()
    profile: Profile = Profile.QUICK
    address: Address = LOOPBACK
    folders: tuple[Path, ...] = ()
    first: frozenset[str] = frozenset()
    until_refuted: bool = False
    share: tuple[int, int] = (0, 1)


@dataclass
class Run:
    """What came of it. `records` has one for each piece of evidence there should be, run or not.

    `seeds` has the seed of each record that another than the order's was made with.
    """

    order: Order
    started: datetime
    records: list[Record] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    seconds: float = 0.0
    interrupted: bool = False
    seeds: dict[str, int] = field(default_factory=dict)


class Watcher(Protocol):
    """Someone who follows a run."""

    def begin(self, total: int) -> None:
        """So many tests will run."""

    def see(self, record: Record) -> None:
        """One has."""


class Nobody:
    """Nobody follows it."""

    def begin(self, total: int) -> None:
        """Nothing runs."""

    def see(self, record: Record) -> None:
        """Nothing ran."""


def execute(project: Project, order: Order, watcher: Watcher) -> Run:
    """Run a project's scenarios, and its property tests that are evidence.

    Raises `InputError` if the engine isn't there or pytest can't run at all. An interruption keeps what was seen
    so far.
    """
    listener = _Listener(order, _wanted(project, order), watcher)
    run = Run(order, datetime.now(UTC))
    began = time.perf_counter()
    with importable(project.root):
        order.engine.find()  # one that isn't there is told once, not by every scenario
    _start(project, listener, _arguments(project, order))
    run.seconds = time.perf_counter() - began
    run.interrupted = listener.interrupted
    run.broken = listener.broken
    run.records = [*listener.records.values(), *_uncollected(project, order, listener)]
    return run


def survey(project: Project, order: Order) -> list[Record]:
    """A blank record for each piece of evidence there should be. Nothing runs. Raises as `execute`."""
    listener = _Listener(order, _wanted(project, order), Nobody())
    _start(project, listener, [*_arguments(project, order), "--collect-only"])
    return [*listener.records.values(), *_uncollected(project, order, listener)]


def _wanted(project: Project, order: Order) -> set[str] | None:
    """The tags of the items that are asked for, None for all."""
    tags = {tag for item in project.items if item.id in order.only for tag in item.tags}
    return tags if order.only else None


def _start(project: Project, listener: _Listener, arguments: list[str]) -> None:
    with importable(project.root), _scratch() as scratch, _unheard() as noise:
        code = pytest.main([*arguments, f"--basetemp={scratch / 'pytest'}"], plugins=[listener])
    if code in (pytest.ExitCode.USAGE_ERROR, pytest.ExitCode.INTERNAL_ERROR):
        raise InputError("suite", None, _last_line(noise.getvalue()))


def _arguments(project: Project, order: Order) -> list[str]:
    folders = _folders(project, order)
    return [
        *(str(project.root / folder) for folder in folders),
        f"--rootdir={project.root.resolve()}",
        f"--checklist={project.checklist_path}",
        f"--mapping={project.mapping_path}",
        f"--engine={order.engine.spec}",
        f"--host={order.address.host}",
        f"--public-url={order.address.public_url}",
        f"--seed={order.seed}",
        f"--hypothesis-seed={order.seed}",
        *([f"--hypothesis-profile={order.profile}"] if PROPERTIES in folders else []),
        *([] if order.engine.reference else ["-Wignore"]),  # what it warns of itself is its own business
        "--continue-on-collection-errors",
        "-pno:cacheprovider",
        "-pno:schemathesis",  # not needed here, and slow to import
        "--assert=plain",  # what is compared is told by the evidence; rewriting every module costs a second
    ]


def _folders(project: Project, order: Order) -> list[Path]:
    """Where the evidence is that an order asks for. Property tests need an engine in this process."""
    if order.folders:
        return list(order.folders)
    folders = [*project.folders, *([PROPERTIES] if order.engine.in_process else [])]
    if order.profile is Profile.QUICK:
        folders = [folder for folder in folders if folder != RULES_FOLDER]
    return [folder for folder in folders if (project.root / folder).is_dir()]


@contextlib.contextmanager
def importable(root: Path) -> Iterator[None]:
    """Steps, simulated systems and engines are modules of the project, not of an installed package.

    The modules that bind features are forgotten at the end: another project may have some of the same names.
    """
    sys.path.insert(0, str(root.resolve()))
    try:
        yield
    finally:
        sys.path.remove(str(root.resolve()))
        features = str(root.resolve() / "features")
        for name, module in list(sys.modules.items()):
            if (getattr(module, "__file__", None) or "").startswith(features):
                del sys.modules[name]


@contextlib.contextmanager
def _scratch() -> Iterator[Path]:
    """A folder for what tests write, in memory if there is such a place."""
    with tempfile.TemporaryDirectory(prefix=_scratch_of(os.getpid()), dir=_around_scratch()) as folder:
        yield Path(folder)


def sweep(process: int) -> None:
    """Take away what tests wrote in a process that came to no good end."""
    for folder in _around_scratch().glob(f"{_scratch_of(process)}*"):
        shutil.rmtree(folder, ignore_errors=True)


def _scratch_of(process: int) -> str:
    return f"bothways-{process}-"


def _around_scratch() -> Path:
    return MEMORY if MEMORY.is_dir() else Path(tempfile.gettempdir())


@contextlib.contextmanager
def _unheard() -> Iterator[io.StringIO]:
    """What pytest says is for developers; we say the same in the checklist's words."""
    noise = io.StringIO()
    with contextlib.redirect_stdout(noise), contextlib.redirect_stderr(noise):
        yield noise


def _last_line(noise: str) -> str:
    lines = [line.removeprefix("E ").strip() for line in noise.splitlines() if line.strip()]
    told = [line for line in lines if line.startswith("ERROR: ")] or lines or ["pytest could not start"]
    return told[-1].removeprefix("ERROR: ")


def _uncollected(project: Project, order: Order, listener: _Listener) -> Iterator[Record]:
    """Pickles that no test was even made for, as when a module of steps can't be imported."""
    folders = _folders(project, order)
    for pickle in project.pickles:
        if pickle.id not in listener.collected and any(
            Path(pickle.file).is_relative_to(folder) for folder in folders
        ):
            yield Record(
                id=pickle.id,
                kind=Kind.SCENARIO,
                name=pickle.name,
                file=pickle.file,
                line=pickle.line,
                feature=pickle.feature,
                rule=pickle.rule,
                tags=frozenset(pickle.tags),
                example=pickle.example,
                reason=pickle.defect or "no test runs it",
            )


class _Listener:
    """A pytest plugin that selects what is evidence, and keeps a record of all of it."""

    def __init__(self, order: Order, wanted: set[str] | None, watcher: Watcher) -> None:
        self.records: dict[str, Record] = {}
        self.collected: set[str] = set()
        self.broken: list[str] = []
        self.interrupted = False
        self._order = order
        self._wanted = wanted
        self._watcher = watcher

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Deselect what is no evidence, not of the wanted items, or another's share."""
        selected: list[pytest.Item] = []
        place, of = self._order.share
        records = {item: blank_record(item) for item in items if is_evidence(item)}
        self.collected = {record.id for record in records.values()}
        for item, record in [*records.items()][place::of]:
            wanted = self._wanted is None or bool(self._wanted & record.tags)
            record.reason = NOT_YET if wanted else "not asked for (--only)"
            self.records[item.nodeid] = record
            if wanted:
                selected.append(item)
        config.hook.pytest_deselected(items=[item for item in items if item not in selected])
        items[:] = sorted(selected, key=lambda item: self._order.first.isdisjoint(tags_of(item)))

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Tell how many there are."""
        self._watcher.begin(len(session.items))

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Keep what could not be collected."""
        if report.failed:
            self.broken.append(f"{report.nodeid or 'suite'}: {_last_line(report.longreprtext)}")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take the record from a test's last report."""
        for name, kept in report.user_properties if report.when == "teardown" else ():
            if name == RECORD:
                record = Record.model_validate_json(str(kept))
                self.records[report.nodeid] = record
                self._watcher.see(record)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Run a test; end the run after it where one failure is enough."""
        outcome = yield
        if self._order.until_refuted and self.records[item.nodeid].verdict is Verdict.FAIL:
            item.session.shouldfail = "one failure is enough"
        return outcome

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Know a person's Ctrl-C from pytest's own ways to stop."""
        self.interrupted = excinfo.type is KeyboardInterrupt


def selected_items(project: Project, asked: Sequence[str]) -> tuple[str, ...]:
    """The ids that `--only` names. Raises `InputError` for one that names no item."""
    known = {item.id for item in project.items}
    for item in asked:
        if item not in known:
            raise InputError("--only", None, f"'{item}' is no item of {project.checklist_path}")
    return tuple(asked)

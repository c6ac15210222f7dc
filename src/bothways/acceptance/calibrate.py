"""Whether the suite would notice: it is run against the core with one known fault each (fault seeding)."""

from __future__ import annotations

import importlib
import os
import re
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from bothways.acceptance import engines, project
from bothways.acceptance.calibration import Calibration, Clean, FaultPart, digest
from bothways.acceptance.project import Project
from bothways.acceptance.record import Record
from bothways.acceptance.run import PROPERTIES, Nobody, Order, execute, importable
from bothways.acceptance.verdict import RULES, Verdict
from bothways.errors import InputError

FOLDER = Path("calibration")
_MODULE = re.compile(r"f\d\d_\w+")
_WARM = ["bothways.acceptance.calibrate", "bothways.sync", "calibration.bench"]
"""What every process needs, imported once."""


@dataclass(frozen=True)
class Planted:
    """A fault, by the name of its module."""

    module: str

    @property
    def id(self) -> str:
        """As in the catalogue: F13."""
        return self.module[:3].upper()

    @property
    def name(self) -> str:
        """As in the catalogue: blind-write."""
        return self.module[4:].replace("_", "-")

    @property
    def engine(self) -> str:
        """The core with this fault, as an integration."""
        return f"python:{FOLDER}.{self.module}:build"


def planted(root: Path, only: Sequence[str] = ()) -> list[Planted]:
    """The faults that can be planted, all or those asked for. Raises `InputError` if there is none."""
    found = [Planted(path.stem) for path in sorted((root / FOLDER).glob("*.py")) if _MODULE.match(path.stem)]
    if not found:
        raise InputError(FOLDER, None, "no fault is planted here")
    if unknown := sorted({id.upper() for id in only} - {fault.id for fault in found}):
        raise InputError("--only", None, f"'{unknown[0]}' is no fault that is planted in {FOLDER}")
    return [fault for fault in found if not only or fault.id in {id.upper() for id in only}]


def calibrate(
    read: Project, faults: Sequence[Planted], seeds: int, tell: Callable[[str], None], *, matrix: bool
) -> Calibration:
    """Run the suite against the clean core from `seeds` seeds, then against each fault, side by side."""
    suite = digest(read)  # what is changed while it runs makes it stale
    place = (read.root.resolve(), read.checklist_path)
    with _workers(read.root) as workers:
        clean = [workers.submit(alarms, *place, seed) for seed in range(seeds)]
        noticing = [workers.submit(examine, *place, fault, matrix=matrix) for fault in faults]
        for done in as_completed(clean):
            tell(f"core: {', '.join(done.result()) or 'no alarm'}")
        for outcome in as_completed(noticing):
            tell(_told(outcome.result()))
        raised = [alarm for one in clean for alarm in one.result()]
        seen = [one.result() for one in noticing]
    return Calibration(
        suite_sha256=suite,
        checklist=read.checklist_path.as_posix(),
        measured=datetime.now(UTC).date().isoformat(),
        matrix=matrix,
        clean=Clean(seeds=seeds, alarms=len(raised), raised=raised),
        faults=sorted([*seen, *_absent(read.root)], key=lambda fault: fault.id),
    )


@contextmanager
def _workers(root: Path) -> Iterator[ProcessPoolExecutor]:
    """One process for each piece of work, as many at once as there are cores."""
    context = get_context("forkserver")
    context.set_forkserver_preload(_WARM)
    with importable(root), ProcessPoolExecutor(os.cpu_count(), context, max_tasks_per_child=1) as pool:
        yield pool


def _told(fault: FaultPart) -> str:
    how = fault.by[0] if fault.noticed else "NOT NOTICED" if fault.live else fault.reason
    return f"{fault.id} {fault.name}: {how} ({fault.seconds:.1f} s)"


def alarms(root: Path, checklist: Path, seed: int) -> list[str]:
    """What a run against the clean core refutes: nothing, if the suite is sound."""
    read = project.read(root, checklist)
    order = Order(engines.parse(engines.CORE), seed, folders=(*read.folders, PROPERTIES))
    return [f"seed {seed}: {record.id}" for record in _refuting(read, order)]


def examine(root: Path, checklist: Path, fault: Planted, *, matrix: bool) -> FaultPart:
    """Run the suite against one fault: its features, then what looks for counter-examples if they don't notice.

    Ends at what notices it first, unless the whole `matrix` is wanted.
    """
    read = project.read(root, checklist)
    with importable(root):
        module = importlib.import_module(f"{FOLDER}.{fault.module}")
        live = _happens(fault, module)
    first = frozenset(module.fault.rules)
    began = time.perf_counter()
    by: list[Record] = []
    for folders in (read.folders, (PROPERTIES,)) if live else ():
        order = Order(engines.parse(fault.engine), folders=folders, first=first, until_refuted=not matrix)
        if by := _refuting(read, order):
            break
    tags = frozenset[str]().union(*(record.tags for record in by))
    return FaultPart(
        id=fault.id,
        name=fault.name,
        live=live,
        reason="" if live else "it is planted, but no longer happens",
        noticed=bool(by),
        by=[record.id for record in by],
        items=[item.id for item in read.items if tags.intersection(item.tags)],
        rules=[rule for rule in RULES if rule in tags],
        seconds=round(time.perf_counter() - began, 2),
    )


def _happens(fault: Planted, module: Any) -> bool:
    """The module's own check that its fault is live."""
    with importlib.import_module(f"{FOLDER}.bench").between(fault.engine) as world:
        return bool(module.happens(world))


def _refuting(read: Project, order: Order) -> list[Record]:
    return [record for record in execute(read, order, Nobody()).records if record.verdict is Verdict.FAIL]


def _absent(root: Path) -> Iterator[FaultPart]:
    """The faults that can't be planted, with the reason."""
    with importable(root):
        absent = importlib.import_module(f"{FOLDER}.absent").ABSENT
    for id, (reason, _) in absent.items():
        yield FaultPart(
            id=id, name="", live=False, reason=reason, noticed=False, by=[], items=[], rules=[], seconds=0
        )

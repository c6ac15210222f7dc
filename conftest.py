"""Wires the suite: which checklist, which simulated systems, which integration between them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from bothways import mapping_file
from bothways.acceptance import engines, project
from bothways.acceptance.subjects import Bench, Subject, open_subject
from bothways.checklist.model import Checklist
from bothways.checklist.parse import parse
from bothways.mapping import Mapping, System
from fakes.clock import SimulatedClock, SystemClock
from fakes.log import RequestLog
from fakes.rest import RestSystem
from fakes.squarespace import SquarespaceSystem
from fakes.store import Ids

STEPS = Path(__file__).parent / "steps"
pytest.register_assert_rewrite("steps")  # before one module of steps imports another
pytest_plugins = (
    "bothways.acceptance.plugin",
    *(f"steps.{path.stem}" for path in sorted(STEPS.glob("[!_]*.py"))),
)


@pytest.fixture(scope="module")
def mapping(request: pytest.FixtureRequest) -> Mapping:
    """The mapping that this module's features are about."""
    chosen = request.config.getoption("mapping")
    root = request.config.rootpath
    return mapping_file.load(root / chosen if chosen else project.mapping_of(request.path.parent.name, root))


@pytest.fixture(scope="module")
def checklist(request: pytest.FixtureRequest, mapping: Mapping) -> Checklist:
    """The checklist that the mapping belongs to."""
    return parse(request.config.rootpath / (request.config.getoption("checklist") or mapping.checklist))


@pytest.fixture
def clock() -> SimulatedClock:
    """True time."""
    return SimulatedClock()


@pytest.fixture
def systems(mapping: Mapping, clock: SimulatedClock, seed: int) -> dict[str, RestSystem | SquarespaceSystem]:
    """The simulated systems, by their keys in the mapping; their requests are numbered together."""
    numbers = itertools.count(1)
    return {
        key: simulated(
            key, system, SystemClock(clock, granularity=system.granularity), RequestLog(numbers), seed
        )
        for key, system in mapping.systems.items()
    }


def simulated(
    key: str, system: System, clock: SystemClock, log: RequestLog, seed: int
) -> RestSystem | SquarespaceSystem:
    """The simulated system that stands for one of the mapping's."""
    token, ids = f"token of {key}", Ids(f"{seed}/{key}")
    if system.contract == "squarespace":
        return SquarespaceSystem(key, clock, token=token, ids=ids, log=log, currency=system.currency or "USD")
    datatypes = {name: datatype.model_dump(mode="json") for name, datatype in system.datatypes.items()}
    return RestSystem(key, datatypes, clock, token=token, ids=ids, log=log)


@pytest.fixture
def subject(
    request: pytest.FixtureRequest,
    mapping: Mapping,
    systems: dict[str, RestSystem | SquarespaceSystem],
    clock: SimulatedClock,
    tmp_path: Path,
) -> Iterator[Subject]:
    """The integration under test, between the systems, with an empty state."""
    engine = engines.parse(request.config.getoption("engine"))
    mounted = open_subject(engine, Bench(mapping, systems, clock, tmp_path))
    yield mounted
    mounted.close()

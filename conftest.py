"""Wires the suite: which checklist, which simulated systems, which integration between them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bothways import mapping_file
from bothways.acceptance import engines, project
from bothways.acceptance.address import Address
from bothways.acceptance.engines import Engine
from bothways.acceptance.evidence import Evidence
from bothways.acceptance.simulated import Simulated, simulated
from bothways.acceptance.subjects import Bench, Subject, open_subject
from bothways.checklist.model import Checklist
from bothways.checklist.parse import parse
from bothways.mapping import Mapping
from fakes.clock import RunningClock, SimulatedClock

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


@pytest.fixture(scope="session")
def engine(request: pytest.FixtureRequest) -> Engine:
    """The integration under test, by its name; one for all tests, which share their patience with it."""
    return engines.parse(request.config.getoption("engine"))


@pytest.fixture
def clock(engine: Engine) -> SimulatedClock:
    """True time."""
    return SimulatedClock() if engine.in_process else RunningClock(datetime.now(UTC))


@pytest.fixture
def systems(
    request: pytest.FixtureRequest, mapping: Mapping, clock: SimulatedClock, engine: Engine, seed: int
) -> dict[str, Simulated]:
    """The simulated systems, by their keys in the mapping.

    To an integration that remembers earlier scenarios, no two of them show the same ids.
    """
    return simulated(mapping, clock, f"{seed}/{request.node.nodeid}" if engine.keeps_running else f"{seed}")


@pytest.fixture
def subject(
    request: pytest.FixtureRequest,
    mapping: Mapping,
    systems: dict[str, Simulated],
    clock: SimulatedClock,
    engine: Engine,
    evidence: Evidence,
    tmp_path: Path,
) -> Iterator[Subject]:
    """The integration under test, between the systems, with an empty state."""
    address = Address(request.config.getoption("host"), request.config.getoption("public_url"))
    mounted = open_subject(engine, Bench(mapping, systems, clock, tmp_path, address, evidence.note))
    yield mounted
    mounted.close()

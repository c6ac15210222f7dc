"""Connectors, each to a simulated system of its contract."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from tests.sync.connectors.connected import Connected, connected
from tests.sync.connectors.sides import SIDES, Side
from tests.sync.connectors.wire import Wire


@pytest.fixture
def connect() -> Iterator[Callable[..., Connected]]:
    """Makes a simulated system of a contract, and our connector to it."""
    with asyncio.Runner() as runner:
        yield partial(connected, runner=runner)


@pytest.fixture
def rest(connect: Callable[..., Connected]) -> Connected:
    """A system on the generic REST contract."""
    return connect("rest")


@pytest.fixture
def shop(connect: Callable[..., Connected]) -> Connected:
    """A Squarespace shop."""
    return connect("squarespace")


@pytest.fixture(params=SIDES, ids=lambda kind: kind.__name__)
def side(request: pytest.FixtureRequest, connect: Callable[..., Connected]) -> Side:
    """Each datatype of each contract in turn."""
    kind: type[Side] = request.param
    return kind(connect(kind.contract))


@pytest.fixture
def wire() -> Iterator[Callable[..., Wire]]:
    """Makes one system's HTTP, answered as a test says."""
    with asyncio.Runner() as runner:
        yield lambda say, **options: Wire(runner.run, say, **options)

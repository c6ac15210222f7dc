"""The connector contract: patience, credentials and accounts, run against each datatype of each contract (S23)."""

from __future__ import annotations

import pytest

from bothways.errors import CredentialsRefused, SyncError, SystemDown
from bothways.sync.connectors import Done
from fakes.faults import Fault
from tests.sync.connectors.connected import TOKEN
from tests.sync.connectors.sides import Side


@pytest.mark.parametrize("kind", ["error_before", "timeout_before", "drop_after_commit"])
def test_a_read_that_fails_is_tried_again(side: Side, kind: str) -> None:
    [id] = side.make()
    side.system.faults.script(Fault(kind, method="GET", times=3))
    assert list(side.read(id)) == [id]
    assert side.system.faults.pending() == []


@pytest.mark.parametrize("kind", ["error_before", "timeout_before"])
def test_a_system_that_goes_on_failing_is_down(side: Side, kind: str) -> None:
    side.system.faults.script(Fault(kind, times=99))
    with pytest.raises(SystemDown, match=side.system.name):
        side.pages()
    assert len(side.connected.asked()) == 4


@pytest.mark.parametrize("retry_after", [2.5, 0.0, 45.0])
def test_a_429_is_waited_out_for_as_long_as_it_says(side: Side, retry_after: float) -> None:
    ids = side.make(side.page + 3)
    side.system.faults.script(Fault("throttle", skip=1, retry_after=retry_after))
    began = side.connected.now()
    assert sorted(side.latest()[0]) == sorted(ids)
    assert (side.connected.now() - began).total_seconds() == max(retry_after, 0.1)
    assert len(side.connected.asked("GET")) == 3, "the place in the listing is kept"


def test_a_429_that_does_not_say_how_long_is_waited_out(side: Side) -> None:
    [id] = side.make()
    write = side.updating(id)
    side.system.faults.script(Fault("throttle", times=3))
    assert isinstance(side.connected.write(write)[0], Done)
    assert side.system.faults.pending() == []


def test_nothing_but_429_for_hours_is_a_system_that_is_down(side: Side) -> None:
    side.system.faults.script(Fault("throttle", times=9999, retry_after=600))
    began = side.connected.now()
    with pytest.raises(SystemDown, match=side.system.name):
        side.read(*(side.make()))
    assert 3600 < (side.connected.now() - began).total_seconds() <= 7200


@pytest.mark.parametrize("status", [401, 402, 403])
def test_refused_credentials_are_told_from_everything_else(side: Side, status: int) -> None:
    [id] = side.make()
    write = side.updating(id)
    side.system.faults.script(Fault("error_before", status=status, times=9))
    with pytest.raises(CredentialsRefused, match=side.system.name) as reading:
        side.pages()
    with pytest.raises(CredentialsRefused) as writing:
        side.connected.write(write)
    assert TOKEN not in f"{reading.value} {writing.value}"


def test_every_request_is_counted(side: Side) -> None:
    [id, *_] = side.make(side.page + 1)
    side.pages()
    side.read(id)
    side.connected.write(side.updating(id))
    side.system.faults.script(Fault("timeout_before", method="GET"))
    side.read(id)
    assert side.connected.connector.requests == len(side.connected.asked()) > 5


def test_no_request_misses_its_contract(side: Side) -> None:
    [id] = side.make()
    side.pages()
    side.read(id, "never-was")
    side.connected.write(side.updating(id))
    assert side.system.log.unmatched == []


def test_unknown_names_are_refused(side: Side) -> None:
    with pytest.raises(SyncError):
        side.connected.lookup("no-such-constant")
    with pytest.raises(SyncError):
        side.connected.pages("No Such Datatype")

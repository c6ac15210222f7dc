"""One engine at a time works on a state: the lock dies with its holder (S29)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator

import psycopg
import pytest

from bothways.acceptance.evidence import Evidence
from bothways.errors import StateError
from bothways.sync.connectors import Kind, Write
from bothways.sync.database import HELD
from bothways.sync.plan import Send
from bothways.sync.store import Store
from tests.sync.pair import NOON


@pytest.fixture
def store(state: str) -> Iterator[Store]:
    opened = Store(state)
    yield opened
    opened.close()


def lockable(store: Store) -> bool:
    """Whether the lock is free."""
    try:
        with store.lock():
            return True
    except StateError as refusal:
        if str(refusal) != HELD:
            raise
        return False


@pytest.mark.proves("S29")
def test_a_second_engine_says_that_the_first_is_at_work(store: Store, state: str, evidence: Evidence) -> None:
    other = Store(state)
    try:
        with store.lock():
            evidence.same(False, lockable(other), "a second engine gets the lock")
        evidence.same(True, lockable(other), "a second engine gets the lock once it was given back")
    finally:
        other.close()


HOLDER = """
import sys, time
from bothways.sync.store import Store
with Store(sys.argv[1]).lock():
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.mark.proves("S29")
def test_a_lock_dies_with_its_holder(store: Store, state: str, evidence: Evidence) -> None:
    command = [sys.executable, "-c", HOLDER, state]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as holder:  # noqa: S603  # our own words
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        evidence.same(False, lockable(store), "the lock is free while its holder lives")
        os.kill(holder.pid, signal.SIGKILL)
    attempts = range(10_000)  # PostgreSQL takes a moment to notice a dead client
    evidence.holds(any(lockable(store) for _ in attempts), "the lock is free once its holder is dead")


@pytest.mark.proves("S29")
def test_who_lost_the_connection_writes_no_more(new_state: Callable[[str], str], evidence: Evidence) -> None:
    url = new_state("postgresql")
    store = Store(url)
    send = Send("storefront", Write(Kind.DELETE, "Inventory", "k", id="v1"))
    try:
        with store.lock():
            with psycopg.connect(url, autocommit=True) as admin:
                admin.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE pid <> pg_backend_pid() AND datname = current_database()"
                )
            for _ in range(2):  # it doesn't come back under a new connection, which has no lock
                with pytest.raises(StateError), store.transaction():
                    store.intend(1, send, NOON)
        evidence.same([], _intents(url), "intents stored without the lock")
    finally:
        store.close()


def _intents(url: str) -> object:
    """What another engine finds there."""
    other = Store(url)
    try:
        return other.intents()
    finally:
        other.close()

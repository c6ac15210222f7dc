"""The database under the state: which addresses are understood, what it objects to, and its lock."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sql

from bothways.errors import StateError
from bothways.sync.database import HELD, LOCK, SET_UP, Database
from bothways.sync.tables import notes

TAKEN = "another engine is running a cycle on this state"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state.sqlite"


@pytest.fixture
def database(file: Path) -> Iterator[Database]:
    """On a file that has a table of notes."""
    opened = Database(f"sqlite:///{file}")
    with opened.connection.begin():
        notes.create(opened.connection)
    yield opened
    opened.close()


def said(url: str | sql.URL) -> str:
    """Why a database can't be used."""
    with pytest.raises(StateError) as refusal:
        Database(url)
    return str(refusal.value)


def scalar(database: Database, question: str) -> Any:
    with database.connection.begin():
        return database.connection.scalar(sql.text(question))


# -- addresses


@pytest.mark.parametrize("url", ["nonsense", "", "sqlite"])
def test_what_is_no_url_is_told_with_an_example(url: str) -> None:
    assert said(url) == "the state's address is no URL such as sqlite:///FILE or postgresql://…"


@pytest.mark.parametrize("driver", ["mysql", "oracle+cx_oracle", "sqlite+aiosqlite", "Sqlite"])
def test_any_other_database_is_named_without_its_password(driver: str) -> None:
    url = f"{driver}://ada:geheim@localhost/x"
    assert said(url) == f"the state can be on sqlite or postgresql, not on {driver}"


@pytest.mark.parametrize(
    "scheme", ["postgresql", "postgres", "postgresql+psycopg"], ids=["long", "short", "driver"]
)
def test_however_its_address_starts_one_driver_is_used_and_the_password_is_not_told(scheme: str) -> None:
    told = said(f"{scheme}://ada:geheim@127.0.0.1:1/x")
    assert told.startswith("the state postgresql+psycopg://ada:***@127.0.0.1:1/x can't be used: ")
    assert "geheim" not in told
    assert "\n" not in told


def test_an_address_can_be_given_in_parts() -> None:
    told = said(sql.URL.create("postgres", "ada", "geheim", "127.0.0.1", 1, "x"))
    assert told.startswith("the state postgresql+psycopg://ada:***@127.0.0.1:1/x can't be used: ")


def test_a_driver_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    assert said("postgresql://ada:geheim@127.0.0.1:1/x") == "a state on postgresql needs psycopg"


def test_a_folder_that_is_not_there_is_named_in_one_line(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/no/state.sqlite"
    assert said(url) == f"the state {url} can't be used: unable to open database file"


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear Ada, this is a letter.\n" * 100)
    with pytest.raises(StateError, match="not a database"):
        Database(f"sqlite:///{letter}")
    assert letter.read_text() == "Dear Ada, this is a letter.\n" * 100


# -- SQLite


def test_a_file_keeps_what_was_committed_through_a_crash_and_lets_others_read(database: Database) -> None:
    assert database.is_sqlite
    assert scalar(database, "PRAGMA journal_mode") == "wal"
    assert scalar(database, "PRAGMA synchronous") == 2  # FULL


def test_every_connection_to_a_file_is_set_up_so(database: Database) -> None:
    database.connection.invalidate()
    assert scalar(database, "PRAGMA synchronous") == 2


def test_nothing_of_a_closed_database_is_left_open(database: Database, file: Path) -> None:
    with database.connection.begin():
        database.upsert(notes, [{"name": "a", "value": "1"}])
    database.close()
    assert [path.name for path in file.parent.iterdir()] == [file.name]
    with sqlite3.connect(file) as connection:
        assert connection.execute("SELECT * FROM meta").fetchall() == [("a", "1")]
    connection.close()


def test_whoever_waited_for_their_turn_keeps_all_others_from_writing(database: Database, file: Path) -> None:
    other = sqlite3.connect(file, timeout=0)
    with database.connection.begin():
        database.wait_for_turn()
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
    other.execute("BEGIN IMMEDIATE")
    other.close()


class Heard:
    """A connection that only remembers what it was told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def execute(self, statement: sql.Executable) -> None:
        self.told.append(str(statement))


def test_on_a_server_the_turn_is_a_lock_of_its_own(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = Heard()
    monkeypatch.setattr(database, "is_sqlite", False)
    monkeypatch.setattr(database, "connection", heard)
    database.wait_for_turn()
    assert heard.told == [f"SELECT pg_advisory_xact_lock({SET_UP})"]
    assert SET_UP != LOCK
    monkeypatch.undo()


# -- rows


def rows(database: Database) -> list[tuple[str, str]]:
    with database.connection.begin():
        return [tuple(row) for row in database.connection.execute(sql.select(notes).order_by(notes.c.name))]


def test_rows_are_inserted_and_those_with_the_same_key_replaced(database: Database) -> None:
    with database.connection.begin():
        database.upsert(notes, [{"name": "a", "value": "1"}, {"name": "b", "value": "1"}])
        database.upsert(notes, [{"name": "b", "value": "2"}, {"name": "c", "value": "2"}])
        database.upsert(notes, [])
    assert rows(database) == [("a", "1"), ("b", "2"), ("c", "2")]


def test_what_is_to_be_kept_is_given_to_new_rows_only(database: Database) -> None:
    table = sql.Table(
        "thing",
        sql.MetaData(),
        sql.Column("id", sql.Integer, primary_key=True),
        sql.Column("kept", sql.Text),
        sql.Column("given", sql.Text),
    )
    with database.connection.begin():
        table.create(database.connection)
        database.upsert(table, [{"id": 1, "kept": "old", "given": "old"}], keep=("kept",))
        both = [{"id": 1, "kept": "new", "given": "new"}, {"id": 2, "kept": "new", "given": "new"}]
        database.upsert(table, both, keep=("kept",))
        found = database.connection.execute(sql.select(table).order_by(table.c.id)).fetchall()
    assert [tuple(row) for row in found] == [(1, "old", "new"), (2, "new", "new")]


# -- what it objects to


def test_what_a_database_objects_to_is_one_line_that_names_it(database: Database, file: Path) -> None:
    with pytest.raises(StateError) as refusal, database.errors():
        database.connection.execute(sql.text('SELECT * FROM "no\n such"'))
    assert str(refusal.value) == f"the state sqlite:///{file} can't be used: no such table: no such"


def test_errors_of_other_kinds_are_left_as_they_are(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.errors():
        raise ZeroDivisionError


# -- the lock


def test_who_asks_for_a_lock_that_is_held_is_told_so(database: Database, file: Path) -> None:
    other = Database(f"sqlite:///{file}")
    with database.lock():
        assert database.locked
        with pytest.raises(StateError) as refusal, other.lock():
            pass
        assert str(refusal.value) == HELD == TAKEN
        assert not other.locked
    assert not database.locked
    with other.lock():
        assert other.locked
    other.close()


def test_the_lock_is_given_back_after_a_failure(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.lock():
        raise ZeroDivisionError
    assert not database.locked
    with database.lock():
        assert database.locked


def test_the_lock_lies_beside_the_file(database: Database, file: Path) -> None:
    with database.lock():
        assert Path(f"{file}.lock").exists()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_a_state_in_memory_needs_no_file_to_be_locked(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    database = Database(url)
    with database.lock():
        assert database.locked
    database.close()
    assert list(tmp_path.iterdir()) == []


def test_a_lock_that_can_not_be_taken_is_told_with_the_reason(database: Database, file: Path) -> None:
    Path(f"{file}.lock").mkdir()
    with pytest.raises(StateError) as refusal, database.lock():
        pass
    assert str(refusal.value) == (
        f"the state's lock can't be taken: [Errno 21] Is a directory: '{file}.lock'"
    )


def test_a_lock_is_lost_with_its_connection(database: Database) -> None:
    with database.lock():
        database.refuse_without_lock()
        database.connection.invalidate()
        with pytest.raises(StateError) as refusal:
            database.refuse_without_lock()
    lost = "the connection to the state was lost, and with it the lock on the state"
    assert str(refusal.value) == lost


def test_without_a_lock_a_lost_connection_is_made_anew(database: Database) -> None:
    database.connection.invalidate()
    database.refuse_without_lock()
    assert rows(database) == []

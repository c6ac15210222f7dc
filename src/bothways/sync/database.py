"""The database under the state: SQLite or PostgreSQL, one connection, and a lock that dies with its holder."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sql
from sqlalchemy.dialects import postgresql, sqlite

from bothways.errors import StateError

HELD = "another engine is running a cycle on this state"
LOCK = int.from_bytes(b"bothways")
"""The number of our advisory lock, of which a PostgreSQL database has one for each application."""

SET_UP = LOCK + 1
"""The same, while the tables are made."""


class Database:
    """One connection to a database by its URL. Raises `StateError` when the database refuses (S31: no password).

    One lock guards the whole state: an entity spans flows, so that no two flows can run apart (S29).
    """

    def __init__(self, url: str | sql.URL) -> None:
        self._url = _understood(url)
        self.is_sqlite = self._url.get_backend_name() == "sqlite"
        self.locked = False
        with self.errors():
            self._engine = sql.create_engine(self._url)
            if self.is_sqlite:
                sql.event.listen(self._engine, "connect", _on_sqlite)
            self.connection = self._engine.connect()

    def close(self) -> None:
        self.connection.close()
        self._engine.dispose()

    @contextmanager
    def errors(self) -> Iterator[None]:
        """What a database objects to, as one line."""
        try:
            yield
        except sql.exc.DBAPIError as error:
            reason = " ".join(str(error.orig).split())
            raise StateError(f"the state {self._url.render_as_string()} can't be used: {reason}") from error
        except ImportError as error:
            raise StateError(f"a state on {self._url.get_backend_name()} needs {error.name}") from error

    def refuse_without_lock(self) -> None:
        """Raises `StateError` where the lock was held and has died with the connection that held it."""
        if self.locked and self.connection.invalidated:
            raise StateError("the connection to the state was lost, and with it the lock on the state")

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Held by one engine at a time; it dies with its holder (S29). Raises `StateError` when another holds it."""
        with self._file_lock() if self.is_sqlite else self._session_lock():
            self.locked = True
            try:
                yield
            finally:
                self.locked = False

    @contextmanager
    def _file_lock(self) -> Iterator[None]:
        path = self._url.database
        if path in (None, "", ":memory:"):
            yield  # nobody else can open it
            return
        with ExitStack() as stack:
            try:
                file = stack.enter_context(Path(f"{path}.lock").open("w"))
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise StateError(HELD) from None
            except OSError as error:
                raise StateError(f"the state's lock can't be taken: {error}") from error
            yield

    @contextmanager
    def _session_lock(self) -> Iterator[None]:
        with self.errors(), self.connection.begin():
            if not self.connection.scalar(sql.select(sql.func.pg_try_advisory_lock(LOCK))):
                raise StateError(HELD)
        try:
            yield
        finally:
            if not self.connection.invalidated:
                with self.errors(), self.connection.begin():
                    self.connection.execute(sql.select(sql.func.pg_advisory_unlock(LOCK)))

    def wait_for_turn(self) -> None:
        """Until the transaction ends, no other engine gets past this point."""
        lock = "BEGIN IMMEDIATE" if self.is_sqlite else f"SELECT pg_advisory_xact_lock({SET_UP})"
        self.connection.execute(sql.text(lock))

    def upsert(self, table: sql.Table, rows: list[dict[str, Any]], keep: tuple[str, ...] = ()) -> None:
        """Insert `rows`, or replace what has their primary key; all but the columns `keep`."""
        if rows:
            self.connection.execute(_upsert(table, tuple(rows[0]), keep, self.is_sqlite), rows)


@cache
def _upsert(
    table: sql.Table, columns: tuple[str, ...], keep: tuple[str, ...], is_sqlite: bool
) -> sql.Executable:
    insert = sqlite.insert(table) if is_sqlite else postgresql.insert(table)
    key = [column.name for column in table.primary_key]
    replaced = {name: insert.excluded[name] for name in columns if name not in (*key, *keep)}
    return insert.on_conflict_do_update(index_elements=key, set_=replaced)


def _understood(url: str | sql.URL) -> sql.URL:
    try:
        understood = sql.make_url(url)
    except sql.exc.ArgumentError:
        raise StateError("the state's address is no URL such as sqlite:///FILE or postgresql://…") from None
    match understood.drivername:
        case "sqlite":
            return understood
        case "postgresql" | "postgres" | "postgresql+psycopg":
            return understood.set(drivername="postgresql+psycopg")
    raise StateError(f"the state can be on sqlite or postgresql, not on {understood.drivername}")


def _on_sqlite(connection: Any, _: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()

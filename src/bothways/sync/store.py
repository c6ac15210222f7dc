"""The state: entities, where each record belongs, intents of writes under way, cursors. SQL, by SQLAlchemy Core."""

from __future__ import annotations

import fcntl
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import sqlalchemy as sql
from sqlalchemy.engine import Connection

from bothways.errors import StateError
from bothways.mapping import Side
from bothways.sync.model import Entity, Ref
from bothways.sync.plan import Send
from bothways.sync.serial import entity_from_json, entity_to_json, send_from_json, send_to_json

T = TypeVar("T")

SCHEMA = 1
"""The version of the tables below; a state of a newer one is refused."""

_tables = sql.MetaData()
_meta = sql.Table(
    "meta",
    _tables,
    sql.Column("name", sql.Text, primary_key=True),
    sql.Column("value", sql.Text, nullable=False),
)
_entities = sql.Table(
    "entity",
    _tables,
    sql.Column("id", sql.Integer, primary_key=True),
    sql.Column("body", sql.Text, nullable=False),
    # Whether something was seen of it that hasn't been acted on yet.
    sql.Column("pending", sql.Boolean, nullable=False, index=True),
    # When something about it is to be tried again; null when nothing is.
    sql.Column("due", sql.Text, index=True),
    # Whether `status` has something to say about it.
    sql.Column("notable", sql.Boolean, nullable=False, index=True),
    sql.Column("linked", sql.Boolean, nullable=False),
)
_records = sql.Table(
    "record",
    _tables,
    sql.Column("system", sql.Text, primary_key=True),
    sql.Column("datatype", sql.Text, primary_key=True),
    sql.Column("id", sql.Text, primary_key=True),
    sql.Column("entity", sql.Integer, nullable=False, index=True),
    sql.Column("gone", sql.Boolean, nullable=False),
)
_keys = sql.Table(
    "key",
    _tables,
    sql.Column("system", sql.Text, primary_key=True),
    sql.Column("datatype", sql.Text, primary_key=True),
    sql.Column("id", sql.Text, primary_key=True),
    sql.Column("space", sql.Text, primary_key=True),
    sql.Column("value", sql.Text, nullable=False),
    sql.Index("key_by_value", "space", "value"),
)
_intents = sql.Table(
    "intent",
    _tables,
    sql.Column("number", sql.Integer, primary_key=True, autoincrement=True),
    sql.Column("entity", sql.Integer, nullable=False, index=True),
    sql.Column("send", sql.Text, nullable=False),
    sql.Column("at", sql.Text, nullable=False),
    sql.Column("tries", sql.Integer, nullable=False),
    sql.Column("due", sql.Text, nullable=False),
)
_cursors = sql.Table(
    "cursor",
    _tables,
    sql.Column("system", sql.Text, primary_key=True),
    sql.Column("datatype", sql.Text, primary_key=True),
    sql.Column("value", sql.Text),
    sql.Column("scanned_at", sql.Text, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Intent:
    """A write that is about to be sent, or was sent without an answer (S24, S26)."""

    number: int
    entity: int
    send: Send
    at: datetime
    tries: int
    due: datetime


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where listing a side goes on, and when the side was last listed whole."""

    value: str | None
    scanned_at: datetime


class Store:
    """One state, on one connection. Every change happens inside `with store.transaction():`.

    Raises `StateError` for a state of a newer version, and when the database refuses (full disk, no access).
    """

    def __init__(self, url: str) -> None:
        self._engine = sql.create_engine(url)
        if self._engine.dialect.name == "sqlite":
            sql.event.listen(self._engine, "connect", _on_sqlite)
        with _as_state_error():
            self._connection: Connection = self._engine.connect()
            with self._connection.begin():
                _tables.create_all(self._connection)
        self._refuse_newer()

    def _refuse_newer(self) -> None:
        with self.transaction():
            found = self.note("schema")
            if found is None:
                self.set_note("schema", str(SCHEMA))
            elif int(found) > SCHEMA:
                raise StateError(
                    f"the state has schema {found}; this version knows {SCHEMA}: use a newer bothways"
                )

    def close(self) -> None:
        self._connection.close()
        self._engine.dispose()

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Held by one engine at a time; it dies with its holder (S29). Raises `StateError` when another holds it."""
        path = self._engine.url.database
        if self._engine.dialect.name != "sqlite" or path in (None, "", ":memory:"):
            yield
            return
        with open(f"{path}.lock", "w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise StateError("another engine is running a cycle on this state") from None
            yield

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. Nested, it is part of the outer one."""
        if self._connection.in_transaction():
            yield
            return
        with _as_state_error(), self._connection.begin():
            yield

    def _rows(self, statement: sql.Executable) -> Sequence[sql.Row[tuple[object, ...]]]:
        with self.transaction():
            return self._connection.execute(statement).fetchall()

    # -- notes: single values by name

    def note(self, name: str) -> str | None:
        rows = self._rows(sql.select(_meta.c.value).where(_meta.c.name == name))
        return str(rows[0][0]) if rows else None

    def set_note(self, name: str, value: str) -> None:
        self._connection.execute(sql.delete(_meta).where(_meta.c.name == name))
        self._connection.execute(sql.insert(_meta).values(name=name, value=value))

    # -- entities and their records

    def entities(self, numbers: Iterable[int]) -> dict[int, Entity]:
        wanted = list(numbers)
        found: dict[int, Entity] = {}
        for some in _slices(wanted):
            query = sql.select(_entities.c.id, _entities.c.body).where(_entities.c.id.in_(some))
            found |= {row.id: entity_from_json(row.id, row.body) for row in self._rows(query)}
        return found

    def entities_of(self, refs: Iterable[Ref]) -> dict[Ref, int]:
        """The entity of each record that is known; all `refs` are of one side."""
        wanted = list(refs)
        found: dict[Ref, int] = {}
        for some in _slices(wanted):
            system, datatype, _ = some[0]
            query = sql.select(_records).where(
                _records.c.system == system,
                _records.c.datatype == datatype,
                _records.c.id.in_([ref.id for ref in some]),
            )
            found |= {Ref(row.system, row.datatype, row.id): row.entity for row in self._rows(query)}
        return found

    def new_entity(self) -> Entity:
        """An empty entity with a number of its own."""
        number = self._connection.execute(
            sql.insert(_entities).values(body="{}", pending=True, notable=False, linked=False)
        ).inserted_primary_key
        if number is None:
            raise StateError("the database gave no number for a new entity")
        return Entity(int(number[0]))

    def save(
        self, entity: Entity, before: Entity | None, *, pending: bool, due: datetime | None, notable: bool
    ) -> None:
        """Keep `entity`; `before` is what the state holds of it now, None for a new one.

        `pending` marks it as seen but not acted on, until `acted_on` says otherwise.
        """
        values = {
            "body": entity_to_json(entity),
            "due": None if due is None else due.isoformat(),
            "notable": notable,
            "linked": entity.linked,
        } | ({"pending": True} if pending else {})
        self._connection.execute(sql.update(_entities).where(_entities.c.id == entity.id).values(values))
        known = {member.ref: member for member in before.members} if before else {}
        new = [member for member in entity.members if member.ref not in known]
        if new:
            rows = [{**m.ref._asdict(), "entity": entity.id, "gone": not m.live} for m in new]
            self._connection.execute(sql.insert(_records), rows)
        for member in entity.members:
            old = known.get(member.ref)
            if old is not None and old.live is not member.live:
                self._connection.execute(
                    sql.update(_records).filter_by(**member.ref._asdict()).values(gone=not member.live)
                )
            if member.keys != (old.keys if old else {}):
                self._set_keys(member.ref, member.keys)

    def _set_keys(self, ref: Ref, keys: dict[str, str]) -> None:
        self._connection.execute(sql.delete(_keys).filter_by(**ref._asdict()))
        if keys:
            rows = [{**ref._asdict(), "space": space, "value": value} for space, value in keys.items()]
            self._connection.execute(sql.insert(_keys), rows)

    def dissolve(self, dropped: int, into: int) -> None:
        """The records of one entity belong to another from now on."""
        self._connection.execute(sql.update(_records).where(_records.c.entity == dropped).values(entity=into))
        self._connection.execute(sql.update(_intents).where(_intents.c.entity == dropped).values(entity=into))
        self._connection.execute(sql.delete(_entities).where(_entities.c.id == dropped))

    def with_key(self, space: str, value: str) -> list[tuple[Ref, int]]:
        """The live records with this key, and their entities, the longest known first."""
        query = (
            sql.select(_records)
            .join(
                _keys,
                sql.and_(
                    _keys.c.system == _records.c.system,
                    _keys.c.datatype == _records.c.datatype,
                    _keys.c.id == _records.c.id,
                ),
            )
            .where(_keys.c.space == space, _keys.c.value == value, sql.not_(_records.c.gone))
            .order_by(_records.c.entity)
        )
        return [(Ref(row.system, row.datatype, row.id), row.entity) for row in self._rows(query)]

    def pending(self, now: datetime) -> list[int]:
        """Entities that were seen but not acted on, or of which something is to be tried again by now."""
        waits = sql.or_(_entities.c.pending, _entities.c.due <= now.isoformat())
        return [
            row.id for row in self._rows(sql.select(_entities.c.id).where(waits).order_by(_entities.c.id))
        ]

    def everything(self) -> list[int]:
        return [row.id for row in self._rows(sql.select(_entities.c.id).order_by(_entities.c.id))]

    def acted_on(self, numbers: Iterable[int]) -> None:
        """All that these entities needed was done, or is on record as trouble."""
        for some in _slices(list(numbers)):
            self._connection.execute(
                sql.update(_entities).where(_entities.c.id.in_(some)).values(pending=False)
            )

    def reconsider_all(self) -> None:
        """Everything is to be planned anew: the mapping has changed."""
        self._connection.execute(sql.update(_entities).values(pending=True))

    def notable(self) -> Iterator[Entity]:
        """Entities of which `status` has something to say."""
        numbers = [
            row.id
            for row in self._rows(
                sql.select(_entities.c.id).where(_entities.c.notable).order_by(_entities.c.id)
            )
        ]
        for some in _slices(numbers):
            yield from (entity for _, entity in sorted(self.entities(some).items()))

    def linked(self) -> int:
        """How many entities have records to keep alike."""
        query = sql.select(sql.func.count()).select_from(_entities).where(_entities.c.linked)
        return int(str(self._rows(query)[0][0]))

    def ids(self, side: Side) -> set[str]:
        """The ids of all live records known on a side."""
        query = sql.select(_records.c.id).where(
            _records.c.system == side.system,
            _records.c.datatype == side.datatype,
            sql.not_(_records.c.gone),
        )
        return {row.id for row in self._rows(query)}

    def shared_keys(self) -> list[tuple[str, str, Ref]]:
        """Keys that live records of different entities have in common: (space, value, record)."""
        query = (
            sql.select(_keys, _records.c.entity)
            .join(
                _records,
                sql.and_(
                    _keys.c.system == _records.c.system,
                    _keys.c.datatype == _records.c.datatype,
                    _keys.c.id == _records.c.id,
                ),
            )
            .where(sql.not_(_records.c.gone))
        ).subquery()
        several = (
            sql.select(query.c.space, query.c.value)
            .group_by(query.c.space, query.c.value)
            .having(sql.func.count(sql.distinct(query.c.entity)) > 1)
        ).subquery()
        rows = self._rows(
            sql.select(query)
            .join(several, sql.and_(query.c.space == several.c.space, query.c.value == several.c.value))
            .order_by(query.c.space, query.c.value, query.c.entity)
        )
        return [(row.space, row.value, Ref(row.system, row.datatype, row.id)) for row in rows]

    # -- intents

    def intend(self, entity: int, send: Send, at: datetime) -> Intent:
        """Keep a write before it is sent."""
        number = self._connection.execute(
            sql.insert(_intents).values(
                entity=entity, send=send_to_json(send), at=at.isoformat(), tries=0, due=at.isoformat()
            )
        ).inserted_primary_key
        if number is None:
            raise StateError("the database gave no number for an intent")
        return Intent(int(number[0]), entity, send, at, 0, at)

    def intents(self, entities: Iterable[int] | None = None) -> list[Intent]:
        """Intents under way, the oldest first: all, or those of some entities."""
        query = sql.select(_intents).order_by(_intents.c.number)
        if entities is not None:
            query = query.where(_intents.c.entity.in_(list(entities)))
        return [
            Intent(
                row.number,
                row.entity,
                send_from_json(row.send),
                datetime.fromisoformat(row.at),
                row.tries,
                datetime.fromisoformat(row.due),
            )
            for row in self._rows(query)
        ]

    def postpone(self, intent: Intent, due: datetime) -> None:
        """It is still unknown; ask again at `due`."""
        self._connection.execute(
            sql.update(_intents)
            .where(_intents.c.number == intent.number)
            .values(tries=intent.tries + 1, due=due.isoformat())
        )

    def forget(self, intents: Iterable[Intent]) -> None:
        """Their outcome is known."""
        numbers = [intent.number for intent in intents]
        if numbers:
            self._connection.execute(sql.delete(_intents).where(_intents.c.number.in_(numbers)))

    # -- cursors

    def cursor(self, side: Side) -> Cursor | None:
        rows = self._rows(
            sql.select(_cursors).where(_cursors.c.system == side.system, _cursors.c.datatype == side.datatype)
        )
        return Cursor(rows[0].value, datetime.fromisoformat(rows[0].scanned_at)) if rows else None

    def set_cursor(self, side: Side, cursor: Cursor) -> None:
        place = {"system": side.system, "datatype": side.datatype}
        self._connection.execute(sql.delete(_cursors).filter_by(**place))
        values = {"value": cursor.value, "scanned_at": cursor.scanned_at.isoformat()}
        self._connection.execute(sql.insert(_cursors).values(**place, **values))


def _slices(items: Sequence[T], size: int = 500) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


@contextmanager
def _as_state_error() -> Iterator[None]:
    try:
        yield
    except sql.exc.DBAPIError as error:
        raise StateError(f"the state can't be used: {error.orig}") from error


def _on_sqlite(connection: object, _: object) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]  # the DBAPI's own, which has no type here
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()

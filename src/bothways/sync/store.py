"""The state: entities, where each record belongs, intents of writes under way, cursors."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sql

from bothways.errors import StateError
from bothways.mapping import Side
from bothways.sync import questions
from bothways.sync.database import Database
from bothways.sync.model import Entity, Ref
from bothways.sync.plan import Send
from bothways.sync.serial import dumps, entity_from_json, entity_to_json, send_from_json, send_to_json
from bothways.sync.tables import (
    SCHEMA,
    cursors,
    metadata,
    notes,
)
from bothways.sync.unsaved import Unsaved

T = TypeVar("T")
Rows = Sequence[sql.Row[Any]]

LONGEST_KEY = 200
"""Characters of a key that are stored as they are: an index entry has no room for more than some thousand bytes."""


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

    What is saved is sent in few statements, before the next question that it could change the answer to and at the
    end of the transaction. Raises `StateError` for a state of a newer version, and when the database refuses (full
    disk, no access).
    """

    def __init__(self, url: str | sql.URL) -> None:
        self._database = Database(url)
        self._connection = self._database.connection
        self._unsaved = Unsaved()
        self._number: int | None = None
        try:
            with self.transaction():
                self._set_up()
        except BaseException:
            self.close()
            raise

    def _set_up(self) -> None:
        if self._schema() is None:
            self._database.wait_for_turn()
            if self._schema() is None:  # nobody was faster
                metadata.create_all(self._connection, checkfirst=False)
                self.set_note("schema", str(SCHEMA))

    def _schema(self) -> str | None:
        """The version of this state's tables, None where there are none."""
        if not sql.inspect(self._connection).has_table(notes.name):
            return None
        found = self.note("schema")
        if found is not None and int(found) > SCHEMA:
            raise StateError(
                f"the state has schema {found}, this version knows {SCHEMA}: a newer bothways is needed"
            )
        return found

    def close(self) -> None:
        self._database.close()

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Held by one engine at a time; it dies with its holder (S29). Raises `StateError` when another holds it."""
        with self._database.lock():
            self._number = None  # another holder may have counted on
            yield

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. Nested, it is part of the outer one."""
        if self._connection.in_transaction():
            yield
            return
        self._database.refuse_without_lock()
        try:
            with self._database.errors(), self._connection.begin():
                yield
                self._send()
        finally:
            self._unsaved = Unsaved()

    @contextmanager
    def rehearsal(self) -> Iterator[None]:
        """A transaction of which nothing remains."""
        try:
            with self._database.errors(), self._connection.begin() as transaction:
                yield
                transaction.rollback()
        finally:
            self._unsaved = Unsaved()

    def _send(self) -> None:
        if self._unsaved == Unsaved():
            return
        unsaved, self._unsaved = self._unsaved, Unsaved()
        unsaved.send(self._database)

    def _rows(self, question: sql.Executable, **about: Any) -> Rows:
        """The answer to a question that nothing unsaved could change."""
        with self.transaction():
            return self._connection.execute(question, about).fetchall()

    def _all_rows(self, question: sql.Executable, **about: Any) -> Rows:
        with self.transaction():
            self._send()
            return self._rows(question, **about)

    def _run(self, statement: sql.Executable, **about: Any) -> None:
        self._send()
        self._connection.execute(statement, about)

    # -- notes: single values by name

    def note(self, name: str) -> str | None:
        if name in self._unsaved.notes:
            return self._unsaved.notes[name]
        rows = self._rows(questions.NOTE, name=name)
        return str(rows[0][0]) if rows else None

    def set_note(self, name: str, value: str) -> None:
        self._unsaved.notes[name] = value

    def new_number(self) -> int:
        """A number that nothing in this state has had before."""
        if self._number is None:
            self._number = int(self.note("number") or 0)
        self._number += 1
        self.set_note("number", str(self._number))
        return self._number

    # -- entities and their records

    def entities(self, numbers: Iterable[int]) -> dict[int, Entity]:
        wanted = set(numbers)
        found = {number: self._unsaved.entities[number] for number in wanted & self._unsaved.entities.keys()}
        for some in _slices(sorted(wanted - found.keys())):
            rows = self._rows(questions.BODIES, numbers=some)
            found |= {row.id: entity_from_json(row.id, row.body) for row in rows}
        return found

    def entities_of(self, refs: Iterable[Ref]) -> dict[Ref, int]:
        """The entity of each record that is known; all `refs` are of one side."""
        wanted = set(refs)
        found = {ref: self._unsaved.records[ref][0] for ref in wanted & self._unsaved.records.keys()}
        for some in _slices(sorted(wanted - found.keys())):
            system, datatype, _ = some[0]
            ids = [ref.id for ref in some]
            rows = self._rows(questions.ENTITIES_OF, system=system, datatype=datatype, ids=ids)
            found |= {_ref(row): row.entity for row in rows}
        return found

    def new_entity(self) -> Entity:
        """An empty entity with a number of its own. It is not part of the state before it is saved."""
        return Entity(self.new_number())

    def save(
        self,
        entity: Entity,
        before: Entity | None,
        *,
        pending: bool,
        due: datetime | None,
        notable: bool,
        linked: bool,
    ) -> None:
        """Keep `entity`; `before` is what the state holds of it now, None for a new one.

        `pending` marks it as seen but not acted on, until `acted_on` says otherwise.
        """
        row = {
            "id": entity.id,
            "body": entity_to_json(entity),
            "due": None if due is None else due.isoformat(),
            "notable": notable,
            "linked": linked,
        }
        self._unsaved.keep(entity, row, pending=pending)
        known = {member.ref: member for member in before.members} if before else {}
        for member in entity.members:
            old = known.get(member.ref)
            if old is None or old.live is not member.live:
                self._unsaved.records[member.ref] = (entity.id, not member.live)
            if member.keys != (old.keys if old else None):
                self._unsaved.keys[member.ref] = {s: _indexed(value) for s, value in member.keys.items()}

    def dissolve(self, dropped: int, into: int) -> None:
        """The records of one entity belong to another from now on."""
        self._run(questions.MOVE_RECORDS, dropped=dropped, into=into)
        self._run(questions.MOVE_INTENTS, dropped=dropped, into=into)
        self._run(questions.DROP, dropped=dropped)

    def with_key(self, space: str, value: str) -> list[tuple[Ref, int]]:
        """The live records with this key, and their entities, the longest known first."""
        rows = self._all_rows(questions.WITH_KEY, space=space, value=_indexed(value))
        return [(_ref(row), row.entity) for row in rows]

    def pending(self, now: datetime) -> list[int]:
        """Entities that were seen but not acted on, or of which something is to be tried again by now."""
        return self._numbers(questions.PENDING, now=now.isoformat())

    def everything(self) -> list[int]:
        """All entities."""
        return self._numbers(questions.EVERYTHING)

    def _numbers(self, question: sql.Executable, **about: Any) -> list[int]:
        return [row.id for row in self._all_rows(question, **about)]

    def acted_on(self, numbers: Iterable[int]) -> None:
        """All that these entities needed was done, or is on record as trouble."""
        for some in _slices(list(numbers)):
            self._run(questions.ACTED_ON, numbers=some)

    def reconsider_all(self) -> None:
        """Everything is to be listed and planned anew: the mapping has changed."""
        self._run(questions.LIST_ANEW)
        self._run(questions.RECONSIDER)

    def notable(self) -> Iterator[Entity]:
        """Entities of which `status` has something to say."""
        for some in _slices(self._numbers(questions.NOTABLE)):
            yield from (entity for _, entity in sorted(self.entities(some).items()))

    def linked(self) -> int:
        """How many entities have records to keep alike."""
        return int(self._all_rows(questions.LINKED)[0][0])

    def ids(self, side: Side) -> set[str]:
        """The ids of all live records known on a side."""
        rows = self._all_rows(questions.LIVE_IDS, system=side.system, datatype=side.datatype)
        return {row.id for row in rows}

    def shared_keys(self) -> list[tuple[str, str, Ref]]:
        """Keys that live records of different entities have in common: (space, value, record)."""
        return [(row.space, row.value, _ref(row)) for row in self._all_rows(questions.SHARED_KEYS)]

    # -- intents

    def intend(self, entity: int, send: Send, at: datetime) -> Intent:
        """Keep a write before it is sent. Raises `StateError` outside the lock (S29)."""
        if not self._database.locked:
            raise StateError("a write is intended only by the holder of the lock")
        intent = Intent(self.new_number(), entity, send, at, 0, at)
        time = at.isoformat()
        row = {"entity": entity, "send": send_to_json(send), "at": time, "tries": 0, "due": time}
        self._unsaved.intents[intent.number] = {"number": intent.number, **row}
        return intent

    def intents(self, of: Iterable[int] | None = None) -> list[Intent]:
        """Intents under way, the oldest first: all, or those of some entities."""
        if of is None:
            rows = self._all_rows(questions.INTENTS)
        else:
            rows = self._all_rows(questions.INTENTS_OF, entities=list(of))
        return [_intent(row) for row in rows]

    def entity_of(self, intent: Intent) -> int:
        """The entity of an intent, which may have become part of another since the intent was read."""
        rows = self._all_rows(questions.ENTITY_OF_INTENT, number=intent.number)
        return int(rows[0].entity) if rows else intent.entity

    def postpone(self, intent: Intent, due: datetime) -> None:
        """It is still unknown; ask again at `due`."""
        then = due.isoformat()
        self._run(questions.POSTPONE, known=intent.number, so_often=intent.tries + 1, then=then)

    def forget(self, known: Iterable[Intent]) -> None:
        """Their outcome is known."""
        self._unsaved.forgotten += [intent.number for intent in known]

    # -- cursors

    def cursor(self, side: Side) -> Cursor | None:
        rows = self._rows(questions.CURSOR, system=side.system, datatype=side.datatype)
        return Cursor(rows[0].value, datetime.fromisoformat(rows[0].scanned_at)) if rows else None

    def set_cursor(self, side: Side, cursor: Cursor) -> None:
        row = {"value": cursor.value, "scanned_at": cursor.scanned_at.isoformat()}
        place = {"system": side.system, "datatype": side.datatype}
        self._database.upsert(cursors, [{**place, **row}])


def _ref(row: sql.Row[Any]) -> Ref:
    return Ref(row.system, row.datatype, row.id)


def _intent(row: sql.Row[Any]) -> Intent:
    at, due = datetime.fromisoformat(row.at), datetime.fromisoformat(row.due)
    return Intent(row.number, row.entity, send_from_json(row.send), at, row.tries, due)


def _indexed(key: str) -> str:
    """A key as every database can index it: escaped as in JSON, and what is too long ends in its hash."""
    text = dumps(key)[1:-1]
    if len(text) <= LONGEST_KEY:
        return text
    return f"{text[:LONGEST_KEY]}#{hashlib.sha256(text.encode()).hexdigest()}"


def _slices(items: Sequence[T], size: int = 500) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]

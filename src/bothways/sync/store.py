"""The state: entities, where each record belongs, intents of writes under way, cursors."""

from __future__ import annotations

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
from bothways.sync.memory import Memory
from bothways.sync.model import Entity, Ref
from bothways.sync.plan import Send
from bothways.sync.serial import (
    entity_from_json,
    entity_to_json,
    indexed,
    send_from_json,
    send_to_json,
)
from bothways.sync.tables import (
    SCHEMA,
    cursors,
    metadata,
    notes,
)
from bothways.sync.unsaved import Unsaved

T = TypeVar("T")
Rows = Sequence[sql.Row[Any]]
Key = tuple[str, str]
"""By what a record is found: space and value."""


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
    end of the transaction. What was read is kept at hand to its end, and for as long as the lock is held. Raises
    `StateError` for a state of a newer version, and when the database refuses (full disk, no access).
    """

    def __init__(self, url: str | sql.URL) -> None:
        self._database = Database(url)
        self._connection = self._database.connection
        self._unsaved = Unsaved()
        self._memory = Memory()
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
        if found is not None and int(found) != SCHEMA:
            way_out = (
                "a newer bothways"
                if int(found) > SCHEMA
                else "a new state, which finds what was made before,"
            )
            raise StateError(
                f"the state has schema {found}, this version knows {SCHEMA}: {way_out} is needed"
            )
        return found

    def close(self) -> None:
        self._database.close()

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Held by one engine at a time; it dies with its holder (S29). Raises `StateError` when another holds it."""
        with self._database.lock():
            self._number, self._memory = None, Memory()  # another holder may have gone on
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
        except BaseException:
            self._forget_all()
            raise
        if not self._database.locked:  # what is known may change at any time
            self._forget_all()

    @contextmanager
    def rehearsal(self) -> Iterator[None]:
        """A transaction of which nothing remains."""
        try:
            with self._database.errors(), self._connection.begin() as transaction:
                yield
                transaction.rollback()
        finally:
            self._forget_all()

    def _forget_all(self) -> None:
        self._unsaved = Unsaved()
        self._memory = Memory()

    def _send(self) -> None:
        if self._unsaved == Unsaved():
            return
        unsaved, self._unsaved = self._unsaved, Unsaved()
        self._memory.keep_entities(unsaved.entities)
        places = {ref: entity for ref, (entity, _) in unsaved.records.items()}
        self._memory.keep_places(places, places)
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
        """Those of these entities that there are."""
        wanted = set(numbers)
        found: dict[int, Entity] = {}
        for known in (self._unsaved.entities, self._memory.entities):
            found |= {number: known[number] for number in wanted & known.keys() - found.keys()}
        for some in slices(sorted(wanted - found.keys())):
            with self.transaction():
                rows = self._rows(questions.BODIES, numbers=some)
                read = {row.id: entity_from_json(row.id, row.body) for row in rows}
                self._memory.keep_entities(read)
            found |= read
        return found

    def entities_of(self, refs: Iterable[Ref]) -> dict[Ref, int]:
        """The entity of each record that is known; all `refs` are of one side."""
        wanted = set(refs)
        found = {ref: self._unsaved.records[ref][0] for ref in wanted & self._unsaved.records.keys()}
        remembered = wanted & self._memory.places.keys() - found.keys()
        found |= {ref: place for ref in remembered if (place := self._memory.places[ref]) is not None}
        for some in slices(sorted(wanted - found.keys() - remembered)):
            system, datatype, _ = some[0]
            ids = [ref.id for ref in some]
            with self.transaction():
                rows = self._rows(questions.ENTITIES_OF, system=system, datatype=datatype, ids=ids)
                read = {_ref(row): row.entity for row in rows}
                self._memory.keep_places(some, read)
            found |= read
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
                self._unsaved.keys[member.ref] = {s: indexed(value) for s, value in member.keys.items()}

    def dissolve(self, dropped: int, into: int) -> None:
        """The records of one entity belong to another from now on."""
        self._run(questions.MOVE_RECORDS, dropped=dropped, into=into)
        self._run(questions.MOVE_INTENTS, dropped=dropped, into=into)
        self._run(questions.DROP, dropped=dropped)
        self._memory.dissolved(dropped)

    def with_keys(self, wanted: Iterable[Key]) -> dict[Key, list[tuple[Ref, int]]]:
        """For each key the live records that have it, and their entities, the longest known first."""
        found: dict[Key, list[tuple[Ref, int]]] = {key: [] for key in wanted}
        by_space: dict[str, dict[str, list[Key]]] = {}
        for key in found:
            by_space.setdefault(key[0], {}).setdefault(indexed(key[1]), []).append(key)
        for space, values in by_space.items():
            for some in slices(list(values)):
                for row in self._all_rows(questions.WITH_KEYS, space=space, some=some):
                    for key in values[row.value]:
                        found[key].append((_ref(row), row.entity))
        return found

    def with_key(self, space: str, value: str) -> list[tuple[Ref, int]]:
        """The live records with this key, as above."""
        return self.with_keys([(space, value)])[space, value]

    def pending(self, now: datetime) -> list[int]:
        """Entities that were seen but not acted on, or of which something is to be tried again by now."""
        return sorted(self._numbers(questions.PENDING, now=now.isoformat()))

    def everything(self) -> list[int]:
        """All entities."""
        return self._numbers(questions.EVERYTHING)

    def _numbers(self, question: sql.Executable, **about: Any) -> list[int]:
        return [row.id for row in self._all_rows(question, **about)]

    def acted_on(self, numbers: Iterable[int]) -> None:
        """All that these entities needed was done, or is on record as trouble."""
        for some in slices(list(numbers)):
            self._run(questions.ACTED_ON, numbers=some)

    def reconsider_all(self) -> None:
        """Everything is to be listed and planned anew: the mapping has changed."""
        self._run(questions.LIST_ANEW)
        self._run(questions.RECONSIDER)

    def notable(self) -> Iterator[Entity]:
        """Entities of which `status` has something to say."""
        for some in slices(self._numbers(questions.NOTABLE)):
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

    def owners(self, of: Sequence[Intent]) -> dict[int, int]:
        """The entity of each intent by its number: it may have become part of another since the intent was read."""
        owners = {intent.number: intent.entity for intent in of}
        for some in slices(list(owners)):
            rows = self._all_rows(questions.OWNERS, numbers=some)
            owners |= {row.number: row.entity for row in rows}
        return owners

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


def slices(items: Sequence[T], size: int = 500) -> Iterator[Sequence[T]]:
    """`items` in order, at most `size` at a time."""
    for start in range(0, len(items), size):
        yield items[start : start + size]

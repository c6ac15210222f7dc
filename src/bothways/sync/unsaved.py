"""What a transaction has changed and not sent yet: sent together, for each statement costs a round trip."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sql

from bothways.sync.database import Database
from bothways.sync.model import Entity, Ref
from bothways.sync.tables import entities, intents, keys, notes, records

Row = dict[str, Any]


@dataclass(slots=True)
class Unsaved:
    """Each thing in its last form.

    `records` maps a record to its entity and whether it is gone; `intents` are rows by number, `forgotten` the
    numbers of those whose outcome is known.
    """

    entities: dict[int, Entity] = field(default_factory=dict)
    records: dict[Ref, tuple[int, bool]] = field(default_factory=dict)
    keys: dict[Ref, dict[str, str]] = field(default_factory=dict)
    intents: dict[int, Row] = field(default_factory=dict)
    forgotten: list[int] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)
    _rows: dict[int, Row] = field(default_factory=dict)
    _pending: set[int] = field(default_factory=set)

    def keep(self, entity: Entity, row: Row, *, pending: bool) -> None:
        """An entity, and its row without `pending`, which it keeps as it is unless given."""
        self.entities[entity.id], self._rows[entity.id] = entity, row
        if pending:
            self._pending.add(entity.id)

    def send(self, database: Database) -> None:
        """Send everything, in few statements."""
        self._send_entities(database)
        rows = [
            {**ref._asdict(), "entity": entity, "gone": gone} for ref, (entity, gone) in self.records.items()
        ]
        database.upsert(records, rows)
        self._send_keys(database)
        database.upsert(intents, list(self.intents.values()))
        if self.forgotten:
            gone = sql.delete(intents).where(intents.c.number == sql.bindparam("known"))
            database.connection.execute(gone, [{"known": number} for number in self.forgotten])
        database.upsert(notes, [{"name": name, "value": value} for name, value in self.notes.items()])

    def _send_entities(self, database: Database) -> None:
        seen = [{**row, "pending": True} for id, row in self._rows.items() if id in self._pending]
        kept = [{**row, "pending": False} for id, row in self._rows.items() if id not in self._pending]
        database.upsert(entities, seen)
        database.upsert(entities, kept, keep=("pending",))

    def _send_keys(self, database: Database) -> None:
        if not self.keys:
            return
        of = {"of_system": keys.c.system, "of_datatype": keys.c.datatype, "of_id": keys.c.id}
        old = sql.delete(keys).where(*(column == sql.bindparam(name) for name, column in of.items()))
        places = [dict(zip(of, ref, strict=True)) for ref in self.keys]
        database.connection.execute(old, places)
        rows = [
            {**ref._asdict(), "space": space, "value": value}
            for ref, held in self.keys.items()
            for space, value in held.items()
        ]
        database.upsert(keys, rows)

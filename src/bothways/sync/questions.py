"""What the store asks and tells its tables: statements made once, since making one costs more than running it."""

from __future__ import annotations

import sqlalchemy as sql

from bothways.sync.tables import cursors, entities, intents, key_of_record, keys, notes, records

ON_SIDE = sql.and_(
    records.c.system == sql.bindparam("system"), records.c.datatype == sql.bindparam("datatype")
)
LIVE = sql.not_(records.c.gone)

NOTE = sql.select(notes.c.value).where(notes.c.name == sql.bindparam("name"))

BODIES = sql.select(entities.c.id, entities.c.body).where(
    entities.c.id.in_(sql.bindparam("numbers", expanding=True))
)
ENTITIES_OF = sql.select(records).where(ON_SIDE, records.c.id.in_(sql.bindparam("ids", expanding=True)))
LIVE_IDS = sql.select(records.c.id).where(ON_SIDE, LIVE)
WITH_KEYS = (
    sql.select(records, keys.c.value)
    .join(keys, key_of_record)
    .where(
        keys.c.space == sql.bindparam("space"),
        keys.c.value.in_(sql.bindparam("some", expanding=True)),
        LIVE,
    )
    .order_by(records.c.entity)
)
EVERYTHING = sql.select(entities.c.id).order_by(entities.c.id)
PENDING = sql.union(  # by an index each: for an `or`, or in order, SQLite would read the whole table
    sql.select(entities.c.id).where(entities.c.pending),
    sql.select(entities.c.id).where(entities.c.due <= sql.bindparam("now")),
)
NOTABLE = EVERYTHING.where(entities.c.notable)
LINKED = sql.select(sql.func.count()).select_from(entities).where(entities.c.linked)

_live = sql.select(keys, records.c.entity).join(records, key_of_record).where(LIVE).subquery()
_several = (
    sql.select(_live.c.space, _live.c.value)
    .group_by(_live.c.space, _live.c.value)
    .having(sql.func.count(sql.distinct(_live.c.entity)) > 1)
    .subquery()
)
SHARED_KEYS = (
    sql.select(_live)
    .join(_several, sql.and_(_live.c.space == _several.c.space, _live.c.value == _several.c.value))
    .order_by(_live.c.space, _live.c.value, _live.c.entity)
)

INTENTS = sql.select(intents).order_by(intents.c.number)
INTENTS_OF = INTENTS.where(intents.c.entity.in_(sql.bindparam("entities", expanding=True)))
OWNERS = sql.select(intents.c.number, intents.c.entity).where(
    intents.c.number.in_(sql.bindparam("numbers", expanding=True))
)
CURSOR = sql.select(cursors).where(
    cursors.c.system == sql.bindparam("system"), cursors.c.datatype == sql.bindparam("datatype")
)

MOVE_RECORDS = (
    sql.update(records)
    .where(records.c.entity == sql.bindparam("dropped"))
    .values(entity=sql.bindparam("into"))
)
MOVE_INTENTS = (
    sql.update(intents)
    .where(intents.c.entity == sql.bindparam("dropped"))
    .values(entity=sql.bindparam("into"))
)
DROP = sql.delete(entities).where(entities.c.id == sql.bindparam("dropped"))
ACTED_ON = (
    sql.update(entities)
    .where(entities.c.id.in_(sql.bindparam("numbers", expanding=True)))
    .values(pending=False)
)
RECONSIDER = sql.update(entities).values(pending=True)
LIST_ANEW = sql.delete(cursors)
POSTPONE = (
    sql.update(intents)
    .where(intents.c.number == sql.bindparam("known"))
    .values(tries=sql.bindparam("so_often"), due=sql.bindparam("then"))
)

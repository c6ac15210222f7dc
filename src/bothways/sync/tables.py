"""The tables of the state, the same on SQLite and PostgreSQL."""

from __future__ import annotations

import sqlalchemy as sql

SCHEMA = 2
"""The version of the tables below and of what they hold; a state of another one is refused."""

metadata = sql.MetaData()

NUMBER = sql.BigInteger().with_variant(sql.Integer, "sqlite")
"""What SQLite finds rows by without an index of its own."""

notes = sql.Table(
    "meta",
    metadata,
    sql.Column("name", sql.Text, primary_key=True),
    sql.Column("value", sql.Text, nullable=False),
)

entities = sql.Table(
    "entity",
    metadata,
    sql.Column("id", NUMBER, primary_key=True, autoincrement=False),
    sql.Column("body", sql.Text, nullable=False),
    # Whether something was seen of it that hasn't been acted on yet.
    sql.Column("pending", sql.Boolean, nullable=False, index=True),
    # When something about it is to be tried again; null when nothing is.
    sql.Column("due", sql.Text, index=True),
    # Whether `status` has something to say about it.
    sql.Column("notable", sql.Boolean, nullable=False, index=True),
    # Whether it has records to keep alike; counted for the bulk-change limit.
    sql.Column("linked", sql.Boolean, nullable=False, index=True),
)

records = sql.Table(
    "record",
    metadata,
    sql.Column("system", sql.Text, primary_key=True),
    sql.Column("datatype", sql.Text, primary_key=True),
    sql.Column("id", sql.Text, primary_key=True),
    sql.Column("entity", sql.BigInteger, nullable=False, index=True),
    sql.Column("gone", sql.Boolean, nullable=False),
    sqlite_with_rowid=False,  # else each row's key is stored twice
)

keys = sql.Table(
    "key",
    metadata,
    sql.Column("system", sql.Text, primary_key=True),
    sql.Column("datatype", sql.Text, primary_key=True),
    sql.Column("id", sql.Text, primary_key=True),
    sql.Column("space", sql.Text, primary_key=True),
    sql.Column("value", sql.Text, nullable=False),
    sql.Index("key_by_value", "space", "value"),
    sqlite_with_rowid=False,
)

intents = sql.Table(
    "intent",
    metadata,
    sql.Column("number", NUMBER, primary_key=True, autoincrement=False),
    sql.Column("entity", sql.BigInteger, nullable=False, index=True),
    sql.Column("send", sql.Text, nullable=False),
    sql.Column("at", sql.Text, nullable=False),
    sql.Column("tries", sql.Integer, nullable=False),
    sql.Column("due", sql.Text, nullable=False),
)

cursors = sql.Table(
    "cursor",
    metadata,
    sql.Column("system", sql.Text, primary_key=True),
    sql.Column("datatype", sql.Text, primary_key=True),
    sql.Column("value", sql.Text),
    sql.Column("scanned_at", sql.Text, nullable=False),
)

key_of_record = sql.and_(
    keys.c.system == records.c.system, keys.c.datatype == records.c.datatype, keys.c.id == records.c.id
)
"""Joins the keys with the records that they belong to."""

"""What a transaction has changed reaches the tables in its last form, in few statements."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
import sqlalchemy as sql

from bothways.sync.database import Database
from bothways.sync.model import Entity, Ref
from bothways.sync.tables import entities, intents, keys, metadata, notes, records
from bothways.sync.unsaved import Row, Unsaved
from tests.sync.pair import LEFT, RIGHT


@pytest.fixture
def database() -> Iterator[Database]:
    """Empty tables in memory, in a transaction."""
    with closing(Database("sqlite://")) as opened, opened.connection.begin():
        metadata.create_all(opened.connection)
        yield opened


def row(number: int, body: str = "{}") -> Row:
    return {"id": number, "body": body, "due": None, "notable": False, "linked": False}


def held(database: Database, table: sql.Table) -> list[tuple[Any, ...]]:
    return [tuple(found) for found in database.connection.execute(sql.select(table))]


def pending(database: Database) -> dict[int, bool]:
    return {found[0]: found[2] for found in held(database, entities)}


def statements(database: Database, unsaved: Unsaved) -> list[str]:
    """The first words of what is sent."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        sent.append(" ".join(statement.split()[:3]))

    engine = database.connection.engine
    sql.event.listen(engine, "before_cursor_execute", note)
    unsaved.send(database)
    sql.event.remove(engine, "before_cursor_execute", note)
    return sent


def keep(database: Database, number: int, *, pending: bool, body: str = "{}") -> None:
    """An entity is changed in a transaction of its own."""
    unsaved = Unsaved()
    unsaved.keep(Entity(number), row(number, body), pending=pending)
    unsaved.send(database)


def test_an_entity_is_kept_in_its_last_form(database: Database) -> None:
    unsaved = Unsaved()
    last = Entity(1, numbers=2)
    unsaved.keep(Entity(1), row(1), pending=False)
    unsaved.keep(last, row(1, "last") | {"due": "soon", "notable": True}, pending=False)
    assert unsaved.entities == {1: last}
    unsaved.send(database)
    assert held(database, entities) == [(1, "last", False, "soon", True, False)]


@pytest.mark.parametrize("before", [None, False, True])
@pytest.mark.parametrize(
    ("given", "after"), [([True], True), ([True, False], True), ([False, True], True), ([False], None)]
)
def test_an_entity_is_pending_once_it_was_said_so_and_else_stays_as_it_is(
    database: Database, before: bool | None, given: list[bool], after: bool | None
) -> None:
    if before is not None:
        keep(database, 1, pending=before)
    keep(database, 2, pending=False)
    unsaved = Unsaved()
    for each in given:
        unsaved.keep(Entity(1), row(1, "new"), pending=each)
    unsaved.send(database)
    assert pending(database) == {1: bool(before) if after is None else after, 2: False}
    assert held(database, entities)[0][1] == "new"


def test_entities_with_something_to_do_and_without_are_kept_together(database: Database) -> None:
    unsaved = Unsaved()
    for number, each in ((1, True), (2, False), (3, True), (4, False)):
        unsaved.keep(Entity(number), row(number), pending=each)
    assert statements(database, unsaved) == ["INSERT INTO entity"] * 2
    assert pending(database) == {1: True, 2: False, 3: True, 4: False}


def test_a_record_belongs_to_the_entity_that_had_it_last(database: Database) -> None:
    Unsaved(records={LEFT: (1, False), RIGHT: (1, False)}).send(database)
    Unsaved(records={RIGHT: (2, True)}).send(database)
    assert sorted(held(database, records)) == [(*LEFT, 1, False), (*RIGHT, 2, True)]


def test_the_keys_of_a_record_replace_those_it_had_alone(database: Database) -> None:
    others = [
        Ref("left", "Item", "r1"),
        Ref("right", "Thing", "r1"),
        Ref("right", "Item", "r2"),
    ]
    Unsaved(keys={ref: {"sku": "a", "ean": "b"} for ref in (RIGHT, LEFT, *others)}).send(database)
    Unsaved(keys={RIGHT: {"sku": "c"}, LEFT: {}}).send(database)
    kept = [(*ref, space, value) for ref in others for space, value in (("ean", "b"), ("sku", "a"))]
    assert sorted(held(database, keys)) == sorted([(*RIGHT, "sku", "c"), *kept])


def test_an_intent_lasts_until_its_outcome_is_known_even_within_one_transaction(database: Database) -> None:
    def intent(number: int, tries: int = 0) -> Row:
        return {"number": number, "entity": 1, "send": "{}", "at": "now", "tries": tries, "due": "then"}

    Unsaved(intents={number: intent(number) for number in (1, 2, 3)}).send(database)
    Unsaved(intents={2: intent(2, tries=1), 4: intent(4)}, forgotten=[1, 4]).send(database)
    assert held(database, intents) == [(2, 1, "{}", "now", 1, "then"), (3, 1, "{}", "now", 0, "then")]


def test_a_note_is_replaced_by_name(database: Database) -> None:
    Unsaved(notes={"cycles": "1", "mapping": "{}"}).send(database)
    Unsaved(notes={"cycles": "2"}).send(database)
    assert sorted(held(database, notes)) == [("cycles", "2"), ("mapping", "{}")]


def test_what_has_not_changed_costs_no_statement(database: Database) -> None:
    assert statements(database, Unsaved()) == []
    assert statements(database, Unsaved(notes={"cycles": "1"})) == ["INSERT INTO meta"]
    assert statements(database, Unsaved(keys={LEFT: {}, RIGHT: {}})) == ['DELETE FROM "key"']
    assert statements(database, Unsaved(forgotten=[1, 2])) == ["DELETE FROM intent"]

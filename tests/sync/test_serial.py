"""What the state keeps of entities, writes and keys: the same comes back, in a form that stays the same."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from bothways.sync.connectors import Kind, Write
from bothways.sync.model import Edit, Entity, Member, Shown, Trouble, Version
from bothways.sync.plan import Send
from bothways.sync.serial import (
    LONGEST_KEY,
    dumps,
    entity_from_json,
    entity_to_json,
    indexed,
    send_from_json,
    send_to_json,
)
from bothways.sync.tables import SCHEMA
from tests.sync.pair import LEFT, NOON, RIGHT, at

WHOLE = Entity(
    7,
    [
        Member(
            LEFT,
            version="3",
            stamp=at(1),
            modified_at=at(2),
            created_at=at(3),
            gone_at=at(4),
            slots={"name": Shown("Cup", 1), "count": Shown(7, 2)},
            read_only=frozenset({"count", "a"}),
            unreadable={"mail": "7 is no text"},
            starts=frozenset({2, 1}),
            extras={"parent": "l0"},
            keys={"left.Thing:name": "Cup"},
        ),
        Member(RIGHT, stamp=at(1), modified_at=at(1)),
    ],
    {
        "left.Thing.name": Version(1, Edit("Cup", NOON, LEFT, "newest"), (Edit("Mug", None, RIGHT),)),
        "left.Thing.count": Version(2, Edit(7, NOON, LEFT, "newest")),
    },
    {"right.Item": Trouble("no room", 2, at(5))},
    numbers=2,
)
"""Everything that can be known of an entity."""

STORED: dict[str, Any] = {
    "n": 2,
    "m": [
        {
            "r": ["left", "Thing", "l1"],
            "v": "3",
            "x": "2024-10-01T12:01:00+00:00",
            "m": "2024-10-01T12:02:00+00:00",
            "c": "2024-10-01T12:03:00+00:00",
            "g": "2024-10-01T12:04:00+00:00",
            "s": {"name": 1, "count": [7, 2]},
            "o": ["a", "count"],
            "u": {"mail": "7 is no text"},
            "f": [1, 2],
            "e": {"parent": "l0"},
            "k": {"left.Thing:name": "Cup"},
        },
        {"r": ["right", "Item", "r1"], "x": "2024-10-01T12:01:00+00:00"},
    ],
    "v": {"left.Thing.name": [1, ["Cup", 0], ["Mug", 1]], "left.Thing.count": [2, [7, 0]]},
    "o": [
        ["2024-10-01T12:00:00+00:00", ["left", "Thing", "l1"], "newest"],
        [None, ["right", "Item", "r1"], ""],
    ],
    "t": {"right.Item": ["no room", 2, "2024-10-01T12:05:00+00:00"]},
}
"""The same as the state holds it: nothing twice, and nothing that says nothing."""


def back(entity: Entity) -> Entity:
    """What is read of an entity that was kept."""
    return entity_from_json(entity.id, entity_to_json(entity))


def test_the_form_belongs_to_the_version_of_the_tables() -> None:
    """A state made before is read as ever: another form needs another version."""
    assert SCHEMA == 2
    assert json.loads(entity_to_json(WHOLE)) == STORED
    assert entity_from_json(7, json.dumps(STORED)) == WHOLE


def test_an_entity_comes_back_as_it_was() -> None:
    assert back(WHOLE) == WHOLE
    assert back(Entity(3)) == Entity(3)
    assert back(Entity(3, [Member(LEFT)])) == Entity(3, [Member(LEFT)])


def test_a_modified_time_that_no_system_wrote_comes_back() -> None:
    member = Member(LEFT, stamp=None, modified_at=NOON)
    assert back(Entity(1, [member])).members == [member]


@pytest.mark.parametrize(
    ("held", "shown"),
    [
        (1, True),
        (True, 1),
        (1, 1.0),
        ("Cup", "Mug"),
        (None, None),
        (["a"], ["a"]),
        (7, "7"),
    ],
)
def test_what_a_record_shows_keeps_its_type_whatever_its_version_holds(held: Any, shown: Any) -> None:
    entity = Entity(
        1, [Member(LEFT, slots={"x": Shown(shown, 1)})], {"x": Version(1, Edit(held, NOON, LEFT))}
    )
    after = back(entity)
    assert repr(after.members[0].slots["x"]) == repr(Shown(shown, 1))
    assert repr(after.versions["x"].value) == repr(held)


@pytest.mark.parametrize("of", [0, 2])
def test_what_belongs_to_no_version_that_is_held_is_kept_itself(of: int) -> None:
    member = Member(LEFT, slots={"name": Shown("Cup", of), "note": Shown(None, of)})
    entity = Entity(1, [member], {"name": Version(1, Edit("Cup", NOON, LEFT))})
    assert back(entity) == entity


def test_edits_of_one_time_and_place_are_told_apart_by_what_decided() -> None:
    edits = [
        Edit("a", at, ref, why) for at in (NOON, None) for ref in (LEFT, RIGHT) for why in ("", "newest")
    ]
    entity = Entity(1, versions={str(n): Version(n, edit, tuple(edits)) for n, edit in enumerate(edits)})
    assert back(entity) == entity
    assert len(json.loads(entity_to_json(entity))["o"]) == len(edits)


def test_the_text_has_no_blanks_and_only_ascii() -> None:
    assert dumps({"a": [1, "Ä\x00\ud800"], "b": None}) == '{"a":[1,"\\u00c4\\u0000\\ud800"],"b":null}'
    assert entity_to_json(Entity(3)) == '{"n":0,"m":[],"v":{},"o":[],"t":{}}'


# -- writes

UPDATE = Send(
    "right",
    Write(Kind.UPDATE, "Item", "key", id="r1", body={"title": None, "a.b": [1]}, version="3"),
    {"title": 4},
)
CREATION = Send("right", Write(Kind.CREATE, "Item", "key", body={"title": "Cup"}, batch="together"))


@pytest.mark.parametrize(
    "send", [UPDATE, CREATION, Send("right", Write(Kind.DELETE, "Item", "key", id="r1"))]
)
def test_a_write_comes_back_as_it_was(send: Send) -> None:
    assert send_from_json(send_to_json(send)) == send


def test_the_form_of_a_write_belongs_to_the_version_of_the_tables() -> None:
    stored = {
        "system": "right",
        "numbers": {"title": 4},
        "kind": "update",
        "datatype": "Item",
        "key": "key",
        "id": "r1",
        "body": {"title": None, "a.b": [1]},
        "version": "3",
        "batch": "",
    }
    assert SCHEMA == 2
    assert json.loads(send_to_json(UPDATE)) == stored
    assert send_from_json(json.dumps(stored)) == UPDATE


def test_a_write_that_was_kept_before_there_were_batches_is_in_none() -> None:
    stored = json.loads(send_to_json(UPDATE))
    del stored["batch"]
    assert send_from_json(json.dumps(stored)) == UPDATE


# -- keys


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("abc", "abc"),
        ("", ""),
        ("Ä", "\\u00c4"),
        ("nul \x00", "nul \\u0000"),
        ('quote " and \\', 'quote \\" and \\\\'),
        ("a" * LONGEST_KEY, "a" * LONGEST_KEY),
    ],
)
def test_a_key_is_stored_as_it_is_written_in_json(key: str, text: str) -> None:
    assert indexed(key) == text


def test_a_key_too_long_for_an_index_ends_in_its_hash() -> None:
    key = "a" * LONGEST_KEY + "b"
    assert LONGEST_KEY == 200
    assert indexed(key) == f"{'a' * 200}#{hashlib.sha256(key.encode()).hexdigest()}"


def test_long_keys_with_the_same_start_differ() -> None:
    assert indexed("a" * 300 + "b") != indexed("a" * 300 + "c")
    assert len(indexed("ä" * 5000)) == len(indexed("b" * 5000))

"""What the state finds again, of which records, and in which order: the same on every database."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sql

from bothways.mapping import Side
from bothways.sync.connectors import Kind, Write
from bothways.sync.model import Entity, Member, Ref
from bothways.sync.plan import Send
from bothways.sync.store import Cursor, Store
from bothways.sync.tables import SCHEMA
from tests.sync.pair import LEFT, LEFT_SIDE, NOON, RIGHT, RIGHT_SIDE, at

MANY = 501
"""More than the state asks for at once."""

UPDATE = Send("right", Write(Kind.UPDATE, "Item", "k", id="r1", body={"title": "Cup"}), {"title": 1})


def save(store: Store, entity: Entity, before: Entity | None = None, **how: Any) -> Entity:
    """Keep it, with nothing special about it unless told."""
    with store.transaction():
        store.save(entity, before, **{"pending": False, "due": None, "notable": False, "linked": False} | how)
    return entity


def kept(store: Store, *members: Member, **how: Any) -> Entity:
    """A new entity of these records."""
    with store.transaction():
        entity = store.new_entity()
        entity.members.extend(members)
        return save(store, entity, **how)


def lefts(count: int) -> list[Ref]:
    return [LEFT._replace(id=f"l{number}") for number in range(count)]


def asked(store: Store) -> list[str]:
    """The questions that the database will be asked from now on."""
    heard: list[str] = []

    @sql.event.listens_for(store._connection, "before_cursor_execute")
    def hear(_: Any, __: Any, statement: str, *___: Any) -> None:
        heard.append(statement)

    return heard


# -- notes and numbers


def test_a_new_state_says_which_version_it_is_and_nothing_else(store: Store) -> None:
    assert store.note("schema") == str(SCHEMA)
    assert store.note("cycles") is None
    assert store.everything() == []
    assert store.linked() == 0


def test_a_note_is_replaced(store: Store) -> None:
    for value in ("1", "2"):
        with store.transaction():
            store.set_note("cycles", value)
            assert store.note("cycles") == value
        assert store.note("cycles") == value


def test_numbers_go_up_one_by_one(store: Store) -> None:
    assert [store.new_number() for _ in range(3)] == [1, 2, 3]
    assert store.new_entity() == Entity(4)


def test_who_takes_the_lock_goes_on_where_another_has_stopped(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'state.sqlite'}"
    with closing(Store(url)) as one, closing(Store(url)) as other:
        first = kept(one, Member(LEFT))
        with other.lock():
            second = kept(other, Member(LEFT._replace(id="l2")))
            with other.transaction():
                other.dissolve(first.id, into=second.id)
        with one.lock():
            assert one.entities_of([LEFT]) == {LEFT: second.id}
            assert kept(one, Member(RIGHT)).id == second.id + 1


# -- entities


def test_only_what_is_there_is_found(store: Store) -> None:
    entity = kept(store, Member(LEFT))
    assert store.entities([]) == {}
    assert store.entities([entity.id, entity.id + 1]) == {entity.id: entity}
    assert store.entities_of([]) == {}
    assert store.entities_of([LEFT, LEFT._replace(id="l2")]) == {LEFT: entity.id}


def test_however_many_are_asked_for_all_are_found(store: Store) -> None:
    refs = lefts(MANY)
    with store.transaction():
        numbers = {ref: kept(store, Member(ref), pending=True, notable=True, linked=True).id for ref in refs}
    in_order = list(numbers.values())
    assert list(store.entities(in_order)) == in_order
    assert store.entities_of(refs) == numbers
    assert store.everything() == in_order
    assert store.pending(NOON) == in_order
    assert [entity.id for entity in store.notable()] == in_order
    assert store.linked() == MANY
    with store.transaction():
        store.acted_on(in_order[1:])
    assert store.pending(NOON) == in_order[:1]


def test_what_is_found_is_the_last_that_was_saved(store: Store) -> None:
    with store.lock():
        entity = kept(store, Member(LEFT, "1"))
        assert store.entities([entity.id]) == {entity.id: entity}
        with store.transaction():
            changed = save(store, replace(entity, members=[Member(LEFT, "2")]), entity)
            assert store.entities([entity.id]) == {entity.id: changed}
        assert store.entities([entity.id]) == {entity.id: changed}


def test_what_was_saved_and_what_was_known_are_found_together(store: Store) -> None:
    stored, known = kept(store, Member(LEFT)), kept(store, Member(RIGHT))
    other = LEFT._replace(id="l2")
    with store.lock(), store.transaction():
        assert store.entities([known.id]) == {known.id: known}
        saved = kept(store, Member(other))
        found = {entity.id: entity for entity in (stored, known, saved)}
        assert store.entities(found) == found
        assert store.entities_of([LEFT, other]) == {LEFT: stored.id, other: saved.id}


def test_a_record_that_belonged_to_nothing_is_found_once_it_was_saved(store: Store) -> None:
    with store.lock():
        assert store.entities_of([LEFT]) == {}
        entity = kept(store, Member(LEFT))
        assert store.entities_of([LEFT]) == {LEFT: entity.id}


def test_a_record_moves_with_the_entity_that_takes_it_over(store: Store) -> None:
    first, second = kept(store, Member(LEFT)), kept(store, Member(RIGHT))
    save(store, replace(second, members=[Member(RIGHT), Member(LEFT)]), second)
    assert store.entities_of([LEFT]) == {LEFT: second.id}
    assert first.id in store.entities([first.id])


def test_records_are_told_apart_by_system_and_datatype_too(store: Store) -> None:
    other = Ref("right", "Thing", LEFT.id)
    first, second = kept(store, Member(LEFT)), kept(store, Member(other))
    assert store.entities_of([LEFT]) == {LEFT: first.id}
    assert store.entities_of([other]) == {other: second.id}
    assert store.entities_of([Ref("left", "Part", LEFT.id)]) == {}


def test_under_the_lock_nothing_is_asked_twice(store: Store) -> None:
    entity = kept(store, Member(LEFT))
    other = LEFT._replace(id="l2")
    with store.lock():
        heard = asked(store)
        for _ in range(2):
            assert store.entities([entity.id]) == {entity.id: entity}
            assert store.entities_of([LEFT, other]) == {LEFT: entity.id}
            assert store.entities_of([other]) == {}
        assert len(heard) == 2


def test_without_the_lock_it_is_asked_anew_what_others_may_have_changed(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'state.sqlite'}"
    with closing(Store(url)) as one, closing(Store(url)) as other:
        assert one.entities_of([LEFT]) == {}
        entity = kept(other, Member(LEFT, "1"))
        assert one.entities_of([LEFT]) == {LEFT: entity.id}
        assert one.entities([entity.id]) == {entity.id: entity}
        changed = save(other, replace(entity, members=[Member(LEFT, "2")]), entity)
        assert one.entities([entity.id]) == {entity.id: changed}


def test_of_a_rehearsal_nothing_remains(store: Store) -> None:
    with store.lock():
        with store.rehearsal():
            entity = kept(store, Member(LEFT))
            assert store.entities_of([LEFT]) == {LEFT: entity.id}
        assert store.entities_of([LEFT]) == {}
        assert store.entities([entity.id]) == {}


def test_a_transaction_within_another_is_part_of_it(store: Store) -> None:
    def fail() -> None:
        with store.transaction():
            kept(store, Member(LEFT))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert store.everything() == []


def test_what_is_pending_comes_in_the_order_of_its_number(store: Store) -> None:
    due = [
        kept(store, Member(ref), due=when) for ref, when in zip(lefts(3), (at(1), NOON, at(2)), strict=True)
    ]
    seen = kept(store, Member(RIGHT), pending=True)
    assert store.pending(at(1)) == [due[0].id, due[1].id, seen.id]


def test_a_dissolved_entity_is_no_more_and_its_writes_are_the_others(store: Store) -> None:
    with store.lock():
        older, younger = kept(store, Member(LEFT)), kept(store, Member(RIGHT))
        with store.transaction():
            write = store.intend(younger.id, UPDATE, NOON)
            other = store.intend(older.id, UPDATE, NOON)
        assert store.entities_of([RIGHT]) == {RIGHT: younger.id}
        with store.transaction():
            store.dissolve(younger.id, into=older.id)
        assert store.entities_of([RIGHT]) == {RIGHT: older.id}
        assert store.entities([older.id, younger.id]) == {older.id: older}
        assert store.everything() == [older.id]
        assert store.owners([write, other]) == {write.number: older.id, other.number: older.id}


def test_what_says_nothing_is_not_told_of(store: Store) -> None:
    kept(store, Member(LEFT))
    told = kept(store, Member(RIGHT), notable=True)
    assert list(store.notable()) == [told]
    save(store, told, told, notable=False, linked=True)
    assert list(store.notable()) == []
    assert store.linked() == 1


# -- what stands on a side, and keys


def test_on_a_side_are_its_live_records(store: Store) -> None:
    first, second, third = lefts(3)
    kept(
        store,
        Member(first),
        Member(RIGHT),
        Member(Ref("left", "Part", "p1")),
        Member(Ref("right", "Thing", "t")),
    )
    kept(store, Member(second), Member(third, gone_at=NOON))
    assert store.ids(LEFT_SIDE) == {first.id, second.id}
    assert store.ids(RIGHT_SIDE) == {RIGHT.id}
    assert store.ids(Side(system="right", datatype="Part")) == set()


def test_a_record_that_comes_back_is_live_again(store: Store) -> None:
    entity = kept(store, Member(LEFT, keys={"sku": "a"}))
    gone = save(store, replace(entity, members=[Member(LEFT, gone_at=NOON, keys={"sku": "a"})]), entity)
    assert (store.ids(LEFT_SIDE), store.with_key("sku", "a")) == (set(), [])
    save(store, entity, gone)
    assert (store.ids(LEFT_SIDE), store.with_key("sku", "a")) == ({LEFT.id}, [(LEFT, entity.id)])


def test_a_record_has_the_keys_that_it_was_last_seen_with(store: Store) -> None:
    entity = kept(store, Member(LEFT, keys={"sku": "a", "mail": "a"}), Member(RIGHT, keys={"sku": "a"}))
    changed = replace(entity, members=[Member(LEFT, keys={"sku": "b"}), entity.members[1]])
    save(store, changed, entity)
    assert store.with_key("sku", "a") == [(RIGHT, entity.id)]
    assert store.with_key("sku", "b") == [(LEFT, entity.id)]
    assert store.with_key("mail", "a") == []
    save(store, replace(entity, members=[Member(LEFT), entity.members[1]]), changed)
    assert store.with_key("sku", "b") == []


def test_what_has_not_changed_of_a_record_is_not_written_again(store: Store) -> None:
    entity = kept(store, Member(LEFT, "1", keys={"sku": "a"}), Member(RIGHT, gone_at=NOON))
    heard = asked(store)
    save(store, replace(entity, members=[replace(entity.members[0], version="2"), entity.members[1]]), entity)
    assert [statement.split()[2] for statement in heard if statement.startswith("INSERT")] == ["entity"]
    assert not any(statement.startswith("DELETE") for statement in heard)


def test_each_key_finds_its_records_the_longest_known_first(store: Store) -> None:
    refs = lefts(4)
    keys = [{"sku": "a", "mail": "b"}, {"sku": "b"}, {"sku": "a"}, {"mail": "a", "sku": "c" * 300}]
    first, second, third, last = (
        kept(store, Member(ref, keys=held)).id for ref, held in zip(refs, keys, strict=True)
    )
    assert store.with_keys(
        [("sku", "a"), ("sku", "b"), ("mail", "a"), ("sku", "none"), ("sku", "c" * 300)]
    ) == {
        ("sku", "a"): [(refs[0], first), (refs[2], third)],
        ("sku", "b"): [(refs[1], second)],
        ("mail", "a"): [(refs[3], last)],
        ("sku", "none"): [],
        ("sku", "c" * 300): [(refs[3], last)],
    }
    assert store.with_keys([]) == {}


def test_however_many_keys_are_asked_for_all_are_found(store: Store) -> None:
    refs = lefts(MANY)
    with store.transaction():
        for ref in refs:
            kept(store, Member(ref, keys={"sku": ref.id}))
    found = store.with_keys(("sku", ref.id) for ref in refs)
    assert [ref for some in found.values() for ref, _ in some] == refs


def test_keys_are_shared_by_live_records_of_different_entities(store: Store) -> None:
    a, b, c, d, e, f = lefts(6)
    kept(store, Member(a, keys={"sku": "x", "mail": "x"}), Member(b, keys={"sku": "y"}))
    kept(store, Member(c, keys={"sku": "x", "mail": "x"}), Member(d, keys={"mail": "z"}))
    kept(store, Member(e, keys={"sku": "y"}, gone_at=NOON), Member(f, keys={"mail": "z"}))
    assert store.shared_keys() == [
        ("mail", "x", a),
        ("mail", "x", c),
        ("mail", "z", d),
        ("mail", "z", f),
        ("sku", "x", a),
        ("sku", "x", c),
    ]


def test_all_is_listed_anew_and_reconsidered(store: Store) -> None:
    entity = kept(store, Member(LEFT))
    with store.transaction():
        store.set_cursor(LEFT_SIDE, Cursor("3", NOON))
    with store.transaction():
        store.reconsider_all()
    assert store.cursor(LEFT_SIDE) is None
    assert store.pending(NOON) == [entity.id]

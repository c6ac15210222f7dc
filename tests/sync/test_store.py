"""The state keeps what it is told, whole or not at all, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sql

from bothways.errors import StateError
from bothways.mapping import Side
from bothways.sync.connectors import Kind, Write
from bothways.sync.model import Edit, Entity, Member, Ref, Shown, Trouble, Version
from bothways.sync.plan import Send
from bothways.sync.store import Cursor, Store, slices
from bothways.sync.tables import SCHEMA

NOON = datetime(2024, 10, 1, 12, tzinfo=UTC)
PRODUCT = Ref("webshop", "Product", "p1")
VARIANT = Ref("storefront", "Inventory", "v1")


@pytest.fixture
def store(state: str) -> Iterator[Store]:
    opened = Store(state)
    yield opened
    opened.close()


def kept(store: Store, *members: Member, pending: bool = True, due: datetime | None = None) -> Entity:
    """A new entity, saved."""
    with store.transaction():
        entity = store.new_entity()
        entity.members.extend(members)
        store.save(entity, None, pending=pending, due=due, notable=False, linked=len(members) > 1)
    return entity


def reopened(state: str, question: Callable[[Store], object]) -> object:
    """What another engine finds there."""
    store = Store(state)
    try:
        return question(store)
    finally:
        store.close()


def test_an_entity_is_found_as_it_was_kept(store: Store, state: str) -> None:
    member = Member(PRODUCT, "3", NOON, NOON, slots={"sku": Shown("Ä\x00\ud800", 1)}, keys={"sku": "ä"})
    entity = Entity(
        store.new_number(),
        [member, Member(VARIANT, gone_at=NOON)],
        {"sku": Version(1, Edit("Ä", NOON, PRODUCT, "first"), (Edit("B", None, VARIANT),))},
        {"storefront.Inventory": Trouble("no", 2, NOON)},
        numbers=1,
    )
    with store.transaction():
        store.save(entity, None, pending=True, due=NOON, notable=True, linked=False)

    def found(other: Store) -> object:
        return other.entities([entity.id]), other.entities_of([PRODUCT]), list(other.notable())

    assert reopened(state, found) == ({entity.id: entity}, {PRODUCT: entity.id}, [entity])


def test_a_transaction_that_fails_leaves_nothing(store: Store, state: str) -> None:
    entity = kept(store, Member(PRODUCT, keys={"sku": "a"}))
    changed = entity.copy()
    changed.members[0].keys = {"sku": "b"}

    def fail() -> None:
        with store.transaction():
            store.save(changed, entity, pending=True, due=None, notable=True, linked=True)
            store.with_key("sku", "b")  # asks, and so sends what was saved
            store.set_note("cycles", "7")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert store.entities([entity.id]) == {entity.id: entity}
    assert [ref for ref, _ in store.with_key("sku", "a")] == [PRODUCT]
    assert store.with_key("sku", "b") == []
    assert store.note("cycles") is None
    assert reopened(state, Store.linked) == 0


def test_what_is_saved_is_seen_at_once_within_the_transaction(store: Store) -> None:
    with store.transaction():
        entity = store.new_entity()
        entity.members.append(Member(PRODUCT, keys={"sku": "a"}))
        store.save(entity, None, pending=True, due=None, notable=True, linked=True)
        assert store.entities([entity.id]) == {entity.id: entity}
        assert store.entities_of([PRODUCT, PRODUCT._replace(id="p2")]) == {PRODUCT: entity.id}
        assert store.with_key("sku", "a") == [(PRODUCT, entity.id)]
        assert store.pending(NOON) == [entity.id]
        assert store.linked() == 1


def test_pending_lasts_until_it_was_acted_on(store: Store) -> None:
    entity = kept(store, Member(PRODUCT))
    with store.transaction():
        store.save(entity, entity, pending=False, due=None, notable=False, linked=False)
    assert store.pending(NOON) == [entity.id]
    with store.transaction():
        store.acted_on([entity.id])
    assert store.pending(NOON) == []
    with store.transaction():
        store.reconsider_all()
    assert store.pending(NOON) == [entity.id]


def test_what_is_due_comes_up_when_its_time_has_come(store: Store) -> None:
    entity = kept(store, Member(PRODUCT), due=NOON)
    with store.transaction():
        store.acted_on([entity.id])
    assert store.pending(NOON - timedelta(seconds=1)) == []
    assert store.pending(NOON) == [entity.id]


def test_a_gone_record_keeps_its_place_but_is_not_found_by_key(store: Store) -> None:
    entity = kept(store, Member(PRODUCT, keys={"sku": "a"}))
    after = entity.copy()
    after.members[0].gone_at = NOON
    with store.transaction():
        store.save(after, entity, pending=False, due=None, notable=False, linked=False)
    assert store.entities_of([PRODUCT]) == {PRODUCT: entity.id}
    assert store.with_key("sku", "a") == []
    assert store.ids(Side(system="webshop", datatype="Product")) == set()


def test_records_of_a_dissolved_entity_belong_to_the_other(store: Store) -> None:
    older, younger = kept(store, Member(PRODUCT)), kept(store, Member(VARIANT, keys={"sku": "a"}))
    with store.transaction():
        store.dissolve(younger.id, into=older.id)
    assert store.entities_of([VARIANT]) == {VARIANT: older.id}
    assert store.entities([younger.id]) == {}
    assert store.with_key("sku", "a") == [(VARIANT, older.id)]


def test_a_number_is_never_given_twice(store: Store, state: str) -> None:
    entity = kept(store, Member(PRODUCT))
    with store.transaction():
        store.dissolve(entity.id, into=entity.id)
    assert reopened(state, lambda other: other.new_entity().id) == entity.id + 1


@pytest.mark.parametrize("key", ["a" * 5000, "nul \x00", "half a pair \ud800", 'quote " and \\'])
def test_any_text_can_be_a_key(store: Store, key: str) -> None:
    kept(store, Member(PRODUCT, keys={"sku": key}))
    kept(store, Member(VARIANT, keys={"sku": key}))
    assert [ref for ref, _ in store.with_key("sku", key)] == [PRODUCT, VARIANT]
    assert store.with_key("sku", key + "b") == []
    assert {ref for _, _, ref in store.shared_keys()} == {PRODUCT, VARIANT}


def test_an_intent_lasts_until_its_outcome_is_known(store: Store, state: str) -> None:
    send = Send("storefront", Write(Kind.CREATE, "Inventory", "k", body={"sku": "a"}), {"sku": 1})
    with store.lock(), store.transaction():
        intent = store.intend(4, send, NOON)
        assert store.intents([4]) == [intent]
        assert store.intents([5]) == []
    assert reopened(state, Store.intents) == [intent]
    with store.transaction():
        store.postpone(intent, NOON + timedelta(minutes=1))
    (later,) = store.intents()
    assert (later.tries, later.due) == (1, NOON + timedelta(minutes=1))
    with store.transaction():
        store.forget([later])
    assert reopened(state, Store.intents) == []


def test_an_intent_is_kept_only_by_the_holder_of_the_lock(store: Store) -> None:
    send = Send("storefront", Write(Kind.DELETE, "Inventory", "k", id="v1"))
    with pytest.raises(StateError, match="only by the holder of the lock"), store.transaction():
        store.intend(1, send, NOON)
    assert store.intents() == []


def test_a_cursor_is_replaced(store: Store) -> None:
    side = Side(system="webshop", datatype="Product")
    assert store.cursor(side) is None
    for value in (None, "later"):
        with store.transaction():
            store.set_cursor(side, Cursor(value, NOON))
        assert store.cursor(side) == Cursor(value, NOON)


@pytest.mark.parametrize(
    ("count", "size", "sizes"), [(0, 2, []), (1, 2, [1]), (2, 2, [2]), (5, 2, [2, 2, 1])]
)
def test_slices_are_all_items_in_order_so_many_at_a_time(count: int, size: int, sizes: list[int]) -> None:
    cut = list(slices(range(count), size))
    assert [len(some) for some in cut] == sizes
    assert [item for some in cut for item in some] == list(range(count))


def test_no_more_than_500_are_asked_for_at_once() -> None:
    """PostgreSQL and SQLite both take many more parameters than that, but not any number."""
    assert [len(some) for some in slices(range(1001))] == [500, 500, 1]


# -- states that can't be used


@pytest.mark.parametrize(
    ("other", "way_out"),
    [
        (SCHEMA - 1, "a new state, which finds what was made before, is needed"),
        (SCHEMA + 1, "a newer bothways is needed"),
    ],
)
def test_a_state_of_another_version_is_refused_in_one_line_and_left_alone(
    other: int, way_out: str, store: Store, state: str
) -> None:
    with store.transaction():
        store.set_note("schema", str(other))
    with pytest.raises(StateError) as refusal:
        Store(state)
    assert str(refusal.value) == f"the state has schema {other}, this version knows {SCHEMA}: {way_out}"
    assert store.note("schema") == str(other)


def test_a_full_disk_is_named_and_nothing_is_lost(new_state: Callable[[str], str]) -> None:
    url = new_state("sqlite")
    store = Store(url)
    entity = kept(store, Member(PRODUCT))
    with store.transaction():
        pages = store._connection.scalar(sql.text("PRAGMA page_count"))
        store._connection.execute(sql.text(f"PRAGMA max_page_count = {pages}"))
    with pytest.raises(StateError, match="database or disk is full"):
        kept(store, *(Member(VARIANT._replace(id=f"v{n}"), extras={"x": "y" * 5000}) for n in range(50)))
    store.close()
    assert reopened(url, lambda other: other.entities(other.everything())) == {entity.id: entity}

"""What a listing and a look-up tell, on a state in memory with systems that show what they are told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bothways.sync.connectors import Kind, Page, Record, Write
from bothways.sync.looking import look, look_up
from bothways.sync.model import Ref
from bothways.sync.plan import Send
from bothways.sync.shape import Shape
from bothways.sync.store import Cursor
from tests.sync.pair import LEFT, LEFT_SIDE, NOON, RIGHT, RIGHT_SIDE, at, linked, pair, record
from tests.sync.under_way import UnderWay

SECOND = Ref("left", "Thing", "l2")
EVERY = {"policies": {"full_scan_hours": 2}}


@pytest.fixture
def world() -> Iterator[UnderWay]:
    made = UnderWay(pair(**EVERY))
    yield made
    made.store.close()


def looked(world: UnderWay) -> None:
    asyncio.run(look(world.cycle))


def after_a_look(world: UnderWay, *records: Record, cursor: str = "c1") -> None:
    """The left side was listed once, with these records."""
    world.left.pages["Thing"] = [Page(list(records), cursor)]
    looked(world)
    world.left.pages["Thing"] = [Page([], "c2")]
    world.left.asked.clear()
    world.another()


def deleted(ref: Ref, minutes: float | None) -> Record:
    return replace(record(ref, minutes), deleted=True)


def test_the_first_look_lists_every_side_whole_and_keeps_what_it_sees(world: UnderWay) -> None:
    world.left.pages["Thing"] = [
        Page([record(LEFT, 1, name="Cup")]),
        Page([record(SECOND, 2, name="Mug")], "c1"),
    ]
    looked(world)
    assert world.left.asked == [("Thing", None)]
    assert world.right.asked == [("Item", None)]
    assert [world.member(ref).slots["name"].value for ref in (LEFT, SECOND)] == ["Cup", "Mug"]
    assert world.store.pending(NOON) == [1, 2]
    assert world.store.cursor(LEFT_SIDE) == Cursor("c1", NOON)
    assert world.store.cursor(RIGHT_SIDE) == Cursor("next", NOON)
    assert world.cycle.scanned == {LEFT_SIDE, RIGHT_SIDE}


def test_a_page_without_a_cursor_does_not_end_the_one_before(world: UnderWay) -> None:
    world.left.pages["Thing"] = [Page([], "c1"), Page([])]
    looked(world)
    assert world.store.cursor(LEFT_SIDE) == Cursor("c1", NOON)


def test_a_side_that_names_no_cursor_has_none(world: UnderWay) -> None:
    world.left.pages["Thing"] = [Page([]), Page([])]
    looked(world)
    assert world.store.cursor(LEFT_SIDE) == Cursor(None, NOON)


@pytest.mark.parametrize(("minutes", "asked"), [(119, "c1"), (120, None)])
def test_a_side_is_listed_from_its_cursor_until_it_is_time_for_a_full_scan(
    world: UnderWay, minutes: float, asked: str | None
) -> None:
    after_a_look(world)
    world.clock.time = at(minutes)
    looked(world)
    assert world.left.asked == [("Thing", asked)]
    assert world.store.cursor(LEFT_SIDE) == Cursor("c2", at(minutes) if asked is None else NOON)
    assert (LEFT_SIDE in world.cycle.scanned) is (asked is None)


def test_a_side_without_a_cursor_to_go_on_from_is_listed_whole(world: UnderWay) -> None:
    with world.store.transaction():
        world.store.set_cursor(LEFT_SIDE, Cursor(None, at(-1)))
    looked(world)
    assert world.left.asked == [("Thing", None)]
    assert world.store.cursor(LEFT_SIDE) == Cursor("next", NOON)


def test_what_a_full_scan_misses_is_gone_only_if_a_look_up_says_so(world: UnderWay) -> None:
    after_a_look(world, record(LEFT, 1, name="Cup"), record(SECOND, 1, name="Mug"))
    world.left.records[SECOND.id] = record(SECOND, 1, name="Mug")
    world.clock.time = at(121)
    with world.store.transaction():
        world.store.acted_on([1, 2])
    looked(world)
    assert world.left.asked == [("Thing", None), ("Thing", ["l1", "l2"])]
    assert (world.member(LEFT).gone_at, world.member(SECOND).gone_at) == (at(121), None)
    assert world.store.pending(at(121)) == [1]


def test_what_a_listing_from_a_cursor_leaves_out_is_not_missed(world: UnderWay) -> None:
    after_a_look(world, record(LEFT, 1, name="Cup"))
    looked(world)
    assert world.left.asked == [("Thing", "c1")]
    assert world.member(LEFT).live


def test_what_a_full_scan_lists_is_not_looked_up(world: UnderWay) -> None:
    after_a_look(world, record(LEFT, 1, name="Cup"))
    world.clock.time = at(121)
    world.left.pages["Thing"] = [Page([record(LEFT, 1, name="Cup")], "c2")]
    looked(world)
    assert world.left.asked == [("Thing", None)]


# -- a listing may lag; a look-up is the truth (S27)


@pytest.mark.parametrize("minutes", [1, 0.5])
def test_a_listing_that_is_not_surely_later_is_looked_up(world: UnderWay, minutes: float) -> None:
    after_a_look(world, record(LEFT, 1, name="Cup"))
    world.left.pages["Thing"] = [Page([replace(record(LEFT, minutes, name="Old"), version="x")], "c2")]
    world.left.records[LEFT.id] = record(LEFT, 3, name="New")
    looked(world)
    assert world.left.asked == [("Thing", "c1"), ("Thing", ["l1"])]
    assert world.member(LEFT).slots["name"].value == "New"


def test_a_listing_that_is_later_or_says_nothing_new_is_not_looked_up(world: UnderWay) -> None:
    after_a_look(world, record(LEFT, 1, name="Cup"), record(SECOND, 1, name="Mug"))
    same = replace(record(SECOND, 1, name="Mug"), version="1.0 again")
    world.left.pages["Thing"] = [Page([record(LEFT, 2, name="New"), same], "c2")]
    looked(world)
    assert world.left.asked[:1] == [("Thing", "c1")]
    assert world.member(LEFT).slots["name"].value == "New"


@pytest.mark.parametrize("stamps", [(None, 1), (1, None)])
def test_without_a_time_a_listing_is_taken_as_it_is(
    world: UnderWay, stamps: tuple[float | None, float | None]
) -> None:
    before, after = stamps
    after_a_look(world, record(LEFT, before, name="Cup"))
    world.left.pages["Thing"] = [Page([record(LEFT, after, name="New")], "c2")]
    looked(world)
    assert world.left.asked == [("Thing", "c1")]
    assert world.member(LEFT).slots["name"].value == "New"


def test_an_unchanged_version_says_that_nothing_has_changed(world: UnderWay) -> None:
    after_a_look(world, record(LEFT, 1, name="Cup"))
    world.left.pages["Thing"] = [Page([replace(record(LEFT, 2, name="Mug"), version="1")], "c2")]
    looked(world)
    assert world.member(LEFT).slots["name"].value == "Cup"


def test_an_api_without_versions_is_compared_by_what_it_shows(world: UnderWay) -> None:
    after_a_look(world, replace(record(LEFT, 1, name="Cup"), version=None))
    world.left.pages["Thing"] = [Page([replace(record(LEFT, 2, name="Mug"), version=None)], "c2")]
    looked(world)
    assert world.member(LEFT).slots["name"].value == "Mug"


def test_a_record_that_comes_back_as_it_was_is_there_again(world: UnderWay) -> None:
    after_a_look(world, record(LEFT, 1, name="Cup"))
    world.lose(1, LEFT)
    world.left.pages["Thing"] = [Page([record(LEFT, 1, name="Cup")], "c2")]
    world.left.records[LEFT.id] = record(LEFT, 1, name="Cup")
    looked(world)
    assert world.member(LEFT).live


@pytest.mark.parametrize(
    ("listed", "looked_up"),
    [
        ([record(LEFT, 1, name="Cup", label="Blue")], []),
        ([record(LEFT, 0, name="Mug", label="Red")], [("Thing", ["l1"])]),
        ([replace(record(LEFT, 1, name="Mug", label="Red"), version="x")], [("Thing", ["l1"])]),
        ([], [("Thing", ["l1"])]),
    ],
)
def test_under_a_new_mapping_an_unchanged_record_is_read_anew_and_no_older_one_believed(
    world: UnderWay, listed: list[Record], looked_up: list[tuple[str, list[str]]]
) -> None:
    after_a_look(world, record(LEFT, 1, name="Cup", label="Blue"))
    name = {"name": "name", "type": "string", "source": "label", "target": "title"}
    world.another(pair(name))
    with world.store.transaction():
        world.store.reconsider_all()
    world.left.pages["Thing"] = [Page(listed, "c2")]
    world.left.records[LEFT.id] = record(LEFT, 1, name="Cup", label="Blue")
    looked(world)
    assert world.left.asked == [("Thing", None), *looked_up]
    assert world.member(LEFT).slots["label"].value == "Blue"


def test_what_is_unchanged_is_passed_over_and_the_rest_of_the_page_is_not(world: UnderWay) -> None:
    after_a_look(world, record(LEFT, 1, name="Cup"), record(SECOND, 1, name="Mug"))
    world.left.records[SECOND.id] = record(SECOND, 3, name="New")
    third = Ref("left", "Thing", "l3")
    page = [record(LEFT, 1, name="Cup"), replace(record(SECOND, 1, name="Old"), version="x")]
    unknown = deleted(Ref("left", "Thing", "l9"), 1)
    world.left.pages["Thing"] = [Page([*page, unknown, record(third, 1, name="Third")], "c2")]
    looked(world)
    assert world.member(SECOND).slots["name"].value == "New"
    assert world.member(third).slots["name"].value == "Third"


def test_two_records_of_one_entity_on_one_page_are_both_kept(world: UnderWay) -> None:
    number = world.see(LEFT, name="Cup")
    world.see(SECOND, into=number, name="Cup")
    world.left.pages["Thing"] = [Page([record(LEFT, 5, name="Mug"), record(SECOND, 6, name="Jug")], "c1")]
    looked(world)
    assert [world.member(ref).slots["name"].value for ref in (LEFT, SECOND)] == ["Mug", "Jug"]
    assert world.store.everything() == [number]


def test_an_edit_without_a_time_is_as_late_as_it_was_looked_at(world: UnderWay) -> None:
    world.keep(linked(world.cycle.shape, name="Cup", count=1))
    world.clock.time = at(7)
    world.right.records[RIGHT.id] = record(RIGHT, None, title="Mug", stock=1)
    entity = world.entity(1)
    with world.store.transaction():
        untimed = replace(entity, members=[entity.members[0], replace(entity.members[1], modified_at=None)])
        world.cycle.save(untimed, entity)
    asyncio.run(look_up(world.cycle, [RIGHT]))
    assert world.entity(1).versions["left.Thing.name"].edit.at == at(7)


# -- deletions


@pytest.mark.parametrize(("minutes", "at_minutes"), [(4, 4), (None, 0)])
def test_a_tombstone_says_when_a_record_was_deleted_else_it_is_now(
    world: UnderWay, minutes: float | None, at_minutes: float
) -> None:
    after_a_look(world, record(LEFT, 1, name="Cup"))
    world.left.pages["Thing"] = [Page([deleted(LEFT, minutes), deleted(SECOND, 4)], "c2")]
    looked(world)
    assert world.member(LEFT).gone_at == at(at_minutes)
    assert world.store.entities_of([SECOND]) == {}


def test_a_tombstone_with_the_version_that_is_known_counts_all_the_same(world: UnderWay) -> None:
    after_a_look(world, record(LEFT, 1, name="Cup"))
    world.left.pages["Thing"] = [Page([replace(deleted(LEFT, 4), version="1")], "c2")]
    looked(world)
    assert not world.member(LEFT).live


@pytest.mark.parametrize("found_first", [True, False])
def test_what_was_missed_has_been_gone_since_its_tombstones_time(world: UnderWay, found_first: bool) -> None:
    after_a_look(world, record(LEFT, 1, name="Cup"))
    world.clock.time = at(9)
    world.left.pages["Thing"] = [Page([deleted(LEFT, 4)], "c2")]
    if not found_first:
        looked(world)
    asyncio.run(look_up(world.cycle, [LEFT]))
    looked(world)
    assert world.member(LEFT).gone_at == at(4)


def test_a_look_up_reads_each_side_once_and_says_what_is_gone(world: UnderWay) -> None:
    number = world.keep(linked(world.cycle.shape, name="Cup", count=1))
    world.left.records[LEFT.id] = record(LEFT, 5, name="Mug", count=1)
    asyncio.run(look_up(world.cycle, [RIGHT, LEFT, SECOND]))
    assert world.left.asked == [("Thing", ["l1", "l2"])]
    assert world.right.asked == [("Item", ["r1"])]
    assert world.member(LEFT).slots["name"].value == "Mug"
    assert world.member(RIGHT).gone_at == NOON
    assert world.store.pending(NOON) == [number]


def test_a_look_up_believes_what_is_older_than_it_knows(world: UnderWay) -> None:
    after_a_look(world, record(LEFT, 5, name="Cup"))
    world.left.records[LEFT.id] = record(LEFT, 4, name="Mug")
    asyncio.run(look_up(world.cycle, [LEFT]))
    assert world.left.asked == [("Thing", ["l1"])]
    assert world.member(LEFT).slots["name"].value == "Mug"


# -- counters of which a write is under way (S14)


@pytest.fixture
def adjusting() -> Iterator[Callable[..., UnderWay]]:
    """A linked pair with ten in stock, of which an adjustment of the right side has no outcome yet."""
    opened: list[UnderWay] = []

    def made(shape: Shape) -> UnderWay:
        world = UnderWay(shape)
        opened.append(world)
        number = world.keep(linked(shape, name="Cup", count=10))
        write = Write(Kind.ADJUST, "Item", key="k", id="r1", body={"stock": -2})
        with world.store.lock(), world.store.transaction():
            world.store.intend(number, Send("right", write), NOON)
        return world

    yield made
    for world in opened:
        world.store.close()


def stock(world: UnderWay) -> Any:
    return world.member(RIGHT).slots["stock"].value


def test_a_counter_is_left_alone_while_an_adjustment_of_it_has_no_outcome(
    adjusting: Callable[..., UnderWay],
) -> None:
    world = adjusting(pair())
    world.right.pages["Item"] = [Page([record(RIGHT, 5, title="Mug", stock=8)], "c1")]
    looked(world)
    assert (stock(world), world.member(RIGHT).slots["title"].value) == (10, "Mug")
    world.right.records[RIGHT.id] = record(RIGHT, 6, title="Mug", stock=8)
    asyncio.run(look_up(world.cycle, [RIGHT]))
    assert stock(world) == 10


def test_a_counter_is_left_alone_where_a_full_scan_or_a_lagging_listing_looks_it_up(
    adjusting: Callable[..., UnderWay],
) -> None:
    world = adjusting(pair())
    world.right.records[RIGHT.id] = record(RIGHT, 6, title="Mug", stock=8)
    looked(world)
    assert (stock(world), world.right.asked) == (10, [("Item", None), ("Item", ["r1"])])
    world.right.pages["Item"] = [Page([replace(record(RIGHT, 5, title="Jug", stock=8), version="x")], "c1")]
    world.clock.time = NOON + timedelta(minutes=1)
    world.right.asked.clear()
    asyncio.run(look(world.another()))
    assert (stock(world), world.right.asked) == (10, [("Item", "next"), ("Item", ["r1"])])

"""The connector contract: listing what changed, run against each datatype of each contract (S10, S27)."""

from __future__ import annotations

import pytest

from bothways.errors import SystemDown
from bothways.sync.connectors import Record
from fakes.faults import Fault
from fakes.log import Exchange
from tests.sync.connectors.sides import Inventory, Side, each_of, listing_by_time

LONG = 3600.0
"""Seconds after which nothing that was listed is listed again."""


def test_every_record_is_listed_as_it_is_shown(side: Side) -> None:
    ids = side.make(2 * side.page + 3)  # all at one instant: more ties than a page
    records, _ = side.pages()
    assert sorted({record.id for record in records}) == sorted(ids)
    for record in records:
        assert side.shown(record) == side.shown(
            Record(record.id, side.system.show(side.datatype, record.id) or {})
        )


@listing_by_time
def test_later_only_what_changed_is_listed(side: Side) -> None:
    first, second = side.make(2)
    side.connected.clock.advance(LONG)
    _, cursor = side.pages()
    side.connected.clock.advance(LONG)
    assert side.pages(cursor)[0] == []
    value = side.edit(second)
    records, _ = side.latest(cursor)
    assert {id: side.shown(record) for id, record in records.items()} == {second: value}
    assert first not in records


@each_of([Inventory])
def test_what_has_no_times_is_listed_whole(side: Side) -> None:
    ids = side.make(2)
    side.connected.clock.advance(LONG)
    records, cursor = side.latest()
    assert cursor is None
    assert sorted(records) == sorted(ids)
    assert {record.modified_at for record in records.values()} == {None}


@listing_by_time
def test_records_made_at_the_instant_of_the_last_listing_are_listed(side: Side) -> None:
    _, cursor = side.pages()
    [id] = side.make()
    assert id in side.latest(cursor)[0]


def _edits_between_pages(side: Side, id: str) -> list[object]:
    """A person edits the record just before the second page is asked for."""
    edits: list[object] = []

    def edit(exchange: Exchange) -> None:
        if exchange.method == "GET" and len(side.connected.asked("GET")) == 1 and not edits:
            side.connected.clock.advance(1)
            edits.append(side.edit(id))

    side.system.faults.on_request.append(edit)
    return edits


@pytest.mark.parametrize("which", [0, -1], ids=["on the first page", "on the last page"])
def test_an_edit_while_listing_is_seen_then_or_the_next_time(side: Side, which: int) -> None:
    ids = side.make(2 * side.page + 3)
    side.connected.clock.advance(LONG)
    edits = _edits_between_pages(side, ids[which])
    seen, cursor = side.latest()
    side.connected.clock.advance(LONG)
    later, _ = side.latest(cursor)
    assert sorted(seen | later) == sorted(ids)
    assert [side.shown((seen | later)[ids[which]])] == edits


@listing_by_time
def test_a_listing_whose_cursor_dies_is_started_again(side: Side) -> None:
    ids = side.make(2 * side.page + 3)
    side.system.faults.script(Fault("dead_cursor", skip=1))
    assert sorted(side.latest()[0]) == sorted(ids)
    assert side.system.faults.pending() == []


def test_a_listing_whose_cursors_keep_dying_ends(side: Side) -> None:
    side.make(side.page + 1)
    side.system.faults.script(Fault("dead_cursor", times=99))
    with pytest.raises(SystemDown):
        side.pages()


def test_a_page_that_is_followed_by_itself_hides_nothing(side: Side) -> None:
    ids = side.make(2 * side.page + 3)
    side.system.faults.script(Fault("doubled_page"), Fault("doubled_page", skip=1))
    assert sorted(side.latest()[0]) == sorted(ids)


def test_pages_that_go_round_in_a_circle_end(side: Side) -> None:
    side.make(side.page + 1)
    side.system.faults.script(Fault("doubled_page", times=99))
    with pytest.raises(SystemDown):
        side.pages()


@listing_by_time
def test_what_a_stale_page_hid_is_seen_the_next_time(side: Side) -> None:
    [id] = side.make()
    side.connected.clock.advance(LONG)
    _, cursor = side.pages()
    value = side.edit(id)
    side.connected.clock.advance(29)
    side.system.faults.script(Fault("stale_page", seconds=30))
    _, cursor = side.pages(cursor)
    assert side.system.faults.pending() == []
    side.connected.clock.advance(30)
    assert side.shown(side.latest(cursor)[0][id]) == value


@listing_by_time
@pytest.mark.parametrize("back", [90, 3600, 86400])
def test_an_edit_after_the_systems_clock_was_set_back_is_listed(side: Side, back: int) -> None:
    [id] = side.make()
    side.connected.clock.advance(LONG)
    _, cursor = side.pages()
    side.system.clock.offset -= side.system.clock.granularity * 1000 * back
    value = side.edit(id)
    side.connected.clock.advance(2 * back)
    records, cursor = side.latest(cursor)
    assert side.shown(records[id]) == value
    side.connected.clock.advance(LONG)
    assert side.pages(cursor)[0] == [], "the cursor knows the new time"


@listing_by_time
def test_times_are_corrected_for_a_clock_that_is_off(side: Side) -> None:
    system, clock = side.system, side.connected.clock
    system.clock.offset += system.clock.granularity * -30_250
    clock.advance(0.5)
    [id] = side.make()
    truly = clock.now()
    clock.advance(7.125)
    side.pages()
    record = side.latest()[0][id]
    assert record.modified_at is not None
    assert record.created_at is not None
    assert record.stamp == truly + system.clock.offset
    assert abs((record.modified_at - truly).total_seconds()) <= 0.5
    assert abs((record.created_at - truly).total_seconds()) <= 0.5


@listing_by_time
def test_times_of_a_clock_that_is_a_second_off_are_left_alone(side: Side) -> None:
    side.system.clock.offset += side.system.clock.granularity * 1000
    [id] = side.make()
    record = side.latest()[0][id]
    assert record.modified_at == record.stamp == side.system.clock.now()

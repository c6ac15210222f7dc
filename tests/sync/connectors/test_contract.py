"""What the engine may expect of any connector: one suite, run against each datatype of each contract."""

from __future__ import annotations

from functools import partial

import pytest

from bothways.errors import CredentialsRefused, SyncError, SystemDown
from bothways.sync.connectors import Done, Gone, Outcome, Record, Refused, Unknown
from fakes.faults import Fault
from fakes.log import Exchange
from tests.sync.connectors.connected import TOKEN, Connected
from tests.sync.connectors.sides import Inventory, Order, Product, Sesamproducts, Side

LONG = 3600.0
"""Seconds after which nothing that was listed is listed again."""

ids = partial(pytest.mark.parametrize, "side", indirect=True, ids=lambda kind: kind.__name__)
creating = ids([Product, Order, Sesamproducts])
remembering = ids([Product, Order])
counting = ids([Product, Inventory])
listing_by_time = ids([Product, Order, Sesamproducts])


def made(outcome: Outcome) -> Record:
    """The record that a write left behind."""
    assert isinstance(outcome, Done), outcome
    assert outcome.record is not None
    return outcome.record


# -- listing -------------------------------------------------------------------------------------------


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


@ids([Inventory])
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


# -- reading -------------------------------------------------------------------------------------------


def test_reading_gives_those_that_exist(side: Side) -> None:
    kept, deleted = side.make(2)
    side.system.delete(side.datatype, deleted)
    found = side.read(kept, "never-was", deleted)
    assert list(found) == [kept]
    assert side.shown(found[kept]) == side.shown(Record(kept, side.system.show(side.datatype, kept) or {}))


def test_reading_many_finds_every_one_beside_the_missing(side: Side) -> None:
    ids = side.make(120)
    side.system.delete(side.datatype, ids[17])
    side.system.delete(side.datatype, ids[60])
    assert sorted(side.read(*ids)) == sorted(set(ids) - {ids[17], ids[60]})


def test_reading_nothing_asks_nothing(side: Side) -> None:
    assert side.read() == {}
    assert side.connected.asked() == []


@pytest.mark.parametrize("kind", ["error_before", "timeout_before", "drop_after_commit"])
def test_a_read_that_fails_is_tried_again(side: Side, kind: str) -> None:
    [id] = side.make()
    side.system.faults.script(Fault(kind, method="GET", times=3))
    assert list(side.read(id)) == [id]
    assert side.system.faults.pending() == []


@pytest.mark.parametrize("kind", ["error_before", "timeout_before"])
def test_a_system_that_goes_on_failing_is_down(side: Side, kind: str) -> None:
    side.system.faults.script(Fault(kind, times=99))
    with pytest.raises(SystemDown, match=side.system.name):
        side.pages()
    assert len(side.connected.asked()) == 4


# -- creating ------------------------------------------------------------------------------------------


@creating
def test_a_creation_shows_what_it_made(side: Side) -> None:
    write = side.creation()
    record = made(side.connected.write(write)[0])
    assert side.system.show(side.datatype, record.id) is not None
    assert side.connected.connector.shows(write, record)
    assert record == side.read(record.id)[record.id]


@remembering
@pytest.mark.parametrize("kind", ["drop_after_commit", "error_after", "timeout_before", "error_before"])
def test_a_creation_without_an_answer_is_unknown_and_ends_in_one_record(side: Side, kind: str) -> None:
    write = side.creation()
    side.system.faults.script(Fault(kind, method="POST"))
    assert isinstance(side.connected.write(write)[0], Unknown)
    record = made(side.connected.write(write)[0])
    assert side.system.ids(side.datatype) == [record.id]


@remembering
def test_a_creation_is_found_again_whatever_it_is_sent_again_with(side: Side) -> None:
    writes = [side.creation(number) for number in range(3)]
    side.system.faults.script(Fault("drop_after_commit", method="POST", times=9))
    assert all(isinstance(outcome, Unknown) for outcome in side.connected.write(*writes))
    side.system.faults.clear()
    again = [made(outcome).id for outcome in side.connected.write(side.creation(3), writes[2], writes[0])]
    assert len(side.system.ids(side.datatype)) == 4
    assert made(side.connected.write(writes[1])[0]).id not in again


@remembering
def test_a_creation_whose_first_request_is_in_flight_is_waited_for(side: Side) -> None:
    write = side.creation()
    side.system.faults.script(Fault("slow", method="POST", seconds=12))
    assert isinstance(side.connected.write(write)[0], Unknown)
    assert isinstance(side.connected.write(write)[0], Done)
    assert len(side.system.ids(side.datatype)) == 1


@creating
def test_one_bad_creation_stops_only_itself(side: Side) -> None:
    good, bad, other = (side.creation(number) for number in range(3))
    bad.body["no-such-field"] = 1
    first, refused, last = side.connected.write(good, bad, other)
    assert made(first).id != made(last).id
    assert isinstance(refused, Refused)
    assert "no-such-field" in refused.reason
    for outcome in (first, last):
        assert side.system.show(side.datatype, made(outcome).id) is not None


@creating
def test_what_json_cannot_hold_is_refused(side: Side) -> None:
    write = side.creation()
    write.body[side.edited] = "half a surrogate: \ud800"
    before = len(side.connected.asked("POST"))
    [outcome] = side.connected.write(write)
    assert isinstance(outcome, Refused)
    assert len(side.connected.asked("POST")) == before


# -- updating ------------------------------------------------------------------------------------------


def test_an_update_shows_what_it_left_behind(side: Side) -> None:
    [id] = side.make()
    write = side.updating(id)
    record = made(side.connected.write(write)[0])
    assert side.connected.connector.shows(write, record)
    assert record == side.read(id)[id]


def test_an_update_changes_only_what_it_names(side: Side) -> None:
    [id] = side.make()
    side.edit(id)
    before = side.system.show(side.datatype, id) or {}
    side.connected.write(side.updating(id))
    after = side.system.show(side.datatype, id) or {}
    aside = {*side.update, "version", "updated_at", "modifiedOn"}
    assert {k: v for k, v in after.items() if k not in aside} == {
        k: v for k, v in before.items() if k not in aside
    }
    assert after != before


@pytest.mark.parametrize("kind", ["drop_after_commit", "error_after"])
def test_an_update_without_an_answer_is_unknown_and_not_sent_again(side: Side, kind: str) -> None:
    [id] = side.make()
    write = side.updating(id)
    side.system.faults.script(*(Fault(kind, method=method) for method in ("POST", "PATCH")))
    [outcome] = side.connected.write(write)
    assert isinstance(outcome, Unknown)
    assert len(side.system.log.writes) == 1
    assert side.connected.connector.shows(write, side.read(id)[id])


@pytest.mark.parametrize("kind", ["timeout_before", "error_before"])
def test_an_update_that_never_arrived_is_unknown_and_not_shown(side: Side, kind: str) -> None:
    [id] = side.make()
    write = side.updating(id)
    side.system.faults.script(*(Fault(kind, method=method) for method in ("POST", "PATCH")))
    [outcome] = side.connected.write(write)
    assert isinstance(outcome, Unknown)
    assert not side.connected.connector.shows(write, side.read(id)[id])


def test_an_update_of_what_was_deleted_finds_it_gone(side: Side) -> None:
    kept, deleted = side.make(2)
    writes = side.updating(deleted), side.updating(kept)
    side.system.delete(side.datatype, deleted)
    gone, done = side.connected.write(*writes)
    assert gone == Gone()
    assert isinstance(done, Done)


def test_an_update_of_what_never_was_finds_it_gone(side: Side) -> None:
    assert side.connected.write(side.updating("never-was")) == [Gone()]


# -- counting ------------------------------------------------------------------------------------------


@counting
def test_an_adjustment_adds_to_what_is_there(side: Side) -> None:
    [id] = side.make()
    up, down = side.adjusting(id, 4), side.adjusting(id, -2)
    assert all(isinstance(outcome, Done) for outcome in side.connected.write(up, down))
    assert side.count(id) == 7


@counting
def test_an_adjustment_sent_again_counts_once(side: Side) -> None:
    [id] = side.make()
    write = side.adjusting(id, -2)
    for _ in range(3):
        assert isinstance(side.connected.write(write)[0], Done)
    assert side.count(id) == 3


@counting
@pytest.mark.parametrize("kind", ["drop_after_commit", "error_after", "timeout_before", "error_before"])
def test_adjustments_without_an_answer_count_once_whatever_they_are_sent_again_with(
    side: Side, kind: str
) -> None:
    ids = side.make(4)
    writes = [side.adjusting(id, -2) for id in ids]
    side.system.faults.script(Fault(kind, method="POST", times=99))
    assert all(isinstance(outcome, Unknown) for outcome in side.connected.write(*writes[:3]))
    side.system.faults.clear()
    side.connected.write(writes[3], writes[2], writes[0])
    side.connected.write(writes[1])
    assert [side.count(id) for id in ids] == [3, 3, 3, 3]


@counting
def test_an_adjustment_whose_first_request_is_in_flight_is_waited_for(side: Side) -> None:
    [id] = side.make()
    write = side.adjusting(id, -2)
    side.system.faults.script(Fault("slow", method="POST", seconds=12))
    assert isinstance(side.connected.write(write)[0], Unknown)
    assert isinstance(side.connected.write(write)[0], Done)
    assert side.count(id) == 3


@counting
def test_an_adjustment_that_stays_in_flight_is_unknown(side: Side) -> None:
    [id] = side.make()
    write = side.adjusting(id, -2)
    side.system.faults.script(Fault("slow", method="POST", seconds=600))
    for _ in range(2):
        assert isinstance(side.connected.write(write)[0], Unknown)
    side.connected.clock.advance(600)
    assert isinstance(side.connected.write(write)[0], Done)
    assert side.count(id) == 3


@counting
def test_one_adjustment_that_is_refused_stops_only_itself(side: Side) -> None:
    low, high, other = side.make(3)
    side.system.edit(side.datatype, low, {side.counter: 1})
    writes = [side.adjusting(id, -2) for id in (high, low, other)]
    first, refused, last = side.connected.write(*writes)
    assert isinstance(first, Done)
    assert isinstance(refused, Refused)
    assert refused.reason
    assert isinstance(last, Done)
    assert [side.count(id) for id in (high, low, other)] == [3, 1, 3]


@counting
def test_an_adjustment_of_what_was_deleted_finds_it_gone(side: Side) -> None:
    [id] = side.make()
    side.system.delete(side.datatype, id)
    assert side.connected.write(side.adjusting(id, 1)) == [Gone()]


# -- patience, credentials, accounting -----------------------------------------------------------------


@pytest.mark.parametrize("retry_after", [2.5, 0.0, 45.0])
def test_a_429_is_waited_out_for_as_long_as_it_says(side: Side, retry_after: float) -> None:
    ids = side.make(side.page + 3)
    side.system.faults.script(Fault("throttle", skip=1, retry_after=retry_after))
    began = side.connected.now()
    assert sorted(side.latest()[0]) == sorted(ids)
    assert (side.connected.now() - began).total_seconds() == max(retry_after, 0.1)
    assert len(side.connected.asked("GET")) == 3, "the place in the listing is kept"


def test_a_429_that_does_not_say_how_long_is_waited_out(side: Side) -> None:
    [id] = side.make()
    write = side.updating(id)
    side.system.faults.script(Fault("throttle", times=3))
    assert isinstance(side.connected.write(write)[0], Done)
    assert side.system.faults.pending() == []


def test_nothing_but_429_for_hours_is_a_system_that_is_down(side: Side) -> None:
    side.system.faults.script(Fault("throttle", times=9999, retry_after=600))
    began = side.connected.now()
    with pytest.raises(SystemDown, match=side.system.name):
        side.read(*(side.make()))
    assert 3600 < (side.connected.now() - began).total_seconds() <= 7200


@pytest.mark.parametrize("status", [401, 402, 403])
def test_refused_credentials_are_told_from_everything_else(side: Side, status: int) -> None:
    [id] = side.make()
    write = side.updating(id)
    side.system.faults.script(Fault("error_before", status=status, times=9))
    with pytest.raises(CredentialsRefused, match=side.system.name) as reading:
        side.pages()
    with pytest.raises(CredentialsRefused) as writing:
        side.connected.write(write)
    assert TOKEN not in f"{reading.value} {writing.value}"


def test_every_request_is_counted(side: Side) -> None:
    [id, *_] = side.make(side.page + 1)
    side.pages()
    side.read(id)
    side.connected.write(side.updating(id))
    side.system.faults.script(Fault("timeout_before", method="GET"))
    side.read(id)
    assert side.connected.connector.requests == len(side.connected.asked()) > 5


def test_no_request_misses_its_contract(side: Side) -> None:
    [id] = side.make()
    side.pages()
    side.read(id, "never-was")
    side.connected.write(side.updating(id))
    assert side.system.log.unmatched == []


def test_unknown_names_are_refused(side: Side) -> None:
    with pytest.raises(SyncError):
        side.connected.lookup("no-such-constant")
    with pytest.raises(SyncError):
        side.connected.pages("No Such Datatype")

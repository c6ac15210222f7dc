"""The connector contract: reading and writing, run against each datatype of each contract (S20, S24, S25)."""

from __future__ import annotations

import pytest

from bothways.errors import SyncError
from bothways.sync.connectors import Done, Gone, Record, Refused, Unknown
from fakes.faults import Fault
from tests.sync.connectors.sides import Side, counting, creating, made, remembering

# -- reading ----------------------------------------------------------------------------------------


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


@pytest.mark.parametrize("status", [400, 409, 422])
def test_a_refused_read_is_no_proof_that_a_record_is_gone(side: Side, status: int) -> None:
    [id] = side.make()
    side.system.faults.script(Fault("error_before", method="GET", status=status, times=9))
    with pytest.raises(SyncError, match=str(status)):
        side.read(id)


def test_reading_nothing_asks_nothing(side: Side) -> None:
    assert side.read() == {}
    assert side.connected.asked() == []


# -- creating ---------------------------------------------------------------------------------------


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


# -- updating ---------------------------------------------------------------------------------------


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


def test_a_404_without_a_look_is_no_proof_that_a_record_is_gone(side: Side) -> None:
    [id] = side.make()
    write = side.updating(id)
    side.system.faults.script(
        *(Fault("error_before", method=method, status=404) for method in ("POST", "PATCH"))
    )
    [refused] = side.connected.write(write)
    assert isinstance(refused, Refused)
    assert refused.reason.startswith("404 ")


def test_an_update_of_what_never_was_finds_it_gone(side: Side) -> None:
    assert side.connected.write(side.updating("never-was")) == [Gone()]


# -- counting ---------------------------------------------------------------------------------------


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

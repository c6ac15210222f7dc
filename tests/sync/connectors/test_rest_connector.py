"""What is particular to the generic REST contract."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bothways.errors import CredentialsRefused
from bothways.sync.connectors import Done, Gone, Kind, Refused, Stale, Unknown, Write
from fakes.faults import Fault
from tests.sync.connectors.connected import Connected

LONG = 3600.0


def products(rest: Connected, count: int) -> list[str]:
    return [rest.system.create("Product", {"sku": f"S{n}", "stock_quantity": 5}) for n in range(count)]


def names(rest: Connected, ids: list[str]) -> list[object]:
    return [(rest.system.show("Product", id) or {}).get("name") for id in ids]


def renaming(rest: Connected, ids: list[str]) -> list[Write]:
    return [rest.update("Product", id, {"name": f"new {n}"}) for n, id in enumerate(ids)]


# -- listing -------------------------------------------------------------------------------------------


def test_filters_are_sent_once_and_never_beside_a_cursor(rest: Connected) -> None:
    products(rest, 250)
    _, cursor = rest.pages("Product")
    rest.pages("Product", cursor)
    first, *others = [exchange.query for exchange in rest.asked("GET")]
    assert first == {"include_deleted": "true"}
    assert [sorted(query) for query in others[:2]] == [["cursor"], ["cursor"]]
    assert others[2] == {"include_deleted": "true", "updated_since": "2024-10-01T07:58:59.999Z"}
    assert [sorted(query) for query in others[3:]] == [["cursor"], ["cursor"]]


def test_what_was_deleted_is_listed_as_a_tombstone(rest: Connected) -> None:
    kept, deleted = products(rest, 2)
    rest.clock.advance(LONG)
    _, cursor = rest.pages("Product")
    rest.clock.advance(LONG)
    rest.system.delete("Product", deleted)
    at = rest.now()
    rest.clock.advance(7)
    [tombstone] = rest.pages("Product", cursor)[0]
    assert (tombstone.id, tombstone.deleted, tombstone.modified_at) == (deleted, True, at)
    assert {id: record.deleted for id, record in rest.latest("Product")[0].items()} == {
        kept: False,
        deleted: True,
    }


def test_a_datatypes_name_becomes_its_path(rest: Connected) -> None:
    [done] = rest.write(rest.creation("Customers (Company)", {"name": "Acme"}))
    assert isinstance(done, Done)
    assert [record.id for record in rest.pages("Customers (Company)")[0]] == rest.system.ids(
        "Customers (Company)"
    )
    assert {exchange.path for exchange in rest.asked()} == {"/customers-company"}


def test_a_datatype_that_the_token_may_not_see_is_refused(rest: Connected) -> None:
    rest.system.forbidden.add("Product")  # type: ignore[union-attr]  # a REST system
    with pytest.raises(CredentialsRefused):
        rest.pages("Product")


# -- one record ----------------------------------------------------------------------------------------


def test_a_dotted_property_is_nested_and_leaves_its_neighbours(rest: Connected) -> None:
    id = rest.system.create("Product", {"origin": {"country": "NO", "region": "Troms"}})
    [done] = rest.write(rest.update("Product", id, {"origin.country": "SE"}))
    assert isinstance(done, Done)
    assert rest.asked("PATCH")[0].body == {"origin": {"country": "SE"}}
    assert (rest.system.show("Product", id) or {})["origin"] == {"country": "SE", "region": "Troms"}


def test_clearing_is_null(rest: Connected) -> None:
    id = rest.system.create("Product", {"name": "here", "price": {"amount": "1.50", "currency": "USD"}})
    rest.write(rest.update("Product", id, {"name": None, "price": None}))
    [patch] = rest.asked("PATCH")
    assert patch.body == {"name": None, "price": None}
    assert patch.headers["content-type"] == "application/merge-patch+json"
    shown = rest.system.show("Product", id) or {}
    assert (shown["name"], shown["price"]) == (None, None)


def test_an_update_names_the_version_it_was_planned_on(rest: Connected) -> None:
    [id] = products(rest, 1)
    write = rest.update("Product", id, {"name": "ours"})
    rest.system.edit("Product", id, {"name": "theirs"})
    assert rest.write(write) == [Stale()]
    assert names(rest, [id]) == ["theirs"]
    assert rest.asked("PATCH")[0].headers["if-match"] == '"v1"'


@pytest.mark.parametrize("kind", [Kind.UPDATE, Kind.DELETE])
def test_without_a_version_nothing_is_sent(rest: Connected, kind: Kind) -> None:
    [id] = products(rest, 1)
    assert rest.write(Write(kind, "Product", "k", id, {"name": "x"})) == [Stale()]
    assert rest.asked() == []


def test_a_deletion_names_its_version_too(rest: Connected) -> None:
    one, other = products(rest, 2)
    stale = rest.deletion("Product", one)
    rest.system.edit("Product", one, {"name": "edited"})
    assert rest.write(stale) == [Stale()]
    assert rest.write(rest.deletion("Product", other)) == [Done()]
    assert rest.write(rest.deletion("Product", one)) == [Done()]
    assert rest.write(replace(stale, key="again")) == [Gone()]
    assert rest.system.ids("Product") == []


def test_what_is_not_writable_is_refused_with_the_reason(rest: Connected) -> None:
    [id] = products(rest, 1)
    [refused] = rest.write(rest.update("Product", id, {"code": "late"}))
    assert isinstance(refused, Refused)
    assert "code" in refused.reason


def test_a_reused_key_is_refused_not_replayed(rest: Connected) -> None:
    write = rest.creation("Product", {"sku": "A"})
    rest.write(write)
    [refused] = rest.write(replace(write, body={"sku": "B"}))
    assert isinstance(refused, Refused)
    assert refused.reason.startswith("422 ")


def test_a_refused_path_is_no_proof_that_the_record_is_gone(rest: Connected) -> None:
    [id] = products(rest, 1)
    [refused] = rest.write(rest.adjustment("Product", id, "no_counter", 1))
    assert isinstance(refused, Refused)
    assert "no_counter" in refused.reason


def test_nothing_is_looked_for_by_natural_key(rest: Connected) -> None:
    assert rest.find_created(rest.creation("Product", {"sku": "A"}), rest.now()) is None
    assert rest.asked() == []


# -- batches -------------------------------------------------------------------------------------------


def test_updates_and_deletions_travel_together(rest: Connected) -> None:
    ids = products(rest, 4)
    writes = [*renaming(rest, ids[:3]), rest.deletion("Product", ids[3])]
    outcomes = rest.write(*writes)
    assert [type(outcome) for outcome in outcomes] == [Done] * 4
    assert [
        outcome.record.id for outcome in outcomes[:3] if isinstance(outcome, Done) and outcome.record
    ] == ids[:3]
    assert names(rest, ids[:3]) == ["new 0", "new 1", "new 2"]
    assert rest.system.ids("Product") == ids[:3]
    [batch] = rest.asked()
    assert (batch.method, batch.path, len(batch.body)) == ("POST", "/product/batch", 4)


def test_a_single_one_travels_alone(rest: Connected) -> None:
    rest.write(*renaming(rest, products(rest, 1)))
    assert [exchange.method for exchange in rest.asked()] == ["PATCH"]


def test_a_batch_has_at_most_a_hundred_parts(rest: Connected) -> None:
    ids = products(rest, 201)
    assert all(isinstance(outcome, Done) for outcome in rest.write(*renaming(rest, ids)))
    assert [len(batch.body) for batch in rest.asked("POST")] == [100, 100]
    assert len(rest.asked("PATCH")) == 1
    assert names(rest, ids) == [f"new {n}" for n in range(201)]


def test_each_part_stands_or_falls_alone(rest: Connected) -> None:
    fine, stale, bad, gone, last = products(rest, 5)
    writes = renaming(rest, [fine, stale, bad, gone, last])
    writes[2] = rest.update("Product", bad, {"name": 5})
    rest.system.edit("Product", stale, {"name": "theirs"})
    rest.system.delete("Product", gone)
    outcomes = rest.write(*writes)
    assert [type(outcome) for outcome in outcomes] == [Done, Stale, Refused, Gone, Done]
    assert names(rest, [fine, stale, bad, last]) == ["new 0", "theirs", None, "new 4"]
    assert len(rest.asked("POST")) == 1


def test_parts_that_fail_for_no_reason_of_their_own_are_refused(rest: Connected) -> None:
    ids = products(rest, 4)
    rest.system.faults.script(Fault("partial_batch"))
    outcomes = rest.write(*renaming(rest, ids))
    assert [type(outcome) for outcome in outcomes] == [Done, Refused, Done, Refused]
    assert names(rest, ids) == ["new 0", None, "new 2", None]


@pytest.mark.parametrize("kind", ["drop_after_commit", "error_after", "timeout_before"])
def test_a_batch_without_an_answer_leaves_each_of_its_writes_unknown(rest: Connected, kind: str) -> None:
    ids = products(rest, 3)
    writes = renaming(rest, ids)
    rest.system.faults.script(Fault(kind, method="POST"))
    assert [type(outcome) for outcome in rest.write(*writes)] == [Unknown] * 3
    assert len(rest.asked()) == 1
    assert [type(outcome) for outcome in rest.write(*writes)] == [Done] * 3
    one, again = rest.asked("POST")
    assert one.headers["idempotency-key"] == again.headers["idempotency-key"]
    assert one.body == again.body
    assert [(rest.system.show("Product", id) or {})["version"] for id in ids] == [2, 2, 2]


def test_writes_of_an_unanswered_batch_are_stale_when_sent_again_alone(rest: Connected) -> None:
    ids = products(rest, 3)
    writes = renaming(rest, ids)
    rest.system.faults.script(Fault("drop_after_commit", method="POST"))
    rest.write(*writes)
    assert rest.write(writes[1]) == [Stale()]
    assert rest.connector.shows(writes[1], rest.read("Product", ids[1])[ids[1]])
    assert (rest.system.show("Product", ids[1]) or {})["version"] == 2


@pytest.mark.parametrize("status", [400, 404, 413])
def test_a_batch_that_is_refused_whole_is_sent_one_by_one(rest: Connected, status: int) -> None:
    ids = products(rest, 3)
    rest.system.faults.script(Fault("error_before", path="*/batch", status=status))
    assert [type(outcome) for outcome in rest.write(*renaming(rest, ids))] == [Done] * 3
    assert names(rest, ids) == ["new 0", "new 1", "new 2"]


def test_what_json_cannot_hold_is_taken_out_of_the_batch(rest: Connected) -> None:
    ids = products(rest, 3)
    writes = renaming(rest, ids)
    writes[1] = rest.update("Product", ids[1], {"name": "\ud800"})
    assert [type(outcome) for outcome in rest.write(*writes)] == [Done, Refused, Done]
    assert names(rest, ids) == ["new 0", None, "new 2"]


def test_outcomes_come_in_the_order_of_the_writes(rest: Connected) -> None:
    one, two = products(rest, 2)
    company = rest.creation("Customers (Company)", {"name": "Acme"})
    writes = [
        rest.adjustment("Product", one, "stock_quantity", -1),
        rest.update("Product", one, {"name": "first"}),
        company,
        rest.adjustment("Product", two, "stock_quantity", -9),
        rest.update("Product", two, {"name": "second"}),
    ]
    outcomes = rest.write(*writes)
    assert [type(outcome) for outcome in outcomes] == [Done, Done, Done, Refused, Done]
    assert names(rest, [one, two]) == ["first", "second"]
    [_, _, made, _, last] = outcomes
    assert isinstance(made, Done)
    assert made.record is not None
    assert made.record.fields["name"] == "Acme"
    assert isinstance(last, Done)
    assert last.record is not None
    assert last.record.fields["name"] == "second"


def test_nothing_to_write_asks_nothing(rest: Connected) -> None:
    assert rest.write() == []
    assert rest.asked() == []

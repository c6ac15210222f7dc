"""Batches of the generic REST contract: what travels together, under which key, and what the answers mean (S24)."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from bothways.sync.connectors import Done, Gone, Kind, Refused, Stale, Unknown, Write, rest
from tests.sync.connectors.rest_rows import NO, adjustment, creation, deletion, row, sent, shown, update
from tests.sync.connectors.scripted import LOST, Scripted


def test_a_batch_is_one_request_of_parts_under_a_key_made_of_theirs() -> None:
    script = Scripted("rest", (207, [{"status": 200, "body": row()}, {"status": 204}]))
    assert script.write(update(key="k1"), deletion("2", key="k2")) == [Done(shown(row())), Done()]
    parts = [
        {"method": "PATCH", "id": "1", "if_match": '"v3"', "body": {"a": {"b": 1}}},
        {"method": "DELETE", "id": "2", "if_match": '"v3"'},
    ]
    key = hashlib.sha256(b"k1\nk2").hexdigest()
    assert sent(script) == [("POST /product/batch", parts, key, None, "application/json")]


def test_creations_kept_together_are_one_request_under_their_batchs_key() -> None:
    results = [{"status": 201, "body": row("1")}, {"status": 422, "body": NO}]
    script = Scripted("rest", (207, results))
    assert script.write(creation("k1", "b"), creation("k2", "b")) == [
        Done(shown(row("1"))),
        Refused("422 No: never"),
    ]
    part = {"method": "POST", "body": {"a": {"b": 1, "c": None}}}
    assert sent(script) == [("POST /product/batch", [part, part], "b", None, "application/json")]


def test_a_creation_alone_in_its_batch_travels_under_its_own_key() -> None:
    script = Scripted("rest", (201, row()))
    assert script.write(creation("k1", "b")) == [Done(shown(row()))]
    assert sent(script)[0][::2] == ("POST /product", "k1", "application/json")


def test_creations_without_a_batch_travel_alone() -> None:
    script = Scripted("rest", (201, row("1")), (201, row("2")))
    assert script.write(creation("k1"), creation("k2")) == [Done(shown(row("1"))), Done(shown(row("2")))]
    assert script.header("Idempotency-Key") == ["k1", "k2"]


def test_one_write_without_a_version_makes_all_of_a_batch_travel_alone() -> None:
    script = Scripted("rest", (200, row("1")), (200, row("3")))
    writes = update("1"), update("2", version=None), update("3")
    assert script.write(*writes) == [Done(shown(row("1"))), Stale(), Done(shown(row("3")))]
    assert script.lines == ["PATCH /product/1", "PATCH /product/3"]


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (LOST, "no answer (ReadTimeout: lost)"),
        ((503, None), "503 Service Unavailable"),
        ((207, {}), "the batch was answered, but not part by part"),
        ((207, [{"status": 204}]), "the batch was answered, but not part by part"),
        ((207, [{"status": 204}] * 3), "the batch was answered, but not part by part"),
        ((200, [{"status": 204}] * 2), "the batch was answered, but not part by part"),
    ],
    ids=str,
)
def test_a_batch_without_an_answer_for_each_part_is_unknown(answer: Any, why: str) -> None:
    script = Scripted("rest", answer)
    assert script.write(update(), deletion("2")) == [Unknown(why), Unknown(why)]
    assert len(script.asked) == 1


def test_where_one_of_a_batch_is_unknown_all_are() -> None:
    results = [{"status": 201, "body": row()}, {"status": 201}, {"status": 422, "body": NO}]
    outcomes = Scripted("rest", (207, results)).write(*(creation(f"k{n}", "b") for n in range(3)))
    assert outcomes == [Unknown("the creation was answered without the record")] * 3


def test_a_refused_batch_is_sent_one_by_one() -> None:
    script = Scripted("rest", (413, NO), (200, row()), (422, NO))
    assert script.write(update("1"), deletion("2")) == [Done(shown(row())), Refused("422 No: never")]
    assert script.lines == ["POST /product/batch", "PATCH /product/1", "DELETE /product/2"]


def test_a_part_that_finds_nobody_is_looked_for() -> None:
    results = [{"status": 404, "body": NO}, {"status": 410, "body": NO}, {"status": 412, "body": NO}]
    script = Scripted("rest", (207, results), (404, None), (200, row("2")))
    writes = update("1"), update("2"), update("3")
    assert script.write(*writes) == [Gone(), Refused("410 No: never"), Stale()]
    assert script.lines[1:] == ["GET /product/1", "GET /product/2"]


def test_writes_go_by_datatype_then_batch_then_alone_and_are_answered_in_their_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rest, "LARGEST_BATCH", 2)

    def results(*ids: str) -> tuple[int, list[Any]]:
        return 207, [{"status": 200, "body": row(id)} for id in ids]

    script = Scripted(
        "rest",
        results("b1", "b2"),
        results("c1", "c2"),
        results("1", "2"),
        results("3", "4"),
        (200, row("5")),
        (200, row("alone")),
        (201, row("new")),
        (200, row("other")),
    )
    writes = {
        "1": update("1"),
        "alone": adjustment("alone"),
        "b1": creation("b1", "b"),
        "other": Write(Kind.ADJUST, "Other", "k", "other", {"n": 1}),
        "2": deletion("2"),
        "c1": creation("c1", "c"),
        "3": update("3"),
        "b2": creation("b2", "b"),
        "4": update("4"),
        "new": creation("new"),
        "c2": creation("c2", "c"),
        "5": update("5"),
    }
    assert script.write(*writes.values()) == [Done(shown(row(id))) for id in writes]
    batch = "POST /product/batch"
    alone = ["PATCH /product/5", "POST /product/alone/stock/adjustments", "POST /product"]
    assert script.lines == [batch] * 4 + alone + ["POST /other/other/n/adjustments"]

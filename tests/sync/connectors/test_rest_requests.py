"""The generic REST contract, request by request: what exactly is asked, and what is made of each answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from bothways.errors import SyncError, SystemDown
from bothways.sync.connectors import (
    Abilities,
    Done,
    Gone,
    Kind,
    Outcome,
    Page,
    Record,
    Refused,
    Stale,
    Unknown,
    Write,
)
from tests.sync.connectors.rest_rows import (
    AHEAD,
    DATED,
    EIGHT,
    NO,
    adjustment,
    creation,
    deletion,
    page,
    row,
    sent,
    shown,
    update,
)
from tests.sync.connectors.scripted import LOST, Scripted

# -- listing and reading -------------------------------------------------------------------------------


def test_a_listing_is_asked_for_page_by_page() -> None:
    deleted = row("2", deleted_at="2024-10-01T07:00:00Z")
    first = httpx.Response(200, json=page(row(), following="c 2"), headers=DATED)
    script = Scripted("rest", first, (200, page(deleted)))
    cursor = "2024-10-01T08:00:39.999Z 2024-10-01T08:00:00.000Z"
    assert script.pages("Product") == [
        Page([shown(row(), ahead=AHEAD)]),
        Page([shown(deleted, ahead=AHEAD)], cursor),
    ]
    assert script.lines == ["GET /product?include_deleted=true", "GET /product?cursor=c+2"]
    assert script.connector.requests == 2


def test_a_later_listing_asks_for_what_changed_since() -> None:
    script = Scripted("rest", (200, page()))
    script.pages("Product", "2024-10-01T07:58:59.999Z 2024-10-01T08:00:00.000Z")
    since = "2024-10-01T07%3A58%3A59.999Z"
    assert script.lines == [f"GET /product?include_deleted=true&updated_since={since}"]


def test_a_refused_listing_is_told_and_a_refused_place_is_left() -> None:
    with pytest.raises(SyncError) as refused:
        Scripted("rest", (422, NO)).pages("Product")
    assert str(refused.value) == "the oddity doesn't list Product: 422 No: never"
    script = Scripted("rest", (200, page(following="c")), (410, NO), (200, page(row())))
    assert [record.id for found in script.pages("Product") for record in found.records] == ["1"]
    again = "GET /product?include_deleted=true"
    assert script.lines == [again, "GET /product?cursor=c", again]


@pytest.mark.parametrize(
    ("body", "what", "why"),
    [
        ({"next_cursor": None}, "Product", "KeyError('data')"),
        ({"data": []}, "Product", "KeyError('next_cursor')"),
        (page({k: v for k, v in row().items() if k != "version"}), "a record", "KeyError('version')"),
    ],
    ids=str,
)
def test_another_shape_than_the_contracts_is_told_by_name(body: Any, what: str, why: str) -> None:
    with pytest.raises(SystemDown) as down:
        Scripted("rest", (200, body)).pages("Product")
    assert str(down.value) == f"the oddity shows {what} in another shape than its contract: {why}"


@pytest.mark.parametrize(
    ("datatype", "path"),
    [
        ("Product", "/product"),
        ("Customers (Company)", "/customers-company"),
        (" Big__Thing 2!", "/big-thing-2"),
        ("XL", "/xl"),
    ],
)
def test_a_datatypes_name_becomes_its_path_in_small_letters(datatype: str, path: str) -> None:
    script = Scripted("rest", (404, None))
    script.read(datatype, "i")
    assert script.lines == [f"GET {path}/i"]


def test_each_record_is_read_once_and_the_missing_are_left_out() -> None:
    script = Scripted("rest", (200, row("b/ü")), (404, NO), (410, NO))
    assert script.read("Product", "b/ü", "gone", "b/ü", "former") == {"b/ü": shown(row("b/ü"))}
    assert script.lines == ["GET /product/b%2F%C3%BC", "GET /product/gone", "GET /product/former"]


def test_a_refused_reading_is_told() -> None:
    with pytest.raises(SyncError) as refused:
        Scripted("rest", (422, NO)).read("Product", "1")
    assert str(refused.value) == "the oddity doesn't show Product 1: 422 No: never"


def name_of(write: Write) -> str:
    return write.kind.value


# -- one write -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("write", "request_"),
    [
        (creation(), ("POST /product", {"a": {"b": 1, "c": None}}, "k", None, "application/json")),
        (
            update("x/1"),
            ("PATCH /product/x%2F1", {"a": {"b": 1}}, None, '"v3"', "application/merge-patch+json"),
        ),
        (deletion("x/1"), ("DELETE /product/x%2F1", None, None, '"v3"', None)),
        (
            Write(Kind.ADJUST, "Product", "k", "x/1", {"in/stock": -2}),
            ("POST /product/x%2F1/in%2Fstock/adjustments", {"delta": -2}, "k", None, "application/json"),
        ),
    ],
    ids=["creation", "update", "deletion", "adjustment"],
)
def test_a_single_write_is_one_request(write: Write, request_: tuple[Any, ...]) -> None:
    script = Scripted("rest", (200, row()))
    assert script.write(write) == [Done(shown(row()))]
    assert sent(script) == [request_]


@pytest.mark.parametrize("write", [update(), deletion()], ids=name_of)
def test_a_version_is_named_as_the_standard_writes_it(write: Write) -> None:
    script = Scripted("rest", (200, row()))
    script.write(write)
    assert (b"If-Match", b'"v3"') in script.asked[0].headers.raw


@pytest.mark.parametrize("write", [creation(), update(), deletion(), adjustment()], ids=name_of)
@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ((412, NO), Stale()),
        ((428, NO), Stale()),
        ((422, NO), Refused("422 No: never")),
        ((409, NO), Refused("409 No: never")),
        ((500, NO), Unknown("500 No: never")),
        (LOST, Unknown("no answer (ReadTimeout: lost)")),
    ],
    ids=str,
)
def test_what_a_systems_no_means(write: Write, answer: Any, outcome: Outcome) -> None:
    assert Scripted("rest", answer).write(write) == [outcome]


@pytest.mark.parametrize("status", [404, 410])
@pytest.mark.parametrize("write", [update(), deletion(), adjustment()], ids=name_of)
def test_a_record_is_gone_when_a_look_says_so(write: Write, status: int) -> None:
    script = Scripted("rest", (status, NO), (404, None))
    assert script.write(write) == [Gone()]
    assert script.lines[1:] == ["GET /product/1"]
    assert Scripted("rest", (status, NO), (200, row())).write(write) == [Refused(f"{status} No: never")]


def test_a_creation_that_finds_nobody_is_refused_without_a_look() -> None:
    assert Scripted("rest", (404, NO)).write(creation()) == [Refused("404 No: never")]


def test_a_write_that_names_no_record_finds_it_gone() -> None:
    script = Scripted("rest", (404, NO))
    assert script.write(update(None)) == [Refused("404 No: never")]
    assert script.lines == ["PATCH /product/"]


def test_an_answer_that_shows_no_record_leaves_a_look_to_be_taken() -> None:
    script = Scripted("rest", (204, None), (200, row()))
    assert script.write(update()) == [Done(shown(row()))]
    assert script.lines[1:] == ["GET /product/1"]
    assert Scripted("rest", (204, None), (404, None)).write(update()) == [Gone()]


@pytest.mark.parametrize(
    ("write", "outcome"),
    [
        (creation(), Unknown("the creation was answered without the record")),
        (deletion(), Done()),
        (adjustment(), Done()),
        (update(None), Done()),
    ],
    ids=str,
)
def test_an_answer_that_shows_no_record_may_be_all_there_is(write: Write, outcome: Outcome) -> None:
    assert Scripted("rest", (204, None)).write(write) == [outcome]


@pytest.mark.parametrize("write", [update(version=None), deletion(version=None)], ids=name_of)
def test_what_was_planned_on_no_version_is_stale_unsent(write: Write) -> None:
    script = Scripted("rest")
    assert script.write(write, write) == [Stale(), Stale()]
    assert script.asked == []


# -- what else the contract is asked -------------------------------------------------------------------


def test_the_contract_can_do_everything_and_knows_keys_for_two_days() -> None:
    assert Scripted("rest").connector.abilities("Product") == Abilities(
        creates=True,
        incremental=True,
        tombstones=True,
        versions=True,
        keys_kept=timedelta(hours=48),
        batch=100,
    )


def test_a_system_that_does_not_say_for_how_long_is_left_alone_for_five_seconds() -> None:
    script = Scripted("rest", (429, None), (404, None))
    assert script.read("Product", "1") == {}
    assert script.clock.now() == EIGHT + timedelta(seconds=5)


def test_the_contract_has_no_constants() -> None:
    with pytest.raises(SyncError) as unknown:
        Scripted("rest").lookup("first_store_page")
    assert str(unknown.value) == "the oddity has nothing called 'first_store_page'"


def test_a_creation_is_not_looked_for() -> None:
    assert Scripted("rest").find_created(creation(), EIGHT) is None


@pytest.mark.parametrize(
    ("fields", "shows"),
    [
        ({"a": {"b": 1}, "c": "<p>x</p>", "d": 2}, True),
        ({"a": {"b": 2}, "c": "x"}, False),
        ({"a": {"b": 1}}, False),
    ],
)
def test_a_record_shows_a_write_when_it_shows_all_of_it(fields: dict[str, Any], shows: bool) -> None:
    write = Write(Kind.UPDATE, "Product", "k", "1", {"a.b": 1, "c": "x"})
    assert Scripted("rest").connector.shows(write, Record("1", fields)) is shows

"""A system whose answers are not made as its contract says is reported as such, in one line (S25)."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from bothways.errors import SystemDown
from bothways.sync.connectors import Done, Gone, Kind, Outcome, Refused, Unknown, Write
from tests.sync.connectors.scripted import speaking

PAGINATION = {"hasNextPage": False, "nextPageCursor": None}
ROW = {"id": "1", "created_at": "2024-10-01T08:00:00Z", "updated_at": "2024-10-01T08:00:00Z", "version": 1}


def listing(contract: str, datatype: str, body: Any) -> list[str]:
    """The ids in a listing that is answered with `body`."""
    connector = speaking(contract, lambda _: httpx.Response(200, json=body))

    async def ids() -> list[str]:
        return [record.id async for page in connector.changes(datatype, None) for record in page.records]

    return asyncio.run(ids())


REST = [
    [],
    "text",
    {},
    {"data": []},
    {"data": None, "next_cursor": None},
    {"data": [None], "next_cursor": None},
    {"data": ["text"], "next_cursor": None},
    *({"data": [{k: v for k, v in ROW.items() if k != lacking}], "next_cursor": None} for lacking in ROW),
]
SHOP: dict[str, list[Any]] = {
    "Inventory": [
        {},
        [],
        {"inventory": [{}], "pagination": PAGINATION},
        {"inventory": [5], "pagination": PAGINATION},
        {"inventory": [], "pagination": {}},
        {"inventory": [], "pagination": {"hasNextPage": True}},
        {"inventory": [], "pagination": {"hasNextPage": True, "nextPageCursor": None}},
    ],
    "Order": [{"result": [{"id": "1"}], "pagination": PAGINATION}, {"result": 5, "pagination": PAGINATION}],
    "Sesamproducts": [
        {"products": [{"id": "1"}], "pagination": PAGINATION},
        {"products": [{"id": "1", "variants": [{}], "modifiedOn": None}], "pagination": PAGINATION},
    ],
}


@pytest.mark.parametrize("body", REST, ids=str)
def test_a_rest_listing_in_another_shape(body: Any) -> None:
    with pytest.raises(SystemDown, match="the oddity"):
        listing("rest", "Product", body)


@pytest.mark.parametrize(
    ("datatype", "body"), [(datatype, body) for datatype, bodies in SHOP.items() for body in bodies], ids=str
)
def test_a_shops_listing_in_another_shape(datatype: str, body: Any) -> None:
    with pytest.raises(SystemDown, match="the oddity"):
        listing("squarespace", datatype, body)


def test_a_right_one_is_read() -> None:
    assert listing("rest", "Product", {"data": [ROW], "next_cursor": None}) == ["1"]
    for datatype, member in (("Inventory", "inventory"), ("Order", "result"), ("Sesamproducts", "products")):
        assert listing("squarespace", datatype, {member: None, "pagination": PAGINATION}) == []


# -- answers to writes that don't show what was written ------------------------------------------------


class Terse:
    """A system that carries everything out, and shows records to those who ask for them only."""

    def __init__(self, contract: str, record: dict[str, Any] | None, *, batch: Any = None) -> None:
        self.record = record
        self.batch = batch
        self.connector = speaking(contract, self._answer)

    def write(self, *writes: Write) -> list[Outcome]:
        return asyncio.run(self._write(writes))

    async def _write(self, writes: tuple[Write, ...]) -> list[Outcome]:
        return await self.connector.write(writes)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/batch"):
            return httpx.Response(207, json=self.batch)
        if request.method != "GET":
            return httpx.Response(204)
        return httpx.Response(404) if self.record is None else httpx.Response(200, json=self.record)


def updating(datatype: str, number: int, body: dict[str, Any]) -> Write:
    return Write(Kind.UPDATE, datatype, f"key-{number}", "1", body, "1")


SHOWN: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
    ("rest", "Product", {"name": "x"}, ROW),
    ("squarespace", "Inventory", {"quantity": 5}, {"inventory": [{"variantId": "1", "isUnlimited": False}]}),
]


@pytest.mark.parametrize(("contract", "datatype", "body", "record"), SHOWN, ids=str)
def test_what_an_update_left_behind_is_read(
    contract: str, datatype: str, body: dict[str, Any], record: dict[str, Any]
) -> None:
    [done] = Terse(contract, record).write(updating(datatype, 1, body))
    assert isinstance(done, Done)
    assert done.record is not None
    assert done.record.id == "1"
    assert Terse(contract, None).write(updating(datatype, 1, body)) == [Gone()]


CREATIONS = [
    ("rest", "Product", {"name": "x"}),
    ("squarespace", "Order", {"grandTotal.currency": "USD", "lineItems": []}),
    ("squarespace", "Sesamproducts", {"variants.sku": "x"}),
]


@pytest.mark.parametrize(("contract", "datatype", "body"), CREATIONS, ids=str)
def test_a_creation_that_shows_no_record_is_unknown(
    contract: str, datatype: str, body: dict[str, Any]
) -> None:
    [outcome] = Terse(contract, None).write(Write(Kind.CREATE, datatype, "key", body=body))
    assert isinstance(outcome, Unknown)


@pytest.mark.parametrize("batch", [None, {}, [], [{"status": 200, "body": ROW}]], ids=str)
def test_a_batch_that_is_not_answered_part_by_part_leaves_its_writes_unknown(batch: Any) -> None:
    outcomes = Terse("rest", ROW, batch=batch).write(
        *(updating("Product", n, {"name": "x"}) for n in range(2))
    )
    assert [type(outcome) for outcome in outcomes] == [Unknown, Unknown]


def test_a_part_of_a_batch_without_a_status_is_refused() -> None:
    parts = [{"status": 200, "body": ROW}, "odd"]
    outcomes = Terse("rest", ROW, batch=parts).write(
        *(updating("Product", n, {"name": "x"}) for n in range(2))
    )
    assert [type(outcome) for outcome in outcomes] == [Done, Refused]

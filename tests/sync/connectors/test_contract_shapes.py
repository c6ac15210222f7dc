"""A system whose answers are not made as its contract says is reported as such, in one line (S25)."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from bothways.errors import SystemDown
from bothways.mapping import System
from bothways.sync.connectors import Connector, Setup, connect
from fakes.clock import SimulatedClock

PAGINATION = {"hasNextPage": False, "nextPageCursor": None}
ROW = {"id": "1", "created_at": "2024-10-01T08:00:00Z", "updated_at": "2024-10-01T08:00:00Z", "version": 1}


def speaking(contract: str, body: Any) -> Connector:
    """A connector to a system that answers everything with the same body."""
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=body))
    system = System(name="", label="oddity", contract=contract, datatypes={})
    client = httpx.AsyncClient(transport=transport)
    return connect(Setup(system, "https://oddity.test", "token", client, SimulatedClock()))


def listing(connector: Connector, datatype: str) -> list[str]:
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
        listing(speaking("rest", body), "Product")


@pytest.mark.parametrize(
    ("datatype", "body"), [(datatype, body) for datatype, bodies in SHOP.items() for body in bodies], ids=str
)
def test_a_shops_listing_in_another_shape(datatype: str, body: Any) -> None:
    with pytest.raises(SystemDown, match="the oddity"):
        listing(speaking("squarespace", body), datatype)


def test_a_right_one_is_read() -> None:
    assert listing(speaking("rest", {"data": [ROW], "next_cursor": None}), "Product") == ["1"]
    for datatype, member in (("Inventory", "inventory"), ("Order", "result"), ("Sesamproducts", "products")):
        assert listing(speaking("squarespace", {member: None, "pagination": PAGINATION}), datatype) == []

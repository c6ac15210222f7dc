"""A webshop and a storefront, simulated, and what an engine and their users need to reach them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from fakes.clock import SimulatedClock, SystemClock
from fakes.rest import RestSystem
from fakes.squarespace import SquarespaceSystem
from fakes.store import Ids
from tests.fakes.api import Api

WEBSHOP: dict[str, dict[str, Any]] = {
    "Product": {
        "fields": {
            "sku": {"type": "string"},
            "name": {"type": "string"},
            "price": {"type": "money"},
            "stock_quantity": {"type": "integer", "counter": True, "minimum": 0, "maximum": 1000},
            "made": {"type": "datetime", "access": "create_only"},
            "rank": {"type": "integer", "access": "read_only"},
            "slug": {"type": "string", "rewrite": "lower"},
            "code": {"type": "string", "rewrite": "trim"},
            "text": {"type": "string", "rewrite": "paragraph"},
            "cost": {"type": "money", "rewrite": "cents"},
            "rate": {"type": "decimal", "rewrite": "cents"},
            "size.width": {"type": "decimal"},
            "size.height": {"type": "decimal"},
            "extra": {"type": "object"},
            "tags": {"type": "list"},
            "weight": {"type": "float"},
            "active": {"type": "boolean"},
        },
        "references": {"supplier": "Customers company"},
    },
    "Customers company": {"fields": {"name": {"type": "string"}}},
}


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock()


@pytest.fixture
def webshop(clock: SimulatedClock) -> RestSystem:
    return RestSystem("webshop", WEBSHOP, SystemClock(clock), token="simulated", ids=Ids("webshop"))


@pytest.fixture
def storefront(clock: SimulatedClock) -> SquarespaceSystem:
    return SquarespaceSystem("storefront", SystemClock(clock), token="simulated", ids=Ids("storefront"))


@pytest.fixture
def shop_api(webshop: RestSystem) -> Iterator[Api]:
    """The webshop's API."""
    api = Api(webshop)
    yield api
    api.close()


@pytest.fixture
def store_api(storefront: SquarespaceSystem) -> Iterator[Api]:
    """The storefront's API."""
    api = Api(storefront)
    yield api
    api.close()

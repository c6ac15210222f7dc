"""A mapping that changes under an existing state: nothing is lost, nothing is invented."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bothways.mapping import Mapping
from bothways.sync.model import Ref
from bothways.sync.shape import Shape
from bothways.sync.status import explain, status
from bothways.sync.store import Store
from fakes.clock import SimulatedClock
from tests.sync.shop import Shop


def changed(mapping: Mapping, section: int, name: str, **change: Any) -> Mapping:
    """The mapping with one property of a section changed; without it if there is no change."""
    raw = mapping.model_dump(mode="json", by_alias=True)
    for flow in raw["flows"]:
        if flow["section"] == section:
            kept = [prop | change if prop["name"] == name else prop for prop in flow["properties"]]
            flow["properties"] = [prop for prop in kept if change or prop["name"] != name]
    return Mapping.model_validate(raw)


def names(shop: Shop) -> tuple[str, str]:
    """What both systems call the product."""
    contents = shop.contents()
    return contents["Product"][0][1]["name"], contents["Sesamproducts"][0][1]["name"]


def test_an_added_property_is_settled_as_at_merge(
    shop: Shop, mapping: Mapping, clock: SimulatedClock, state: str
) -> None:
    without = changed(mapping, 4, "description")
    product = shop.add_product("a", description="")
    asyncio.run(shop.cycle(state, without))
    clock.advance(60)
    shop.storefront.edit("Sesamproducts", shop.variant("a"), {"description": "From the storefront"})
    clock.advance(60)
    shop.webshop.edit("Product", product, {"name": "Newer, but empty of a description"})
    asyncio.run(shop.cycle(state, without))
    assert shop.product(product)["description"] in ("", None)
    clock.advance(60)
    assert asyncio.run(shop.synchronise(state)) == 1
    assert "From the storefront" in shop.product(product)["description"]  # a value beats an empty one
    assert names(shop) == ("Newer, but empty of a description",) * 2


def test_a_removed_property_is_left_alone_and_the_rest_goes_on(
    shop: Shop, mapping: Mapping, clock: SimulatedClock, state: str
) -> None:
    product = shop.add_product("a")
    asyncio.run(shop.synchronise(state))
    clock.advance(60)
    without = changed(mapping, 4, "name")
    shop.webshop.edit("Product", product, {"name": "Only here", "description": "Everywhere"})
    clock.advance(60)
    asyncio.run(shop.cycle(state, without))
    assert names(shop) == ("Only here", "Cup a")
    assert "Everywhere" in shop.contents()["Sesamproducts"][0][1]["description"]
    writes = shop.writes
    asyncio.run(shop.cycle(state, without))
    assert shop.writes == writes


def test_a_removed_property_that_comes_back_brings_its_latest_edit(
    shop: Shop, mapping: Mapping, clock: SimulatedClock, state: str
) -> None:
    product = shop.add_product("a")
    asyncio.run(shop.synchronise(state))
    without = changed(mapping, 4, "name")
    clock.advance(60)
    shop.webshop.edit("Product", product, {"name": "Later"})
    clock.advance(60)
    asyncio.run(shop.cycle(state, without))
    clock.advance(60)
    asyncio.run(shop.synchronise(state))
    assert names(shop) == ("Later", "Later")


def test_a_retyped_property_that_no_longer_fits_is_reported_and_left_as_it_is(
    shop: Shop, mapping: Mapping, clock: SimulatedClock, state: str
) -> None:
    product = shop.add_product("a")
    asyncio.run(shop.synchronise(state))
    numbered = changed(mapping, 4, "description", type="integer")
    clock.advance(60)
    shop.webshop.edit("Product", product, {"description": "no number"})
    clock.advance(60)
    asyncio.run(shop.cycle(state, numbered))
    assert "Nice" in shop.contents()["Sesamproducts"][0][1]["description"]
    assert any("'no number' is no integer" in reason for reason in uncrossed(state, numbered))
    clock.advance(60)
    asyncio.run(shop.synchronise(state))
    assert "no number" in shop.contents()["Sesamproducts"][0][1]["description"]


def test_a_retyped_property_starts_anew_as_at_merge(
    shop: Shop, mapping: Mapping, clock: SimulatedClock, state: str
) -> None:
    """Money in the old state can't be compared with the whole object as text."""
    product = shop.add_product("a")
    asyncio.run(shop.synchronise(state))
    amount = {"type": "string", "source": {"path": "price"}, "target": {"path": "variants.pricing.basePrice"}}
    clock.advance(60)
    asyncio.run(shop.cycle(state, changed(mapping, 4, "price", **amount)))
    assert any("is no text" in reason for reason in uncrossed(state, mapping))
    assert "price" not in explained(state, mapping, product)
    clock.advance(60)
    shop.webshop.edit("Product", product, {"price": {"amount": "14.00", "currency": "USD"}})
    clock.advance(60)
    asyncio.run(shop.synchronise(state))
    assert shop.contents()["Sesamproducts"][0][1]["variants"]["pricing"]["basePrice"]["value"] == "14.00"


@pytest.mark.parametrize("section", [2, 4])
def test_a_removed_flow_is_left_alone_and_comes_back(
    shop: Shop, mapping: Mapping, clock: SimulatedClock, state: str, section: int
) -> None:
    product = shop.add_product("a")
    shop.add_order("W1", "a")
    asyncio.run(shop.synchronise(state))
    raw = mapping.model_dump(mode="json", by_alias=True)
    raw["flows"] = [flow for flow in raw["flows"] if flow["section"] != section]
    for flow in raw["flows"]:
        for prop in flow["properties"]:
            prop["resolves"] = None
    clock.advance(60)
    (order,) = shop.webshop.ids("Order")
    shop.webshop.edit("Product", product, {"name": "Later", "stock_quantity": 4})
    shop.webshop.edit("Order", order, {"status": "fulfilled"})
    clock.advance(60)
    asyncio.run(shop.cycle(state, Mapping.model_validate(raw)))
    assert shop.quantity("a") == 4
    clock.advance(60)
    asyncio.run(shop.synchronise(state))
    assert names(shop) == ("Later", "Later")
    assert [order["fulfillmentStatus"] for _, order in shop.contents()["storefront Order"]] == ["FULFILLED"]


def explained(state: str, mapping: Mapping, product: str) -> set[str]:
    """The properties of which the state holds a value."""
    store = Store(state)
    found = explain(Shape(mapping), store, Ref("webshop", "Product", product))
    store.close()
    return set(found["properties"])


def uncrossed(state: str, mapping: Mapping) -> list[str]:
    """Why edits don't cross."""
    store = Store(state)
    found = status(Shape(mapping), store)["uncrossed"]
    store.close()
    return [edit["reason"] for edit in found]

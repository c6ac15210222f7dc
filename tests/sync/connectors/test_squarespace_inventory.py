"""Inventory 1.0: stock is counted, set or made unlimited, one item at a time (S14)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bothways.sync.codecs import pick
from bothways.sync.connectors import Done, Kind, Refused, Unknown, Write
from fakes.faults import Fault
from fakes.squarespace import Switches
from tests.sync.connectors.connected import Connected
from tests.sync.connectors.shops import item, stock
from tests.sync.connectors.sides import made


def test_unlimited_stock_is_no_quantity(shop: Connected) -> None:
    id = shop.system.create("Inventory", {"quantity": None})
    for datatype, path in (("Inventory", "quantity"), ("Sesamproducts", "variants.stock.quantity")):
        assert pick(shop.read(datatype, id)[id].fields, path) is None


@pytest.mark.parametrize("before", [None, 5, 0])
@pytest.mark.parametrize(
    ("quantity", "after"), [(None, (True, 0)), (7, (False, 7)), (1, (False, 1)), (0, (False, 0))]
)
def test_stock_is_set_or_made_unlimited(
    shop: Connected, before: int | None, quantity: int | None, after: tuple[bool, int]
) -> None:
    id = shop.system.create("Inventory", {"quantity": before})
    record = made(shop.write(shop.update("Inventory", id, {"quantity": quantity}))[0])
    assert stock(shop, id) == after
    assert record.fields["quantity"] == quantity


def test_stock_that_is_set_to_nothing_is_set_once(shop: Connected) -> None:
    id = item(shop)
    write = shop.update("Inventory", id, {"quantity": 0})
    shop.system.faults.script(Fault("drop_after_commit", method="POST", skip=1))
    assert isinstance(shop.write(write)[0], Unknown)
    shop.system.edit("Inventory", id, {"quantity": 3})
    made(shop.write(write)[0])
    assert stock(shop, id) == (False, 3), "both requests were answered before: nothing is set twice"


def test_a_difference_of_nothing_asks_nothing(shop: Connected) -> None:
    assert shop.write(shop.adjustment("Inventory", item(shop), "quantity", 0)) == [Done()]
    assert shop.asked() == []


@pytest.mark.parametrize("all_or_nothing", [True, False])
def test_each_adjustment_stands_or_falls_alone(
    connect: Callable[..., Connected], all_or_nothing: bool
) -> None:
    shop = connect("squarespace", switches=Switches(all_or_nothing=all_or_nothing, max_stock=100))
    plenty, few, endless, full = (
        item(shop),
        item(shop),
        shop.system.create("Inventory", {"quantity": None}),
        item(shop),
    )
    outcomes = shop.write(
        shop.adjustment("Inventory", plenty, "quantity", -5),
        shop.adjustment("Inventory", few, "quantity", -6),
        shop.adjustment("Inventory", endless, "quantity", 1),
        shop.adjustment("Inventory", full, "quantity", 96),
        shop.adjustment("Inventory", full, "quantity", 95),
    )
    assert [type(outcome) for outcome in outcomes] == [Done, Refused, Refused, Refused, Done]
    reasons = [outcome.reason for outcome in outcomes if isinstance(outcome, Refused)]
    for reason, subtype in zip(
        reasons, ("INSUFFICIENT_STOCK", "STOCK_NOT_TRACKED", "STOCK_EXCEEDS_MAX"), strict=True
    ):
        assert reason.startswith(f"409 {subtype}: ")
    assert [stock(shop, id)[1] for id in (plenty, few, full)] == [0, 5, 100]


def test_a_concurrent_modification_is_tried_again(shop: Connected) -> None:
    id = item(shop)
    shop.system.faults.script(Fault("error_before", method="POST", status=409))
    assert shop.write(shop.adjustment("Inventory", id, "quantity", -1)) == [Done()]
    assert stock(shop, id) == (False, 4)


@pytest.mark.parametrize("body", [{"sku": "X"}, {"quantity": 1, "sku": "X"}, {"isUnlimited": True}])
def test_the_inventory_changes_quantities_and_nothing_else(shop: Connected, body: dict[str, Any]) -> None:
    id = item(shop)
    assert isinstance(shop.write(shop.update("Inventory", id, body))[0], Refused)
    assert shop.asked() == []


@pytest.mark.parametrize("kind", [Kind.CREATE, Kind.DELETE])
def test_items_come_and_go_with_their_variants(shop: Connected, kind: Kind) -> None:
    assert not shop.connector.abilities("Inventory").creates
    [outcome] = shop.write(Write(kind, "Inventory", "k", item(shop), {"quantity": 1}))
    assert isinstance(outcome, Refused)
    assert shop.asked() == []

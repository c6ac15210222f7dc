"""Every datatype of every contract, told in the same words: what the contract suite runs against."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import partial
from typing import Any, ClassVar

import pytest

from bothways.sync.codecs import pick
from bothways.sync.connectors import Done, Outcome, Record, Write
from tests.sync.connectors.connected import Connected


class Side(ABC):
    """One datatype of a connected system.

    `edited` is a path that people edit there, `update` a write to it by us, `counter` what can be adjusted.
    """

    contract: ClassVar[str]
    datatype: ClassVar[str]
    edited: ClassVar[str]
    update: ClassVar[dict[str, Any]]
    counter: ClassVar[str] = ""
    page: ClassVar[int] = 50

    def __init__(self, connected: Connected) -> None:
        self.connected = connected
        self.system = connected.system

    @abstractmethod
    def fields(self, number: int) -> dict[str, Any]:
        """What a person fills in to make the record with that number."""

    def value(self, number: int) -> Any:
        """What a person changes `edited` to, the time with that number."""
        return f"edit-{number}@example.com"

    def body(self, number: int) -> dict[str, Any]:
        """What we create the record with that number from."""
        raise NotImplementedError(f"{self.datatype} can't be created")

    def make(self, count: int = 1) -> list[str]:
        """Records made by people; their ids."""
        return [self.system.create(self.datatype, self.fields(number)) for number in range(count)]

    def edit(self, id: str, number: int = 1) -> Any:
        """A person's edit; gives the value."""
        self.system.edit(self.datatype, id, {self.edited: self.value(number)})
        return self.value(number)

    def shown(self, record: Record) -> Any:
        """What a record shows at `edited`."""
        return pick(record.fields, self.edited)

    def pages(self, cursor: str | None = None) -> tuple[list[Record], str | None]:
        return self.connected.pages(self.datatype, cursor)

    def latest(self, cursor: str | None = None) -> tuple[dict[str, Record], str | None]:
        return self.connected.latest(self.datatype, cursor)

    def read(self, *ids: str) -> dict[str, Record]:
        return self.connected.read(self.datatype, *ids)

    def creation(self, number: int = 0) -> Write:
        return self.connected.creation(self.datatype, self.body(number))

    def updating(self, id: str) -> Write:
        return self.connected.update(self.datatype, id, self.update)

    def adjusting(self, id: str, delta: int) -> Write:
        return self.connected.adjustment(self.datatype, id, self.counter, delta)

    def count(self, id: str) -> Any:
        """What the system shows at `counter`."""
        return pick(self.system.show(self.datatype, id) or {}, self.counter)


class Product(Side):
    contract, datatype = "rest", "Product"
    edited, update, counter, page = "name", {"name": "as we wrote it"}, "stock_quantity", 100

    def fields(self, number: int) -> dict[str, Any]:
        return {"sku": f"S{number}", "name": f"Name {number}", "stock_quantity": 5}

    def body(self, number: int) -> dict[str, Any]:
        return {"sku": f"S{number}", "name": "made", "origin.country": "NO", "stock_quantity": 5}


class Inventory(Side):
    contract, datatype = "squarespace", "Inventory"
    edited, update, counter = "quantity", {"quantity": 77}, "quantity"

    def fields(self, number: int) -> dict[str, Any]:
        return {"sku": f"S{number}", "quantity": 5}

    def value(self, number: int) -> Any:
        return 100 + number


class Order(Side):
    contract, datatype = "squarespace", "Order"
    edited, update = "customerEmail", {"fulfillmentStatus": "FULFILLED"}

    def fields(self, number: int) -> dict[str, Any]:
        return {"externalOrderReference": f"R{number}", "customerEmail": f"buyer-{number}@example.com"}

    def body(self, number: int) -> dict[str, Any]:
        variant = self.system.create("Sesamproducts", {"name": f"Ordered {number}"})
        return {
            "externalOrderReference": f"R{number}",
            "channelName": "Webshop",
            "priceTaxInterpretation": "EXCLUSIVE",
            "inventoryBehavior": "SKIP",
            "createdOn": "2024-10-01T08:00:00.000Z",
            "grandTotal.currency": "USD",
            "grandTotal.value": "25.10",
            "lineItems": [{"variantId": variant, "quantity": 2, "unitPricePaid": {"value": "12.55"}}],
        }


class Sesamproducts(Side):
    contract, datatype = "squarespace", "Sesamproducts"
    edited, update = "name", {"name": "as we wrote it"}

    def fields(self, number: int) -> dict[str, Any]:
        return {"name": f"Name {number}", "variants": {"sku": f"S{number}", "stock": {"quantity": 5}}}

    def body(self, number: int) -> dict[str, Any]:
        return {
            "type": "PHYSICAL",
            "storePageId": self.connected.lookup("first_store_page"),
            "name": f"Made {number}",
            "description": "plain",
            "variants.sku": f"S{number}",
            "variants.pricing.basePrice": {"value": "12.50", "currency": "USD"},
            "variants.stock.quantity": 5,
        }


SIDES: list[type[Side]] = [Product, Inventory, Order, Sesamproducts]

each_of = partial(pytest.mark.parametrize, "side", indirect=True, ids=lambda kind: kind.__name__)
creating = each_of([Product, Order, Sesamproducts])
remembering = each_of([Product, Order])
counting = each_of([Product, Inventory])
listing_by_time = each_of([Product, Order, Sesamproducts])


def made(outcome: Outcome) -> Record:
    """The record that a write left behind."""
    assert isinstance(outcome, Done), outcome
    assert outcome.record is not None
    return outcome.record

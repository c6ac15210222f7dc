"""Each fake keeps its published contract, whatever is sent to it: status, content type, headers and body of
every answer, refusals where the contract leaves no choice, acceptance where it promises it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
import yaml
from schemathesis.config import SchemathesisConfig
from schemathesis.schemas import BaseSchema

from fakes.clock import SimulatedClock, SystemClock
from fakes.rest import RestSystem
from fakes.squarespace import SquarespaceSystem
from fakes.store import Ids
from fakes.system import System

CONTRACTS = Path(__file__).parents[2] / "fakes" / "contracts"
TOKEN = "simulated"
BUSINESS = {
    # what a request may be refused for although its shape is right
    "list": "a cursor that is none of ours, or beside filters",
    "subscribe": "an event that no datatype has",
    "create": "a member that is no field",
    "update": "a member that is no field",
    "listInventory": "a cursor that is none of ours",
    "adjustStock": "a variant in two operations",
    "listOrders": "a cursor that is none of ours or beside filters, one time without the other",
    "importOrder": "a subtotal that is not the lines' sum",
    "listProducts": "a cursor that is none of ours or beside filters",
    "createProduct": "attributes that the product doesn't have",
    "createVariant": "attributes that the product doesn't have",
    "updateVariant": "attributes that the product doesn't have",
}
REFUSED = ["404", "409", "410", "412", "415", "422", "428", "429"]


def webshop() -> tuple[RestSystem, dict[str, list[str]]]:
    """A webshop with live and deleted products, and the values that its contract's parameters may take."""
    fields = {
        "sku": {"type": "string"},
        "price": {"type": "money"},
        "stock_quantity": {"type": "integer", "counter": True, "minimum": 0},
        "made": {"type": "datetime", "access": "create_only"},
    }
    clock = SystemClock(SimulatedClock())
    system = RestSystem("webshop", {"Product": {"fields": fields}}, clock, token=TOKEN, ids=Ids(1))
    ids = [system.create("Product", {"stock_quantity": 4}) for _ in range(4)]
    system.delete("Product", ids[3])
    known = {
        "datatype": ["product"],
        "id": [*ids, "unknown"],
        "property": ["stock_quantity", "sku"],
        "If-Match": ['"v1"'],
        "Event": ["product.created", "product.deleted"],
    }
    return system, known


def storefront() -> tuple[SquarespaceSystem, dict[str, list[str]]]:
    """A storefront with products and orders, and the values that its contract's parameters may take."""
    clock = SystemClock(SimulatedClock())
    system = SquarespaceSystem("storefront", clock, token=TOKEN, ids=Ids(2), limit=1_000_000)
    variants = [system.create("Sesamproducts", {"variants": {"stock": {"quantity": 9}}}) for _ in range(2)]
    variants.append(system.add_variant(variants[0], {}))
    orders = [system.create("Order", {}) for _ in range(2)]
    products = list(system.catalogue.products.rows)
    known = {
        "id": [*products, *orders, *variants, "unknown"],
        "variant": variants,
        "VariantId": variants,
        "StorePageId": [page.id for page in system.catalogue.pages],
    }
    return system, known


def held_to(contract: str, system: System, known: dict[str, list[str]]) -> BaseSchema:
    """The contract as Schemathesis tries it on a system, which is set back before each request.

    Parameters take the values in `known`, so that requests reach records rather than 404; what is refused for
    a reason in BUSINESS is as good as accepted.
    """
    start = system.snapshot()
    system.faults.on_request.append(lambda _: system.restore(start))
    document = yaml.safe_load((CONTRACTS / f"{contract}.yaml").read_text(encoding="utf-8"))
    _narrow(document["paths"], known)
    _narrow(document["components"]["parameters"], known)
    schemas = document["components"]["schemas"]
    schemas.update((name, {"enum": values}) for name, values in known.items() if name in schemas)
    schema = schemathesis.openapi.from_dict(document, config=_config())
    schema.app = system.app
    return schema


def _config() -> SchemathesisConfig:
    accepting = {"expected-statuses": ["2xx", *REFUSED]}
    lenient = {"expected-statuses": ["2xx", "400", *REFUSED]}
    refusing = {"expected-statuses": ["400", *REFUSED]}
    return SchemathesisConfig.from_dict(
        {
            "generation": {"deterministic": True, "max-examples": 6, "with-security-parameters": False},
            "checks": {
                "positive_data_acceptance": accepting,
                "negative_data_rejection": refusing,
                "missing_required_header": refusing,
            },
            "operations": [
                {"include-operation-id": name, "checks": {"positive_data_acceptance": lenient}}
                for name in BUSINESS
            ],
        }
    )


def _narrow(node: Any, known: dict[str, list[str]]) -> None:
    """Let the parameters whose names are in `known` take only those values."""
    if isinstance(node, dict):
        if "in" in node and node["name"] in known:
            node["schema"] = {"enum": known[node["name"]]}
        if node.get("name") == "User-Agent":
            node["required"] = False  # Schemathesis' client can't leave it out
        node = list(node.values())
    if isinstance(node, list):
        for part in node:
            _narrow(part, known)


WEBSHOP, WEBSHOP_KNOWN = webshop()
STOREFRONT, STOREFRONT_KNOWN = storefront()
REST = held_to("rest", WEBSHOP, WEBSHOP_KNOWN)
SQUARESPACE = held_to("squarespace", STOREFRONT, STOREFRONT_KNOWN)


@pytest.fixture(autouse=True)
def _not_in_vain(request: pytest.FixtureRequest) -> Iterator[None]:
    """An operation that was only ever refused has not been held to anything."""
    so_far = len(WEBSHOP.log), len(STOREFRONT.log)
    yield
    made = [*WEBSHOP.log[so_far[0] :], *STOREFRONT.log[so_far[1] :]]
    assert any(exchange.status in (200, 201, 204, 207) for exchange in made), request.node.name


@REST.parametrize()
def test_rest_keeps_its_contract(case: Any) -> None:
    case.call_and_validate(headers={"Authorization": f"Bearer {TOKEN}"})


@SQUARESPACE.parametrize()
def test_squarespace_keeps_its_contract(case: Any) -> None:
    case.call_and_validate(headers={"Authorization": f"Bearer {TOKEN}"})

"""Two datatypes that are kept alike, and their records: 250 bytes each. Needs nothing but Python's own library."""

from __future__ import annotations

from typing import Any

SIDES = {"left": "Product", "right": "Item"}
FIELDS: dict[str, dict[str, Any]] = {
    "sku": {"type": "string"},
    "name": {"type": "string"},
    "description": {"type": "string"},
    "amount": {"type": "decimal"},
    "stock": {"type": "integer", "counter": True},
}
BYTES = 250
"""What a record takes as JSON, what its system adds left out."""


def fields_of(number: int) -> dict[str, Any]:
    """The content of one record."""
    fields = {"sku": f"SKU-{number:07}", "name": f"Cup {number:07}", "amount": "12.50", "stock": 10}
    rest = BYTES - len(str(fields)) - len("'description': '', ")
    return fields | {"description": ("A cup of stoneware, glazed by hand. " * 8)[:rest]}


def mapping() -> dict[str, Any]:
    """One flow from left to right, all fields in it, matched by SKU."""
    properties = [
        {
            "name": name,
            "type": spec["type"],
            "source": name,
            "target": name,
            "merge": "counter" if spec.get("counter") else "latest",
        }
        for name, spec in FIELDS.items()
    ]
    systems = {
        name: {
            "name": name.title(),
            "label": name,
            "contract": "rest",
            "datatypes": {datatype: {"fields": FIELDS}},
        }
        for name, datatype in SIDES.items()
    }
    flow = {
        "section": 1,
        "source": {"system": "left", "datatype": SIDES["left"]},
        "target": {"system": "right", "datatype": SIDES["right"]},
        "criteria": [{"source": "sku", "target": "sku"}],
        "properties": properties,
    }
    return {"schema": 1, "checklist": "benchmark.rst", "systems": systems, "flows": [flow]}

"""The document under test, read."""

from __future__ import annotations

from pathlib import Path

from bothways.checklist.model import Side
from bothways.checklist.parse import parse

CHECKLIST = Path(__file__).parents[2] / "checklists" / "custom-webshop.rst"


def test_four_sections_two_of_them_alike() -> None:
    checklist = parse(CHECKLIST)

    assert (checklist.source_system, checklist.target_system) == ("Custom Webshop", "")
    assert checklist.generated == "2024-09-23 09:12:06"
    assert [(section.source, section.target) for section in checklist.sections] == [
        (Side("Custom Webshop", "Product"), Side("", "Inventory")),
        (Side("Custom Webshop", "Order"), Side("", "Order")),
        (Side("Custom Webshop", "Product"), Side("", "Inventory")),
        (Side("Custom Webshop", "Product"), Side("", "Sesamproducts")),
    ]


def test_twelve_statements_each_with_a_key_of_its_own() -> None:
    items = list(parse(CHECKLIST).items())

    assert [item.id for item in items] == [f"{section}.{n}" for section in (1, 2, 3, 4) for n in (1, 2, 3)]
    assert [item.kind for item in items] == ["every", "stays_in_sync", "properties"] * 4
    assert len({item.key for item in items}) == 12


def test_every_line_is_accounted_for() -> None:
    written = CHECKLIST.read_text(encoding="utf-8").splitlines()

    assert list(parse(CHECKLIST).lines) == [number for number, line in enumerate(written, 1) if line.strip()]

"""Items: a checklist's lines with what the mapping says of them."""

from __future__ import annotations

import pytest

from bothways.acceptance.items import BoundItem, items_of, limitations_of
from bothways.acceptance.project import read
from bothways.checklist.parse import parse
from bothways.mapping import Basis
from bothways.mapping_file import load
from tests.acceptance.suite import LIBRARY, ROOT

WEBSHOP = read(ROOT)


def item(id: str, items: tuple[BoundItem, ...] = WEBSHOP.items) -> BoundItem:
    return next(item for item in items if item.id == id)


def test_the_webshop_has_12_statements_and_the_mappings_rows_as_assumed_ones() -> None:
    stated = [each.id for each in WEBSHOP.items if each.basis is Basis.STATED]
    assert stated == [f"{section}.{number}" for section in range(1, 5) for number in range(1, 4)]
    assumed = [each.id for each in WEBSHOP.items if each.basis is Basis.ASSUMED]
    assert len(assumed) == 15
    assert item("2.3.2").properties == ("e-mail",)
    assert item("2.3").rows == tuple(f"2.3.{number}" for number in range(1, 8))


def test_rows_follow_the_statement_that_lists_them() -> None:
    ids = [each.id for each in WEBSHOP.items]
    assert ids[2:5] == ["1.3", "1.3.1", "1.3.2"]


def test_every_key_is_its_own_even_where_sections_repeat() -> None:
    assert len({each.key for each in WEBSHOP.items}) == len(WEBSHOP.items)


def test_where_the_checklist_lists_rows_the_mappings_names_and_limits_are_theirs() -> None:
    mapping = load(LIBRARY / "mappings/library_kiosk.yaml")
    items = tuple(items_of(parse(LIBRARY / "checklists/library-kiosk.rst"), mapping))
    row = item("1.3.2", items)
    assert (row.basis, row.properties, row.text) == (Basis.STATED, ("shelf",), "shelf to place")
    assert item("2.3.2", items).basis is Basis.ASSUMED
    assert not any(each.id.startswith("1.3.") and each.basis is Basis.ASSUMED for each in items)


def test_a_row_carries_its_own_limitation_and_staying_in_sync_those_of_its_section() -> None:
    assert [limit.id for limit in item("2.3.2").limitations] == ["order-e-mail"]
    assert len(item("2.2").limitations) == 7
    assert [limit.id for limit in item("4.2").limitations] == ["shared-fields"]
    assert not item("2.1").limitations
    assert not item("2.3").limitations
    assert len(limitations_of(WEBSHOP.mapping)) == 8


@pytest.mark.parametrize(
    ("id", "directions"), [("2.3.2", {"to_target", "to_source"}), ("2.3.7", {"to_target"}), ("2.1", set())]
)
def test_directions_are_those_of_the_mapping(id: str, directions: set[str]) -> None:
    assert item(id).directions == directions


def test_tags_are_those_of_the_item_its_rows_and_its_limitations() -> None:
    assert item("1.3").tags == {"1.3", "1.3.1", "1.3.2"}
    assert item("2.3.2").tags == {"2.3.2", "limitation-order-e-mail"}

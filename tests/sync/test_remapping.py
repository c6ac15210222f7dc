"""What is known under one mapping and means nothing under the next."""

from __future__ import annotations

from bothways.sync.remapping import retyped, without
from tests.sync.pair import COUNT, LEFT, LEFT_SIDE, NAME, RIGHT_SIDE, TEXT, linked, pair, seen

STOCK = {"name": "count", "type": "integer", "source": "count", "target": "stock"}
OLD = pair(TEXT, STOCK)


def test_the_same_mapping_keeps_everything() -> None:
    assert retyped(OLD, pair(TEXT, STOCK)) == {}


def test_a_property_that_comes_or_goes_changes_no_other() -> None:
    assert retyped(pair(TEXT), OLD) == retyped(OLD, pair(TEXT)) == {}


def test_a_retyped_property_starts_anew_on_both_sides_and_the_others_stay() -> None:
    new = pair(TEXT | {"type": "money"}, STOCK)
    places = retyped(OLD, new)
    assert places.keys() == {(LEFT_SIDE, "name"), (RIGHT_SIDE, "title")}
    entity = without(linked(OLD, name="Cup", count=1), places)
    assert entity.versions.keys() == {COUNT}
    assert [member.slots.keys() for member in entity.members] == [{"count"}, {"stock"}]
    euro = {"amount": "1", "currency": "EUR"}
    assert seen(new, entity, LEFT, 5, name=euro, count=1).versions[NAME].value == euro


def test_other_words_for_the_same_values_are_another_type() -> None:
    renamed = TEXT | {"target": {"path": "title", "values": {"Cup": "CUP"}}}
    assert (RIGHT_SIDE, "title") in retyped(OLD, pair(renamed, STOCK))


def test_a_property_that_becomes_a_counter_starts_anew() -> None:
    assert (LEFT_SIDE, "count") in retyped(OLD, pair(TEXT, STOCK | {"merge": "counter"}))

"""Both sides of every flow are compared as they are: what belongs together, what is alone, what differs."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bothways.mapping import Mapping
from bothways.sync.connectors import Page, Record
from bothways.sync.reconcile import Comparison, Difference, compare, reconcile
from bothways.sync.redaction import Redaction
from bothways.sync.shape import Shape
from tests.sync.pair import LEFT_SIDE, RIGHT_SIDE, TEXT, pair
from tests.sync.under_way import Showing

CODE = {"source": "code", "target": "ean"}
MAIL = {"source": "contact.mail", "target": "email", "fold_case": True}
SPLIT = {"expression": ["split", ",", "_."], "type": "list"}
DAY = {"expression": ["datetime-format", "%Y-%m-%d", "_."], "type": "string"}
DIFFERENCE = Difference("l1", "r1", "name", "Cup", "Mug")


def matching(*properties: dict[str, Any], criteria: list[dict[str, Any]] | None = None) -> Shape:
    """The pair, whose records match by their code unless other criteria are given."""
    return pair(*properties, flow={"criteria": [CODE] if criteria is None else criteria})


def shown(id: str, **fields: Any) -> Record:
    return Record(id, fields)


def compared(shape: Shape, left: list[Record], right: list[Record]) -> Comparison:
    """The only flow of a mapping, where its systems show these."""
    return compare(shape.flows[0], left, right, Redaction(shape.mapping))


def differences(prop: dict[str, Any], here: Any, there: Any) -> list[tuple[Any, Any]]:
    """What two matching records show differently of a property `name` that the target calls `title`."""
    left = shown("l1", code="a", name=here)
    found = compared(matching(TEXT | prop), [left], [shown("r1", ean="a", title=there)])
    assert {(each.source_id, each.target_id, each.property) for each in found.differences} <= {
        ("l1", "r1", "name")
    }
    return [(each.source, each.target) for each in found.differences]


# -- what is said of a flow


@pytest.mark.parametrize(
    ("found", "differs"),
    [
        ({"sources": 2, "targets": 2}, False),
        ({"sources": 2, "targets": 3}, True),
        ({"sources": 2, "targets": 3, "matched": 2}, False),
        ({"matched": 0, "only_source": {"l1": "a"}}, True),
        ({"matched": 0, "only_target": {"r1": "a"}}, False),
        ({"matched": 0, "several": ["code=a"]}, True),
        ({"matched": 1, "differences": [DIFFERENCE]}, True),
    ],
)
def test_a_person_should_look_where_the_flow_has_left_something(found: dict[str, Any], differs: bool) -> None:
    assert Comparison(LEFT_SIDE, RIGHT_SIDE, **found).differs is differs


def test_as_json_it_has_everything_by_name() -> None:
    found = Comparison(
        LEFT_SIDE, RIGHT_SIDE, 3, 4, 1, {"l2": "b"}, {"r2": "", "r3": "c"}, ["code=a"], [DIFFERENCE]
    )
    assert found.as_json() == {
        "source": {"system": "left", "datatype": "Thing", "count": 3},
        "target": {"system": "right", "datatype": "Item", "count": 4},
        "matched": 1,
        "only_source": [{"id": "l2", "key": "b"}],
        "only_target": [{"id": "r2", "key": ""}, {"id": "r3", "key": "c"}],
        "several": ["code=a"],
        "differences": [
            {"source_id": "l1", "target_id": "r1", "property": "name", "source": "Cup", "target": "Mug"}
        ],
    }


# -- what is read


def test_every_side_is_listed_whole_and_once_and_what_is_deleted_left_out() -> None:
    raw = matching(TEXT).mapping.model_dump(mode="json", by_alias=True)
    raw["systems"]["right"]["datatypes"]["Part"] = {}
    part = {"system": "right", "datatype": "Part"}
    raw["flows"].append(raw["flows"][0] | {"section": 2, "target": part, "criteria": []})
    left, right = Showing(), Showing()
    left.pages["Thing"] = [
        Page([shown("l1", code="a", name="Cup"), shown("l2", code="b", name="Jug")]),
        Page([shown("l2", code="b", name="Mug"), Record("l3", {"code": "c"}, deleted=True)], "next"),
    ]
    right.pages["Item"] = [Page([shown("r1", ean="a", title="Cup"), shown("r2", ean="b", title="Jug")])]
    right.pages["Part"] = [Page([shown("p1", title="Cup")])]
    items, parts = asyncio.run(reconcile(Shape(Mapping.model_validate(raw)), {"left": left, "right": right}))
    assert left.asked == [("Thing", None)]
    assert right.asked == [("Item", None), ("Part", None)]
    expected = Comparison(LEFT_SIDE, RIGHT_SIDE, 2, 2, matched=2)
    expected.differences = [Difference("l2", "r2", "name", "Mug", "Jug")]
    assert items == expected
    assert (parts.target.datatype, parts.sources, parts.targets, parts.matched) == ("Part", 2, 1, None)


def test_a_value_that_nobody_is_to_read_is_not_shown() -> None:
    left, right = Showing(), Showing()
    left.pages["Thing"] = [Page([shown("l1", code="a", name="Cup"), shown("l2", code="b", name="Mug")])]
    right.pages["Item"] = [Page([shown("r1", ean="a", title="Jug"), shown("r2", ean="b")])]
    hidden = matching(TEXT | {"redact": True})
    [found] = asyncio.run(reconcile(hidden, {"left": left, "right": right}))
    assert [(each.source, each.target) for each in found.differences] == [
        ("(redacted)", "(redacted)"),
        ("(redacted)", None),
    ]


# -- what belongs together


def test_without_criteria_records_are_only_counted() -> None:
    found = compared(matching(criteria=[]), [shown("l1"), shown("l2")], [shown("r1")])
    assert found == Comparison(LEFT_SIDE, RIGHT_SIDE, 2, 1)


def test_records_match_by_their_key_and_the_rest_is_told_by_its_key() -> None:
    left = [shown("l1", code="a"), shown("l2", code="b")]
    right = [shown("r3", ean="c"), shown("r1", ean=" a ")]
    found = compared(matching(TEXT), left, right)
    assert found == Comparison(
        LEFT_SIDE, RIGHT_SIDE, 2, 2, matched=1, only_source={"l2": "b"}, only_target={"r3": "c"}
    )


def test_what_has_no_key_matches_nothing() -> None:
    found = compared(matching(TEXT), [shown("l1"), shown("l2", code="")], [shown("r1"), shown("r2", ean="")])
    assert (found.matched, found.several) == (0, [])
    assert (found.only_source, found.only_target) == ({"l1": "", "l2": ""}, {"r1": "", "r2": ""})


def test_what_the_first_criterion_leaves_may_match_by_the_next_each_once() -> None:
    left = [
        shown("l1", code="a", contact={"mail": "x@y"}),
        shown("l2", contact={"mail": "X@Y"}),
        shown("l3", code=3, contact={"mail": "z@y"}),
    ]
    right = [shown("r1", ean="a", email="x@y"), shown("r2", email="x@Y"), shown("r3", email="x@y")]
    found = compared(matching(TEXT, criteria=[CODE, MAIL]), left, right)
    assert (found.matched, found.several) == (2, [])
    assert (found.only_source, found.only_target) == ({"l3": "3"}, {"r3": "x@y"})


@pytest.mark.parametrize(("fold_case", "matched"), [(True, 1), (False, 0)])
def test_case_counts_unless_the_mapping_folds_it(fold_case: bool, matched: int) -> None:
    shape = matching(TEXT, criteria=[CODE | {"fold_case": fold_case}])
    assert compared(shape, [shown("l1", code="A")], [shown("r1", ean="a")]).matched == matched


@pytest.mark.parametrize(
    ("here", "there", "several", "matched"),
    [
        ("a", "a", [], 1),
        ("aa", "a", ["code=a"], 1),
        ("a", "aa", ["code=a"], 1),
        ("aabb", "aabb", ["code=a", "code=b"], 4),
        ("aa", "", ["code=a"], 0),
    ],
)
def test_a_key_that_several_records_of_a_side_have_is_told(
    here: str, there: str, several: list[str], matched: int
) -> None:
    left = [shown(f"l{number}", code=code, name=str(number)) for number, code in enumerate(here)]
    right = [shown(f"r{number}", ean=code, title=str(number)) for number, code in enumerate(there)]
    found = compared(matching(TEXT), left, right)
    assert (found.several, found.matched, found.differences) == (several, matched, [])


def test_several_of_a_later_criterion_are_as_good_as_one() -> None:
    left = [shown("l1", contact={"mail": "x@y"}), shown("l2", contact={"mail": "x@y"})]
    found = compared(matching(TEXT, criteria=[CODE, MAIL]), left, [shown("r1", email="x@y")])
    assert (found.several, found.matched, found.only_source) == ([], 1, {"l2": "x@y"})


# -- what differs


@pytest.mark.parametrize(
    ("prop", "here", "there"),
    [
        ({}, "Cup", "Cup"),
        ({}, " Cup", "<p>cup</p>"),  # a rendering of it
        ({}, None, ""),
        ({"type": "decimal"}, "1.0", "1.00"),
        ({"target": {"path": "title", "values": {"open": "OPEN"}}}, "open", "OPEN"),
        ({"source": {"path": "name", "values": {"open": "o"}}}, "o", "open"),
        (
            {
                "type": "list",
                "source": {"path": "name", "items": {"sku": {"path": "a"}, "price": {"path": "b"}}},
                "target": {"path": "title", "items": {"sku": {"path": "c"}, "price": {"path": "d.e"}}},
            },
            [{"a": "x", "b": "1"}, {"a": "y"}],
            [{"c": "y", "d": {}}, {"c": "x", "d": {"e": "1"}}],  # the order is none of a list's
        ),
        ({"transform": SPLIT}, "x,y", ["y", "x"]),
        ({"transform": DAY, "type": "datetime"}, "2024-10-01T00:00:00+00:00", "2024-10-01"),
    ],
)
def test_values_that_show_the_same_are_no_difference(prop: dict[str, Any], here: Any, there: Any) -> None:
    assert differences(prop, here, there) == []


@pytest.mark.parametrize(
    ("prop", "here", "there"),
    [
        ({}, "Cup", "Mug"),
        ({}, "Cup", None),
        ({}, None, "Cup"),
        ({}, "Cup", 7),  # what the type can't hold
        ({"target": {"path": "title", "values": {"open": "OPEN"}}}, "open", "open"),
        ({"type": "integer"}, 7, 8),
        ({"transform": SPLIT}, "x,y", ["x"]),
    ],
)
def test_values_that_show_something_else_are_told_as_each_side_has_them(
    prop: dict[str, Any], here: Any, there: Any
) -> None:
    assert differences(prop, here, there) == [(here, there)]


@pytest.mark.parametrize(
    ("fields", "shown_there", "told"),
    [
        ({"name": "Cup", "label": "Mug"}, "Cup", []),
        ({"name": "", "label": "Mug"}, "Mug", []),
        ({"name": "", "label": "Mug"}, "Cup", [("label", "Mug", "Cup")]),
        ({"name": "Cup", "label": "Mug"}, "Mug", [("name", "Cup", "Mug")]),
        ({"label": ""}, "Cup", [("name", None, "Cup")]),
    ],
)
def test_of_several_properties_for_one_place_the_first_that_is_not_empty_is_shown(
    fields: dict[str, str], shown_there: str, told: list[tuple[str, Any, Any]]
) -> None:
    shape = matching(TEXT, TEXT | {"name": "label", "source": "label"})
    found = compared(shape, [shown("l1", code="a", **fields)], [shown("r1", ean="a", title=shown_there)])
    assert [(each.property, each.source, each.target) for each in found.differences] == told


def test_every_property_that_differs_is_told_in_their_order() -> None:
    shape = matching(TEXT, TEXT | {"name": "note", "source": "note", "target": "text.note"})
    left = shown("l1", code="a", name="Cup", note="x")
    found = compared(shape, [left], [shown("r1", ean="a", title="Mug", text={"note": "y"})])
    assert [each.property for each in found.differences] == ["name", "note"]

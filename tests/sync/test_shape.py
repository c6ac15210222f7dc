"""The compiled mapping: what is one property, which side comes first, by what records are found."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bothways.errors import MappingError
from bothways.mapping import Mapping, Side
from bothways.sync.shape import Key, Shape, reference_space
from tests.sync.pair import LEFT_SIDE, RIGHT_SIDE, at, pair, with_a_part

NAME = {"name": "name", "type": "string", "source": "name", "target": "title"}


def flows(*more: dict[str, Any]) -> Shape:
    """The pair with its name alone, and more flows from the left to the right."""
    raw = pair(NAME).mapping.model_dump(mode="json", by_alias=True)
    for number, flow in enumerate(more, start=2):
        source = {"system": "left", "datatype": flow.pop("source", "Thing")}
        target = {"system": "right", "datatype": flow.pop("target", "Item")}
        raw["systems"]["left"]["datatypes"].setdefault(source["datatype"], {})
        raw["systems"]["right"]["datatypes"].setdefault(target["datatype"], {})
        raw["flows"].append({"section": number, "source": source, "target": target, **flow})
    return Shape(Mapping.model_validate(raw))


def properties(shape: Shape, side: Side) -> dict[str, tuple[str, ...]]:
    return {slot.path: slot.properties for slot in shape.slots[side]}


def test_both_ends_of_a_row_show_one_property_named_after_the_source() -> None:
    shape = pair(NAME)
    assert properties(shape, LEFT_SIDE) == {"name": ("left.Thing.name",)}
    assert properties(shape, RIGHT_SIDE) == {"title": ("left.Thing.name",)}
    assert shape.names == {"left.Thing.name": "name"}


def test_a_source_path_in_two_flows_is_one_property_on_three_sides() -> None:
    part = Side(system="right", datatype="Part")
    shape = flows({"target": "Part", "properties": [NAME | {"target": "label"}]})
    assert properties(shape, part) == {"label": ("left.Thing.name",)}


def test_several_source_paths_for_one_target_path_stay_apart() -> None:
    nick = {"name": "nick", "type": "string", "source": "nick", "target": "title"}
    shape = pair(NAME, nick)
    assert properties(shape, RIGHT_SIDE) == {"title": ("left.Thing.name", "left.Thing.nick")}
    assert properties(shape, LEFT_SIDE) == {"name": ("left.Thing.name",), "nick": ("left.Thing.nick",)}


def test_source_paths_of_two_flows_with_one_target_path_are_one_property() -> None:
    shape = flows({"source": "Card", "properties": [NAME | {"source": "label"}]})
    assert properties(shape, RIGHT_SIDE) == {"title": ("left.Thing.name",)}
    assert properties(shape, Side(system="left", datatype="Card")) == {"label": ("left.Thing.name",)}


def test_a_flow_listed_twice_is_one_flow_with_the_properties_of_both() -> None:
    size = {"name": "size", "type": "integer", "source": "size", "target": "size"}
    shape = flows({"properties": [NAME, size]})
    assert len(shape.flows) == 1
    assert [prop.name for prop in shape.flows[0].properties] == ["name", "size"]


def test_a_flow_listed_twice_has_the_criteria_and_constants_of_both_and_those_of_the_first_count() -> None:
    codes, mails = {"source": "code", "target": "ean"}, {"source": "mail", "target": "mail"}
    first = {"criteria": [codes], "constants": {"kind": {"value": "first"}}}
    second = {"criteria": [codes, mails], "constants": {"kind": {"value": "second"}, "page": {"value": 1}}}
    raw = flows({"properties": [NAME], **second}).mapping.model_dump(mode="json", by_alias=True)
    raw["flows"][0] |= first
    [flow] = Shape(Mapping.model_validate(raw)).flows
    assert [criterion.source for criterion in flow.criteria] == ["code", "mail"]
    assert {path: constant.value for path, constant in flow.constants.items()} == {"kind": "first", "page": 1}


@pytest.mark.parametrize(("first", "expected"), [("link_required", "when"), ("every", "every")])
def test_a_flow_listed_twice_creates_as_the_first_that_does(first: str, expected: str) -> None:
    conditional = {"start": "when", "condition": "active", "creates": False, "connected": {"parent": "Thing"}}
    raw = flows({"properties": [NAME], **conditional}).mapping.model_dump(mode="json", by_alias=True)
    raw["flows"][0]["start"] = first
    [flow] = Shape(Mapping.model_validate(raw)).flows
    taken = flow.start, flow.condition, flow.creates, flow.connected
    assert taken == (
        ("when", "active", False, {"parent": "Thing"}) if expected == "when" else ("every", None, True, {})
    )


def test_a_condition_of_a_flow_that_crosses_anyway_is_not_asked() -> None:
    shape = pair(NAME, flow={"start": "every", "condition": "active"})
    assert shape.conditions == {}
    assert shape.starts(LEFT_SIDE, {"active": False}) == {0}


def test_of_several_rows_for_one_place_the_first_says_how_it_is_held() -> None:
    held = NAME | {
        "name": "nick",
        "type": "integer",
        "source": "nick",
        "target": {"path": "title", "access": "read_only"},
    }
    for rows, (kind, access) in (
        ((NAME, held), ("string", "writable")),
        ((held, NAME), ("integer", "read_only")),
    ):
        [slot] = pair(*rows).slots[RIGHT_SIDE]
        assert (slot.type, slot.end.access) == (kind, access)


def test_a_place_is_heard_and_told_if_any_of_its_rows_is() -> None:
    one_way, other_way = NAME | {"direction": "to_target"}, NAME | {"name": "n", "direction": "to_source"}
    [source], [target] = (pair(one_way, other_way).slots[side] for side in (LEFT_SIDE, RIGHT_SIDE))
    assert (source.heard, source.told, target.heard, target.told) == (True, True, True, True)


@pytest.mark.parametrize(
    ("direction", "left", "right"),
    [
        ("both", (True, True), (True, True)),
        ("to_target", (True, False), (False, True)),
        ("to_source", (False, True), (True, False)),
    ],
)
def test_a_direction_says_which_end_is_heard_and_which_is_told(
    direction: str, left: tuple[bool, bool], right: tuple[bool, bool]
) -> None:
    shape = pair(NAME | {"direction": direction})
    [source], [target] = shape.slots[LEFT_SIDE], shape.slots[RIGHT_SIDE]
    assert ((source.heard, source.told), (target.heard, target.told)) == (left, right)


def test_what_others_refer_to_comes_first() -> None:
    shape = flows({"source": "Part", "target": "Piece", "properties": []})
    order = [str(side) for side in shape.sides]
    assert order == ["left.Thing", "right.Item", "left.Part", "right.Piece"]
    raw = shape.mapping.model_dump(mode="json", by_alias=True)
    raw["flows"][0]["connected"] = {"part": "Part"}
    order = [str(side) for side in Shape(Mapping.model_validate(raw)).sides]
    assert order.index("left.Part") < order.index("left.Thing")


def test_what_appears_with_another_comes_after_it() -> None:
    shape = with_a_part()
    raw = shape.mapping.model_dump(mode="json", by_alias=True)
    raw["systems"]["left"]["datatypes"]["Item"] = {}
    raw["flows"] = [raw["flows"][1], raw["flows"][0]]
    assert [str(side) for side in Shape(Mapping.model_validate(raw)).sides] == [
        "left.Thing",
        "right.Item",
        "right.Part",
    ]
    raw["flows"].append(raw["flows"][0] | {"section": 3, "source": {"system": "left", "datatype": "Item"}})
    order = [str(side) for side in Shape(Mapping.model_validate(raw)).sides]
    assert order == ["left.Thing", "right.Item", "right.Part", "left.Item"]


def test_what_creations_and_references_need_is_kept_of_each_side() -> None:
    other = {"properties": [NAME], "connected": {"box": "Box"}, "constants": {"made": {"source": "born"}}}
    shape = flows(
        {"target": "Part", **other},
        {"source": "Card", "constants": {"kind": {"value": "OURS"}}, "mark": ["kind"]},
        {"source": "Slip", "constants": {"sort": {"value": "OURS"}}, "mark": ["sort"]},
        {"target": "Piece", "constants": {"made": {"source": "made"}}, "connected": {"parent": "Thing"}},
    )
    assert shape.extras(LEFT_SIDE) == ["born", "box", "made", "parent"]
    assert shape.extras(RIGHT_SIDE) == ["kind", "sort"]


@pytest.mark.parametrize(
    ("shown", "marked"),
    [
        ({"kind": "OURS", "by": "us"}, True),
        ({"kind": "OURS"}, False),
        ({}, False),
        ({"kind": "X", "by": "us"}, False),
    ],
)
def test_a_record_is_marked_that_carries_all_that_a_creation_of_ours_has(
    shown: dict[str, str], marked: bool
) -> None:
    constants = {"kind": {"value": "OURS"}, "by": {"value": "us"}, "page": {"value": 1}}
    shape = pair(NAME, flow={"constants": constants, "mark": ["kind", "by"]})
    assert shape.marked(RIGHT_SIDE, shown) is marked
    assert not shape.marked(LEFT_SIDE, shown)
    assert not pair(NAME, flow={"constants": constants}).marked(RIGHT_SIDE, shown)


def test_rows_of_one_place_that_make_its_value_differently_are_refused() -> None:
    other = {"name": "other", "type": "string", "source": "other", "target": "title"}
    made = {"transform": {"expression": ["string", "_."], "type": "string"}}
    for rows in ((NAME | made, other), (NAME, other | made)):
        with pytest.raises(MappingError) as refusal:
            pair(*rows)
        reason = "'other' is transformed, and other rows of its place not in this way"
        assert str(refusal.value) == f"mapping: flows: section 1: {reason}"
    [slot] = pair(NAME | made, other | made).slots[RIGHT_SIDE]
    assert slot.properties == ("left.Thing.name", "left.Thing.other")


@pytest.mark.parametrize(
    ("expression", "shown_as", "kind"),
    [(["abs", ["integer", "_."]], "integer", "integer"), (["split", ";", "_."], "list", "string")],
)
def test_a_place_that_values_do_not_come_back_from_is_of_the_type_that_it_shows(
    expression: list[Any], shown_as: str, kind: str
) -> None:
    direction = "to_target" if shown_as == kind else "both"
    made = {"expression": expression, "type": shown_as}
    shape = pair(NAME | {"direction": direction, "transform": made})
    [source], [target] = shape.slots[LEFT_SIDE], shape.slots[RIGHT_SIDE]
    assert (source.type, source.transform) == ("string", None)
    assert (target.type, target.transform is None) == (kind, False)


@pytest.mark.parametrize(
    ("row", "shown", "value", "same"),
    [
        ({"type": "decimal"}, "1.50", "1.5", True),
        ({"type": "decimal"}, "1.51", "1.5", False),
        ({}, None, "", True),
        ({"transform": {"expression": ["split", ";", "_."], "type": "list"}}, "a;b", "a;b", True),
        ({"transform": {"expression": ["split", ";", "_."], "type": "list"}}, "a", "a;b", False),
        ({"transform": {"expression": ["split", ";", "_."], "type": "list"}}, "", None, True),
        ({"transform": {"expression": ["integer", "_."], "type": "integer"}}, "5", "05", True),
        ({"transform": {"expression": ["integer", "_."], "type": "integer"}}, "5", "five", False),
        (
            {"transform": {"expression": ["abs", ["decimal", "_."]], "type": "decimal"}, "direction": "to_target"},
            "1.50",
            "-1.5",
            True,
        ),
    ],
)  # fmt: skip
def test_a_place_shows_a_value_where_it_shows_all_that_it_can_of_it(
    row: dict[str, Any], shown: Any, value: Any, same: bool
) -> None:
    [slot] = pair(NAME | row).slots[RIGHT_SIDE]
    assert slot.shows(shown, value) is same


def test_what_a_place_shows_is_lifted_in_the_source_s_words_if_it_comes_back() -> None:
    two_way = {"transform": {"expression": ["split", ";", "_."], "type": "list"}}
    one_way = {
        "transform": {"expression": ["list", ["now"], "_."], "type": "list"},
        "direction": "to_target",
    }
    [there], [back] = (pair(NAME | row).slots[RIGHT_SIDE] for row in (one_way, two_way))
    assert (back.lift(["a", "b"]), back.lower("a;b", at(0))) == ("a;b", ["a", "b"])
    assert (there.lift(["x", "b"]), there.lower("b", at(0))) == (["x", "b"], ["2024-10-01T12:00:00Z", "b"])


def test_a_circle_of_references_has_an_order_all_the_same() -> None:
    shape = flows({"source": "Part", "target": "Piece", "properties": [], "connected": {"thing": "Thing"}})
    raw = shape.mapping.model_dump(mode="json", by_alias=True)
    raw["flows"][0]["connected"] = {"part": "Part"}
    assert len(Shape(Mapping.model_validate(raw)).sides) == 4


def test_times_are_cut_to_the_coarsest_granularity() -> None:
    shape = pair(right={"granularity_ms": 60_000})
    assert shape.granularity == timedelta(minutes=1)
    assert shape.cut(at(5.99)) == at(5)
    assert pair().cut(at(5) + timedelta(microseconds=1999)) == at(5) + timedelta(milliseconds=1)


def test_systems_go_before_one_another_in_the_order_of_the_mapping() -> None:
    shape = pair()
    gone = Side(system="elsewhere", datatype="Thing")
    assert shape.precedence(LEFT_SIDE) < shape.precedence(RIGHT_SIDE) < shape.precedence(gone) == (2, 2)
    assert shape.precedence(Side(system="left", datatype="Forgotten")) == (0, 2)


def test_records_are_found_by_their_merge_keys() -> None:
    criteria = [{"source": "code", "target": "ean.code", "fold_case": True}]
    shape = pair(NAME, flow={"criteria": criteria})
    [left], [right] = shape.keys(LEFT_SIDE), shape.keys(RIGHT_SIDE)
    assert left.space == right.space
    assert left.of({"code": " AB "}) == right.of({"ean": {"code": "ab"}}) == "ab"
    assert right.of({"ean": {}}) == ""


def test_records_are_found_by_what_others_refer_to() -> None:
    lines = {
        "name": "lines",
        "type": "list",
        "source": "lines",
        "target": "rows",
        "resolves": {
            "item": "sku",
            "datatype": "Thing",
            "property": "code",
            "target_datatype": "Item",
            "target_path": "ref",
        },
    }
    code = {"name": "code", "type": "string", "source": "ids.code", "target": "ean"}
    shape = flows(
        {"target": "Card", "properties": [code | {"name": "other", "source": "wrong"}]},
        {"properties": [code]},
        {"source": "Part", "target": "Piece", "properties": [lines, code | {"source": "wrong"}]},
    )
    assert shape.keys(LEFT_SIDE) == [Key(reference_space(LEFT_SIDE), "ids.code", False)]
    assert shape.keys(Side(system="left", datatype="Part")) == []
    unmapped = flows({"source": "Part", "target": "Piece", "properties": [lines]})
    assert unmapped.keys(LEFT_SIDE) == [Key(reference_space(LEFT_SIDE), "code", False)]


def test_a_condition_reads_the_source_record_and_can_do_nothing_else() -> None:
    shape = pair(NAME, flow={"start": "when", "condition": "status == 'open' && total > `5`"})
    assert shape.starts(LEFT_SIDE, {"status": "open", "total": 6}) == {0}
    assert shape.starts(LEFT_SIDE, {"status": "open", "total": 5}) == frozenset()
    assert shape.starts(LEFT_SIDE, {}) == frozenset()
    assert shape.starts(RIGHT_SIDE, {"status": "open", "total": 6}) == frozenset()


def test_a_condition_that_is_no_expression_is_refused_in_one_line() -> None:
    with pytest.raises(MappingError) as refusal:
        pair(NAME, flow={"start": "when", "condition": "status =="})
    assert str(refusal.value).startswith(
        "mapping: flows: condition of section 1: Invalid jmespath expression: "
    )
    assert "\n" not in str(refusal.value)


def test_a_side_without_a_flow_has_no_slots_and_is_never_written() -> None:
    gone = Side(system="left", datatype="Forgotten")
    shape = pair()
    assert (shape.slots[gone], shape.keys(gone), shape.extras(gone)) == ([], [], [])
    assert shape.starts(gone, {"name": "Cup"}) == frozenset()
    assert not shape.shared(gone)
    assert shape.knows(LEFT_SIDE, ["name"])
    assert not shape.knows(LEFT_SIDE, ["colour"])
    assert not shape.knows(gone, [])


def test_keys_that_match_in_any_case_are_other_keys_than_those_that_do_not() -> None:
    criteria = [{"source": "code", "target": "ean"}, {"source": "code", "target": "ean", "fold_case": True}]
    exact, folded = pair(flow={"criteria": criteria}).keys(LEFT_SIDE)
    assert (exact.fold_case, folded.fold_case) == (False, True)
    assert exact.space != folded.space


def test_a_record_keeps_a_key_for_each_property_that_another_may_match() -> None:
    criteria = [{"source": "mail", "target": "mail"}, {"source": "mail", "target": "home_mail"}]
    shape = pair(flow={"criteria": criteria})
    here, there = ({key.space: key.path for key in shape.keys(side)} for side in (LEFT_SIDE, RIGHT_SIDE))

    assert list(here.values()) == ["mail", "mail"]
    assert list(there.values()) == ["mail", "home_mail"]
    assert here.keys() == there.keys()
    assert list(here) == ["left.Thing:mail = right.Item:mail", "left.Thing:mail = right.Item:home_mail"]

"""What a creation says, what it waits for and what it is refused for: each in the smallest entity that shows it."""

from __future__ import annotations

from typing import Any

import pytest

from bothways.mapping import Mapping, Side
from bothways.sync.connectors import Kind, Write
from bothways.sync.merging import found, join
from bothways.sync.model import Ref
from bothways.sync.observe import gone
from bothways.sync.plan import Circumstances, Look, Need, Send, Step, Stop, needs, plan
from bothways.sync.shape import Shape, reference_space
from tests.sync.pair import COUNT, LEFT, LEFT_SIDE, NAME, RIGHT, TEXT, alone, at, linked, pair

ITEMS = {"sku": {"path": "sku"}, "amount": {"path": "amount", "type": "integer"}}
LINES: dict[str, Any] = {
    "name": "lines",
    "type": "list",
    "source": {"path": "lines", "items": ITEMS},
    "target": {"path": "rows", "items": ITEMS},
    "resolves": {
        "item": "sku",
        "datatype": "Product",
        "property": "code",
        "target_datatype": "Piece",
        "target_path": "piece.id",
    },
}
PRODUCT = Side(system="left", datatype="Product")


def steps(shape: Shape, **fields: Any) -> list[Step]:
    """What a record of the left side needs an hour after noon."""
    return list(plan(shape, found(shape, alone(shape, **fields)), Circumstances(at(60))))


# -- what it says


def test_a_creation_names_its_record_and_the_versions_that_it_carries() -> None:
    shape = pair()
    entity = found(shape, alone(shape, name="Cup", count=3))
    [send] = plan(shape, entity, Circumstances(at(60)))
    body = {"title": "Cup", "stock": 3}
    numbers = {"title": entity.versions[NAME].number, "stock": entity.versions[COUNT].number}
    assert send == Send("right", Write(Kind.CREATE, "Item", key="left Thing l1", body=body), numbers)


def test_an_empty_value_is_carried_too_though_nothing_is_sent_of_it() -> None:
    shape = pair()
    entity = found(shape, alone(shape, name="", count=3))
    [send] = plan(shape, entity, Circumstances(at(60)))
    assert isinstance(send, Send)
    assert send.numbers.keys() == {"title", "stock"}


@pytest.mark.parametrize(("name", "shown"), [("Cup", "Cup"), ("", "C")])
def test_of_several_properties_the_first_that_is_filled_is_created(name: str, shown: str) -> None:
    shape = pair(TEXT, TEXT | {"name": "nick", "source": "nick"})
    [send] = steps(shape, name=name, nick="C")
    assert isinstance(send, Send)
    assert send.write.body == {"title": shown}


def test_of_several_lists_the_items_of_the_one_that_is_shown_name_their_records() -> None:
    shape = pair(TEXT, LINES, LINES | {"name": "others", "source": LINES["source"] | {"path": "others"}})
    order = found(shape, alone(shape, name="Cup", lines=[], others=[{"sku": "a", "amount": 1}]))
    links = dict.fromkeys(needs(shape, order), "p1")
    [send] = plan(shape, order, Circumstances(at(60), neighbours=links))
    assert isinstance(send, Send)
    assert send.write.body["rows"] == [{"sku": "a", "amount": 1, "piece": {"id": "p1"}}]


def test_what_the_source_has_never_shown_is_left_out() -> None:
    one_way = TEXT | {"name": "back", "source": "back", "target": "back", "direction": "to_source"}
    [send] = steps(pair(one_way, TEXT), name="Cup", back="x")
    assert isinstance(send, Send)
    assert send.write.body == {"title": "Cup"}


def test_a_creation_is_made_at_the_time_of_the_plan() -> None:
    shape = pair(
        TEXT
        | {"direction": "to_target", "transform": {"expression": ["list", ["now"], "_."], "type": "list"}}
    )
    [send] = steps(shape, name="Cup")
    assert isinstance(send, Send)
    assert send.write.body == {"title": ["2024-10-01T13:00:00Z", "Cup"]}


@pytest.mark.parametrize(("code", "known"), [("A1", True), ("", False), (None, False)])
def test_what_matches_on_a_merge_criterion_would_be_known_again(code: str | None, known: bool) -> None:
    row = {"name": "code", "type": "string", "source": "code", "target": "ean"}
    shape = pair(TEXT, row, flow={"criteria": [{"source": "code", "target": "ean"}]})
    [send] = steps(shape, name="Cup", code=code)
    assert isinstance(send, Send)
    assert send.known_by_key is known


def test_a_creation_is_filed_under_its_side_and_a_change_under_its_record() -> None:
    def sent(kind: Kind, id: str | None) -> Send:
        return Send("right", Write(kind, "Item", key="", id=id, body={"stock": 1}))

    assert (sent(Kind.CREATE, None).ref, sent(Kind.CREATE, None).subject) == (None, "right.Item")
    assert (sent(Kind.UPDATE, "r1").ref, sent(Kind.UPDATE, "r1").subject) == (RIGHT, "right Item r1")
    assert sent(Kind.ADJUST, "r1").subject == "right Item r1 stock"
    assert Look(RIGHT).subject == "right.Item"


# -- what it is refused for (S15, S25)


def test_a_record_with_content_that_its_type_can_not_hold_is_not_created() -> None:
    assert steps(pair(), name=["no text"], count=3) == [Stop("right.Item", "name: ['no text'] is no text")]


def test_a_value_that_the_target_has_no_word_for_is_refused_with_its_path() -> None:
    shape = pair(TEXT | {"target": {"path": "title", "values": {"Cup": "CUP"}}})
    assert steps(shape, name="Mug") == [Stop("right.Item", "title: 'Mug' is none of Cup")]


def test_money_is_refused_by_the_currency_of_the_system_that_is_written() -> None:
    price = {"name": "price", "type": "money", "source": "price", "target": "price"}
    shape = pair(TEXT, price, left={"currency": "EUR"}, right={"currency": "USD"})
    euros = {"amount": "1", "currency": "EUR"}
    assert steps(shape, name="Cup", price=euros) == [Stop("right.Item", "price: EUR can't be held, only USD")]
    assert len(steps(pair(TEXT, price, left={"currency": "USD"}), name="Cup", price=euros)) == 1
    assert isinstance(steps(shape, name="Cup", price=None)[0], Send)


# -- connected records (S06)


def test_any_one_connected_record_that_has_crossed_will_do() -> None:
    shape = pair(TEXT, flow={"connected": {"parents": "Thing", "box": "Box"}})
    child = found(shape, alone(shape, name="Cup", parents=[7, "p8"], box="b1"))
    box = Side(system="left", datatype="Box")
    wanted = [
        Need("", LEFT_SIDE, "7", "right"),
        Need("", LEFT_SIDE, "p8", "right"),
        Need("", box, "b1", "right"),
    ]
    assert list(needs(shape, child)) == wanted
    nowhere: dict[Need, str | None] = dict.fromkeys(wanted)
    [stop] = plan(shape, child, Circumstances(at(60), neighbours=nowhere))
    assert stop == Stop("right.Item", "waits for one of Box, Thing to cross", waits=True)
    for need in wanted:
        [send] = plan(shape, child, Circumstances(at(60), neighbours=nowhere | {need: "r7"}))
        assert isinstance(send, Send)


def test_who_names_no_connected_record_waits_for_one() -> None:
    shape = pair(TEXT, flow={"connected": {"parent": "Thing"}})
    nobody: tuple[Any, ...] = (None, "", [])
    for parent in nobody:
        assert list(needs(shape, alone(shape, name="Cup", parent=parent))) == []
        [stop] = steps(shape, name="Cup", parent=parent)
        assert isinstance(stop, Stop)
        assert stop.waits


# -- records that a list refers to


def test_each_item_needs_the_link_of_the_record_that_it_names() -> None:
    shape = pair(TEXT, LINES)
    order = alone(shape, name="Cup", lines=[{"sku": " a "}, {"sku": None, "amount": 2}, {"sku": "B"}])
    space = reference_space(PRODUCT)
    assert list(needs(shape, order)) == [
        Need(space, PRODUCT, "a", "right", "Piece"),
        Need(space, PRODUCT, "B", "right", "Piece"),
    ]
    assert list(needs(shape, alone(shape, name="Cup", lines=None))) == []
    assert list(needs(shape, alone(shape, name="Cup", lines="unreadable"))) == []


def test_what_has_its_partner_needs_no_other_record() -> None:
    shape = pair(TEXT, LINES, flow={"connected": {"parent": "Thing"}})
    entity = linked(shape, name="Cup", lines=[{"sku": "a"}], parent="p7")
    assert list(needs(shape, entity)) == []
    assert list(needs(shape, gone(entity, RIGHT, at(5)))) == []


def test_a_flow_after_one_that_has_crossed_has_its_needs_too() -> None:
    raw = pair(TEXT, LINES).mapping.model_dump(mode="json", by_alias=True)
    raw["systems"]["right"]["datatypes"]["Part"] = {}
    part = {"system": "right", "datatype": "Part"}
    raw["flows"].append(raw["flows"][0] | {"section": 2, "target": part, "connected": {"parent": "Thing"}})
    entity = linked(Shape(Mapping.model_validate(raw)), name="Cup", lines=[{"sku": "a"}], parent="p7")
    assert [need.value for need in needs(Shape(Mapping.model_validate(raw)), entity)] == ["p7", "a"]


def test_an_item_that_is_no_object_names_nothing() -> None:
    plain = LINES | {"source": "lines", "target": "rows"}
    [stop] = steps(pair(TEXT, plain), name="Cup", lines=["a"])
    assert stop == Stop("right.Item", "waits for the Product with code None", waits=True)


@pytest.mark.parametrize("named", [None, "x"])
def test_an_item_that_names_nothing_known_is_waited_for(named: str | None) -> None:
    shape = pair(TEXT, LINES)
    [stop] = steps(shape, name="Cup", lines=[{"sku": named, "amount": 1}])
    assert stop == Stop("right.Item", f"waits for the Product with code {named!r}", waits=True)


def test_items_keep_what_else_they_say_beside_the_link() -> None:
    shape = pair(TEXT, LINES)
    order = found(
        shape, alone(shape, name="Cup", lines=[{"sku": "a", "amount": 1}, {"sku": "b", "amount": 2}])
    )
    links = {need: f"link of {need.value}" for need in needs(shape, order)}
    [send] = plan(shape, order, Circumstances(at(60), neighbours=links))
    assert isinstance(send, Send)
    assert send.write.body["rows"] == [
        {"sku": "a", "amount": 1, "piece": {"id": "link of a"}},
        {"sku": "b", "amount": 2, "piece": {"id": "link of b"}},
    ]


# -- who creates (S01, S04)


def test_one_of_two_alike_sources_creates_and_only_once() -> None:
    shape = pair(TEXT)
    twins = join(shape, alone(shape, name="Cup"), alone(shape, Ref("left", "Thing", "l2"), 5, 2, name="Mug"))
    created = [step for step in plan(shape, twins, Circumstances(at(60))) if step.subject == "right.Item"]
    assert [step.write.key for step in created if isinstance(step, Send)] == ["left Thing l1"]


def test_a_source_that_may_not_cross_leaves_it_to_another_that_may() -> None:
    shape = pair(TEXT, flow={"start": "when", "condition": "active"})
    other = alone(shape, Ref("left", "Thing", "l2"), 5, 2, name="Cup", active=True)
    twins = join(shape, alone(shape, name="Cup", active=False), other)
    created = [step for step in plan(shape, twins, Circumstances(at(60))) if step.subject == "right.Item"]
    assert [step.write.key for step in created if isinstance(step, Send)] == ["left Thing l2"]


def test_a_source_that_is_gone_creates_nothing() -> None:
    shape = pair(TEXT)
    assert (
        list(plan(shape, gone(found(shape, alone(shape, name="Cup")), LEFT, at(1)), Circumstances(at(60))))
        == []
    )

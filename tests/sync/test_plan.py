"""What an entity needs: what is created, changed, adjusted, waited for, refused; one small example a rule."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bothways.mapping import Mapping
from bothways.sync.connectors import Kind
from bothways.sync.merging import found, join
from bothways.sync.model import Entity, Ref, Trouble
from bothways.sync.observe import gone
from bothways.sync.plan import Circumstances, Look, Need, Send, Step, Stop, needs, plan
from bothways.sync.shape import Shape, reference_space
from tests.sync.pair import LEFT, LEFT_SIDE, NOON, RIGHT, alone, at, linked, pair, seen, with_a_part

NAME = {"name": "name", "type": "string", "source": "name", "target": "title"}


def steps(shape: Shape, entity: Entity, **given: Any) -> list[Step]:
    """What the entity needs an hour after noon."""
    return list(plan(shape, found(shape, entity), Circumstances(given.pop("now", at(60)), **given)))


def sent(shape: Shape, entity: Entity, **given: Any) -> list[tuple[Kind, str | None, dict[str, Any]]]:
    """The planned writes; there is nothing else."""
    planned = steps(shape, entity, **given)
    assert all(isinstance(step, Send) for step in planned), planned
    return [(step.write.kind, step.write.id, step.write.body) for step in planned if isinstance(step, Send)]


# -- creations


def test_a_source_record_without_a_partner_is_created_with_all_its_values() -> None:
    shape = pair()
    assert sent(shape, alone(shape, name="Cup", count=0)) == [
        (Kind.CREATE, None, {"title": "Cup", "stock": 0})
    ]


def test_empty_values_are_left_out_of_a_creation() -> None:
    shape = pair()
    assert sent(shape, alone(shape, name="", count=2)) == [(Kind.CREATE, None, {"stock": 2})]


def test_a_target_record_alone_creates_nothing() -> None:
    shape = pair()
    assert steps(shape, alone(shape, RIGHT, title="Cup", stock=1)) == []


def test_a_partner_that_is_gone_is_never_made_again() -> None:
    shape = pair()
    assert steps(shape, gone(linked(shape, name="Cup", count=1), RIGHT, at(5))) == []


def test_constants_of_all_three_kinds_come_with_a_creation() -> None:
    constants = {"kind": {"value": "PHYSICAL"}, "made": {"source": "born"}, "page": {"lookup": "first"}}
    shape = pair(NAME, flow={"constants": constants})
    [(_, _, body)] = sent(shape, alone(shape, name="Cup", born="then"), lookups={("right", "first"): "p1"})
    assert body == {"title": "Cup", "kind": "PHYSICAL", "made": "then", "page": "p1"}


def test_what_the_target_only_shows_is_not_part_of_a_creation() -> None:
    shape = pair(NAME | {"target": {"path": "title", "access": "read_only"}})
    assert sent(shape, alone(shape, name="Cup")) == [(Kind.CREATE, None, {})]


@pytest.mark.parametrize(
    "flow", [{"creates": False}, {"start": "link_required"}, {"start": "when", "condition": "price"}]
)
def test_a_flow_that_may_not_create_does_not(flow: dict[str, Any]) -> None:
    shape = pair(NAME, flow=flow)
    assert steps(shape, alone(shape, name="Cup")) == []


def test_a_condition_holds_creation_back_but_not_a_linked_record() -> None:
    shape = pair(NAME, flow={"start": "when", "condition": "active"})
    assert steps(shape, alone(shape, name="Cup", active=False)) == []
    assert len(sent(shape, alone(shape, name="Cup", active=True))) == 1
    entity = seen(shape, linked(shape, name="Cup", active=True), LEFT, 5, name="Mug", active=False)
    assert sent(shape, entity) == [(Kind.UPDATE, RIGHT.id, {"title": "Mug"})]


def test_with_full_sync_off_only_what_is_younger_than_onboarding_crosses() -> None:
    shape = pair(NAME)
    entity = alone(shape, name="Cup")
    for created_at, expected in ((None, 0), (at(-1), 0), (at(0), 0), (at(1), 1)):
        entity.members[0].created_at = created_at
        assert len(steps(shape, entity, onboarded_at=NOON)) == expected


def test_a_creation_waits_until_a_connected_record_has_crossed() -> None:
    shape = pair(NAME, flow={"connected": {"parent": "Thing"}})
    child = alone(shape, name="Cup", parent="p7")
    [stop] = steps(shape, child)
    assert stop == Stop("right.Item", "waits for one of Thing to cross", waits=True)
    need = Need("", LEFT_SIDE, "p7", "right")
    assert list(needs(shape, child)) == [need]
    assert len(sent(shape, child, neighbours={need: "r7"})) == 1


def test_items_of_a_list_name_the_links_of_what_they_refer_to() -> None:
    items = {"sku": {"path": "sku"}}
    lines = {
        "name": "lines",
        "type": "list",
        "source": {"path": "lines", "items": items},
        "target": {"path": "rows", "items": items},
        "resolves": {
            "item": "sku",
            "datatype": "Thing",
            "property": "name",
            "target_datatype": "Item",
            "target_path": "ref.id",
        },
    }
    shape = pair(lines)
    order = alone(shape, lines=[{"sku": "a"}])
    [stop] = steps(shape, order)
    assert isinstance(stop, Stop)
    assert stop.waits
    assert stop.reason == "waits for the Thing with name 'a'"
    [need] = needs(shape, order)
    assert (need.space, need.value) == (reference_space(LEFT_SIDE), "a")
    assert sent(shape, order, neighbours={need: "r7"}) == [
        (Kind.CREATE, None, {"rows": [{"sku": "a", "ref": {"id": "r7"}}]})
    ]


def test_what_appears_with_another_is_looked_for_under_the_same_id() -> None:
    shape = with_a_part()
    assert [type(step) for step in steps(shape, alone(shape, name="Cup"))] == [Send]
    assert steps(shape, linked(shape, name="Cup")) == [Look(Ref("right", "Part", RIGHT.id))]


@pytest.mark.parametrize(
    ("at_creation", "stock", "body"),
    [
        ("part.stock", 5, {"title": "Cup", "part.stock": 5}),
        ("part.stock", None, {"title": "Cup"}),
        (None, 5, {"title": "Cup"}),
    ],
)
def test_a_creation_carries_the_values_of_what_appears_with_it(
    at_creation: str | None, stock: int | None, body: dict[str, Any]
) -> None:
    target = {"path": "stock", "at_creation": at_creation}
    shape = with_a_part({"name": "stock", "type": "integer", "source": "stock", "target": target})
    assert sent(shape, alone(shape, name="Cup", stock=stock)) == [(Kind.CREATE, None, body)]


def test_of_several_properties_the_one_that_is_shown_comes_along() -> None:
    target = {"path": "label", "at_creation": "part.label"}
    shape = with_a_part(
        NAME | {"target": target}, NAME | {"name": "nick", "source": "nick", "target": target}
    )
    assert sent(shape, alone(shape, name="", nick="C")) == [(Kind.CREATE, None, {"part.label": "C"})]


def test_a_creation_carries_nothing_of_what_appears_with_another() -> None:
    target = {"path": "stock", "at_creation": "part.stock"}
    stock = {"name": "stock", "type": "integer", "source": "stock", "target": target}
    shape = with_a_part(stock, appears_with="Other")
    assert sent(shape, alone(shape, name="Cup", stock=5))[0] == (Kind.CREATE, None, {"title": "Cup"})


# -- updates


def test_in_sync_nothing_is_needed() -> None:
    shape = pair()
    assert steps(shape, linked(shape, name="Cup", count=1)) == []


@pytest.mark.parametrize(("ref", "other", "body"), [(LEFT, RIGHT, "title"), (RIGHT, LEFT, "name")])
def test_an_edit_is_sent_to_the_other_side_and_nothing_else(ref: Ref, other: Ref, body: str) -> None:
    shape = pair()
    fields = {"name": "Mug", "count": 1} if ref == LEFT else {"title": "Mug", "stock": 1}
    entity = seen(shape, linked(shape, name="Cup", count=1), ref, 5, **fields)
    [send] = steps(shape, entity)
    assert isinstance(send, Send)
    assert (send.ref, send.write.body) == (other, {body: "Mug"})
    known = entity.member(other)
    assert known is not None
    assert send.write.version == known.version


def test_clearing_is_sent_as_none() -> None:
    shape = pair()
    entity = seen(shape, linked(shape, name="Cup", count=1), LEFT, 5, name="", count=1)
    assert sent(shape, entity) == [(Kind.UPDATE, RIGHT.id, {"title": None})]


def test_a_counter_crosses_as_a_difference_after_all_else_is_written() -> None:
    shape = pair()
    start = linked(shape, name="Cup", count=10)
    entity = seen(shape, start, LEFT, 5, name="Cup", count=7)
    assert sent(shape, entity) == [(Kind.ADJUST, RIGHT.id, {"stock": -3})]
    both = seen(shape, start, LEFT, 5, name="Mug", count=7)
    assert sent(shape, both) == [(Kind.UPDATE, RIGHT.id, {"title": "Mug"})]


def test_a_counter_on_both_sides_owes_each_the_others_difference() -> None:
    shape = pair()
    entity = seen(shape, linked(shape, name="Cup", count=10), LEFT, 5, name="Cup", count=8)
    entity = seen(shape, entity, RIGHT, 6, title="Cup", stock=15)
    assert sent(shape, entity) == [
        (Kind.ADJUST, LEFT.id, {"count": 5}),
        (Kind.ADJUST, RIGHT.id, {"stock": -2}),
    ]


def test_a_side_in_two_flows_is_created_once_and_what_it_waits_for_in_one_is_no_matter() -> None:
    raw = with_a_part(NAME | {"target": "label"}, appears_with=None).mapping.model_dump(
        mode="json", by_alias=True
    )
    raw["systems"]["left"]["datatypes"]["Card"] = {}
    card = {"system": "left", "datatype": "Card"}
    waiting = raw["flows"][0] | {"section": 3, "source": card, "connected": {"parent": "Thing"}}
    shape = Shape(Mapping.model_validate(raw | {"flows": [*raw["flows"], waiting]}))
    entity = join(shape, alone(shape, name="Cup"), alone(shape, Ref("left", "Card", "c1"), 0, 2, name="Cup"))
    assert [step.subject for step in steps(shape, entity)] == ["right.Item", "right.Part"]
    shape = Shape(Mapping.model_validate(raw | {"flows": [waiting, *raw["flows"]]}))
    entity = join(shape, alone(shape, name="Cup"), alone(shape, Ref("left", "Card", "c1"), 0, 2, name="Cup"))
    assert [type(step) for step in steps(shape, entity)] == [Stop, Send, Send]


def test_a_record_alone_is_not_written_though_it_is_behind() -> None:
    shape = pair()
    entity = seen(shape, linked(shape, name="Cup", count=1), LEFT, 5, name="Mug", count=1)
    assert steps(shape, gone(entity, LEFT, at(6))) == []


def test_an_edit_of_one_of_several_properties_is_written_where_it_is_shown() -> None:
    shape = pair(NAME, NAME | {"name": "nick", "source": "nick"})
    entity = seen(shape, linked(shape, name="", nick="C"), LEFT, 5, name="", nick="K")
    assert sent(shape, entity) == [(Kind.UPDATE, RIGHT.id, {"title": "K"})]


def test_a_view_is_not_written_beside_the_owner_of_its_value() -> None:
    view = NAME | {"target": {"path": "title", "stored_as": "Part"}}
    shape = with_a_part(NAME | {"target": "label"}, first=view, appears_with=None)
    part = Ref("right", "Part", "p1")
    entity = join(shape, linked(shape, name="Cup"), alone(shape, part, 0, 2, label="Cup"))
    assert sent(shape, seen(shape, entity, LEFT, 5, name="Mug")) == [(Kind.UPDATE, part.id, {"label": "Mug"})]


def test_two_records_of_one_system_can_not_share_a_counter() -> None:
    shape = pair()
    twin = Ref("right", "Item", "r2")
    entity = join(shape, linked(shape, name="Cup", count=1), alone(shape, twin, 5, 2, title="Cup", stock=4))
    stops = [step for step in steps(shape, entity) if isinstance(step, Stop)]
    assert stops
    assert all("can't share a counter" in stop.reason for stop in stops)


@pytest.mark.parametrize(
    "target",
    [
        {"path": "title", "access": "create_only"},
        {"path": "title", "access": "read_only"},
        {"path": "title", "only": ["Jug"]},
    ],
)
def test_what_the_api_can_not_write_is_not_sent(target: dict[str, Any]) -> None:
    shape = pair(NAME | {"target": target})
    assert steps(shape, seen(shape, linked(shape, name="Cup"), LEFT, 5, name="Mug")) == []


def test_a_value_that_the_api_can_write_is_sent_though_others_can_not_be() -> None:
    shape = pair(NAME | {"target": {"path": "title", "only": ["Jug"]}})
    entity = seen(shape, linked(shape, name="Cup"), LEFT, 5, name="Jug")
    assert sent(shape, entity) == [(Kind.UPDATE, RIGHT.id, {"title": "Jug"})]


def test_a_path_that_this_record_shares_with_others_is_not_written() -> None:
    shape = pair(NAME)
    entity = seen(shape, linked(shape, name="Cup"), LEFT, 5, name="Mug")
    member = entity.member(RIGHT)
    assert member is not None
    member.read_only = frozenset({"title"})
    assert steps(shape, entity) == []


@pytest.mark.parametrize("right", [{"share": False}, {"datatypes": {"Item": {"share": False}}}])
def test_a_side_that_is_not_shared_is_never_written(right: dict[str, Any]) -> None:
    shape = pair(right=right)
    assert steps(shape, alone(shape, name="Cup", count=1)) == []
    assert steps(shape, seen(shape, linked(shape, name="Cup", count=1), LEFT, 5, name="Mug", count=0)) == []


def test_money_that_the_target_can_not_hold_is_refused_with_its_reason() -> None:
    price = {"name": "price", "type": "money", "source": "price", "target": "price"}
    shape = pair(price, right={"currency": "USD"})
    [stop] = steps(shape, alone(shape, price={"amount": "1", "currency": "EUR"}))
    assert stop == Stop("right.Item", "price: EUR can't be held, only USD")
    assert sent(shape, alone(shape, price={"amount": "1", "currency": "USD"}))


# -- trouble


def test_what_failed_rests_until_its_time_and_stops_only_itself() -> None:
    shape = pair()
    entity = seen(shape, linked(shape, name="Cup", count=1), LEFT, 5, name="Mug", count=1)
    entity = seen(shape, entity, RIGHT, 6, title="Cup", stock=4)
    entity.troubles[str(RIGHT)] = Trouble("no", 1, at(90))
    assert sent(shape, entity) == [(Kind.ADJUST, LEFT.id, {"count": 3})]
    assert len(sent(shape, entity, now=at(90))) == 2


def test_a_creation_that_failed_rests_until_its_time() -> None:
    shape = pair()
    entity = alone(shape, name="Cup", count=1)
    entity.troubles["right.Item"] = Trouble("no", 1, at(90))
    assert steps(shape, entity) == []
    assert len(sent(shape, entity, now=at(90))) == 1


# -- deletions


@pytest.mark.parametrize(
    ("edited", "deleted", "expected"), [(5.0, 6.0, [(Kind.DELETE, "l1", {})]), (7.0, 6.0, [])]
)
def test_a_deletion_crosses_unless_the_partner_was_edited_later(
    edited: float, deleted: float, expected: list[object]
) -> None:
    shape = pair(NAME, policies={"deletes": "propagate"})
    entity = seen(shape, linked(shape, name="Cup"), LEFT, edited, name="Mug")
    entity = gone(entity, RIGHT, at(deleted))
    assert sent(shape, entity) == expected


def test_by_default_nothing_is_deleted() -> None:
    shape = pair(NAME)
    assert steps(shape, gone(linked(shape, name="Cup"), LEFT, at(5))) == []


def test_a_plan_depends_on_nothing_but_what_it_is_given() -> None:
    shape = pair()
    entity = seen(shape, linked(shape, name="Cup", count=1), LEFT, 5, name="Mug", count=1)
    before = replace(entity, members=[member.copy() for member in entity.members])
    assert steps(shape, entity) == steps(shape, entity)
    assert entity == before

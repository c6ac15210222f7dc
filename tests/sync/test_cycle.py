"""What a cycle keeps, files and plans: on a state in memory, without a request."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bothways.mapping import Mapping
from bothways.sync.connectors import Kind, Write
from bothways.sync.cycle import notable, pause, rank_of, uncrossed
from bothways.sync.merging import found, join
from bothways.sync.model import Entity, Member, Ref, Trouble
from bothways.sync.observe import gone
from bothways.sync.plan import Need, Send, Stop, behind
from bothways.sync.planning import make_plans
from bothways.sync.retry import retry_all
from bothways.sync.shape import Shape, reference_space
from tests.sync.pair import (
    COUNT,
    LEFT,
    LEFT_SIDE,
    NAME,
    NOON,
    RIGHT,
    TEXT,
    alone,
    at,
    linked,
    pair,
    seen,
    with_a_part,
)
from tests.sync.under_way import NewWorld, UnderWay


@pytest.fixture
def new_world() -> Iterator[NewWorld]:
    """Makes a cycle of a mapping."""
    opened: list[UnderWay] = []

    def made(shape: Shape) -> UnderWay:
        opened.append(UnderWay(shape))
        return opened[-1]

    yield made
    for world in opened:
        world.store.close()


def edited(shape: Shape) -> Entity:
    """A linked pair of which the left record was renamed."""
    return seen(shape, linked(shape, name="Cup", count=1), LEFT, 5, name="Mug", count=1)


def intend(world: UnderWay, number: int, send: Send) -> None:
    with world.store.lock(), world.store.transaction():
        world.store.intend(number, send, NOON)


# -- what is filed (S25)


@pytest.mark.parametrize(
    ("failures", "minutes"), [(1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (8, 60), (500, 60)]
)
def test_pauses_grow_from_a_minute_to_an_hour(failures: int, minutes: int) -> None:
    assert pause(failures) == timedelta(minutes=minutes)


def test_each_cycle_in_which_something_fails_counts_once(new_world: NewWorld) -> None:
    world = new_world(pair())
    stop = Stop("right.Item", "no")
    once = world.cycle.file(Entity(7), stop)
    assert once.troubles == {"right.Item": Trouble("no", 1, at(1))}
    assert world.cycle.file(once, stop) is once
    assert world.cycle.file(Entity(8), stop).troubles.keys() == {"right.Item"}
    assert world.cycle.stopped == {(7, "right.Item"), (8, "right.Item")}
    twice = world.another().file(once, replace(stop, reason="never"))
    assert twice.troubles == {"right.Item": Trouble("never", 2, at(2))}
    assert once.troubles["right.Item"].reason == "no"


def test_what_waits_for_another_record_never_rests(new_world: NewWorld) -> None:
    world = new_world(pair())
    stop = Stop("right.Item", "waits", waits=True)
    once = world.cycle.file(Entity(7), stop)
    assert once.troubles == {"right.Item": Trouble("waits", 0, NOON)}
    assert world.cycle.stopped == set()
    assert world.cycle.file(once, stop) is once
    longer = world.cycle.file(once, replace(stop, reason="waits for more"))
    assert longer.troubles["right.Item"].reason == "waits for more"
    failed = world.cycle.file(once, Stop("right.Item", "waits"))
    assert failed.troubles["right.Item"] == Trouble("waits", 1, at(1))


# -- what is kept


def test_what_has_not_changed_is_not_kept_again(new_world: NewWorld) -> None:
    world = new_world(pair())
    entity = linked(world.cycle.shape, name="Cup", count=1)
    with world.store.transaction():
        assert world.cycle.save(entity, None)
        assert not world.cycle.save(entity.copy(), entity, pending=True)
    assert world.store.pending(NOON) == []
    assert world.store.linked() == 1


def test_an_entity_in_trouble_is_due_when_the_first_of_it_is(new_world: NewWorld) -> None:
    world = new_world(pair())
    entity = alone(world.cycle.shape, name="Cup", count=1)
    entity.troubles = {"a": Trouble("no", 1, at(5)), "b": Trouble("no", 1, at(3))}
    with world.store.transaction():
        world.cycle.save(entity, None)
    assert world.store.pending(at(2)) == []
    assert world.store.pending(at(3)) == [1]
    assert [each.id for each in world.store.notable()] == [1]
    assert world.store.linked() == 0


def test_what_is_written_without_an_outcome_is_under_way(new_world: NewWorld) -> None:
    world = new_world(pair())
    for path in ("stock", "title"):
        intend(world, 1, Send("right", Write(Kind.ADJUST, "Item", key="", id="r1", body={path: 1})))
    intend(world, 1, Send("right", Write(Kind.CREATE, "Item", key="", body={"title": "Cup"})))
    assert world.cycle.under_way() == {RIGHT: {"stock", "title"}}


# -- what `status` has to say


def test_trouble_an_orphan_and_an_edit_that_can_not_cross_are_worth_telling() -> None:
    shape = pair()
    entity = linked(shape, name="Cup", count=1)
    assert not notable(shape, entity)
    assert notable(shape, replace(entity, troubles={"a": Trouble("no", 1, NOON)}))
    assert notable(shape, gone(entity, RIGHT, at(1)))
    fixed = pair(TEXT | {"target": {"path": "title", "access": "read_only"}})
    assert notable(fixed, seen(fixed, linked(fixed, name="Cup"), LEFT, 5, name="Mug"))


def test_an_edit_that_can_not_cross_is_listed_until_it_is_replaced() -> None:
    note = {"name": "note", "type": "string", "source": "note", "target": "note"}
    shape = pair(TEXT | {"target": {"path": "title", "access": "read_only"}}, note)
    entity = seen(shape, linked(shape, name="Cup", note="a"), LEFT, 5, name="Mug", note="b")
    assert uncrossed(shape, entity) == [(RIGHT, "title", "the system's API can't write it on this record")]
    assert uncrossed(shape, seen(shape, entity, LEFT, 6, name="Cup", note="b")) == []
    assert uncrossed(shape, gone(entity, RIGHT, at(6))) == []


def test_a_value_is_listed_only_if_it_is_none_of_those_that_can_be_written() -> None:
    shape = pair(TEXT | {"target": {"path": "title", "only": ["Mug"]}})
    entity = linked(shape, name="Cup")
    assert uncrossed(shape, seen(shape, entity, LEFT, 5, name="Mug")) == []
    assert len(uncrossed(shape, seen(shape, entity, LEFT, 5, name="Jug"))) == 1


def test_where_nothing_is_written_nothing_is_listed() -> None:
    shape = pair(TEXT | {"direction": "to_target", "source": {"path": "name", "access": "read_only"}})
    twin = alone(shape, Ref("left", "Thing", "l2"), 5, 2, name="Mug")
    entity = join(shape, linked(shape, name="Cup"), twin)
    assert [slot.path for slot, _ in behind(shape, entity, entity.members[0])] == ["name"]
    assert uncrossed(shape, entity) == []


def test_content_that_can_not_be_read_is_listed_with_its_reason() -> None:
    shape = pair()
    entity = seen(shape, linked(shape, name="Cup", count=1), RIGHT, 5, title=["Mug"], stock=1)
    assert uncrossed(shape, entity) == [(RIGHT, "title", "['Mug'] is no text")]


def test_an_entity_stands_where_the_first_of_its_sides_does() -> None:
    raw = pair(TEXT).mapping.model_dump(mode="json", by_alias=True)
    raw["systems"]["left"]["datatypes"]["Part"] = {}
    part = {
        "section": 2,
        "source": {"system": "left", "datatype": "Part"},
        "target": raw["flows"][0]["target"],
    }
    raw["flows"].append(part | {"properties": []})
    shape = Shape(Mapping.model_validate(raw))
    assert [str(side) for side in shape.sides] == ["left.Thing", "right.Item", "left.Part"]
    refs = [Ref("left", "Part", "p"), RIGHT, LEFT, Ref("left", "Forgotten", "f")]
    ranks = [rank_of(shape, Entity(1, [Member(ref)])) for ref in refs]
    assert ranks == [2, 1, 0, 3]
    assert rank_of(shape, Entity(1, [Member(ref) for ref in refs])) == 0
    assert rank_of(shape, Entity(1)) == 3


# -- what is planned


def test_a_plan_is_what_the_entity_needs_as_it_is_known(new_world: NewWorld) -> None:
    world = new_world(pair())
    number = world.keep(edited(world.cycle.shape))
    [(entity, [step])] = make_plans(world.cycle, [number, 99])
    assert entity == world.entity(number)
    assert isinstance(step, Send)
    assert step.write.body == {"title": "Mug"}
    assert make_plans(world.cycle, [world.keep(linked(world.cycle.shape, name="Cup", count=1))]) == []


def test_what_is_to_be_created_is_known_before_it_is_sent(new_world: NewWorld) -> None:
    world = new_world(pair())
    number = world.keep(
        replace(alone(world.cycle.shape, name="Cup", count=1), troubles={"x": Trouble("no", 1, NOON)})
    )
    [(entity, _)] = make_plans(world.cycle, [number])
    assert entity.versions.keys() == {NAME, COUNT}
    assert entity == world.entity(number)
    assert entity.troubles.keys() == {"x"}
    other = world.keep(alone(world.cycle.shape, RIGHT, title="Cup", stock=1))
    assert make_plans(world.cycle, [other]) == []
    assert world.entity(other).versions == {}


def test_who_shows_the_present_version_by_the_time_of_the_plan_has_seen_it(new_world: NewWorld) -> None:
    world = new_world(pair())
    entity = linked(world.cycle.shape, name="Cup", count=1)
    entity.members[1].slots["title"] = replace(entity.members[1].slots["title"], of=0)
    number = world.keep(entity)
    assert make_plans(world.cycle, [number]) == []
    assert world.member(RIGHT).slots["title"].of == entity.versions[NAME].number


def test_reasons_are_filed_and_the_rest_is_planned(new_world: NewWorld) -> None:
    note = {"name": "note", "type": "string", "source": "note", "target": "note"}
    world = new_world(pair(TEXT | {"target": {"path": "title", "values": {"Cup": "CUP"}}}, note))
    shape = world.cycle.shape
    number = world.keep(seen(shape, linked(shape, name="Cup", note="a"), LEFT, 5, name="Mug", note="b"))
    [(entity, [step])] = make_plans(world.cycle, [number])
    assert isinstance(step, Send)
    assert step.write.body == {"note": "b"}
    assert entity.troubles.keys() == {"right Item r1 title"}
    assert world.entity(number) == entity


def test_what_has_no_outcome_yet_or_failed_in_this_cycle_is_not_planned_again(new_world: NewWorld) -> None:
    world = new_world(pair())
    number = world.keep(edited(world.cycle.shape))
    [(_, [step])] = make_plans(world.cycle, [number])
    assert isinstance(step, Send)
    world.cycle.stopped.add((number, step.subject))
    assert make_plans(world.cycle, [number]) == []
    world.another()
    intend(world, number, step)
    assert make_plans(world.cycle, [number]) == []
    other = world.keep(edited(world.cycle.shape))
    assert len(make_plans(world.cycle, [number, other])) == 1


def test_a_connected_record_is_linked_once_it_has_a_live_partner(new_world: NewWorld) -> None:
    world = new_world(pair(TEXT, flow={"connected": {"parent": "Thing"}}))
    shape = world.cycle.shape
    parent = world.keep(linked(shape, name="Cup"))
    child = world.keep(alone(shape, Ref("left", "Thing", "l2"), name="Mug", parent=LEFT.id))
    [(_, [step])] = make_plans(world.cycle, [child])
    assert isinstance(step, Send)
    world.lose(parent, RIGHT)
    assert make_plans(world.cycle, [child]) == []
    stranger = world.keep(alone(shape, Ref("left", "Thing", "l3"), name="Mug", parent="nobody"))
    assert make_plans(world.cycle, [stranger]) == []


def test_an_item_gets_the_id_of_its_records_link_in_the_wanted_datatype(new_world: NewWorld) -> None:
    raw = pair(TEXT).mapping.model_dump(mode="json", by_alias=True)
    raw["systems"]["left"]["datatypes"]["Order"] = raw["systems"]["right"]["datatypes"]["Bill"] = {}
    lines = {
        "name": "lines",
        "type": "list",
        "source": {"path": "lines", "items": {"sku": {"path": "sku"}}},
        "target": {"path": "rows", "items": {"sku": {"path": "sku"}}},
        "resolves": {
            "item": "sku",
            "datatype": "Thing",
            "property": "name",
            "target_datatype": "Item",
            "target_path": "ref",
        },
    }
    flow = {
        "source": {"system": "left", "datatype": "Order"},
        "target": {"system": "right", "datatype": "Bill"},
    }
    raw["flows"].append({"section": 2, **flow, "properties": [lines]})
    world = new_world(Shape(Mapping.model_validate(raw)))
    shape = world.cycle.shape
    thing = world.see(LEFT, name="Cup")
    world.see(Ref("right", "Bill", "b1"), into=thing)
    order = world.see(Ref("left", "Order", "o1"), lines=[{"sku": "Cup"}])
    assert make_plans(world.cycle, [order]) == []
    assert world.entity(order).troubles["right.Bill"].reason == "waits for the Thing with name 'Cup'"
    world.see(RIGHT, into=thing, title="Cup")
    [(_, [step])] = make_plans(world.cycle, [order])
    assert isinstance(step, Send)
    assert step.write.body == {"rows": [{"sku": "Cup", "ref": RIGHT.id}]}
    need = Need(reference_space(LEFT_SIDE), LEFT_SIDE, "Cup", "right", "Item")
    assert world.store.with_key(need.space, need.value) == [(LEFT, thing)]
    assert found(shape, world.entity(order)).versions


def test_who_was_there_before_the_first_cycle_does_not_cross_with_full_sync_off(new_world: NewWorld) -> None:
    world = new_world(pair(TEXT))
    number = world.keep(alone(world.cycle.shape, name="Cup"))
    world.another(onboarded_at=NOON)
    assert make_plans(world.cycle, [number]) == []


def test_a_constant_that_was_looked_up_is_part_of_a_creation(new_world: NewWorld) -> None:
    world = new_world(pair(TEXT, flow={"constants": {"page": {"lookup": "first"}}}))
    number = world.keep(alone(world.cycle.shape, name="Cup"))
    world.cycle.lookups["right", "first"] = "p1"
    [(_, [step])] = make_plans(world.cycle, [number])
    assert isinstance(step, Send)
    assert step.write.body == {"title": "Cup", "page": "p1"}


def test_a_plan_leaves_out_what_is_no_more_and_goes_on(new_world: NewWorld) -> None:
    world = new_world(pair())
    number = world.keep(edited(world.cycle.shape))
    assert len(make_plans(world.cycle, [99, number])) == 1


def test_what_was_known_as_trouble_stays_when_a_creation_is_planned(new_world: NewWorld) -> None:
    note = {"name": "note", "type": "string", "source": "note", "target": "note"}
    world = new_world(
        with_a_part(note | {"target": {"path": "note", "values": {"a": "A"}}}, appears_with=None)
    )
    number = world.keep(alone(world.cycle.shape, name="Cup", note="b"))
    [(entity, [step])] = make_plans(world.cycle, [number])
    assert step.subject == "right.Item"
    assert entity.troubles.keys() == {"right.Part"}
    assert world.entity(number).troubles.keys() == {"right.Part"}


# -- tried again because a person says so


def test_all_that_rests_is_due_at_once(new_world: NewWorld) -> None:
    world = new_world(pair())
    shape = world.cycle.shape
    failed = replace(edited(shape), troubles={"a": Trouble("no", 3, at(50)), "b": Trouble("no", 1, at(70))})
    number = world.keep(failed)
    orphan = world.keep(gone(linked(shape, name="Cup", count=1), RIGHT, at(1)))
    third = world.keep(replace(alone(shape, name="Cup", count=1), troubles={"a": Trouble("no", 1, at(50))}))
    intend(world, number, Send("right", Write(Kind.CREATE, "Item", key="", body={})))
    with world.store.transaction():
        world.store.acted_on([number, third])
    assert retry_all(shape, world.store, at(5)) == 4
    assert world.entity(number).troubles == {"a": Trouble("no", 3, at(5)), "b": Trouble("no", 1, at(5))}
    assert world.store.pending(at(-60)) == [number, third]
    with world.store.transaction():
        world.store.acted_on([number, third])
    assert (world.store.pending(at(4)), world.store.pending(at(5))) == ([], [number, third])
    assert [each.id for each in world.store.notable()] == [number, orphan, third]
    assert world.store.linked() == 1
    [intent] = world.store.intents()
    assert (intent.due, intent.tries) == (at(5), 1)

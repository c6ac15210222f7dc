"""Which records find each other, on a state in memory and without a system (S02, S05)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bothways.mapping import Mapping, Side
from bothways.sync import linking
from bothways.sync.connectors import Abilities
from bothways.sync.linking import doubtful, link
from bothways.sync.model import Ref
from bothways.sync.shape import Shape
from tests.sync.pair import LEFT, LEFT_SIDE, NOON, RIGHT, RIGHT_SIDE, pair
from tests.sync.under_way import UnderWay

CODE = {"name": "code", "type": "string", "source": "code", "target": "ean"}
BY_CODE = {"criteria": [{"source": "code", "target": "ean"}]}
BY_EITHER = {"criteria": [*BY_CODE["criteria"], {"source": "mail", "target": "mail"}]}


NewState = Callable[..., UnderWay]


@pytest.fixture
def state() -> Iterator[NewState]:
    """Makes a state for a mapping."""
    opened: list[UnderWay] = []

    def made(shape: Shape, *, tombstones: bool = True, **more: Any) -> UnderWay:
        opened.append(UnderWay(shape, **more))
        for system in opened[-1].systems.values():
            system.able = Abilities(tombstones=tombstones)
        return opened[-1]

    yield made
    for each in opened:
        each.store.close()


def joined(world: UnderWay, *numbers: int) -> list[list[Ref]]:
    """What became of these entities: the records of each, in the order in which they are to be planned."""
    return [world.refs(number) for number in link(world.cycle, numbers)]


def left(id: str) -> Ref:
    return Ref("left", "Thing", id)


def right(id: str) -> Ref:
    return Ref("right", "Item", id)


def flows(*more: dict[str, Any], **first: Any) -> Shape:
    """The pair by its code, and more flows from the left to the right."""
    raw = pair(CODE, flow=BY_CODE | first).mapping.model_dump(mode="json", by_alias=True)
    for number, flow in enumerate(more, start=2):
        source = {"system": "left", "datatype": flow.pop("source")}
        target = {"system": "right", "datatype": flow.pop("target")}
        raw["systems"]["left"]["datatypes"].setdefault(source["datatype"], {})
        raw["systems"]["right"]["datatypes"].setdefault(target["datatype"], {})
        raw["flows"].append({"section": number, "source": source, "target": target, "properties": []} | flow)
    return Shape(Mapping.model_validate(raw))


@pytest.mark.parametrize("touched", [[1], [2], [1, 2]])
def test_what_matches_joins_under_the_older_number_whichever_was_seen(
    state: NewState, touched: list[int]
) -> None:
    world = state(pair(CODE, flow=BY_CODE))
    assert (world.see(LEFT, code="a"), world.see(RIGHT, ean="a")) == (1, 2)
    assert joined(world, *touched) == [[LEFT, RIGHT]]
    assert world.store.everything() == [1]
    assert world.store.pending(NOON) == [1]
    assert world.store.entities_of([RIGHT]) == {RIGHT: 1}


def test_what_has_no_key_or_another_stays_alone(state: NewState) -> None:
    world = state(pair(CODE, flow=BY_CODE))
    for number, code in enumerate(("", None, "b"), start=1):
        world.see(left(f"l{number}"), code=code)
    world.see(right("r1"), ean="")
    world.see(right("r2"), ean="c")
    assert joined(world, 1, 2, 3, 4, 5) == [[left(f"l{n}")] for n in (1, 2, 3)] + [
        [right("r1")],
        [right("r2")],
    ]


def test_what_has_become_part_of_another_is_left_out_and_the_rest_goes_on(state: NewState) -> None:
    world = state(pair(CODE, flow=BY_CODE))
    world.see(LEFT, code="a")
    world.see(RIGHT, ean="a")
    world.see(left("l2"), code="b")
    world.see(right("r2"), ean="b")
    assert joined(world, 1, 2, 3, 4) == [[LEFT, RIGHT], [left("l2"), right("r2")]]


def test_who_matches_on_two_criteria_joins_once(state: NewState) -> None:
    world = state(pair(CODE, flow=BY_EITHER))
    world.see(LEFT, code="a", mail="m")
    world.see(RIGHT, ean="a", mail="m")
    assert joined(world, 2) == [[LEFT, RIGHT]]


def test_who_matches_one_by_each_criterion_joins_both(state: NewState) -> None:
    world = state(pair(CODE, flow=BY_EITHER))
    first = world.see(LEFT, code="a", mail="m")
    world.see(right("r1"), ean="a", mail="x")
    world.see(right("r2"), ean="z", mail="m")
    assert joined(world, first) == [[LEFT, right("r1"), right("r2")]]


def test_beside_a_second_linked_match_an_unlinked_one_still_joins(state: NewState) -> None:
    world = state(pair(CODE, flow=BY_CODE))
    for number in (1, 2):
        world.see(left(f"l{number}"), code="")
        world.see(right(f"r{number}"), into=number, ean="a")
    world.see(right("r3"), ean="a")
    alone = world.see(left("l3"), code="a")
    assert joined(world, alone) == [[left("l1"), left("l3"), right("r1"), right("r3")]]


def test_linked_entities_never_become_one(state: NewState) -> None:
    world = state(pair(CODE, flow=BY_CODE))
    for number in (1, 2):
        world.see(left(f"l{number}"), code="")
        world.see(right(f"r{number}"), into=number, ean="a")
    alone = world.see(left("l3"), code="a")
    assert joined(world, alone) == [[left("l1"), left("l3"), right("r1")]]
    assert world.refs(2) == [left("l2"), right("r2")]


def test_a_linked_record_finds_nothing_but_is_found(state: NewState) -> None:
    world = state(pair(CODE, flow=BY_CODE))
    linked = world.see(LEFT, code="a")
    world.see(RIGHT, into=linked, ean="b")
    alone = world.see(right("r2"), ean="a")
    assert joined(world, linked) == [[LEFT, RIGHT]]
    assert joined(world, alone) == [[LEFT, RIGHT, right("r2")]]


def test_a_record_whose_partner_is_gone_is_unlinked(state: NewState) -> None:
    world = state(pair(CODE, flow=BY_CODE))
    orphan = world.see(LEFT, code="a")
    world.see(RIGHT, into=orphan, ean="a")
    world.lose(orphan, RIGHT)
    world.see(right("r2"), ean="a")
    assert joined(world, orphan) == [[LEFT, RIGHT, right("r2")]]


def test_what_is_gone_is_matched_by_nothing(state: NewState) -> None:
    world = state(pair(CODE, flow=BY_CODE))
    lost = world.see(LEFT, code="a")
    world.lose(lost, LEFT)
    assert joined(world, world.see(RIGHT, ean="a")) == [[RIGHT]]


def test_equality_is_transitive(state: NewState) -> None:
    world = state(pair(CODE, flow=BY_EITHER))
    first = world.see(left("l1"), code="a", mail="")
    world.see(right("r1"), ean="a", mail="m")
    world.see(left("l2"), code="b", mail="m")
    world.see(right("r2"), ean="b", mail="")
    assert joined(world, first) == [[left("l1"), left("l2"), right("r1"), right("r2")]]
    assert world.store.everything() == [1]


def test_twins_of_one_side_join_and_so_do_two_sources_of_one_target(state: NewState) -> None:
    part = {"source": "Part", "target": "Item", "criteria": [{"source": "code", "target": "ean"}]}
    world = state(flows(part))
    world.see(left("l1"), code="a")
    world.see(left("l2"), code="a")
    world.see(Ref("left", "Part", "p1"), code="a")
    world.see(right("r1"), ean="b")
    world.see(right("r2"), ean="b")
    assert joined(world, 1, 4) == [
        [Ref("left", "Part", "p1"), left("l1"), left("l2")],
        [right("r1"), right("r2")],
    ]


@pytest.mark.parametrize("active", [True, False])
def test_a_source_matches_only_if_it_may_cross(state: NewState, active: bool) -> None:
    world = state(flows(start="when", condition="active"))
    world.see(LEFT, code="a", active=active)
    world.see(RIGHT, ean="a")
    assert joined(world, 1, 2) == ([[LEFT, RIGHT]] if active else [[LEFT], [RIGHT]])


def test_with_full_sync_off_a_record_without_a_time_of_its_own_stays_alone(state: NewState) -> None:
    world = state(pair(CODE, flow=BY_CODE), onboarded_at=NOON)
    world.see(LEFT, code="a")
    world.see(RIGHT, ean="a")
    assert joined(world, 1, 2) == [[LEFT], [RIGHT]]


def test_sources_that_go_to_different_targets_stay_apart(state: NewState) -> None:
    part = {"source": "Part", "target": "Piece", "criteria": [{"source": "code", "target": "ean"}]}
    world = state(flows(part))
    world.see(LEFT, code="a")
    world.see(Ref("left", "Part", "p1"), code="a")
    world.see(Ref("right", "Piece", "q1"), ean="a")
    assert joined(world, 1) == [[LEFT]]
    assert joined(world, 2) == [[Ref("left", "Part", "p1"), Ref("right", "Piece", "q1")]]


def test_sources_whose_keys_meet_only_elsewhere_stay_apart(state: NewState) -> None:
    by_code = {"criteria": [{"source": "code", "target": "ean"}]}
    ways = (("Box", "Item"), ("Box", "Piece"), ("Part", "Piece"))
    world = state(flows(*({"source": source, "target": target} | by_code for source, target in ways)))
    world.see(LEFT, code="a")
    world.see(Ref("left", "Part", "p1"), code="a")
    assert joined(world, 1, 2) == [[LEFT], [Ref("left", "Part", "p1")]]
    world.see(Ref("left", "Box", "b1"), code="a")
    assert joined(world, 1) == [[Ref("left", "Box", "b1"), Ref("left", "Part", "p1"), LEFT]]


def test_parents_are_planned_first(state: NewState) -> None:
    part = {"source": "Part", "target": "Piece"}
    world = state(flows(part, connected={"part": "Part"}))
    world.see(LEFT, code="a")
    world.see(Ref("left", "Part", "p2"), code="x")
    world.see(Ref("left", "Part", "p1"), code="y")
    assert joined(world, 1, 2, 3) == [[Ref("left", "Part", "p2")], [Ref("left", "Part", "p1")], [LEFT]]


@pytest.mark.parametrize("touched", [[1], [2]])
@pytest.mark.parametrize("kind", ["OURS", "THEIRS"])
def test_a_record_with_our_mark_says_that_the_state_was_lost(
    state: NewState, kind: str, touched: list[int]
) -> None:
    marking = {"constants": {"kind": {"value": "OURS"}}, "mark": ["kind"]}
    world = state(flows(**marking))
    world.see(LEFT, code="a")
    world.see(RIGHT, ean="a", kind=kind)
    assert not world.cycle.marked
    joined(world, *touched)
    assert world.cycle.marked is (kind == "OURS")


def test_once_a_mark_was_found_it_stays_found(state: NewState) -> None:
    world = state(flows(constants={"kind": {"value": "OURS"}}, mark=["kind"]))
    for number, kind in ((1, "OURS"), (2, "THEIRS")):
        world.see(left(f"l{number}"), code=f"c{number}")
        world.see(right(f"r{number}"), ean=f"c{number}", kind=kind)
    joined(world, 1, 3)
    assert world.cycle.marked


def test_a_mark_on_what_is_linked_with_nothing_says_nothing(state: NewState) -> None:
    world = state(flows(constants={"kind": {"value": "OURS"}}, mark=["kind"]))
    world.see(RIGHT, ean="a", kind="OURS")
    joined(world, 1)
    assert not world.cycle.marked


# -- what may be gone without having been listed as such (S19)


def test_a_match_on_a_side_without_tombstones_is_doubtful_until_it_is_scanned(state: NewState) -> None:
    world = state(pair(CODE, flow=BY_CODE), tombstones=False)
    world.see(LEFT, code="a")
    world.see(RIGHT, ean="a")
    assert doubtful(world.cycle, [1]) == {RIGHT}
    assert doubtful(world.cycle, [2]) == {LEFT}
    assert doubtful(world.cycle, [1, 2]) == {LEFT, RIGHT}
    assert doubtful(world.cycle, []) == set()
    world.cycle.scanned |= {RIGHT_SIDE}
    assert doubtful(world.cycle, [1, 2]) == {LEFT}
    world.cycle.scanned |= {LEFT_SIDE}
    assert doubtful(world.cycle, [1, 2]) == set()


def test_the_abilities_are_those_of_the_datatype_that_is_matched(
    state: NewState, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = state(pair(CODE, flow=BY_CODE))
    world.see(LEFT, code="a")
    world.see(RIGHT, ean="a")
    monkeypatch.setattr(world.right, "abilities", lambda datatype: Abilities(tombstones=datatype != "Item"))
    assert doubtful(world.cycle, [1, 2]) == {RIGHT}


def test_more_than_are_looked_for_together_are_looked_for_in_turns(
    state: NewState, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linking, "TOGETHER", 1)
    world = state(pair(CODE, flow=BY_CODE), tombstones=False)
    world.see(LEFT, code="a")
    world.see(RIGHT, ean="a")
    world.see(left("l2"), code="b")
    assert doubtful(world.cycle, [1, 2, 3]) == {LEFT, RIGHT}
    assert joined(world, 1, 2, 3) == [[LEFT, RIGHT], [left("l2")]]


def test_where_deletions_are_listed_nothing_is_doubtful(state: NewState) -> None:
    world = state(pair(CODE, flow=BY_CODE))
    world.see(LEFT, code="a")
    world.see(RIGHT, ean="a")
    assert doubtful(world.cycle, [1, 2]) == set()


def test_what_matches_nothing_raises_no_doubt(state: NewState) -> None:
    world = state(flows({"source": "Part", "target": "Piece"}), tombstones=False)
    world.see(LEFT, code="a")
    world.see(Ref("left", "Part", "p1"), code="a")
    assert doubtful(world.cycle, [1, 2]) == set()
    assert not world.cycle.shape.keys(Side(system="left", datatype="Part"))

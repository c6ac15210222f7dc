"""How edits meet, on the core's pure functions alone: no store, no system, no cycle (S08 to S11, S14)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothways.acceptance.evidence import Evidence
from bothways.mapping import Mapping, Side
from bothways.sync.connectors import Kind, Record
from bothways.sync.merging import found
from bothways.sync.model import Entity, Ref
from bothways.sync.observe import acknowledge, observe
from bothways.sync.plan import Circumstances, Send, plan
from bothways.sync.shape import Shape

START = datetime(2024, 10, 1, 8, tzinfo=UTC)
LEFT, RIGHT = Ref("left", "Thing", "l"), Ref("right", "Thing", "r")
NAMES = ("one", "two", "three")
LATER = START + timedelta(hours=1)


@dataclass(frozen=True)
class Edit:
    """Somebody gives properties new values on one side, `seconds` after the start."""

    ref: Ref
    seconds: float
    values: dict[str, str]


def mapped(source: str = "left", *, granularity: int = 1) -> Shape:
    """Two systems, left before right, with three properties in common; the flow starts at `source`."""
    target = "right" if source == "left" else "left"
    system = {"name": "", "contract": "rest", "granularity_ms": granularity, "datatypes": {"Thing": {}}}
    raw = {
        "schema": 1,
        "checklist": "conflicts.rst",
        "systems": {"left": system | {"label": "left"}, "right": system | {"label": "right"}},
        "flows": [
            {
                "section": 1,
                "source": {"system": source, "datatype": "Thing"},
                "target": {"system": target, "datatype": "Thing"},
                "properties": [
                    {"name": name, "type": "string", "source": name, "target": name} for name in NAMES
                ],
            }
        ],
    }
    return Shape(Mapping.model_validate(raw))


def linked(shape: Shape) -> Entity:
    """Both records, alike since the start, whichever of them was first."""
    old = dict.fromkeys(NAMES, "old")
    source, target = (LEFT, RIGHT) if shape.flows[0].source.system == "left" else (RIGHT, LEFT)
    entity = found(shape, observe(shape, Entity(1), source, _record(source, 0, old), START))
    side = Side(system=target.system, datatype=target.datatype)
    numbers = {slot.path: entity.versions[slot.properties[0]].number for slot in shape.slots[side]}
    return acknowledge(shape, entity, target, numbers, _record(target, 0, old), START)


def after(shape: Shape, entity: Entity, edits: Iterable[Edit]) -> Entity:
    """The entity once each edited record was read, in this order, with all that was done to it by then."""
    shown = {ref: dict.fromkeys(NAMES, "old") for ref in (LEFT, RIGHT)}
    for edit in edits:
        shown[edit.ref] |= edit.values
        entity = observe(shape, entity, edit.ref, _record(edit.ref, edit.seconds, shown[edit.ref]), LATER)
    return entity


def writes(shape: Shape, entity: Entity) -> dict[str, dict[str, Any]]:
    """What is planned to be written, by system."""
    steps = list(plan(shape, entity, Circumstances(LATER)))
    assert all(isinstance(step, Send) and step.write.kind is Kind.UPDATE for step in steps)
    return {step.system: step.write.body for step in steps if isinstance(step, Send)}


def held(entity: Entity) -> dict[str, Any]:
    """The present value of each property."""
    return {name.rsplit(".", 1)[-1]: version.value for name, version in entity.versions.items()}


def _record(ref: Ref, seconds: float, fields: dict[str, str]) -> Record:
    at = START + timedelta(seconds=seconds)
    return Record(ref.id, dict(fields), version=f"v{seconds}", modified_at=at, stamp=at)


_values = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(["", "a", "b", "c"]), min_size=1)
one_on_each_side = st.tuples(
    st.builds(Edit, st.just(LEFT), st.integers(1, 4), _values),
    st.builds(Edit, st.just(RIGHT), st.integers(1, 4), _values),
)


@pytest.mark.proves("S08")
def test_the_order_in_which_edits_are_seen_does_not_matter(evidence: Evidence) -> None:
    @given(one_on_each_side)
    def law(edits: tuple[Edit, Edit]) -> None:
        shape = mapped()
        entities = [after(shape, linked(shape), order) for order in permutations(edits)]
        evidence.same(held(entities[0]), held(entities[1]), "the values, seen in either order")
        evidence.same(
            writes(shape, entities[0]), writes(shape, entities[1]), "the writes, seen in either order"
        )

    law()


@pytest.mark.proves("S08", "S09")
def test_swapping_source_and_target_changes_nothing(evidence: Evidence) -> None:
    @given(one_on_each_side)
    def law(edits: tuple[Edit, Edit]) -> None:
        told = []
        for source in ("left", "right"):
            shape = mapped(source)
            told.append(writes(shape, after(shape, linked(shape), edits)))
        evidence.same(told[0], told[1], "the writes, whichever side is the source")

    law()


@pytest.mark.proves("S08", "S09")
def test_the_latest_edit_of_each_property_wins_and_ties_go_to_the_first_system(evidence: Evidence) -> None:
    @given(one_on_each_side, st.sampled_from([1, 2000]))
    def law(edits: tuple[Edit, Edit], granularity: int) -> None:
        shape = mapped(granularity=granularity)
        evidence.same(_expected(edits, granularity), held(after(shape, linked(shape), edits)), "the winners")

    law()


def _expected(edits: Sequence[Edit], granularity: int) -> dict[str, str | None]:
    """The rule again, in other words: sort, and let the last one have it."""
    winners: dict[str, str | None] = dict.fromkeys(NAMES, "old")
    order = [RIGHT, LEFT]
    for edit in sorted(edits, key=lambda e: (e.seconds * 1000 // granularity, order.index(e.ref))):
        winners |= {name: value or None for name, value in edit.values.items()}
    return winners


@pytest.mark.proves("S08", "S17")
def test_what_is_planned_leaves_nothing_to_plan(evidence: Evidence) -> None:
    @given(one_on_each_side)
    def law(edits: tuple[Edit, Edit]) -> None:
        shape = mapped()
        entity = after(shape, linked(shape), edits)
        evidence.same(writes(shape, entity), writes(shape, entity), "the writes, planned twice")
        for step in list(plan(shape, entity, Circumstances(LATER))):
            assert isinstance(step, Send)
            assert step.ref is not None
            side = Side(system=step.ref.system, datatype=step.ref.datatype)
            member = entity.member(step.ref)
            assert member is not None
            shown = {slot.path: member.slots[slot.path].value for slot in shape.slots[side]} | step.write.body
            entity = acknowledge(shape, entity, step.ref, step.numbers, _record(step.ref, 9, shown), LATER)
        evidence.same({}, writes(shape, entity), "the writes, once what was planned is done")

    law()


@pytest.mark.proves("S08")
def test_edits_of_different_properties_all_survive(evidence: Evidence) -> None:
    @given(st.integers(1, 4), st.integers(1, 4), st.permutations(NAMES))
    def law(left: int, right: int, names: Sequence[str]) -> None:
        shape = mapped()
        edits = Edit(LEFT, left, {names[0]: "left's"}), Edit(RIGHT, right, {names[1]: "right's"})
        entity = after(shape, linked(shape), edits)
        expected = {"left": {names[1]: "right's"}, "right": {names[0]: "left's"}}
        evidence.same(expected, writes(shape, entity), "the writes")

    law()


@pytest.mark.proves("S08")
def test_an_edit_of_what_was_shown_is_later_whatever_the_clocks_say(evidence: Evidence) -> None:
    @given(st.integers(-90, 90))
    def law(off: int) -> None:
        shape = mapped()
        entity = after(shape, linked(shape), [Edit(LEFT, 10, {"one": "shown"})])
        (step,) = plan(shape, entity, Circumstances(LATER))
        assert isinstance(step, Send)
        shown = dict.fromkeys(NAMES, "old") | {"one": "shown"}
        entity = acknowledge(shape, entity, RIGHT, step.numbers, _record(RIGHT, 11 + off, shown), LATER)
        entity = observe(shape, entity, RIGHT, _record(RIGHT, 12 + off, shown | {"one": "edited"}), LATER)
        evidence.same("edited", held(entity)["one"], f"an edit on a side whose clock is off by {off} s")

    law()

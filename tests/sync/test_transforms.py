"""Transformations: what the core makes of values, and what comes back, beside what the checklist's own reading says."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bothways.checklist.datatypes.declared import Refused, read_data_type
from bothways.checklist.datatypes.specimens import kind_of, specimens
from bothways.errors import MappingError
from bothways.mapping import Transform, Type
from bothways.sync.codecs import Unrepresentable, empty
from bothways.sync.connectors import Kind
from bothways.sync.observe import acknowledge, found, join
from bothways.sync.plan import Circumstances, Send, Stop, plan
from bothways.sync.transforms import Transformation
from bothways.transform import checked
from tests.checklist.forms import FORMS, KINDS, meant
from tests.sync.pair import LEFT, RIGHT, alone, at, pair, record, seen

NOW = datetime(2024, 10, 1, tzinfo=UTC)
UNHURRIED = settings(deadline=None, max_examples=30)


def transformation(cell: str) -> Transformation:
    """The core's own of a checklist's cell."""
    declared = read_data_type(cell)
    written = declared.written if declared.declared else '"_."'
    made = kind_of(specimens(declared, "property")[0].made)
    transform = Transform(expression=json.loads(written), type=Type(made))
    return Transformation(transform, Type(declared.takes))


def as_json(value: Any) -> Any:
    """A value of the checklist's reading as the entity holds it."""
    if isinstance(value, list):
        return [as_json(one) for one in value]
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else value


def told(function: Any, *arguments: Any) -> Any:
    """What a function gives, or that it refuses."""
    try:
        return as_json(function(*arguments))
    except (Refused, Unrepresentable):
        return "refused"


@pytest.mark.parametrize("cell", FORMS)
def test_both_readings_agree_whether_values_come_back(cell: str) -> None:
    assert transformation(cell).reversible == (read_data_type(cell).one_way is None)


@pytest.mark.parametrize("cell", FORMS)
@UNHURRIED
@given(data=st.data())
def test_the_core_makes_of_a_value_what_the_checklist_says(cell: str, data: st.DataObject) -> None:
    declared, core = read_data_type(cell), transformation(cell)
    value = data.draw(meant(cell))

    assert told(core.applied, as_json(value), NOW) == told(declared.apply, value, NOW)


@pytest.mark.parametrize("cell", FORMS)
@UNHURRIED
@given(data=st.data())
def test_what_comes_back_shows_the_same_again(cell: str, data: st.DataObject) -> None:
    core = transformation(cell)
    shown = core.applied(as_json(data.draw(meant(cell))), NOW)

    if core.reversible:
        assert core.applied(core.undone(shown)) == shown
        assert core.undone(core.applied(core.undone(shown))) == core.undone(shown)
    else:
        assert not empty(shown)


@pytest.mark.parametrize("cell", [cell for cell in FORMS if read_data_type(cell).one_way is None])
@UNHURRIED
@given(data=st.data())
def test_a_target_value_comes_back_as_one_that_shows_it_or_is_refused(cell: str, data: st.DataObject) -> None:
    core = transformation(cell)
    shown = as_json(data.draw(KINDS[core.target]))
    try:
        value = core.undone(shown)
    except Unrepresentable:
        return

    assert core.applied(value) == shown


@pytest.mark.parametrize("value", [None, "", []])
def test_empty_stays_empty(value: Any) -> None:
    core = transformation('["split", ";", "_."]')
    assert (core.applied(value), core.undone(value)) == (None, None)


# -- in a flow -------------------------------------------------------------------------------------


def prop(transform: list[Any], shown: str = "string", **more: Any) -> dict[str, Any]:
    """A property `name` that shows as `title`."""
    made = {"expression": transform, "type": shown}
    return {"name": "name", "type": "string", "source": "name", "target": "title", "transform": made} | more


SPLIT = ["split", ";", "_."]
NO_BLANKS = ["replace", " ", "", "_."]


def written(shape: Any, entity: Any) -> dict[str, Any]:
    """What is to be written, path by path; `refused` with the reason."""
    sent: dict[str, Any] = {}
    for step in plan(shape, entity, Circumstances(at(5))):
        if isinstance(step, Send):
            assert step.write.kind in (Kind.CREATE, Kind.UPDATE)
            sent |= step.write.body
        elif isinstance(step, Stop):
            sent["refused"] = step.reason
    return sent


def crossed(shape: Any, name: str, title: Any) -> Any:
    """Both records, linked by a creation at noon."""
    entity = found(shape, alone(shape, name=name))
    (send,) = [step for step in plan(shape, entity, Circumstances(at(0))) if isinstance(step, Send)]
    assert send.write.body == {"title": title}
    return acknowledge(shape, entity, RIGHT, send.numbers, record(RIGHT, 0, title=title), at(0))


def test_an_edit_of_either_side_reaches_the_other_in_its_own_form() -> None:
    shape = pair(prop(SPLIT, "list"))
    entity = crossed(shape, "a;b", ["a", "b"])
    assert written(shape, entity) == {}

    assert written(shape, seen(shape, entity, LEFT, 1, name="a;c")) == {"title": ["a", "c"]}
    assert written(shape, seen(shape, entity, RIGHT, 1, title=["d"])) == {"name": "d"}


def test_a_form_that_loses_something_crosses_one_way_and_an_edit_there_stays() -> None:
    shape = pair(prop(NO_BLANKS, direction="to_target"))
    entity = crossed(shape, "1 2", "12")

    there = seen(shape, entity, RIGHT, 1, title="99")
    assert written(shape, there) == {}
    assert written(shape, seen(shape, there, LEFT, 2, name="3 4")) == {"title": "34"}


def test_a_rendering_that_a_merge_finds_is_left_as_it_is_and_another_is_written() -> None:
    shape = pair(prop(NO_BLANKS, direction="to_target"))

    for title, expected in (("12", {}), ("1 2", {"title": "12"}), ("9", {"title": "12"})):
        here, there = alone(shape, name="1 2"), alone(shape, RIGHT, 1, id=2, title=title)
        assert written(shape, join(shape, here, there)) == expected


def test_the_present_time_is_the_time_of_the_plan() -> None:
    shape = pair(prop(["list", ["now"], "_."], "list", direction="to_target"))
    entity = crossed(shape, "a", [at(0).isoformat().replace("+00:00", "Z"), "a"])

    now = at(5).isoformat().replace("+00:00", "Z")
    assert written(shape, seen(shape, entity, LEFT, 1, name="b")) == {"title": [now, "b"]}


def test_what_would_not_come_back_is_refused_with_the_reason() -> None:
    shape = pair(prop(["replace", ",", ".", "_."]))
    entity = crossed(shape, "1,5", "1.5")

    assert "would come back" in written(shape, seen(shape, entity, LEFT, 1, name="1.5,2"))["refused"]


def test_a_time_that_is_written_coarsely_is_no_edit() -> None:
    shape = pair(prop(["datetime-format", "%Y-%m-%d", "_."], type="datetime"))
    entity = crossed(shape, "2024-10-01T08:30:00Z", "2024-10-01")

    assert written(shape, seen(shape, entity, RIGHT, 1, title="2024-10-01")) == {}
    assert written(shape, seen(shape, entity, RIGHT, 1, title="2024-10-02")) == {
        "name": "2024-10-02T00:00:00Z"
    }


@pytest.mark.parametrize(
    ("transform", "message"),
    [
        (["unheard-of", "_."], "no operator"),
        ([], "no operator"),
        (["replace", "a", "_."], "other constants"),
        (["split", 1, "_."], "takes a str"),
        (["eq", "_."], "number of operands"),
        (["integer", ["join", "_."]], "other constants"),
        (NO_BLANKS, "direction has to be to_target: on the way each ' ' is lost"),
        (["first", "_."], "direction has to be to_target"),
    ],
)
def test_a_transform_that_cant_be_is_refused(transform: list[Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        pair(prop(transform))


def test_operators_end_somewhere() -> None:
    endless: Any = "_."
    for _ in range(100):
        endless = ["first", endless]
    with pytest.raises(ValueError, match="too deep"):
        checked(endless)


def test_one_place_is_made_in_one_way() -> None:
    other = {"name": "other", "type": "string", "source": "other", "target": "title"}
    with pytest.raises(
        MappingError, match="'other' is transformed, and other rows of its place not in this way"
    ):
        pair(prop(SPLIT, "list"), other)

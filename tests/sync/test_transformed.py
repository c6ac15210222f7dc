"""A property that is transformed, in a flow: what is written, what is an edit, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from bothways.errors import MappingError
from bothways.sync.connectors import Kind
from bothways.sync.merging import found, join
from bothways.sync.observe import acknowledge
from bothways.sync.plan import Circumstances, Send, Stop, plan
from bothways.transform import checked
from tests.sync.pair import LEFT, RIGHT, alone, at, pair, record, seen


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

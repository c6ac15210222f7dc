"""Two readings of a transformation: what the core makes of a value, beside what the checklist's own reading says."""

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
from bothways.mapping import Transform, Type
from bothways.sync.codecs import Unrepresentable, empty
from bothways.sync.transforms import Transformation
from tests.checklist.forms import FORMS, KINDS, meant

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

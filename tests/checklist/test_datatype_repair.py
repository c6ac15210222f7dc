"""Damaged data types: lost brackets are put back where one way of doing so makes sense, and only then."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothways.checklist.datatypes.declared import Refused, read_data_type
from tests.checklist.strategies import UNHURRIED

WHOLE = [
    '["datetime-format", "%Y-%m-%d", "_."]',
    '["if", ["is-decimal", "_."], ["decimal", "_."], ["integer", "_."]]',
    '["if", ["neq", "_.", "X"], ["integer", "_."], ["string", "_."]]',
    '["if-null", ["integer", ["string", "_."]], ["decimal", "_."]]',
    '["if", ["matches", "+* *", "_."], ["join", " ", ["slice", 1, ["split", " ", "_."]]], "_."]',
]


@pytest.mark.parametrize(
    ("cell", "whole"),
    [
        ('"datetime-format","%Y-%m-%d","_."]', WHOLE[0]),
        ('["datetime-format","%Y-%m-%d","_."', WHOLE[0]),
        ('"datetime-format","%Y-%m-%d","_."', WHOLE[0]),
        ('"if", "is-decimal", "decimal", "integer"]', WHOLE[1]),
        ('"if", ["neq", "_.", "X"], ["integer", "_."], ["string", "_."]]', WHOLE[2]),
        ('"if", ["neq", "_.", "X"], "integer", "_."], ["string", "_."]]', WHOLE[2]),
        ('["if-null", "integer", "string"], ["decimal", "_."]]', WHOLE[3]),
    ],
)
def test_lost_brackets_are_put_back(cell: str, whole: str) -> None:
    data_type = read_data_type(cell)

    assert (data_type.problem, data_type.repaired, data_type.written) == (None, True, whole)


@UNHURRIED
@given(st.sampled_from(WHOLE), st.data())
def test_a_repair_is_the_only_one_or_none(whole: str, data: st.DataObject) -> None:
    places = [at for at, mark in enumerate(whole) if mark in "[]"]
    at = data.draw(st.sampled_from(places))
    damaged = read_data_type(whole[:at] + whole[at + 1 :])

    if damaged.problem is None:
        assert damaged.repaired
        assert damaged.written.count("[") >= whole.count("[") - 1
    else:
        assert "repairs make sense" in damaged.problem or "no repair" in damaged.problem


def test_where_two_repairs_make_sense_none_is_made() -> None:
    data_type = read_data_type('["if", ["eq", "_.", "X"], ["integer", "string", "_."]')

    assert data_type.problem == "2 repairs make sense"
    assert not data_type.repaired


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        ('"date"', "no known type"),
        ("string", "not JSON"),
        ("42", "no known type"),
        ("[]", "no known operator"),
        ('["uppercase", "_."]', "no known operator"),
        ('["integer", "_.", "_.", "_."]', "wrong number of arguments"),
        ('["replace", "_."]', "wrong number of arguments"),
        ('["replace", 1, 2, "_."]', "wrong constants"),
        ('["slice", true, "_."]', "wrong constants"),
        ('["string", {"a": 1}]', "no place for"),
        ("]]]]", "no repair makes sense"),
        ("[" * 5000, "too many brackets"),
        ('{"a":' * 5000, "too many brackets"),
        ('"if", ' * 40 + "]]]]", "too many brackets are lost"),
        ('["eq", "_.", ' + "9" * 5000 + "]", "no repair makes sense"),
    ],
)
def test_what_cannot_be_read_says_why_and_carries_no_value(cell: str, problem: str) -> None:
    data_type = read_data_type(cell)

    assert data_type.problem is not None
    assert problem in data_type.problem
    with pytest.raises(Refused, match="can't be read"):
        data_type.apply("a")


@UNHURRIED
@given(st.text(max_size=40) | st.text('[]," _.ifneqstr', max_size=40))
def test_no_cell_is_too_odd_to_read(cell: str) -> None:
    data_type = read_data_type(cell)

    assert (data_type.problem is None) == (data_type.expression is not None)
    if data_type.declared and data_type.problem is None:
        assert read_data_type(data_type.written).written == data_type.written
        json.loads(data_type.written)

"""What counts as a comparison, and what it says when it doesn't hold."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from bothways.acceptance.evidence import Evidence, first_difference
from bothways.acceptance.record import StepRecord, plain


def step(type: str) -> StepRecord:
    return StepRecord(keyword=type.title(), type=type, text="", line=1)


@pytest.mark.parametrize(
    ("expected", "actual", "difference"),
    [
        (1, 1, ""),
        ({"a": [1, {"b": None}]}, {"a": [1, {"b": None}]}, ""),
        ((1, 2), [1, 2], ""),
        (Decimal("1.0"), Decimal(1), ""),
        ("5", "6", "expected '5', saw '6'"),
        (True, 1, "expected True, saw 1"),
        (0, None, "expected 0, saw None"),
        ({"a": {"b": [1, 2]}}, {"a": {"b": [1, 3]}}, "expected 2, saw 3 at a.b[1]"),
        ({"a": 1}, {}, "expected 1, saw nothing at a"),
        ({}, {"a": 1}, "expected nothing, saw 1 at a"),
        ({"a": [1]}, {"a": [1, 2]}, "expected 1 entries, saw 2 at a"),
        ({"a": 1}, [1], "expected {'a': 1}, saw [1]"),
    ],
)
def test_the_first_difference_is_named(expected: Any, actual: Any, difference: str) -> None:
    assert first_difference(expected, actual) == difference


def test_a_comparison_is_kept_whether_it_held_or_not() -> None:
    evidence = Evidence()
    evidence.step = step("then")
    evidence.same("1.50", "1.50", "price")
    with pytest.raises(AssertionError, match=r"price: expected '1\.50', saw '1\.5'"):
        evidence.same("1.50", "1.5", "price")
    assert [comparison.held for comparison in evidence.step.comparisons] == [True, False]
    assert evidence.comparisons == 2
    assert evidence.failed is evidence.step.comparisons[1]


def test_a_condition_tells_what_was_seen() -> None:
    evidence = Evidence()
    evidence.holds(True, "quiet")
    with pytest.raises(AssertionError, match=r"quiet: does not hold, saw \['PATCH'\]"):
        evidence.holds(False, "quiet", ["PATCH"])
    assert evidence.comparisons == 2


def test_of_what_was_found_wrong_the_first_is_told() -> None:
    evidence = Evidence()
    evidence.faultless([], "a history")
    with pytest.raises(AssertionError, match=r"^a history: two records\n  1\. a cycle runs$"):
        evidence.faultless(["two records\n  1. a cycle runs", "no quiet"], "a history")
    assert evidence.comparisons == 2


@pytest.mark.parametrize(("type", "counted"), [("given", 0), ("when", 0), ("then", 1)])
def test_only_then_steps_compare(type: str, counted: int) -> None:
    evidence = Evidence()
    evidence.step = step(type)
    evidence.same(1, 1, "one")
    assert evidence.comparisons == counted


def test_a_crossing_counts_once() -> None:
    evidence = Evidence()
    for _ in range(2):
        evidence.crossed("price", "to_target")
    evidence.crossed("price", "to_source")
    assert [crossing.direction for crossing in evidence.crossings] == ["to_target", "to_source"]


def test_a_note_stands_beside_its_step() -> None:
    evidence = Evidence()
    evidence.note("whole", [1])
    evidence.step = step("then")
    evidence.note("timeline", {"at": Decimal("1.5")})
    assert evidence.attachments[0].title == "whole"
    assert evidence.step.attachments[0].content == {"at": "1.5"}


def test_what_json_cant_hold_becomes_text() -> None:
    assert plain({"a": (1, None)}) == {"a": [1, None]}
    assert plain(Decimal("1.50")) == "1.50"

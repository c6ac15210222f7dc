"""The algebra of verdicts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothways.acceptance.items import BoundItem
from bothways.acceptance.record import Crossing, Kind, Record
from bothways.acceptance.verdict import (
    Judgement,
    RunVerdict,
    Verdict,
    Waiver,
    judge,
    of_rule,
    of_run,
    worst,
)
from bothways.mapping import Limitation

TODAY = date(2025, 6, 1)
WEIGHED = [Verdict.FAIL, Verdict.UNPROVEN, Verdict.WAIVED, Verdict.PASS]
ITEM = BoundItem("1.2", "key-1.2", "stays_in_sync", "stays", 9, 1)
LIMITED = replace(
    ITEM,
    limitations=(Limitation(id="badge", side="source", reason="r", consequence="c"),),
    properties=("name", "card"),
    directions=frozenset({"to_target", "to_source"}),
)
BOTH_WAYS = [
    Crossing(property="name", direction="to_target"),
    Crossing(property="card", direction="to_source"),
]
PASSED = Verdict.PASS


def piece(*tags: str, verdict: Verdict = PASSED, **more: Any) -> Record:
    """One piece of evidence."""
    number = len(tags) + len(more)
    return Record(
        id=f"f:{number}",
        kind=Kind.SCENARIO,
        name="n",
        file="f",
        line=number,
        tags=tags,
        verdict=verdict,
        **more,
    )


def judged(item: BoundItem, *records: Record, waiver: Waiver | None = None) -> Judgement:
    """What one item comes to."""
    [judgement] = judge([item], records, [waiver] if waiver else [], TODAY)
    return judgement


@given(st.lists(st.sampled_from(Verdict), min_size=1), st.randoms())
def test_the_worst_doesnt_depend_on_order_grouping_or_repetition(
    verdicts: list[Verdict], random: Any
) -> None:
    shuffled = [*verdicts, random.choice(verdicts)]
    random.shuffle(shuffled)
    asked = [verdict for verdict in verdicts if verdict is not Verdict.NOT_ASKED]
    middle = len(asked) // 2
    assert worst(shuffled) == worst(verdicts)
    if asked[:middle]:
        assert worst([worst(asked[:middle]), worst(asked[middle:])]) == worst(verdicts)


@pytest.mark.parametrize(("place", "verdict"), list(enumerate(WEIGHED)))
def test_worst_first_fail_unproven_waived_pass(place: int, verdict: Verdict) -> None:
    assert worst(WEIGHED[place:]) is verdict


def test_of_nothing_unproven() -> None:
    assert worst([]) is Verdict.UNPROVEN
    assert of_run([]) is RunVerdict.INCOMPLETE


def test_flaky_counts_as_fail_and_not_asked_weighs_nothing() -> None:
    assert worst([Verdict.FLAKY, Verdict.UNPROVEN]) is Verdict.FAIL
    assert worst([Verdict.NOT_ASKED, Verdict.PASS]) is Verdict.PASS
    assert worst([Verdict.NOT_ASKED]) is Verdict.UNPROVEN


@pytest.mark.parametrize(
    ("verdicts", "run", "code"),
    [
        ([Verdict.PASS], RunVerdict.ACCEPTED, 0),
        ([Verdict.PASS, Verdict.WAIVED], RunVerdict.ACCEPTED_WITH_EXCEPTIONS, 0),
        ([Verdict.WAIVED, Verdict.UNPROVEN], RunVerdict.INCOMPLETE, 2),
        ([Verdict.UNPROVEN, Verdict.FAIL], RunVerdict.REJECTED, 1),
    ],
)
def test_a_run_is_its_items(verdicts: list[Verdict], run: RunVerdict, code: int) -> None:
    assert of_run(verdicts) is run
    assert run.exit_code == code


def test_an_item_passes_only_if_all_its_evidence_does() -> None:
    assert judged(ITEM, piece("1.2")).verdict is Verdict.PASS
    assert judged(ITEM, piece("1.2"), piece("1.2", verdict=Verdict.UNPROVEN)).verdict is Verdict.UNPROVEN
    refuted = judged(ITEM, piece("1.2"), piece("1.2", verdict=Verdict.FAIL, reason="saw 3"))
    assert (refuted.verdict, refuted.reason) == (Verdict.FAIL, "n: saw 3")


def test_an_item_without_evidence_is_unproven() -> None:
    assert judged(ITEM, piece("1.1")).reason == "no scenario"
    assert judged(ITEM, piece("1.2", verdict=Verdict.NOT_ASKED)).verdict is Verdict.UNPROVEN


def test_a_limitation_needs_a_scenario_of_its_own() -> None:
    crossings = piece("1.2", crossings=BOTH_WAYS)
    shown = piece("limitation-badge")
    assert judged(LIMITED, crossings, shown).verdict is Verdict.PASS
    assert judged(LIMITED, crossings).reason == "no scenario shows the known limitation badge"
    assert judged(LIMITED, crossings, piece("limitation-badge", verdict=Verdict.FAIL)).verdict is Verdict.FAIL


@pytest.mark.parametrize(("kept", "missing"), [(0, "target to the source"), (1, "source to the target")])
def test_an_item_with_limitations_needs_something_to_cross_each_way(kept: int, missing: str) -> None:
    one_way = piece("1.2", crossings=[BOTH_WAYS[kept]])
    judgement = judged(LIMITED, one_way, piece("limitation-badge"))
    assert judgement.verdict is Verdict.UNPROVEN
    assert missing in judgement.reason


def test_only_its_own_properties_count_as_crossing() -> None:
    stranger = [Crossing(property="shelf", direction=way) for way in ("to_target", "to_source")]
    evidence = piece("1.2", crossings=stranger), piece("limitation-badge")
    assert judged(LIMITED, *evidence).verdict is Verdict.UNPROVEN


def test_what_crossed_in_a_scenario_that_failed_counts_for_nothing() -> None:
    row = replace(LIMITED, directions=frozenset({"to_target"}))
    failed = piece("1.2", verdict=Verdict.NOT_ASKED, crossings=BOTH_WAYS)
    assert judged(row, failed, piece("1.2"), piece("limitation-badge")).verdict is Verdict.UNPROVEN


def test_a_statement_is_no_better_than_its_rows() -> None:
    statement = BoundItem("1.3", "k", "properties", "", 1, 1, rows=("1.3.1", "1.3.2"))
    rows = [BoundItem(id, id, "property", "", 1, 1) for id in statement.rows]
    sound = [piece("1.3.1"), piece("1.3.2")]
    verdicts = [judgement.verdict for judgement in judge([statement, *rows], sound, [], TODAY)]
    assert verdicts == [Verdict.PASS] * 3
    lacking = judge([statement, *rows], sound[:1], [], TODAY)
    assert [judgement.verdict for judgement in lacking] == [Verdict.UNPROVEN, Verdict.PASS, Verdict.UNPROVEN]
    assert lacking[0].reason == "row 1.3.2: no scenario"


@pytest.mark.parametrize("expires", [TODAY, date(2025, 5, 31)])
def test_a_waiver_covers_what_isnt_pass_until_it_expires(expires: date) -> None:
    waiver = Waiver("key-1.2", "agreed", "Ada", expires)
    failed = judged(ITEM, piece("1.2", verdict=Verdict.FAIL), waiver=waiver)
    assert failed.verdict is (Verdict.WAIVED if expires == TODAY else Verdict.FAIL)
    assert failed.unwaived is Verdict.FAIL
    passed = judged(ITEM, piece("1.2"), waiver=waiver)
    assert (passed.verdict, passed.waiver) == (Verdict.PASS, None)


def test_a_waiver_holds_to_the_key_not_to_the_number() -> None:
    waiver = Waiver("another", "agreed", "Ada", TODAY)
    assert judged(ITEM, piece("1.2", verdict=Verdict.FAIL), waiver=waiver).verdict is Verdict.FAIL


def test_a_rule_may_be_not_asked() -> None:
    assert of_rule("S13", [piece("S13", not_asked=["S13"])])[0] is Verdict.NOT_ASKED
    assert of_rule("S13", [piece("S13", not_asked=["S13"]), piece("S13")])[0] is Verdict.PASS
    assert of_rule("S13", [piece("S12")])[0] is Verdict.UNPROVEN

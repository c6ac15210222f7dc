"""Engine and oracle agree on every short history, not on some."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from bothways.acceptance.evidence import Evidence
from properties import kept
from properties.enumeration import LETTERS, PAIR_LETTERS, Wrong, every, worlds, wrong_among, wrong_with_fault
from properties.profiles import Profile
from properties.scenes import SMALLEST
from properties.simulation import Factory

PAIR_LENGTH = 3


@pytest.mark.proves("S07", "S08", "S09", "S17", "S19")
def test_every_history_of_one_record(
    factory: Factory, profile: Profile, found: Path, evidence: Evidence, capsys: pytest.CaptureFixture[str]
) -> None:
    histories = every(LETTERS, profile.depth)
    _agree(factory, histories, found, evidence)
    _tell(capsys, evidence, f"every history of {profile.depth} events over one record", len(histories))


@pytest.mark.proves("S07", "S08", "S12")
def test_every_history_of_two_records_and_two_properties(
    factory: Factory, profile: Profile, found: Path, evidence: Evidence, capsys: pytest.CaptureFixture[str]
) -> None:
    histories = every(PAIR_LETTERS, min(PAIR_LENGTH, profile.depth))
    _agree(factory, histories, found, evidence)
    _tell(capsys, evidence, "every history of two records and two properties", len(histories))


@pytest.mark.proves("S24", "S26")
def test_every_history_with_a_kill_or_a_lost_answer(
    factory: Factory, profile: Profile, found: Path, evidence: Evidence, capsys: pytest.CaptureFixture[str]
) -> None:
    total = 0
    for history in every(LETTERS, profile.depth_with_fault):
        ran, wrong = wrong_with_fault(history, factory)
        total += ran
        evidence.faultless(_kept(wrong, found), "a history with one fault")
    _tell(capsys, evidence, f"every history of {profile.depth_with_fault} events with one fault", total)


def test_as_many_histories_are_tried_as_there_are() -> None:
    histories = every(LETTERS, 3)
    assert len(histories) == len(set(histories)) == len(LETTERS) ** 3
    shared = list(worlds(histories, 50))
    assert sorted(history for world in shared for history in world) == sorted(histories)
    assert max(map(len, shared)) == 50


def _agree(factory: Factory, histories: Sequence[tuple[str, ...]], found: Path, evidence: Evidence) -> None:
    for world in worlds(histories):
        evidence.faultless(_kept(wrong_among(world, factory), found), "a history")


def _kept(wrong: Wrong | None, found: Path) -> list[str]:
    if wrong is None:
        return []
    history = ", ".join(wrong.history) or "nothing but a creation"
    file = found / f"{re.sub('[ ,]+', '-', history)}.json"
    kept.save(file, SMALLEST, wrong.events)
    return [f"{history}: {wrong.said}\nTo repeat it: bothways replay {file}"]


def _tell(capsys: pytest.CaptureFixture[str], evidence: Evidence, what: str, number: int) -> None:
    evidence.exercised({what: number})
    with capsys.disabled():
        print(f"\n{what}: {number} checked")  # noqa: T201  # the number is part of the claim

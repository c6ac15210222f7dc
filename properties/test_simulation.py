"""Histories that a state machine draws, judged by the oracle, under three mappings."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bothways.acceptance.evidence import Evidence
from bothways.acceptance.trial import Unproven
from properties.exercised import below
from properties.hunt import hunt
from properties.profiles import Profile
from properties.scenes import DRAWN, WEBSHOP, Scene
from properties.simulation import Factory

RULES = (
    "S01",
    "S02",
    "S04",
    "S05",
    "S07",
    "S08",
    "S09",
    "S11",
    "S12",
    "S13",
    "S14",
    "S16",
    "S17",
    "S19",
    "S20",
)
MOST_TURNS = 3
"""How often the histories are drawn until they have done enough."""
A_TURN = 1_000_000
FAULT_RULES = ("S22", "S23", "S24", "S26", "S27", "S32")


@pytest.mark.proves(*RULES, *FAULT_RULES)
@pytest.mark.parametrize("scene", DRAWN, ids=lambda scene: scene.name)
def test_no_history_breaks_a_rule(
    scene: Scene, factory: Factory, profile: Profile, found: Path, evidence: Evidence, seed: int
) -> None:
    histories = profile.histories if scene is WEBSHOP else profile.histories // 2
    done = Counter[str]()
    for turn in range(MOST_TURNS):
        done += hunt(scene, factory, histories, profile.steps, seed + turn * A_TURN, found)
        seldom = below(done, profile.floors(histories))
        if not seldom:
            break
    evidence.exercised(dict(sorted(done.items())))
    if seldom:  # which says nothing against the integration
        raise Unproven(f"the histories did too seldom (done, floor): {seldom}")
    evidence.holds(bool(done), f"{histories * (turn + 1)} histories broke no rule", dict(done))

"""Every fault of the catalogue is there, and is live: it happens where it is planted, and nowhere else."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

import pytest

from bothways.acceptance import project
from bothways.acceptance.engines import CORE
from calibration.absent import ABSENT
from calibration.bench import between

ROOT = Path(__file__).parents[2]
PLANTED = sorted(path.stem for path in (ROOT / "calibration").glob("f*.py"))
CATALOGUE = [f"F{number:02}" for number in range(1, 56)]


def module_of(stem: str) -> ModuleType:
    return importlib.import_module(f"calibration.{stem}")


def test_what_cannot_be_planted_has_a_reason_and_a_scenario() -> None:
    titles = {pickle.name for pickle in project.read(ROOT).pickles}
    for reason, scenario in ABSENT.values():
        assert reason
        assert scenario in titles


def test_the_catalogue_is_complete() -> None:
    planted = [stem[:3].upper() for stem in PLANTED]
    assert sorted([*planted, *ABSENT]) == CATALOGUE


@pytest.mark.parametrize("stem", PLANTED)
def test_it_says_what_it_is(stem: str) -> None:
    module = module_of(stem)
    assert (module.__doc__ or "").startswith(f"{stem[:3].upper()}: ")
    assert module.fault.rules


@pytest.mark.parametrize("stem", PLANTED)
def test_a_fault_happens_where_it_is_planted_and_nowhere_else(stem: str) -> None:
    happens = module_of(stem).happens
    with between(f"python:calibration.{stem}:build") as world:
        assert happens(world)
    with between(CORE) as world:
        assert not happens(world)

"""The whole search has teeth: a flawed engine is found, shrunk, and told as a scenario that fails as well."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from properties import flawed, kept
from properties.events import Create, Edit, Event, KeepState, LoseState, Settle, Wait
from properties.history import Invariant
from properties.hunt import Found, hunt, told
from properties.scenes import WEBSHOP
from properties.shrink import breaches, shortest

ROOT = Path(__file__).parent.parent
FLAWS = {
    "clears_get_lost": {Invariant.CONVERGENCE, Invariant.NO_LOST_UPDATE, Invariant.QUIET, Invariant.LISTED},
    "sells_twice": {Invariant.COUNTERS, Invariant.ONE_LINK},
    "creates_twice": {Invariant.ONE_CREATE, Invariant.ONE_LINK},
    "trusts_anybody": {Invariant.FORGED},
    "overlooks_names": {Invariant.CONVERGENCE, Invariant.NO_LOST_UPDATE, Invariant.QUIET},
}
RENAMED: list[Event] = [
    Create(
        "a",
        "webshop.Product",
        {"sku": "K-1", "name": 'a "mug"', "price": {"amount": "1.00", "currency": "USD"}, "stock": 3},
    ),
    Settle(),
    Wait(60),
    Edit("a", "webshop.Product", "description", "of no matter"),
    Settle(),
    Wait(60),
    Edit("a", "storefront.Sesamproducts", "name", "a cup"),
    Settle(),
]


@pytest.mark.parametrize("flaw", FLAWS)
def test_a_flaw_is_found(flaw: str, tmp_path: Path) -> None:
    with pytest.raises(Found):
        hunt(WEBSHOP, getattr(flawed, flaw), 60, 20, 0, tmp_path)
    (file,) = tmp_path.glob("*.json")
    scene, history = kept.load(file)
    assert breaches(scene, getattr(flawed, flaw), history)[0].invariant in FLAWS[flaw]
    assert len(history) <= 6, "the shortest history that shows it"


def test_what_was_read_after_a_lost_state_is_no_matter_of_the_cursor() -> None:
    price = {"amount": "2.00", "currency": "USD"}
    twins: list[Event] = [
        KeepState(),
        Create("b", "webshop.Product", {"sku": "K-1", "name": "name 1", "price": price}),
        Create("c", "webshop.Product", {"sku": "K-1"}),
        LoseState(older=True),
        Settle(),
    ]
    found = breaches(WEBSHOP, flawed.overlooks_names, twins)
    assert [breach.invariant for breach in found] == [Invariant.CONVERGENCE]


def test_a_history_is_shrunk_to_what_it_needs() -> None:
    short = shortest(WEBSHOP, flawed.overlooks_names, RENAMED)
    assert [event.do for event in short] == ["create", "settle", "edit", "settle"]
    assert short[0] == Create(
        "a",
        "webshop.Product",
        {"sku": "K-1", "name": "name 0", "price": {"amount": "1.00", "currency": "USD"}},
    )


@pytest.mark.parametrize(
    ("engine", "passes"), [("core", True), ("python:properties.flawed:overlooks_names", False)]
)
def test_the_scenario_of_a_failure_fails_in_the_same_way(engine: str, passes: bool, tmp_path: Path) -> None:
    short = shortest(WEBSHOP, flawed.overlooks_names, RENAMED)
    folder = tmp_path / "features" / "found"
    said = told(WEBSHOP, flawed.overlooks_names, short, folder)
    assert "Then the Custom Webshop Product shows name" in said
    (folder / "test_found.py").write_text(
        "from pytest_bdd import scenarios\n\nscenarios('found')\n", encoding="utf-8"
    )
    ended = _pytest(folder, f"--engine={engine}", f"-obdd_features_base_dir={tmp_path / 'features'}")
    assert (ended.returncode == 0) is passes, ended.stdout
    assert ("1 passed" if passes else "NeverQuiet" if "quiet" in said else "'name") in ended.stdout


def _pytest(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    ours = [
        "-c",
        str(ROOT / "pyproject.toml"),
        "-p",
        "conftest",
        "-p",
        "no:cacheprovider",
        f"--rootdir={ROOT}",
    ]
    return subprocess.run(  # noqa: S603  # our own suite
        [sys.executable, "-m", "pytest", "-q", *ours, *options, str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

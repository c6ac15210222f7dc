"""Imports go one way, and the core, the fakes and the oracle know nothing of each other (ARCHITECTURE.md)."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

FORBIDDEN = {
    "src/bothways/errors.py": ["bothways", "fakes", "steps", "properties"],
    "src/bothways/mapping.py": [
        "bothways.sync",
        "bothways.checklist",
        "bothways.acceptance",
        "fakes",
        "steps",
    ],
    "src/bothways/sync": [
        "bothways.checklist",
        "bothways.acceptance",
        "bothways.cli",
        "fakes",
        "steps",
        "properties",
    ],
    "src/bothways/checklist": [
        "bothways.sync",
        "bothways.mapping",
        "bothways.acceptance",
        "fakes",
        "steps",
        "properties",
    ],
    "src/bothways/acceptance": ["bothways.sync", "steps", "properties", "calibration"],
    "fakes": ["bothways", "steps", "properties"],
    "steps": ["bothways.sync", "properties", "calibration"],
    "properties": ["steps", "calibration"],
}

PURE = [f"src/bothways/sync/{name}.py" for name in ("members", "merging", "observe", "plan")]
OUTSIDE_WORLD = {"httpx", "sqlalchemy", "asyncio", "time", "random", "os", "pathlib"}


def imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{name.name}" for name in node.names)


def files(place: str) -> list[Path]:
    path = ROOT / place
    return [path] if path.is_file() else sorted(path.rglob("*.py"))


def strays(place: str, forbidden: list[str]) -> list[str]:
    return [
        f"{file.relative_to(ROOT)} imports {name}"
        for file in files(place)
        for name in imports(file)
        if any(name == room or name.startswith(f"{room}.") for room in forbidden)
    ]


@pytest.mark.parametrize(("place", "forbidden"), FORBIDDEN.items())
def test_imports_go_one_way(place: str, forbidden: list[str]) -> None:
    assert files(place), f"{place} is empty: does the layout still hold?"
    assert strays(place, forbidden) == []


def test_only_subjects_know_the_fakes_in_acceptance() -> None:
    assert {line.split()[0] for line in strays("src/bothways/acceptance", ["fakes"])} <= {
        "src/bothways/acceptance/subjects.py",
        "src/bothways/acceptance/simulated.py",
        "src/bothways/acceptance/explore/page.py",
        "src/bothways/acceptance/explore/serving.py",
        "src/bothways/acceptance/contained.py",  # within a function: a kill is no error of the subject's
        "src/bothways/acceptance/outside.py",  # subjects in processes of their own, for which they are served
    }


def test_every_command_starts_before_the_projects_own_folders_are_known(tmp_path: Path) -> None:
    commands = "import importlib, bothways.cli as cli; [*map(importlib.import_module, cli.COMMANDS.values())]"
    alone = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    alone["PYTHONPATH"] = str(ROOT / "src")
    started = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-P", "-c", commands],
        cwd=tmp_path,
        env=alone,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (started.returncode, started.stderr) == (0, "")


def test_the_oracle_knows_no_core() -> None:
    """Only the tests of the core's own laws name it."""
    assert {line.split()[0] for line in strays("properties", ["bothways.sync"])} <= {
        "properties/test_conflicts.py",
        "properties/test_round_trip.py",
    }


def test_a_stray_import_is_seen() -> None:
    assert strays("steps", ["bothways.mapping"]) != []


@pytest.mark.parametrize("place", PURE)
def test_the_decisions_are_pure(place: str) -> None:
    roots = {name.split(".")[0] for file in files(place) for name in imports(file)}
    assert roots & OUTSIDE_WORLD == set()

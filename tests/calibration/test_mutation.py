"""What mutation testing came to, as it is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from calibration.mutation import tell


def ran(folder: Path, module: str, codes: dict[str, int | None]) -> None:
    meta = folder / f"{module}.py.meta"
    meta.parent.mkdir(exist_ok=True)
    meta.write_text(json.dumps({"exit_code_by_key": codes}), encoding="utf-8")


def test_a_module_is_told_by_its_score_and_its_survivors(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ran(tmp_path, "sync/plan", {"plan.1": 1, "plan.2": 0, "plan.3": 1, "plan.4": None})
    ran(tmp_path, "sync/shape", {"shape.1": 1})
    ran(tmp_path, "sync/store", {"store.1": None})
    assert tell(tmp_path) == 1
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines[1:] == [
        ["sync/plan.py", "3", "2", "66.7%"],
        ["sync/shape.py", "1", "1", "100.0%"],
        ["3", "of", "4", "mutants", "noticed:", "75.0%"],
        ["survived", "plan.2"],
    ]


def test_with_nothing_left_it_is_well_and_with_nothing_run_it_is_not(tmp_path: Path) -> None:
    assert tell(tmp_path) == 2
    ran(tmp_path, "sync/plan", {"plan.1": 1})
    assert tell(tmp_path) == 0

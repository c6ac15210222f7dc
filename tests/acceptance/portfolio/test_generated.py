"""Generated portfolios: every checklist of every kind comes to the verdict that it must, and lint agrees.

`BOTHWAYS_PORTFOLIO=1000` asks for so many checklists instead of a few; `make portfolio` does.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from tests.acceptance.portfolio.generated import KINDS, portfolio
from tests.acceptance.suite import ROOT, environment

SIZE = int(os.environ.get("BOTHWAYS_PORTFOLIO", "20"))
ENGINE = "python:tests.acceptance.raw:build"


def run(many: Path, out: Path) -> dict[str, dict[str, Any]]:
    """The entries of a portfolio's run, by the stems of its files."""
    options = ("--engine", ENGINE, "--out", str(out))
    subprocess.run(  # noqa: S603 - our own command, on files of ours
        [sys.executable, "-m", "bothways", "portfolio", str(many), *options],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        check=False,
    )
    read = json.loads((out / "portfolio.json").read_text(encoding="utf-8"))
    return {Path(entry["file"]).stem: entry for entry in read["checklists"]}


def test_every_checklist_comes_to_its_verdict(tmp_path: Path) -> None:
    many, out = tmp_path / "many", tmp_path / "out"
    many.mkdir()
    planned = {f"{number:04}-{one.kind}": one for number, one in enumerate(portfolio(seed=1, size=SIZE))}
    assert {one.kind for one in planned.values()} == set(KINDS)
    for name, one in planned.items():
        (many / f"{name}.rst").write_text(one.text, encoding="utf-8", newline="")

    began = time.perf_counter()
    entries = run(many, out)
    seconds = time.perf_counter() - began

    seen = {name: entry["verdict"] for name, entry in entries.items()}
    verdicts = ", ".join(f"{count} {verdict}" for verdict, count in Counter(seen.values()).items())
    sys.stderr.write(
        f"\n{len(seen)} checklists in {seconds:.0f} s, {len(seen) / seconds:.2f} a second: {verdicts}\n"
    )
    assert seen == {name: one.verdict for name, one in planned.items()}
    for name, entry in entries.items():
        if entry["report"]:
            result = json.loads((out / entry["report"]).with_name("result.json").read_text(encoding="utf-8"))
            assert disagreements(result) == [], name


def disagreements(result: dict[str, Any]) -> list[str]:
    """Items that lint and the run judge differently: an error that was proved, or no proof and nothing to fill in."""
    said = {item["line"] for item in result["items"] if item["verdict"] == "UNPROVEN"}
    wrong = {found["line"] for found in result["findings"] if found["severity"] == "error"}
    proved = [item["id"] for item in result["items"] if item["line"] in wrong - said]
    unexplained = [
        item["id"]
        for item in result["items"]
        if item["verdict"] == "UNPROVEN" and not any("FILL IN" in one["name"] for one in item["evidence"])
    ]
    return [
        *(f"{id}: an error, and proved" for id in proved),
        *(f"{id}: nothing to fill in" for id in unexplained),
    ]

"""`bothways calibrate`: a handful of faults end to end, what is kept of it, and when that is out of date."""

from __future__ import annotations

import json
import shutil
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bothways.acceptance import calibration, project
from bothways.acceptance.calibrate import Planted, planted
from bothways.acceptance.calibration import LAST, Calibration, Clean, FaultPart
from bothways.acceptance.project import Project
from bothways.errors import InputError
from tests.acceptance.suite import start

ROOT = Path(__file__).parents[2]
EXPECTED = {"F20": "S08", "F32": "S27", "F55": "S21"}
"""One that an item notices, one of the connector's, one of a rule alone."""


@pytest.fixture
def copied(tmp_path: Path) -> Project:
    """The project in a folder of its own, of which a test may change anything."""
    for name in ("calibration", "checklists", "fakes", "features", "mappings", "properties", "src", "steps"):
        shutil.copytree(
            ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "last.json")
        )
    shutil.copy(ROOT / "conftest.py", tmp_path)
    return project.read(tmp_path)


def kept(read: Project, **changes: Any) -> Calibration:
    fault = FaultPart(
        id="F20",
        name="inverted-winner",
        live=True,
        reason="",
        noticed=True,
        by=["features/a.feature:3"],
        items=["1.2"],
        rules=["S08"],
        seconds=1.0,
    )
    whole = Calibration(
        suite_sha256=calibration.digest(read),
        checklist=read.checklist_path.as_posix(),
        measured="2026-03-01",
        matrix=False,
        clean=Clean(seeds=5, alarms=0, raised=[]),
        faults=[fault],
    ).model_copy(update=changes)
    (read.root / LAST).write_text(whole.to_json(), encoding="utf-8")
    return whole


def test_each_fault_is_noticed_by_its_rule() -> None:
    only = [f"--only={id}" for id in EXPECTED]
    before = (ROOT / LAST).read_bytes() if (ROOT / LAST).exists() else None
    ended = start(ROOT, "bothways", "calibrate", *only, "--seeds=0", "--format", "json")
    assert ended.code == 0, ended.err
    told = json.loads(ended.out)
    jsonschema.validate(told, schema())
    seen = {fault["id"]: fault for fault in told["faults"] if fault["live"]}
    assert seen.keys() == EXPECTED.keys()
    for id, rule in EXPECTED.items():
        assert seen[id]["noticed"], id
        assert rule in seen[id]["rules"]
        assert len(seen[id]["by"]) == 1, "it ends at what notices it first"
    assert before == ((ROOT / LAST).read_bytes() if before else None), "a part of it isn't kept"


def schema() -> dict[str, Any]:
    shipped = files("bothways").joinpath("schemas/calibration.schema.json").read_text(encoding="utf-8")
    read: dict[str, Any] = json.loads(shipped)
    return read


def test_the_schema_is_the_one_that_is_shipped() -> None:
    assert schema() == calibration.json_schema()


def test_a_calibration_holds_until_the_suite_changes(copied: Project) -> None:
    assert calibration.last(copied) is None
    whole = kept(copied)
    assert calibration.last(copied) == whole.model_dump() | {"stale": False}
    step = copied.root / "steps" / "records.py"
    step.write_text(step.read_text(encoding="utf-8") + "\n# other\n", encoding="utf-8")
    told = calibration.last(copied)
    assert told is not None
    assert told["stale"]


@pytest.mark.parametrize(
    "part",
    [
        "features/rules/edits.feature",
        "mappings/custom_webshop.yaml",
        "checklists/custom-webshop.rst",
        "fakes/squarespace/stock.py",
        "properties/oracle.py",
        "src/bothways/sync/plan.py",
        "calibration/f20_inverted_winner.py",
    ],
)
def test_it_is_bound_to_every_part_of_the_suite(copied: Project, part: str) -> None:
    before = calibration.digest(copied)
    file = copied.root / part
    file.write_text(file.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert calibration.digest(copied) != before


def test_it_says_nothing_of_another_checklist(copied: Project) -> None:
    kept(copied, checklist="checklists/other.rst")
    assert calibration.last(copied) is None


def test_a_file_that_is_no_calibration_is_refused(copied: Project) -> None:
    (copied.root / LAST).write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match=r"calibration/last\.json"):
        calibration.last(copied)


def test_a_missed_fault_and_a_false_alarm_are_unsound(copied: Project) -> None:
    whole = kept(copied)
    missed = whole.faults[0].model_copy(update={"noticed": False})
    assert whole.sound
    assert not whole.model_copy(update={"faults": [missed]}).sound
    assert not whole.model_copy(update={"clean": Clean(seeds=5, alarms=1, raised=["seed 0: x"])}).sound


def test_faults_are_named_as_in_the_catalogue(tmp_path: Path) -> None:
    fault = Planted("f13_blind_write")
    assert (fault.id, fault.name) == ("F13", "blind-write")
    assert [one.id for one in planted(ROOT, ["f13"])] == ["F13"]
    with pytest.raises(InputError, match="F99"):
        planted(ROOT, ["F99"])
    with pytest.raises(InputError, match="no fault is planted"):
        planted(tmp_path)

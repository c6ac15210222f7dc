"""The workflow files that we offer are ones their hosts take, and let nothing through without a result."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
import yaml

from bothways import mapping_file
from bothways.acceptance import gate
from bothways.acceptance.items import limitations_of
from tests.acceptance.suite import ROOT

GITHUB, GITLAB = ROOT / "docs/ci/github-workflow.yml", ROOT / "docs/ci/gitlab-ci.yml"
SCHEMAS = {
    GITHUB: ["--builtin-schema", "vendor.github-workflows"],
    GITLAB: ["--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci"],
}
GATE = "bothways gate out/result.json --rules gate.yaml"


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.stem)
def test_a_workflow_fits_its_hosts_schema(path: Any) -> None:
    checked = subprocess.run(  # noqa: S603 - a checker, on files of ours
        [sys.executable, "-m", "check_jsonschema", *SCHEMAS[path], path],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert checked.returncode == 0, checked.stdout


def test_the_required_job_runs_always_and_is_the_gate() -> None:
    github = yaml.safe_load(GITHUB.read_text(encoding="utf-8"))["jobs"]["acceptance"]
    gitlab = yaml.safe_load(GITLAB.read_text(encoding="utf-8"))["acceptance"]
    assert (github["if"], github["steps"][-1]["run"]) == ("always()", GATE)
    assert (gitlab["when"], gitlab["script"]) == ("always", [GATE])


def test_our_gate_allows_the_known_limitations_and_no_other() -> None:
    known = {limit.id for limit in limitations_of(mapping_file.load(ROOT / "mappings/custom_webshop.yaml"))}
    assert set(gate.read(ROOT / "gate.yaml").limitations) == known

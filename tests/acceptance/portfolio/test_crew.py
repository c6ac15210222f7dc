"""Workers that are lost: the rest of a portfolio goes on, here and on a cluster."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bothways.acceptance.portfolio import crew
from bothways.acceptance.portfolio.entry import Job
from bothways.errors import InputError
from tests.acceptance.portfolio import work
from tests.acceptance.portfolio.test_portfolio import put
from tests.acceptance.suite import ROOT


def jobs(out: Path, files: str = "abcdef") -> list[Job]:
    """A job for each letter."""
    return [
        Job(root=out, file=file, path=out / file, out=out, engine="core", profile="quick", seed=0, sha256="")
        for file in files
    ]


def verdicts(team: crew.Crew, out: Path) -> dict[str, str]:
    """What a crew makes of all jobs. Each is told once."""
    entries = list(team.run(jobs(out)))
    assert len(entries) == 6
    return {entry.file: str(entry.verdict) for entry in entries}


def test_a_job_whose_worker_is_killed_is_done_by_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crew, "run_one", work.dies_once)

    assert verdicts(crew.local(), tmp_path) == dict.fromkeys("abcdef", "ACCEPTED")
    assert (tmp_path / "killed").exists()


def test_a_job_that_kills_every_worker_could_not_run_and_stops_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crew, "run_one", work.dies_always)

    assert verdicts(crew.local(), tmp_path) == dict.fromkeys("abcdef", "ACCEPTED") | {"b": "COULD_NOT_RUN"}


@pytest.fixture
def scheduler() -> Iterator[str]:
    """The address of a Dask scheduler with two worker processes."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
    ) as running:
        yield running.scheduler_address


def test_a_cluster_loses_a_worker_on_the_way_and_no_job(
    scheduler: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crew, "run_one", work.dies_once)

    with crew.cluster(scheduler) as team:
        assert verdicts(team, tmp_path) == dict.fromkeys("abcdef", "ACCEPTED")
    assert (tmp_path / "killed").exists()


def test_a_cluster_runs_checklists_as_this_machine_does(scheduler: str, tmp_path: Path) -> None:
    put(tmp_path / "sound.rst")
    put(tmp_path / "prose.rst", opening="when", words="is of age")
    job = jobs(tmp_path, "a")[0].model_copy(update={"root": ROOT, "out": tmp_path / "out"})
    real = [
        job.model_copy(update={"file": path.name, "path": path}) for path in sorted(tmp_path.glob("*.rst"))
    ]

    with crew.cluster(scheduler) as team:
        entries = {entry.file: entry for entry in team.run(real)}

    assert {file: str(entry.verdict) for file, entry in entries.items()} == {
        "prose.rst": "INCOMPLETE",
        "sound.rst": "ACCEPTED",
    }
    assert all((tmp_path / "out" / entry.report).exists() for entry in entries.values())


def test_without_dask_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)

    with pytest.raises(InputError, match=r"install bothways\[dask\]"), crew.cluster("tcp://127.0.0.1:1"):
        pass

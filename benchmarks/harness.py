"""The harness: `python -m benchmarks.harness [--sections N]`, figures as JSON."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click

from benchmarks.board import ROOT, Figures
from bothways.checklist.parse import parse_text

WEBSHOP = ROOT / "checklists" / "custom-webshop.rst"
MACHINE = 20.0
"""Seconds for which histories are drawn."""

PARSED = 50

SECTION = """
{heading}
{line}
Every {source} will be synchronized with a {target}.

Once a link between a {source} and a {target} is established, it will keep in sync between the two systems, \
regardless of where it is edited.

The following properties are synchronized between a {source} and a {target}:

.. list-table::
   :header-rows: 1

   * - {source} Property
     - {target} Property
     - Data Type
   * - name
     - name
     - String
   * - code
     - code
     - String
"""


def checklist(sections: int) -> str:
    """A checklist of ours with so many sections."""
    title = "Orchard to Market Dataflow"
    head = f"{'=' * len(title)}\n{title}\n{'=' * len(title)}"
    parts = [f"{head}\n\nGenerated: 2024-10-01 08:00:00\n\nIntroduction\n------------\n"]
    for number in range(1, sections + 1):
        source, target = f"Orchard Crop {number}", f"Market Stall {number}"
        heading = f"{source} to {target}"
        parts.append(SECTION.format(heading=heading, line="-" * len(heading), source=source, target=target))
    return "\n".join(parts)


def timed(*command: str | Path, folder: Path = ROOT) -> tuple[float, str]:
    """Seconds that a command took, and what it said. Raises ChildProcessError where it could not run."""
    began = time.perf_counter()
    environment = os.environ | {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
    done = subprocess.run(  # noqa: S603  # our own modules
        [sys.executable, *command], cwd=folder, capture_output=True, text=True, check=False, env=environment
    )
    seconds = time.perf_counter() - began
    if done.returncode > 2:
        raise ChildProcessError(f"{command}: {done.stderr[-500:]}")
    return seconds, done.stdout + done.stderr


def run(path: Path, out: Path) -> Figures:
    """One run of a checklist: minutes, scenarios, and how many of them a second."""
    seconds, _ = timed("-m", "bothways", "run", path, "--out", out)
    result = json.loads((out / "result.json").read_text(encoding="utf-8"))
    shown = {each["id"] for item in result["items"] for each in item["evidence"]}
    scenarios = len(shown.union(*(rule["evidence"] for rule in result["rules"])))
    return {"minutes": seconds / 60, "scenarios": scenarios, "scenarios_a_second": scenarios / seconds}


def empty(scenarios: int, folder: Path) -> Figures:
    """pytest-bdd with so many scenarios of one empty step, and nothing of ours."""
    lines = [f"  Scenario: number {number}\n    Given nothing\n" for number in range(scenarios)]
    (folder / "empty.feature").write_text("Feature: Empty\n" + "".join(lines), encoding="utf-8")
    (folder / "test_empty.py").write_text(
        "from pytest_bdd import given, scenarios\n\nscenarios('empty.feature')\n\n\n@given('nothing')\ndef _(): ...\n",
        encoding="utf-8",
    )
    seconds, said = timed(
        "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", folder, folder, folder=folder
    )
    if f"{scenarios} passed" not in said:
        raise ChildProcessError(said[-500:])
    return {"minutes": seconds / 60, "scenarios_a_second": scenarios / seconds}


def machine() -> Figures:
    """Histories of 30 steps by the state machine, judged by the oracle."""
    _, said = timed("-m", "properties.simulate", "--seconds", str(MACHINE), "--seed", "1")
    found = re.search(r"([\d.]+) histories of (\d+) steps a second on (\d+) cores", said)
    if found is None:
        raise ChildProcessError(said[-500:])
    rate, steps, cores = float(found[1]), int(found[2]), int(found[3])
    return {"machine_steps_a_second": rate * steps, "cores": cores}


def parsing() -> float:
    """Milliseconds a document, the webshop's."""
    text = WEBSHOP.read_text(encoding="utf-8")
    began = time.perf_counter()
    for _ in range(PARSED):
        parse_text(text, WEBSHOP.name)
    return (time.perf_counter() - began) / PARSED * 1000


@click.command()
@click.option("--sections", default=100, show_default=True, help="Of the larger checklist.")
def main(sections: int) -> None:
    """Measure the harness."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        webshop = run(WEBSHOP, folder / "webshop")
        large = folder / "orchard.rst"
        large.write_text(checklist(sections), encoding="utf-8")
        figures = {
            "webshop": webshop,
            "sections": run(large, folder / "large"),
            "pytest_bdd_empty": empty(webshop["scenarios"], folder),
            **machine(),
            "parse_ms": parsing(),
        }
    click.echo(json.dumps(figures))


if __name__ == "__main__":
    main()

"""`bothways replay`: exactly the events of a kept list, once more."""

from __future__ import annotations

from pathlib import Path

from properties import kept
from properties.scenario import as_scenario
from properties.shrink import run
from properties.simulation import Factory


def replay(file: Path, factory: Factory) -> tuple[bool, str]:
    """Whether no rule is broken, and what a person reads of it. Raises `InputError` for a file that is no list."""
    scene, history = kept.load(file)
    with run(scene, factory, history) as simulation:
        breaches = simulation.oracle.breaches
        if breaches:
            return False, "\n\n".join([*map(str, breaches), as_scenario(simulation, breaches[0])])
        requests = simulation.request_log().count(b"\n") + 1
        return True, f"{len(history)} events, {requests} requests: no rule is broken"

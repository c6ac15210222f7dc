"""The search for a history that breaks a rule, and what is told of one that was found."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from hypothesis import seed as seeded
from hypothesis.stateful import run_state_machine_as_test

from properties import kept, profiles
from properties.machine import Machine, Objection
from properties.scenario import as_scenario
from properties.scenes import Scene
from properties.shrink import History, run, shortest
from properties.simulation import Factory


class Found(AssertionError):
    """A history breaks a rule. The text is what a person reads; the shortest such history is kept."""


AFRESH = 10
"""Histories that Hypothesis draws before it starts to make new ones out of old ones, which do the same things."""


def hunt(scene: Scene, factory: Factory, histories: int, steps: int, seed: int, found: Path) -> Counter[str]:
    """Draw histories of so many steps, and count what they did. Raises `Found`."""
    done: Counter[str] = Counter()
    own = {"scene": scene, "factory": staticmethod(factory), "exercised": done}
    for number, begun in enumerate(range(0, histories, AFRESH)):
        drawn = profiles.of_machine(min(AFRESH, histories - begun), steps)
        machine = seeded(f"{seed}/{number}")(type(f"{scene.name.title()}Machine", (Machine,), own))
        try:
            run_state_machine_as_test(machine, settings=drawn)
        except Objection as objection:
            history = shortest(scene, factory, objection.history)
            raise Found(told(scene, factory, history, found)) from None
    return done


def told(scene: Scene, factory: Factory, history: History, found: Path) -> str:
    """What a person reads of a history that breaks a rule. It is kept in the folder `found`, as events to be
    replayed and as a scenario."""
    with run(scene, factory, history) as simulation:
        breach = simulation.oracle.breaches[0]
        scenario = as_scenario(simulation, breach)
    name = "-".join([scene.name, *breach.invariant.replace("'", "").split()])
    file = found / f"{name}.json"
    kept.save(file, scene, history)
    file.with_suffix(".feature").write_text(scenario, encoding="utf-8")
    return f"{breach}\n\n{scenario}\nTo repeat it: bothways replay {file}"

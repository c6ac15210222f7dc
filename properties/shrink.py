"""Making a failing list of events as short as it gets. Any part of such a list is one too, so parts are left out."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from properties.events import Cycle, Event
from properties.history import Breach, Invariant
from properties.scenes import Scene
from properties.simulation import Factory, Simulation
from properties.state import memory

History = Sequence[Event]


def breaches(scene: Scene, factory: Factory, history: History) -> list[Breach]:
    """What the oracle finds in one run of the events."""
    with tempfile.TemporaryDirectory(dir=memory()) as folder:
        with Simulation(scene, factory, Path(folder) / "state") as simulation:
            return simulation.run(history).oracle.breaches


def shortest(scene: Scene, factory: Factory, history: History) -> list[Event]:
    """A list that breaks the same invariant first, and from which no event can be left out."""
    broken = breaches(scene, factory, history)[0].invariant

    def fails(candidate: History) -> bool:
        found = breaches(scene, factory, candidate)
        return bool(found) and found[0].invariant is broken

    return _calmer(_fewer(list(history), fails), fails)


def _fewer(history: list[Event], fails: Callable[[History], bool]) -> list[Event]:
    size = len(history) // 2
    while size:
        start = 0
        while start < len(history):
            candidate = history[:start] + history[start + size :]
            if fails(candidate):
                history = candidate
            else:
                start += size
        size //= 2
    return history


def _calmer(history: list[Event], fails: Callable[[History], bool]) -> list[Event]:
    """Without what needn't happen during cycles."""
    for number, event in enumerate(history):
        if isinstance(event, Cycle):
            for plain in (Cycle(), replace(event, during=()), replace(event, together=False)):
                candidate = [*history[:number], plain, *history[number + 1 :]]
                if plain != event and fails(candidate):
                    history = candidate
                    break
    return history


def named(invariant: Invariant) -> str:
    """The invariant as part of a file's name."""
    return invariant.replace(" ", "-").replace("'", "")

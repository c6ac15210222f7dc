"""Making a failing list of events as short as it gets. Any part of such a list is one too, so parts are left out."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from properties.events import Create, Cycle, Edit, Event
from properties.history import Breach
from properties.scenes import Scene
from properties.simulation import Factory, Simulation
from properties.state import memory

History = Sequence[Event]
LEGIBLE = 30
"""Characters."""
Fails = Callable[[History], bool]


def breaches(scene: Scene, factory: Factory, history: History) -> list[Breach]:
    """What the oracle finds in one run of the events."""
    with run(scene, factory, history) as simulation:
        return simulation.oracle.breaches


@contextmanager
def run(scene: Scene, factory: Factory, history: History) -> Iterator[Simulation]:
    """A simulation in which the events have happened; its folder goes with it."""
    with (
        tempfile.TemporaryDirectory(dir=memory()) as folder,
        Simulation(scene, factory, Path(folder) / "state") as simulation,
    ):
        yield simulation.run(history)


def shortest(scene: Scene, factory: Factory, history: History) -> list[Event]:
    """A list that breaks the same invariant first, and from which no event can be left out."""
    broken = breaches(scene, factory, history)[0].invariant

    def fails(candidate: History) -> bool:
        found = breaches(scene, factory, candidate)
        return bool(found) and found[0].invariant is broken

    return _plainer(_calmer(_fewer(list(history), fails), fails), fails)


def _fewer(history: list[Event], fails: Fails) -> list[Event]:
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


def _calmer(history: list[Event], fails: Fails) -> list[Event]:
    """Without what needn't happen during cycles."""
    for number, event in enumerate(history):
        if isinstance(event, Cycle):
            for plain in (replace(event, together=False), replace(event, during=()), Cycle()):
                history = _with(history, number, plain, fails)
    return history


def _plainer(history: list[Event], fails: Fails) -> list[Event]:
    """With fewer properties and simpler texts, as long as it still fails."""
    for number, event in enumerate(history):
        if isinstance(event, Edit):
            plain = replace(event, value=_simple(event.property, event.value, number))
            history = _with(history, number, plain, fails)
        for name in event.values if isinstance(event, Create) else ():
            history = _with(history, number, _simpler(history[number], name, number), fails)
            history = _with(history, number, _without(history[number], name), fails)
    return history


def _simpler(event: Event, name: str, number: int) -> Event:
    assert isinstance(event, Create)
    return replace(event, values={**event.values, name: _simple(name, event.values[name], number)})


def _without(event: Event, name: str) -> Event:
    assert isinstance(event, Create)
    return replace(event, values={other: value for other, value in event.values.items() if other != name})


def _with(history: list[Event], number: int, event: Event, fails: Fails) -> list[Event]:
    candidate = [*history[:number], event, *history[number + 1 :]]
    return candidate if event != history[number] and fails(candidate) else history


def _simple(name: str, value: object, number: int) -> object:
    """Plain words in place of a text that is hard to read."""
    hard = isinstance(value, str) and (not value.isascii() or '"' in value or len(value) > LEGIBLE)
    return f"{name} {number}" if hard else value

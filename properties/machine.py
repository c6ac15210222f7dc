"""The state machine: draws what happens next, and stops at the first thing that the oracle finds wrong."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from properties import events
from properties.events import During, Event
from properties.layout import dig
from properties.scenes import WEBSHOP, Scene
from properties.simulation import Factory, Simulation
from properties.state import memory
from properties.strategies import FAULTS, FLAVOURS, SECONDS, SKEWS, Edit, Possible

MOST_THINGS = 4
THINGS = st.integers(0, MOST_THINGS - 1)
CHOICES = st.integers(0, 255)
REQUESTS = st.sampled_from([1, 1, 2, 2, 3, 3, 4, 5, 6, 8, 12, 20])
"""Where in a cycle something happens: most cycles make few requests."""
KILLS = ("kill_before", "kill_after")


class Objection(AssertionError):
    """The oracle objects to this history."""

    def __init__(self, said: str, history: list[Event]) -> None:
        super().__init__(said)
        self.history = history


class Machine(RuleBasedStateMachine):
    """One history under `scene`, with `factory`'s engine. Subclasses set both, and read what was exercised."""

    scene: ClassVar[Scene] = WEBSHOP
    factory: ClassVar[Factory]
    exercised: ClassVar[Counter[str]]
    faults: ClassVar[tuple[str, ...]] = FAULTS

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="bothways-", dir=memory()))
        self.simulation = Simulation(self.scene, type(self).factory, self.folder / "state")
        self.possible = Possible(self.simulation.oracle.layout)
        self.number = 0

    # Rules

    @initialize(choice=CHOICES, flavour=FLAVOURS)
    def first(self, choice: int, flavour: int) -> None:
        self._create(choice, flavour)

    @precondition(lambda self: len(self.simulation.things) < MOST_THINGS)
    @rule(choice=CHOICES, flavour=FLAVOURS, pause=SECONDS)
    def create(self, choice: int, flavour: int, pause: float) -> None:
        self._pause(pause)
        self._create(choice, flavour)

    @precondition(lambda self: len(self.simulation.things) < MOST_THINGS)
    @rule(choice=CHOICES, flavour=FLAVOURS)
    def create_again(self, choice: int, flavour: int) -> None:
        """A record with the key of the first thing: a twin, or the first one created again."""
        first = next(event for event in self.simulation.happened if isinstance(event, events.Create))
        keys = {p.name for p in self.simulation.oracle.layout.properties.values() if self.possible.is_key(p)}
        self._create(choice, flavour, {name: first.values[name] for name in keys if name in first.values})

    @rule(thing=THINGS, choice=CHOICES, flavour=FLAVOURS, pause=SECONDS)
    def edit(self, thing: int, choice: int, flavour: int, pause: float) -> None:
        self._pause(pause)
        self._do(self._an_edit(thing, choice, flavour))

    @rule(thing=THINGS, choice=CHOICES, other=CHOICES, flavour=FLAVOURS, pause=SECONDS)
    def edit_both(self, thing: int, choice: int, other: int, flavour: int, pause: float) -> None:
        """Two people edit one property on two sides, soon after each other or at once."""
        if not self._on_two_sides(thing):
            self._do(events.Cycle())  # which may bring the thing to another
        there = self._those_there(self.possible.edits, thing)
        shared = self._on_two_sides(thing) or there
        first = shared[choice % len(shared)]
        same = [edit for edit in there if _elsewhere(first, edit)]
        self._do(self._edit(thing, first, flavour))
        self._pause(pause)
        if same:
            self._do(self._edit(thing, same[other % len(same)], flavour + 1))

    @rule(thing=THINGS, choice=CHOICES, pause=SECONDS)
    def clear(self, thing: int, choice: int, pause: float) -> None:
        self._pause(pause)
        edit = self._there(
            [edit for edit in self.possible.edits if not self.possible.is_key(edit.prop)], thing, choice
        )
        self._do(events.Edit(self._thing(thing), ".".join(edit.side), edit.prop.name, None))

    @precondition(lambda self: self.possible.counts)
    @rule(thing=THINGS, choice=CHOICES, by=st.integers(-9, 9).filter(bool), pause=SECONDS)
    def count(self, thing: int, choice: int, by: int, pause: float) -> None:
        self._pause(pause)
        self._do(self._a_count(thing, choice, by))

    @rule(thing=THINGS, choice=CHOICES, pause=SECONDS)
    def delete(self, thing: int, choice: int, pause: float) -> None:
        self._pause(pause)
        sides = self.simulation.oracle.layout.sides
        self._do(events.Delete(self._thing(thing), ".".join(sides[choice % len(sides)])))

    @rule(pace=st.sampled_from([0, 5, 400]), restart=st.booleans())
    def cycle(self, pace: int, restart: bool) -> None:
        if restart:
            self._do(events.Restart())
        self._do(events.Cycle(pace))

    @rule(at=REQUESTS, kind=st.integers(0, len(FAULTS) - 1), pace=st.sampled_from([0, 5]))
    def faulty_cycle(self, at: int, kind: int, pace: int) -> None:
        self._do(events.Cycle(pace, during=(During(at, self.faults[kind % len(self.faults)]),)))

    @precondition(lambda self: set(KILLS) <= set(self.faults))
    @rule(at=REQUESTS, kind=st.sampled_from(KILLS))
    def killed_cycle(self, at: int, kind: str) -> None:
        self._do(events.Cycle(during=(During(at, kind),)))

    @rule(thing=THINGS, choice=CHOICES, flavour=FLAVOURS, at=REQUESTS)
    def edit_during_a_cycle(self, thing: int, choice: int, flavour: int, at: int) -> None:
        event = self._an_edit(thing, choice, flavour)
        self._do(events.Cycle(during=(During(at, event=event),)))

    @rule(thing=THINGS, choice=CHOICES, by=st.integers(-3, 3).filter(bool), at=REQUESTS)
    def count_during_a_cycle(self, thing: int, choice: int, by: int, at: int) -> None:
        if self.possible.counts:
            event = self._a_count(thing, choice, by)
            self._do(events.Cycle(during=(During(at, event=event),)))

    @rule(
        choice=CHOICES, back=st.sampled_from([0, 0, 0, 1, 2, 5]), forged=st.sampled_from([False, False, True])
    )
    def notification(self, choice: int, back: int, forged: bool) -> None:
        """One arrives: at once, late, again, in another order, or from somebody else."""
        keys = sorted(self.simulation.systems)
        self._do(events.Notify(keys[choice % len(keys)], back, forged))

    @precondition(lambda self: self.simulation.happened[-1].do != "settle")
    @rule()
    def settle(self) -> None:
        self._do(events.Settle())

    @rule(kind=CHOICES, choice=CHOICES, seconds=SKEWS)
    def trouble(self, kind: int, choice: int, seconds: float) -> None:
        """Something befalls a clock, a toggle or the engine's state."""
        keys = sorted(self.simulation.systems)
        system = keys[choice % len(keys)]
        happenings: list[Event] = [
            events.SetClock(system, seconds),
            events.SetClock(system, -seconds),
            events.Share(system, on=False),
            events.Share(system, on=True),
            events.KeepState(),
            events.LoseState(),
            events.LoseState(older=True),
            events.Cycle(together=True),
        ]
        self._do(happenings[kind % len(happenings)])

    def teardown(self) -> None:
        try:
            if not self.simulation.oracle.breaches:
                self._do(events.Settle())
        finally:
            type(self).exercised.update(self.simulation.exercised)
            self.simulation.__exit__()
            shutil.rmtree(self.folder)

    # What the rules are made of

    def _do(self, event: Event) -> None:
        self.simulation.happen(event)
        if self.simulation.oracle.breaches:
            raise Objection(str(self.simulation.oracle.breaches[0]), self.simulation.happened)

    def _pause(self, seconds: float) -> None:
        if seconds:
            self._do(events.Wait(seconds))

    def _thing(self, number: int) -> str:
        things = list(self.simulation.things)
        return things[number % len(things)] if things else "a"

    def _create(self, choice: int, flavour: int, keys: Mapping[str, Any] | None = None) -> None:
        self.number += 1
        sides = self.possible.creatable
        side = sides[choice % len(sides)]
        name = "abcdefgh"[len(self.simulation.things)]
        values = self.possible.new(side, self.number, flavour, self._a_sku())
        values |= {key: value for key, value in (keys or {}).items() if key in values}
        self._do(events.Create(name, ".".join(side), values))

    def _a_sku(self) -> str | None:
        for side, id_ in self.simulation.things.values():
            sku = dig(self.simulation.systems[side[0]].show(side[1], id_) or {}, "sku")
            if isinstance(sku, str):
                return sku
        return None

    def _an_edit(self, thing: int, choice: int, flavour: int) -> events.Edit:
        return self._edit(thing, self._there(self.possible.edits, thing, choice), flavour)

    def _there(self, edits: list[Edit], thing: int, choice: int) -> Edit:
        there = self._those_there(edits, thing)
        return there[choice % len(there)]

    def _those_there(self, edits: list[Edit], thing: int) -> list[Edit]:
        """Those of the edits that are on a side where the thing has a record, all of them if none are."""
        origin = self.simulation.things.get(self._thing(thing))
        entity = None if origin is None else self.simulation.oracle.entities.of(origin)
        return [edit for edit in edits if entity is not None and entity.on(edit.side)] or edits

    def _on_two_sides(self, thing: int) -> list[Edit]:
        """What can be edited on more than one side of the thing now."""
        there = self._those_there(self.possible.edits, thing)
        return [edit for edit in there if any(_elsewhere(edit, other) for other in there)]

    def _edit(self, thing: int, edit: Edit, flavour: int) -> events.Edit:
        self.number += 1
        value = self.possible.value(edit.prop, self.number, flavour)
        return events.Edit(self._thing(thing), ".".join(edit.side), edit.prop.name, value)

    def _a_count(self, thing: int, choice: int, by: int) -> events.Count:
        count = self._there(self.possible.counts, thing, choice)
        return events.Count(self._thing(thing), ".".join(count.side), count.prop.name, by)


def _elsewhere(one: Edit, other: Edit) -> bool:
    """Whether the two edit one property on two sides."""
    return one.prop is other.prop and one.side != other.side

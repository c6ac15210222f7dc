"""Engine, simulated systems and clock, driven by a list of events; the oracle watches.

Deterministic: the same events give the same requests, byte for byte. The engine is reached only through its factory
(`FACTORY(*, mapping, endpoints, tokens, client, clock, state_dir)`), so that any engine can be put here.
"""

from __future__ import annotations

import asyncio
import copy
import json
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

import httpx

from fakes.clock import EPOCH, SimulatedClock
from fakes.faults import EngineKilled
from fakes.mount import base_urls
from properties import events
from properties.events import Event
from properties.exercised import Exercised
from properties.history import (
    Act,
    ClockSet,
    CycleEnded,
    CycleStarted,
    Member,
    Notified,
    Outcome,
    Picture,
    Settled,
    Shared,
    StateLost,
)
from properties.layout import Side
from properties.oracle import Oracle
from properties.people import CantHappen, People
from properties.scenes import Scene
from properties.state import State
from properties.systems import TOKEN, simulated
from properties.wire import Wire

Factory = Callable[..., Any]
HOUR = 3600.0
PAUSES = (HOUR, HOUR, 25 * HOUR)
"""What the engine may wait for after faults: growing pauses of a failure, then its next full scan (S25, S27)."""
HERE = "https://integration.test/notifications"
BETWEEN = 60.0
"""Seconds from one cycle to the next."""


class Simulation:
    """One run. Use it as a context manager; `state` is a folder for the engine's state, which must be empty.

    `struck` says of faults (by identity) that struck the first request of their kind in a cycle: where, and whether
    it was one that writes.
    """

    def __init__(self, scene: Scene, factory: Factory, state: Path) -> None:
        self.scene = scene
        self.mapping = scene.mapping()
        self.clock = SimulatedClock()
        self.systems = simulated(scene, self.clock)
        self.oracle = Oracle(self.mapping)
        self.people = People(self.oracle.layout, self.systems)
        self.exercised = Exercised()
        self.happened: list[Event] = []
        self.things: dict[str, Member] = {}
        self.struck: dict[int, tuple[str, bool]] = {}
        self.state = State(state)
        self._factory = factory
        self._wire = Wire(self)
        self._runner = asyncio.Runner()
        self._client = httpx.AsyncClient(transport=self._wire)
        self._engine: Any = None
        self._faulty = self._begun = False
        self._secrets = {key: system.subscribe(HERE) for key, system in self.systems.items()}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()
        self._runner.run(self._client.aclose())
        self._runner.close()

    def run(self, history: Iterable[Event]) -> Self:
        """Let the events happen in order, until the oracle objects."""
        for event in history:
            self.happen(event)
            if self.oracle.breaches:
                break
        return self

    def happen(self, event: Event) -> None:
        """Let one event happen, or pass it over if it can't."""
        self.happened.append(event)
        try:
            self._happen(event)
        except CantHappen:
            self.exercised.note("passed over")
        else:
            self.exercised.note(event.do)

    def _happen(self, event: Event) -> None:  # one line for each kind of event
        match event:
            case events.Create() | events.Edit() | events.Count() | events.Delete():
                self.act(event)
            case events.Wait():
                self.clock.advance(event.seconds)
            case events.SetClock():
                clock, off = self.systems[event.system].clock, timedelta(seconds=event.seconds)
                self._faulty |= off < clock.offset  # what is dated back may show in a full scan only (S27)
                clock.offset = off
                self.oracle.observe(ClockSet(self.now(), event.system, round(event.seconds * 1e6)))
            case events.Share():
                self._stop()
                self.mapping = copy.deepcopy(self.mapping)
                self.mapping["systems"][event.system]["share"] = event.on
                self.oracle.observe(Shared(self.now(), event.system, event.on))
            case events.Restart():
                self._stop()
            case events.KeepState():
                self._stop()
                self.state.keep()
            case events.LoseState():
                self._stop()
                if event.older and not self.state.kept:
                    raise CantHappen("nobody has made a copy")
                self.state.lose(older=event.older)
                self._faulty = True
                self.oracle.observe(StateLost(self.now()))
            case events.Cycle():
                self.clock.advance(1)
                self.cycle(event)
            case events.Notify():
                self.clock.advance(1)
                self.notify(event)
            case events.Settle():
                self.settle()

    # People

    def act(self, event: Event) -> None:
        """A person does something. Raises `CantHappen`."""
        match event:
            case events.Create():
                side = self.side(event.side)
                member = side, self.people.create(side, event.values)
                self.things[event.thing] = member
                told = ", ".join(f"{name} {value!r}" for name, value in event.values.items())
                did = f"someone creates {self._called(member)} with {told or 'nothing'}"
            case events.Edit():
                member = self.record(event.thing, event.side)
                self.people.edit(*member, event.property, event.value)
                self.exercised.edited(member, event.property, event.value)
                did = f"someone changes {event.property} of {self._called(member)} to {event.value!r}"
            case events.Count():
                member = self.record(event.thing, event.side)
                self.people.count(*member, event.property, event.by)
                did = f"someone adds {event.by} to {event.property} of {self._called(member)}"
            case events.Delete():
                member = self.record(event.thing, event.side)
                self.people.delete(*member)
                did = f"someone deletes {self._called(member)}"
            case _:
                raise CantHappen(f"nobody can {event.do}")
        self.oracle.observe(Act(self.now(), did, self.picture(member[0][0], member)))

    def side(self, name: str) -> Side:
        """`system.datatype` as a side of the mapping."""
        system, _, datatype = name.partition(".")
        if (system, datatype) not in self.oracle.layout.sides:
            raise CantHappen(f"{name} is no side of {self.scene.name}")
        return system, datatype

    def record(self, thing: str, side: str) -> Member:
        """The thing's live record on a side: the one that it began with, or one linked with that."""
        here = self.side(side)
        origin = self.things.get(thing)
        found = [] if origin is None else self.oracle.entities.of(origin).on(here)
        if not found:
            raise CantHappen(f"{thing} has no record on {side}")
        return origin if origin in found and origin is not None else found[0]

    def _called(self, member: Member) -> str:
        return f"the {member[0][1]} {member[1]} in the {member[0][0]}"

    # The engine

    def cycle(self, event: events.Cycle) -> bool:
        """One cycle; gives whether it wrote anything."""
        self._wire.begin(event)
        self._begins()
        return self._attempt(self._sync(together=event.together))

    def notify(self, event: events.Notify) -> None:
        """A notification arrives, if the system has told any. One that is ignored is no cycle."""
        told = self.systems[event.system].notifications
        if not told:
            raise CantHappen(f"the {event.system} has told nothing")
        notification = told[-1 - event.back % len(told)]
        headers = {
            name: "0" * 64 if event.forged and "signature" in name.lower() else text
            for name, text in notification.headers.items()
        }
        self._wire.begin(events.Cycle(), self._begins)
        self._begun = False
        self._attempt(self._hear(event.system, headers, notification.body))
        self.oracle.observe(Notified(self.now(), event.system, not event.forged, self._begun))

    def _begins(self) -> None:
        self._begun = True
        self.exercised.cycle_begins()
        self.oracle.observe(CycleStarted(self.now()))

    def _attempt(self, work: Coroutine[Any, Any, None]) -> bool:
        outcome, failure = Outcome.COMPLETED, ""
        try:
            self._runner.run(work)
        except EngineKilled:
            outcome = Outcome.KILLED
            self._stop()
            self.state.back_to_last_image()
        except Exception as error:
            outcome, failure = Outcome.FAILED, f"{type(error).__name__}: {error}"
        if self._wire.own_trouble is not None:
            raise self._wire.own_trouble
        struck = self._wire.end()
        if not self._begun and outcome is Outcome.COMPLETED:
            return False
        self._faulty = self._faulty or bool(struck) or outcome is not Outcome.COMPLETED
        for kind in struck:
            self.exercised.note(kind)
            self.exercised.note("fault")
        self.exercised.note(f"cycle {outcome}")
        self.oracle.observe(CycleEnded(self.now(), outcome, failure))
        return self._wire.wrote

    async def _hear(self, system: str, headers: dict[str, str], body: bytes) -> None:
        """Engines that take no notifications don't hear it."""
        if self._engine is None:
            self._engine = self._build()
        hears = getattr(self._engine, "notified", None)
        if hears is not None:
            await hears(system, headers, body, self._secrets[system])

    async def _sync(self, *, together: bool) -> None:
        if self._engine is None:
            self._engine = self._build()
        if not together:
            await self._engine.sync()
            return
        other = self._build()
        ended = await asyncio.gather(self._engine.sync(), other.sync(), return_exceptions=True)
        await _close(other)
        if all(isinstance(one, BaseException) for one in ended) and isinstance(ended[0], BaseException):
            raise ended[0]

    def settle(self) -> None:
        """After faults the engine gets time to recover, unjudged; then it must be quiet as S17 says."""
        calm = events.Cycle()
        if self._faulty or self.oracle.layout.propagates:
            for pause in PAUSES:
                self.clock.advance(pause)
                self.cycle(calm)
        cycles = None
        for number in range(1, self.oracle.layout.chain + 2):
            self.clock.advance(BETWEEN)
            if not self.cycle(calm):
                cycles = number
                break
        self._faulty = False
        status = getattr(self._engine, "status", None)
        self.oracle.observe(Settled(self.now(), cycles, None if status is None else status()))

    def _build(self) -> Any:
        return self._factory(
            mapping=self.mapping,
            endpoints=base_urls(self.systems),
            tokens=dict.fromkeys(self.systems, TOKEN),
            client=self._client,
            clock=self.clock,
            state_dir=self.state.folder,
        )

    def _stop(self) -> None:
        if self._engine is not None:
            self._runner.run(_close(self._engine))
        self._engine = None

    # What there is to see

    def now(self) -> int:
        """True time, µs."""
        return (self.clock.now() - EPOCH) // timedelta(microseconds=1)

    def picture(self, system: str | None = None, member: Member | None = None) -> Picture:
        """Every live record of every side; looked at anew where something may have changed: on `system`, and there
        only at `member` if that is given."""
        shown = dict(self.oracle.picture)
        for side in self.oracle.layout.sides:
            here = self.systems[side[0]]
            if member is not None and here.contract == "rest":
                if member[0] == side:
                    record = here.show(side[1], member[1])
                    rest = {id_: other for id_, other in shown[side].items() if id_ != member[1]}
                    shown[side] = {**rest, member[1]: record} if record else rest
            elif system in (None, side[0]):
                shown[side] = {id_: here.show(side[1], id_) or {} for id_ in here.ids(side[1])}
        return shown

    def request_log(self) -> bytes:
        """Every request and answer of the run, a JSON line each."""
        exchanges = sorted((e for s in self.systems.values() for e in s.log), key=lambda e: e.number)
        lines = (json.dumps(asdict(exchange), default=str, sort_keys=True) for exchange in exchanges)
        return "\n".join(lines).encode()


async def _close(engine: Any) -> None:
    close = getattr(engine, "close", None)
    if close is not None:
        await close()

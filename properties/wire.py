"""The way from the engine to the systems: what happens during a cycle happens here, before or after a request."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

import httpx

from fakes.faults import EngineKilled, Fault
from fakes.log import Exchange
from fakes.mount import in_process
from properties.events import Cycle, During, Event
from properties.history import Request
from properties.people import CantHappen

if TYPE_CHECKING:
    from properties.simulation import Simulation

THROTTLED = 2.0
"""Seconds that a 429 asks for."""


class Wire(httpx.AsyncBaseTransport):
    """Carries the engine's requests to the systems, lets things happen in between, and tells the oracle."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self._systems = {f"{key}.test": system for key, system in simulation.systems.items()}
        self._inner = in_process(simulation.systems)
        self.begin(Cycle())

    def begin(self, cycle: Cycle, at_first: Callable[[], None] | None = None) -> None:
        """A cycle begins; `at_first` is called before its first request, if it makes any."""
        self._cycle = cycle
        self._at_first = at_first
        self._number = 0
        self._late: list[Event] = []
        self._asked: set[tuple[str, bool]] = set()
        self._scripted: During | None = None
        self._struck: list[str] = []
        self.wrote = False
        self.own_trouble: Exception | None = None

    def end(self) -> list[str]:
        """The cycle is over; gives the faults that struck. People do what they couldn't do in between."""
        for event in self._late:
            self._person(event)
        return self._struck

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Carry one request."""
        self._number += 1
        if self._number == 1 and self._at_first is not None:
            self._at_first()
        if self._cycle.together:
            await asyncio.sleep(0)
        system = self._systems.get(request.url.host)
        for during in self._cycle.during:
            if during.at == self._number:
                self._happen(during, request)
        waiting, self._late = self._late, []
        for event in waiting:
            if self._may_come_between(event, request):
                self._person(event)
            else:
                self._late.append(event)
        try:
            return await self._inner.handle_async_request(request)
        except EngineKilled:
            self._simulation.state.take_image()
            raise
        finally:
            if system is not None:
                system.faults.clear()
                try:
                    self._tell(system.log[-1])
                except Exception as error:  # the engine may swallow what is raised here
                    self.own_trouble = error
            self._simulation.clock.advance(self._cycle.pace / 1000)

    def _happen(self, during: During, request: httpx.Request) -> None:
        system = self._systems.get(request.url.host)
        if during.fault is not None and system is not None:
            system.faults.script(Fault(during.fault, retry_after=THROTTLED))
            self._scripted = during
        if during.event is not None:
            self._late.append(during.event)

    def _may_come_between(self, event: Event, request: httpx.Request) -> bool:
        """Squarespace checks no version: what comes between a look at a record and the look after its write is a known
        limitation (S20), so people there act only before a listing."""
        system = getattr(event, "side", "").partition(".")[0]
        if self._simulation.systems[system].contract == "rest":
            return True
        return request.method == "GET" and request.url.path.endswith(("/products", "/orders", "/inventory"))

    def _person(self, event: Event) -> None:
        try:
            self._simulation.act(event)
        except CantHappen:
            self._simulation.exercised.note("passed over")
        else:
            self._simulation.exercised.note("edit during a cycle")

    def _tell(self, exchange: Exchange) -> None:
        asked = exchange.system, exchange.writes
        if exchange.fault is not None:
            self._struck.append(exchange.fault)
            if asked not in self._asked:
                self._simulation.struck[id(self._scripted)] = asked
        self._asked.add(asked)
        self.wrote = self.wrote or (exchange.writes and exchange.committed)
        self._simulation.oracle.observe(
            Request(
                at=self._simulation.now(),
                system=exchange.system,
                method=exchange.method,
                path=exchange.path,
                status=exchange.status,
                body=exchange.body,
                answer=exchange.response,
                faulty=exchange.fault is not None,
                shown=self._simulation.picture(exchange.system) if exchange.writes else None,
            )
        )

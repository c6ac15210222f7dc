"""When: cycles of the integration."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from pytest_bdd import given, when

from bothways.errors import CycleFailed
from bothways.mapping import Mapping, Side
from fakes.faults import Fault
from steps.wording import MOMENT, sentence
from steps.world import World

HOUR = 3600.0


class NeverQuiet(AssertionError):
    """The cycles go on writing for longer than the longest chain of flows explains (S17)."""


@given("the systems are synchronised")
@when("the systems are synchronised")
def synchronise(world: World) -> None:
    """Cycles until one writes nothing; at most the longest chain of flows plus one, and one for each fault (S17)."""
    struck = sum(len(system.faults.happened) for system in world.systems.values())
    limit = longest_chain(world.mapping) + 1
    cycles = 0
    while any(exchange.writes for exchange in world.cycle()):
        cycles += 1
        faults = sum(len(system.faults.happened) for system in world.systems.values()) - struck
        if cycles >= limit + faults:
            raise NeverQuiet(
                f"after {cycles} cycles the integration still writes; at most {limit} are needed"
            )


@when(sentence("the systems are synchronised {number:Number} hours later"))
def synchronise_later(world: World, number: int) -> None:
    """The same, after a while."""
    world.clock.advance(number * HOUR)
    synchronise(world)


@when(sentence("a cycle runs every minute for {number:Number} hours"))
def every_minute(world: World, number: int) -> None:
    """So many cycles, whatever they write."""
    for _ in range(round(number * HOUR / MOMENT)):
        world.cycle()


@when("one cycle runs")
def one_cycle(world: World) -> None:
    """Exactly one cycle."""
    world.cycle()


@when(sentence("one cycle is tried while the {label:Property} can't be read"))
def try_cycle(world: World, label: str) -> None:
    """A cycle may end in an error then, as long as nothing is made of what wasn't read (S25)."""
    faults = world.systems[world.words.system(label)].faults
    faults.source = lambda exchange: Fault("error_before", status=503) if exchange.method == "GET" else None
    with contextlib.suppress(CycleFailed):
        world.cycle()
    faults.source = None


@when("two integrations on one state are started at once")
def two_at_once(world: World) -> None:
    """One cycle in each, at the same time; neither has worked before (S29)."""
    world.subject.restart()
    world.cycle(world.subject.sync_beside_another)


@given("the integration is started again")
@when("the integration is started again")
def restart(world: World) -> None:
    """A new process on the same state."""
    world.subject.restart()


@given("the integration loses its state")
@when("the integration loses its state")
def forget(world: World) -> None:
    """A new process that remembers nothing (S32)."""
    world.subject.forget()


@given("a copy of the integration's state is put aside")
def keep(world: World) -> None:
    """A backup (S32)."""
    world.subject.keep()


@when("the integration goes back to the state that was put aside")
def go_back(world: World) -> None:
    """A new process that remembers nothing since (S32)."""
    world.subject.go_back()


def longest_chain(mapping: Mapping) -> int:
    """The number of flows on the longest way that an edit can take from record to record."""
    flows = {(flow.source, flow.target): flow for flow in mapping.flows}.values()
    roads = [(flow.source, flow.target, 1) for flow in flows]
    for flow in flows:
        referred = {prop.resolves.datatype for prop in flow.properties if prop.resolves is not None}
        sides = (
            flow.source.model_copy(update={"datatype": d}) for d in referred | set(flow.connected.values())
        )
        roads.extend((flow.source, side, 0) for side in sides)
    return max(_farthest(roads, here) for here in {end for road in roads for end in road[:2]})


def _farthest(roads: list[tuple[Side, Side, int]], here: Side) -> int:
    def onward() -> Iterator[int]:
        for one, other, length in roads:
            if here in (one, other):
                left = [road for road in roads if here not in road[:2]]
                yield length + _farthest(left, other if here == one else one)

    return max(onward(), default=0)

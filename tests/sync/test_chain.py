"""Three systems in a row, whose state gets lost: what was made once is found again (S32)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import pairwise

import httpx
import pytest

from bothways.acceptance.evidence import Evidence
from bothways.mapping import Mapping
from bothways.sync.connectors import Setup, connect
from bothways.sync.engine import Engine
from bothways.sync.store import Store
from fakes.clock import SimulatedClock, SystemClock
from fakes.mount import base_urls, in_process
from fakes.rest import RestSystem
from fakes.store import Ids

ROW = ("first", "second", "third")
FIELDS = {"name": {"type": "string"}}


def mapping_of_a_row() -> Mapping:
    """The name of a thing goes from each system to the next; nothing says which things are the same."""
    name = {"name": "name", "type": "string", "source": "name", "target": "name"}
    system = {"name": "", "label": "a system", "contract": "rest", "datatypes": {"Thing": {"fields": FIELDS}}}
    flows = [
        {
            "section": section,
            "source": {"system": source, "datatype": "Thing"},
            "target": {"system": target, "datatype": "Thing"},
            "properties": [name],
        }
        for section, (source, target) in enumerate(pairwise(ROW), start=1)
    ]
    systems = dict.fromkeys(ROW, system)
    return Mapping.model_validate({"schema": 1, "checklist": "x.rst", "systems": systems, "flows": flows})


def systems_of_a_row(clock: SimulatedClock) -> dict[str, RestSystem]:
    """The systems, empty."""
    return {
        key: RestSystem(key, {"Thing": {"fields": FIELDS}}, SystemClock(clock), token="t", ids=Ids(key))
        for key in ROW
    }


async def cycle(mapping: Mapping, systems: dict[str, RestSystem], state: str, clock: SimulatedClock) -> None:
    """One cycle, a minute later, on the state at that URL."""
    clock.advance(60)
    async with httpx.AsyncClient(transport=in_process(systems)) as client:
        urls = base_urls(systems)
        setups = {key: Setup(mapping.systems[key], urls[key], "t", client, clock) for key in ROW}
        connectors = {key: connect(setup) for key, setup in setups.items()}
        store = Store(state)
        try:
            await Engine(mapping, connectors, store, clock).cycle(allow_bulk=True)
        finally:
            store.close()


@pytest.mark.proves("S32", "S04")
def test_a_row_of_systems_whose_state_is_lost_makes_nothing_twice(
    new_state: Callable[[str], str], clock: SimulatedClock, evidence: Evidence
) -> None:
    mapping = mapping_of_a_row()
    systems = systems_of_a_row(clock)
    for number in range(3):
        systems["first"].create("Thing", {"name": f"n{number}"})
    for state in (new_state("sqlite"), new_state("sqlite")):
        for _ in range(2):
            asyncio.run(cycle(mapping, systems, state, clock))
        counts = {key: len(system.ids("Thing")) for key, system in systems.items()}
        evidence.same(dict.fromkeys(ROW, 3), counts, "things in each system")
    systems["first"].edit("Thing", systems["first"].ids("Thing")[0], {"name": "new"})
    asyncio.run(cycle(mapping, systems, state, clock))
    names = {key: names_in(system) for key, system in systems.items()}
    evidence.same({key: ["n1", "n2", "new"] for key in ROW}, names, "names after an edit")


def test_records_that_are_linked_by_key_alone_stay_linked(
    new_state: Callable[[str], str], clock: SimulatedClock
) -> None:
    """A flow that lists no property links all the same, and makes no second record (S02)."""
    raw = mapping_of_a_row().model_dump(mode="json", by_alias=True)
    for flow in raw["flows"]:
        flow |= {"properties": [], "criteria": [{"source": "name", "target": "name"}]}
    systems = systems_of_a_row(clock)
    for key in ROW[:2]:
        systems[key].create("Thing", {"name": "n"})
    state = new_state("sqlite")

    for _ in range(2):
        asyncio.run(cycle(Mapping.model_validate(raw), systems, state, clock))

    assert [len(systems[key].ids("Thing")) for key in ROW[:2]] == [1, 1]


def names_in(system: RestSystem) -> list[str]:
    """What the things of a system are called."""
    shown = (system.show("Thing", id) for id in system.ids("Thing"))
    return sorted(thing["name"] for thing in shown if thing is not None)

"""Creations travel together, and each still makes one record, whatever becomes of the answer (S24)."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from bothways.acceptance.evidence import Evidence
from bothways.errors import SyncError
from bothways.mapping import Mapping
from bothways.sync.connectors import Setup, connect
from bothways.sync.engine import Engine
from bothways.sync.store import Store
from fakes.clock import SimulatedClock, SystemClock
from fakes.faults import EngineKilled, Fault
from fakes.mount import base_urls, in_process
from fakes.rest import RestSystem
from fakes.store import Ids

FIELDS = {"sku": {"type": "string"}, "name": {"type": "string"}}
RECORDS = 150


class Pair:
    """A left and a right system, and the core between them."""

    def __init__(self, clock: SimulatedClock, state: str, *, criteria: bool = True) -> None:
        self.clock = clock
        self.state = state
        self.systems = {
            key: RestSystem(key, {"Thing": {"fields": FIELDS}}, SystemClock(clock), token="t", ids=Ids(key))
            for key in ("left", "right")
        }
        described = {
            "name": "",
            "label": "a system",
            "contract": "rest",
            "datatypes": {"Thing": {"fields": FIELDS}},
        }
        flow = {
            "section": 1,
            "source": {"system": "left", "datatype": "Thing"},
            "target": {"system": "right", "datatype": "Thing"},
            "criteria": [{"source": "sku", "target": "sku"}] if criteria else [],
            "properties": [
                {"name": name, "type": "string", "source": name, "target": name} for name in FIELDS
            ],
        }
        raw = {
            "schema": 1,
            "checklist": "x.rst",
            "systems": dict.fromkeys(self.systems, described),
            "flows": [flow],
        }
        self.mapping = Mapping.model_validate(raw)
        for number in range(RECORDS):
            self.systems["left"].create("Thing", {"sku": f"s{number}", "name": f"Cup {number}"})
        clock.advance(600)

    def cycle(self) -> None:
        """One cycle, by an engine of its own."""
        asyncio.run(self._cycle())

    async def _cycle(self) -> None:
        async with httpx.AsyncClient(transport=in_process(self.systems)) as client:
            connectors = {
                key: connect(Setup(system, base_urls(self.systems)[key], "t", client, self.clock))
                for key, system in self.mapping.systems.items()
            }
            store = Store(self.state)
            try:
                await Engine(self.mapping, connectors, store, self.clock).cycle(allow_bulk=True)
            finally:
                store.close()

    @property
    def made(self) -> list[str]:
        """The skus on the right, in order."""
        right = self.systems["right"]
        return sorted(str((right.show("Thing", id) or {})["sku"]) for id in right.ids("Thing"))

    @property
    def paths(self) -> list[str]:
        """Where the writes to the right system went."""
        return [exchange.path for exchange in self.systems["right"].log.writes]


EVERY_ONE = sorted(f"s{number}" for number in range(RECORDS))


def test_what_is_known_by_its_key_is_made_together(clock: SimulatedClock, state: str) -> None:
    pair = Pair(clock, state)
    pair.cycle()
    assert pair.paths == ["/thing/batch", "/thing/batch"]
    assert pair.made == EVERY_ONE


def test_what_nothing_but_its_idempotency_key_would_find_again_is_made_alone(
    clock: SimulatedClock, state: str
) -> None:
    pair = Pair(clock, state, criteria=False)
    pair.cycle()
    assert pair.paths == ["/thing"] * RECORDS


@pytest.mark.proves("S24", "S26", "S04")
@pytest.mark.parametrize(
    "kind", ["drop_after_commit", "error_after", "timeout_before", "kill_before", "kill_after"]
)
@pytest.mark.parametrize("skip", [0, 1])
def test_a_batch_without_an_answer_is_sent_again_as_it_was(
    kind: str, skip: int, clock: SimulatedClock, state: str, evidence: Evidence
) -> None:
    pair = Pair(clock, state)
    pair.systems["right"].faults.script(Fault(kind, method="POST", skip=skip))
    try:
        pair.cycle()
    except (EngineKilled, SyncError):
        evidence.holds(kind.startswith("kill"), "only a killed cycle doesn't end", kind)
    for _ in range(3):
        pair.systems["left"].create("Thing", {"sku": f"t{clock.now():%H%M}", "name": "meanwhile"})
        clock.advance(120)
        pair.cycle()
    later = [sku for sku in pair.made if sku not in EVERY_ONE]
    evidence.same(EVERY_ONE, [sku for sku in pair.made if sku in EVERY_ONE], "one record for each")
    evidence.same(3, len(later), "what was added meanwhile crossed too")


@pytest.mark.proves("S25")
def test_what_of_a_batch_was_not_carried_out_is_made_later_and_once(
    clock: SimulatedClock, state: str, evidence: Evidence
) -> None:
    pair = Pair(clock, state)
    pair.systems["right"].faults.script(Fault("partial_batch"))
    pair.cycle()
    evidence.same(RECORDS - 50, len(pair.made), "every other one of the first batch waits")
    clock.advance(120)
    pair.cycle()
    evidence.same(EVERY_ONE, pair.made, "one record for each")

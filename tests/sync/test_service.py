"""The engine at work: what a cycle is allowed, what it tells, and how it ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from bothways.errors import Stopped, SyncError
from bothways.sync.connectors import Kind, Page, Setup, Write
from bothways.sync.cycle import Report
from bothways.sync.environment import Access
from bothways.sync.model import Ref, Trouble
from bothways.sync.plan import Send
from bothways.sync.service import Consent, Exit, connected
from bothways.sync.store import Store
from tests.sync.at_work import Work, told
from tests.sync.pair import LEFT, NOON, alone, at, pair, record
from tests.sync.under_way import Hands, Showing

# -- connectors


def test_every_system_gets_a_connector_with_its_own_address_and_token_on_one_client(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    mapping = pair().mapping
    accesses = {key: Access(f"https://{key}.test", f"token-of-{key}") for key in ("right", "left")}
    monkeypatch.setattr("bothways.sync.service.connect", lambda setup: setup)

    async def made() -> Any:
        async with connected(mapping, accesses, work.clock) as connectors:
            return connectors

    setups = asyncio.run(made())
    client = setups["left"].client
    assert setups == {
        key: Setup(mapping.systems[key], f"https://{key}.test", f"token-of-{key}", client, work.clock)
        for key in ("left", "right")
    }
    assert client.timeout == httpx.Timeout(30)
    assert client.is_closed


# -- one cycle


def test_a_cycle_tells_its_figures_and_logs_them(work: Work) -> None:
    work.systems["left"].pages["Thing"] = [Page([record(LEFT, 0, name="Cup", count=1)], "next")]
    end, figures = work.once()
    assert end is Exit.FAILING  # nobody knows what became of the creation
    assert figures == {
        "updates": 0,
        "created": 0,
        "requests": 3,
        "held": 0,
        "failing": 1,
        "seconds": 0.0,
    }
    assert work.log == [told("warning", **figures)]


@pytest.mark.parametrize(
    ("report", "end", "level"),
    [
        (Report({Ref("left", "Thing", "1"), Ref("left", "Thing", "2")}, created=1), Exit.CLEAN, "info"),
        (Report(requests=9), Exit.CLEAN, "info"),
        (Report(held=3), Exit.HELD, "warning"),
    ],
)
def test_a_cycle_ends_by_what_is_held_back(
    work: Work, monkeypatch: pytest.MonkeyPatch, report: Report, end: Exit, level: str
) -> None:
    work.script(monkeypatch, report)
    counts = {
        "updates": len(report.written),
        "created": report.created,
        "requests": report.requests,
        "held": report.held,
    }
    assert work.once() == (end, counts | {"failing": 0, "seconds": 0.0})
    assert work.log == [told(level, **counts)]


@pytest.mark.parametrize(
    ("tries", "unknown", "failing", "end"),
    [
        ([], 0, 0, Exit.CLEAN),
        ([0], 0, 0, Exit.CLEAN),  # it waits for another record
        ([1], 0, 1, Exit.FAILING),
        ([0, 1, 5], 0, 2, Exit.FAILING),
        ([], 2, 2, Exit.FAILING),
        ([3], 1, 2, Exit.FAILING),
    ],
)
def test_what_was_tried_and_failed_and_what_has_no_outcome_is_failing(
    work: Work, monkeypatch: pytest.MonkeyPatch, tries: list[int], unknown: int, failing: int, end: Exit
) -> None:
    keep(work.store, tries, unknown)
    work.script(monkeypatch, Report())
    ended, figures = work.once()
    assert (ended, figures["failing"]) == (end, failing)


def keep(store: Store, tries: list[int], unknown: int) -> None:
    """An entity with a trouble of each so many tries, and so many writes without an outcome."""
    with store.lock(), store.transaction():
        entity = alone(pair(), name="Cup", count=1, id=store.new_number())
        entity.troubles = {str(number): Trouble("EUR", count, at(5)) for number, count in enumerate(tries)}
        store.save(entity, None, pending=False, due=None, notable=True, linked=False)
        for number in range(unknown):
            write = Write(Kind.UPDATE, "Item", key=f"k{number}", id=f"r{number}", body={"title": "Cup"})
            store.intend(entity.id, Send("right", write), NOON)


def test_what_the_limit_holds_back_comes_before_what_fails(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(work.store, [1], 0)
    work.script(monkeypatch, Report(held=1))
    assert work.once()[0] is Exit.HELD


def test_a_cycles_seconds_are_told_to_the_millisecond(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    async def cycle(**_: bool) -> Report:
        work.clock.time += timedelta(seconds=1.23456)
        return Report()

    monkeypatch.setattr(work.service.engine, "cycle", cycle)
    assert work.once()[1]["seconds"] == 1.235
    assert work.once()[1]["seconds"] == 1.235


@pytest.mark.parametrize("consent", [Consent(True, False), Consent(False, True), Consent()])
def test_what_a_person_allows_reaches_the_engine(
    work: Work, monkeypatch: pytest.MonkeyPatch, consent: Consent
) -> None:
    work.script(monkeypatch, Report())
    work.once(consent)
    allowed = {"allow_bulk": consent.allow_bulk, "rebase_counters": consent.rebase_counters}
    assert work.consents == [allowed]


def test_a_cycle_that_can_not_run_says_so_to_whoever_asked_for_it(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    work.script(monkeypatch, SyncError("the left doesn't answer"))
    with pytest.raises(SyncError, match="the left doesn't answer"):
        work.once()
    assert work.log == []


def test_a_long_cycle_logs_how_far_it_has_come_since_it_began(work: Work) -> None:
    clock = Hands()

    class Slow(Showing):
        async def changes(self, datatype: str, cursor: str | None) -> AsyncIterator[Page]:
            async for page in super().changes(datatype, cursor):
                clock.time += timedelta(seconds=5)
                yield page

    slow = Slow()
    slow.pages["Thing"] = [Page([], None), Page([], "next")]
    work = Work(work.store, clock, systems={"left": slow, "right": Showing()})
    clock.time = at(1)
    work.once()
    progress = {"event": "progress", "level": "info", "read": 0}
    assert work.log == [progress, progress, told("info", requests=2, seconds=10.0)]
    work.once()
    assert work.log[3:5] == [progress, progress]


def test_an_engine_that_was_asked_to_stop_sends_nothing_more(work: Work) -> None:
    work.stop.ask()
    with pytest.raises(Stopped):
        work.once()
    assert [system.requests for system in work.systems.values()] == [0, 0]

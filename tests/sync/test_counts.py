"""What fixed cycles cost, counted: no noise can hide that one of them has come to cost more.

A count that changes is no failure of the engine. Whoever changes one says here what it is now, and why in the commit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import pytest
import sqlalchemy as sql

from bothways.sync import shape
from fakes.clock import SimulatedClock
from tests.sync.test_batches import RECORDS, Pair

EDITED = 15


@contextmanager
def counting(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter[str]]:
    """What happens while the block runs: requests, statements sent to the store, rows written there, codec calls."""
    counts: Counter[str] = Counter()

    def sent(_: Any, __: Any, statement: str, parameters: Any, ___: Any, many: bool) -> None:
        counts["statements"] += 1
        if statement.startswith(("INSERT", "UPDATE", "DELETE")):
            counts["rows"] += len(parameters) if many else 1

    with monkeypatch.context() as patched:
        for name in ("lift", "lower", "same"):
            patched.setattr(shape, name, _counted(counts, getattr(shape, name)))
        sql.event.listen(sql.Engine, "before_cursor_execute", sent)
        before = sum(len(system.log) for system in pair.systems.values())
        try:
            yield counts
        finally:
            sql.event.remove(sql.Engine, "before_cursor_execute", sent)
        counts["requests"] = sum(len(system.log) for system in pair.systems.values()) - before


def _counted(counts: Counter[str], codec: Any) -> Any:
    def counted(*arguments: Any) -> Any:
        counts["codecs"] += 1
        return codec(*arguments)

    return counted


@pytest.fixture
def pair(clock: SimulatedClock, new_state: Any) -> Pair:
    """A left system of records, and an empty right one."""
    return Pair(clock, new_state("sqlite"))


class Cost(NamedTuple):
    """Of one cycle."""

    requests: int
    statements: int
    rows: int
    codecs: int


def cost(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> Cost:
    """Of the next cycle, on a state that is there already."""
    pair.clock.advance(600)
    with counting(pair, monkeypatch) as counts:
        pair.cycle()
    return Cost(*(counts[name] for name in Cost._fields))


def edit(pair: Pair, side: str, records: int) -> None:
    """Somebody renames records on a side."""
    for id in pair.systems[side].ids("Thing")[:records]:
        pair.systems[side].edit("Thing", id, {"name": f"New {id}"})


def test_a_first_cycle(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cost(pair, monkeypatch) == Cost(requests=5, statements=65, rows=1661, codecs=1500)


def test_a_quiet_cycle_costs_nothing_for_what_has_not_changed(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        cost(pair, monkeypatch)
    assert cost(pair, monkeypatch) == Cost(requests=2, statements=15, rows=4, codecs=0)


@pytest.mark.parametrize("side", ["left", "right"])
def test_the_cost_follows_the_edits(side: str, pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(2):
        cost(pair, monkeypatch)
    edit(pair, side, EDITED)
    assert cost(pair, monkeypatch) == Cost(requests=3, statements=30, rows=66, codecs=135)


def test_records_that_are_there_already_are_linked(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(RECORDS):
        pair.systems["right"].create("Thing", {"sku": f"s{number}", "name": f"Cup {number}"})
    assert cost(pair, monkeypatch) == Cost(requests=4, statements=1414, rows=2262, codecs=1200)

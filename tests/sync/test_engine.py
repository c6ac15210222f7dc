"""What a cycle does in which order, what it counts and when it holds back: on a state in memory (S21, S22)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from typing import Any

import pytest

from bothways.sync import engine
from bothways.sync.connectors import Done, Kind, Page, Refused
from bothways.sync.cycle import Report
from bothways.sync.engine import Engine
from bothways.sync.model import Ref
from bothways.sync.shape import Shape
from bothways.sync.store import Store
from tests.sync.pair import COUNT, LEFT, NOON, RIGHT, TEXT, at, pair, record
from tests.sync.under_way import KEYED, Hands, Showing


class Running:
    """An engine on a state in memory, between two systems that show what they are told to show."""

    def __init__(self, shape: Shape) -> None:
        self.systems = {"left": Showing(), "right": Showing()}
        self.clock = Hands()
        self.store = Store("sqlite://")
        self.engine = self.under(shape)

    def under(self, shape: Shape) -> Engine:
        """The engine goes on under another mapping."""
        self.engine = Engine(shape.mapping, self.systems, self.store, self.clock)
        return self.engine

    def shows(self, count: int, *, minutes: float = 0, **more: Any) -> None:
        """The left system lists so many records, and the right one takes what is created of them."""
        refs = [Ref("left", "Thing", f"l{number}") for number in range(count)]
        listed = [record(ref, minutes, name=f"Cup {ref.id} {minutes}", count=1, **more) for ref in refs]
        self.systems["left"].pages["Thing"] = [Page(listed, "c1")]
        made = [
            record(Ref("right", "Item", f"r{number}"), minutes, title=each.fields["name"], stock=1)
            for number, each in enumerate(listed)
        ]
        self.systems["right"].outcomes = [Done(each) for each in made]
        self.systems["right"].records = {each.id: each for each in made}

    def cycle(self, minutes: float = 0, **how: bool) -> Report:
        self.clock.time = at(minutes)
        return asyncio.run(self.engine.cycle(**how))

    def note(self, name: str) -> Any:
        return json.loads(self.store.note(name) or "null")


@pytest.fixture
def running() -> Iterator[Callable[..., Running]]:
    """Makes an engine for a mapping, else for the smallest."""
    with ExitStack() as stack:

        def made(shape: Shape | None = None) -> Running:
            engine = Running(shape or pair())
            stack.enter_context(closing(engine.store))
            return engine

        yield made


def limited(count: int = 1, factor: float = 0.5, day_factor: float = 1, **more: Any) -> Shape:
    """The pair with its name alone, and a bulk-change limit."""
    limit = {"count": count, "factor": factor, "day_factor": day_factor}
    return pair(TEXT, policies={"bulk_limit": limit, "full_scan_hours": 999}, **more)


def test_a_cycle_reports_what_it_wrote_and_how_many_requests_that_took(
    running: Callable[..., Running],
) -> None:
    world = running()
    world.systems["right"].able = KEYED
    world.shows(2)
    report = world.cycle()
    assert (report.created, report.updates, report.held) == (2, 2, 0)
    assert report.requests == 3
    assert world.note("last_cycle") == {
        "created": 2,
        "requests": 3,
        "held": 0,
        "updates": 2,
        "at": NOON.isoformat(),
    }
    later = world.cycle(1)
    assert (later.updates, later.requests) == (0, 2)
    assert world.note("last_cycle")["requests"] == 2
    assert world.note("cycles") == 2


def test_a_first_cycle_has_no_limit_and_the_next_ones_have(running: Callable[..., Running]) -> None:
    world = running(limited())
    world.shows(4)
    assert world.cycle().updates == 4
    assert world.note("written") is None
    world.shows(4, minutes=5)
    report = world.cycle(5)
    assert (report.updates, report.held) == (0, 4)
    assert world.store.pending(at(5)) == [1, 2, 3, 4]
    assert world.cycle(6, allow_bulk=True).updates == 4
    assert world.note("written") is None


@pytest.mark.parametrize(("edited", "held"), [(2, 0), (3, 3)])
def test_as_many_may_be_written_as_the_factor_allows(
    running: Callable[..., Running], edited: int, held: int
) -> None:
    world = running(limited())
    world.shows(4)
    world.cycle()
    world.shows(edited, minutes=5)
    report = world.cycle(5)
    assert (report.held, report.updates) == (held, 0 if held else edited)
    assert world.note("written") == (None if held else {at(5).isoformat(): edited})


@pytest.mark.parametrize(("chunk", "sent"), [(1, [1, 1, 1]), (2, [2, 1]), (3, [3])])
def test_no_more_is_written_together_than_is_held_in_memory(
    running: Callable[..., Running], monkeypatch: pytest.MonkeyPatch, chunk: int, sent: list[int]
) -> None:
    monkeypatch.setattr(engine, "CHUNK", chunk)
    world = running()
    world.systems["right"].able = KEYED
    world.shows(3)
    assert len(asyncio.run(world.engine.rehearse())) == 3
    world.cycle()
    assert [len(some) for some in world.systems["right"].sent] == sent


def test_what_is_planned_counts_whatever_is_held_in_memory(
    running: Callable[..., Running], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "CHUNK", 2)
    world = running(limited())
    world.shows(5)
    world.cycle()
    world.systems["right"].sent.clear()
    world.shows(3, minutes=5)
    assert world.cycle(5).held == 3
    assert world.systems["right"].sent == []


def test_a_limit_of_nothing_lets_nothing_through(running: Callable[..., Running]) -> None:
    world = running(limited(count=0, factor=0))
    world.shows(1)
    world.cycle()
    world.shows(1, minutes=5)
    assert world.cycle(5).held == 1


def test_what_limited_cycles_of_a_day_have_written_counts_until_a_day_later(
    running: Callable[..., Running],
) -> None:
    world = running(limited(count=2, factor=1, day_factor=0.5))
    world.shows(4)
    world.cycle()
    for minutes, count, held in ((5, 1, 0), (6, 2, 2), (5 + 24 * 60, 2, 0)):
        world.shows(count, minutes=minutes)
        assert world.cycle(minutes).held == held
    assert world.note("written") == {at(5 + 24 * 60).isoformat(): 2}


def test_several_limited_cycles_at_one_time_add_up(running: Callable[..., Running]) -> None:
    world = running(limited(count=4))
    world.shows(2)
    world.cycle()
    for edit in (1, 2):
        world.shows(1, minutes=edit)
        world.cycle(9)
    assert world.note("written") == {at(9).isoformat(): 2}


def test_with_full_sync_off_only_what_came_after_the_first_cycle_crosses(
    running: Callable[..., Running],
) -> None:
    world = running(pair(TEXT, policies={"full_sync": False}))
    world.shows(1)
    assert world.cycle().updates == 0
    assert world.store.note("onboarded_at") == NOON.isoformat()
    world.cycle(5)
    assert world.store.note("onboarded_at") == NOON.isoformat()
    world.under(pair(TEXT, policies={"full_sync": True}))
    assert world.cycle(6).updates == 1


def test_constants_that_only_the_system_knows_are_asked_for_when_something_is_to_be_written(
    running: Callable[..., Running],
) -> None:
    constants = {"page": {"lookup": "first page"}, "kind": {"value": "X"}}
    world = running(pair(TEXT, flow={"constants": constants}))
    world.shows(1)
    world.cycle()
    [[write]] = world.systems["right"].sent
    assert write.body == {"title": "Cup l0 0", "page": "the first page", "kind": "X"}


def test_under_a_changed_mapping_everything_is_read_and_planned_anew(running: Callable[..., Running]) -> None:
    world = running(pair(TEXT))
    world.shows(1, colour="blue")
    world.cycle()
    colour = {"name": "colour", "type": "string", "source": "colour", "target": "colour"}
    world.under(pair(TEXT, colour))
    world.systems["right"].outcomes = [Refused("no")]
    world.systems["left"].asked.clear()
    world.cycle(1)
    assert world.systems["left"].asked[:1] == [("Thing", None)]
    assert world.systems["right"].sent[-1][0].body == {"colour": "blue"}
    world.systems["left"].asked.clear()
    world.cycle(2)
    assert world.systems["left"].asked[:1] == [("Thing", "c1")]


def test_a_property_of_another_type_starts_anew(running: Callable[..., Running]) -> None:
    number = {"name": "count", "type": "integer", "source": "count", "target": "stock"}
    world = running(pair(TEXT, number))
    world.shows(1)
    world.cycle()
    again = record(Ref("right", "Item", "r0"), 3, title="Cup l0 0", stock=1)
    world.systems["right"].pages["Item"] = [Page([again], "c1")]
    world.under(pair(TEXT, number | {"merge": "counter"}))
    world.cycle(4)
    [entity] = world.store.entities([1]).values()
    assert entity.versions[COUNT].edit.at == at(3)


def _both_counted(world: Running) -> None:
    """A linked counter shows 4 more on the left and, later, 6 more on the right."""
    world.shows(1)
    world.cycle()
    left, right = Ref("left", "Thing", "l0"), Ref("right", "Item", "r0")
    world.systems["left"].pages["Thing"] = [Page([record(left, 4, name="Cup l0 0", count=5)], "c2")]
    world.systems["right"].pages["Item"] = [Page([record(right, 5, title="Cup l0 0", stock=7)], "c2")]


@pytest.mark.parametrize(
    ("how", "owed"),
    [({}, [6, 4]), ({"rebase_counters": False}, [6, 4]), ({"rebase_counters": True}, [2])],
)
def test_counters_add_up_and_take_what_was_shown_last_when_asked_to_rebase(
    running: Callable[..., Running], how: dict[str, bool], owed: list[int]
) -> None:
    world = running()
    _both_counted(world)
    planned = asyncio.run(world.engine.rehearse(**how))
    assert [(send.write.kind, *send.write.body.values()) for send in planned] == [
        (Kind.ADJUST, delta) for delta in owed
    ]
    world.systems["left"].outcomes = [Refused("no")]
    world.cycle(5, **how)
    [entity] = world.store.entities([1]).values()
    edit = entity.versions[COUNT].edit
    assert edit.value == (7 if how.get("rebase_counters") else 11)
    assert edit.why.startswith("at merge" if how.get("rebase_counters") else "a difference")
    assert world.systems["left"].sent[-1][0].body == {"count": owed[0]}


def test_rebased_counters_are_written_though_nothing_else_has_changed(
    running: Callable[..., Running],
) -> None:
    world = running(pair(flow={"criteria": [{"source": "name", "target": "title"}]}))
    left, right = world.systems["left"], world.systems["right"]
    left.pages["Thing"] = [Page([record(LEFT, 2, name="Cup", count=5)], "c1")]
    for touched in (1, 2.5):  # the second time it shows the same
        right.pages["Item"] = [Page([record(RIGHT, touched, title="Cup", stock=7)], "c1")]
        right.outcomes = [Refused("no")]
        world.cycle(2.5)
    left.pages, right.pages = {}, {}
    world.cycle(2.5)
    assert [[write.body for write in some] for some in right.sent] == [[{"stock": -2}]]
    assert left.sent == []
    world.cycle(2.5, rebase_counters=True)
    assert [[write.body for write in some] for some in left.sent] == [[{"count": 2}]]
    assert len(right.sent) == 1


def test_a_rehearsal_says_what_would_be_written_and_changes_nothing(running: Callable[..., Running]) -> None:
    world = running()
    world.shows(2)
    planned = asyncio.run(world.engine.rehearse())
    assert [send.write.body["title"] for send in planned] == ["Cup l0 0", "Cup l1 0"]
    assert world.store.everything() == []
    assert world.store.note("mapping") is None
    assert world.systems["right"].sent == []
    assert world.cycle().updates == 2


def test_a_match_that_may_be_gone_is_looked_up_before_it_is_linked(running: Callable[..., Running]) -> None:
    world = running(pair(TEXT, flow={"criteria": [{"source": "code", "target": "ean"}]}))
    for system in world.systems.values():
        system.able = type(system.able)(tombstones=False, versions=True)
    world.systems["right"].pages["Item"] = [Page([record(RIGHT, 0, title="Cup", ean="a")], "c1")]
    world.cycle()
    world.systems["right"].pages["Item"] = [Page([], "c2")]
    world.systems["left"].pages["Thing"] = [Page([record(LEFT, 1, name="Cup", code="a")], "c2")]
    world.systems["right"].asked.clear()
    world.cycle(1)
    assert ("Item", ["r1"]) in world.systems["right"].asked
    assert [send.kind for [send] in world.systems["right"].sent] == [Kind.CREATE]


def test_what_is_without_an_outcome_is_found_out_before_anything_is_read(
    running: Callable[..., Running],
) -> None:
    world = running()
    world.shows(1)
    world.systems["right"].outcomes = []
    world.cycle()
    world.systems["right"].asked.clear()
    world.systems["right"].made = record(RIGHT, 1, title="Cup l0 0", stock=1)
    world.cycle(1)
    assert [what for what, _ in world.systems["right"].asked] == ["Item", "Item"]
    assert world.systems["right"].asked[1][1] == "next"
    assert world.store.intents() == []
    assert [member.ref.id for member in world.store.entities([1])[1].members] == ["l0", "r1"]

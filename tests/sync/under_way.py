"""A cycle under way: a state in memory, and two systems that show what they are told to show."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bothways.sync.connectors import Abilities, Connector, Outcome, Page, Record, Unknown, Write
from bothways.sync.cycle import Cycle
from bothways.sync.learning import settle
from bothways.sync.model import Entity, Member, Ref
from bothways.sync.observe import gone, observe
from bothways.sync.plan import Send
from bothways.sync.shape import Shape
from bothways.sync.store import Store
from bothways.sync.writing import bring
from tests.sync.pair import NOON, at, record


class Hands:
    """A clock that somebody sets, at noon to begin with."""

    def __init__(self) -> None:
        self.time = NOON

    def now(self) -> datetime:
        return self.time

    async def sleep(self, seconds: float) -> None:
        raise AssertionError(f"nobody waits for {seconds} s here")


KEYED = Abilities(tombstones=True, versions=True, keys_kept=timedelta(hours=1))
"""Of an API that keeps idempotency keys: what is written to it goes out together."""


class Showing(Connector):
    """A system that lists `pages` by datatype, shows `records` on request, and answers writes with `outcomes`.

    `asked` is what it was asked for: cursors of listings by datatype, and ids of look-ups.
    """

    def __init__(self) -> None:
        self.able = Abilities(tombstones=True, versions=True)
        self.pages: dict[str, list[Page]] = {}
        self.records: dict[str, Record] = {}
        self.outcomes: list[Outcome] = []
        self.made: Record | None = None
        self.asked: list[tuple[str, Any]] = []
        self.sent: list[list[Write]] = []

    @property
    def requests(self) -> int:
        return len(self.asked) + len(self.sent)

    def abilities(self, datatype: str) -> Abilities:
        assert isinstance(datatype, str)
        return self.able

    async def changes(self, datatype: str, cursor: str | None) -> AsyncIterator[Page]:
        self.asked.append((datatype, cursor))
        for page in self.pages.get(datatype, [Page([], "next")]):
            yield page

    async def read(self, datatype: str, ids: Sequence[str]) -> dict[str, Record]:
        self.asked.append((datatype, list(ids)))
        return {id: self.records[id] for id in ids if id in self.records}

    async def write(self, writes: Sequence[Write]) -> list[Outcome]:
        self.sent.append(list(writes))
        return [self.outcomes.pop(0) if self.outcomes else Unknown("no answer") for _ in writes]

    async def find_created(self, write: Write, since: datetime) -> Record | None:
        self.asked.append((write.datatype, (write.body, since)))
        return self.made

    async def lookup(self, name: str) -> Any:
        return f"the {name}"

    def shows(self, write: Write, record: Record) -> bool:
        return all(record.fields.get(path) == value for path, value in write.body.items())


class UnderWay:
    """A cycle of a mapping, its state, its systems, and records that it has seen."""

    def __init__(self, shape: Shape, *, onboarded_at: datetime | None = None) -> None:
        self.store = Store("sqlite://")
        self.systems = {"left": Showing(), "right": Showing()}
        self.clock = Hands()
        self.cycle = self.another(shape, onboarded_at)

    @property
    def left(self) -> Showing:
        return self.systems["left"]

    @property
    def right(self) -> Showing:
        return self.systems["right"]

    def another(self, shape: Shape | None = None, onboarded_at: datetime | None = None) -> Cycle:
        """The next cycle, which goes on from here."""
        self.cycle = Cycle(shape or self.cycle.shape, self.store, self.systems, self.clock, onboarded_at)
        return self.cycle

    def see(self, ref: Ref, minutes: float = 0, *, into: int | None = None, **fields: Any) -> int:
        """A record is seen, as an entity of its own or as part of another; gives its number."""
        with self.store.transaction():
            before = None if into is None else self.entity(into)
            entity = before or self.store.new_entity()
            after = observe(self.cycle.shape, entity, ref, record(ref, minutes, **fields), at(minutes))
            self.cycle.save(after, before, pending=False)
        return after.id

    def keep(self, entity: Entity) -> int:
        """An entity that was made elsewhere becomes part of the state; gives its number there."""
        with self.store.transaction():
            kept = replace(entity, id=self.store.new_number())
            self.cycle.save(kept, None)
        return kept.id

    def lose(self, number: int, ref: Ref) -> None:
        """A look-up says that a record is gone."""
        with self.store.transaction():
            before = self.entity(number)
            self.cycle.save(gone(before, ref, NOON), before)

    def entity(self, number: int) -> Entity:
        return self.store.entities([number])[number]

    def refs(self, number: int) -> list[Ref]:
        return sorted(member.ref for member in self.entity(number).members)

    def member(self, ref: Ref) -> Member:
        """A record as it is known by now."""
        found = self.entity(self.store.entities_of([ref])[ref]).member(ref)
        assert found is not None
        return found


NewWorld = Callable[..., UnderWay]
"""What the fixture `new_world` gives."""


def brought(world: UnderWay, *numbers: int, answers: Sequence[Outcome] = ()) -> list[Write]:
    """What was sent to the right system for these entities, which answers so."""
    world.right.outcomes = list(answers)
    before = len(world.right.sent)
    asyncio.run(bring(world.cycle, numbers))
    return [write for some in world.right.sent[before:] for write in some]


def settled(world: UnderWay, *answers: Outcome) -> None:
    """What became of the writes without an outcome was found out; the right system answers so."""
    world.right.outcomes = list(answers)
    asyncio.run(settle(world.cycle))


def intended(
    world: UnderWay, number: int, write: Write, numbers: dict[str, int] | None = None, when: datetime = NOON
) -> None:
    """A write to the right system has no outcome."""
    with world.store.transaction():
        world.store.intend(number, Send("right", write, numbers or {}), when)


def pending(world: UnderWay, number: int) -> int:
    """The entity was seen but not acted on."""
    with world.store.transaction():
        entity = world.entity(number)
        world.store.save(entity, entity, pending=True, due=None, notable=False, linked=True)
    return number

"""The world of one scenario: both simulated systems as their users see them, and the integration between them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import pytest
from pytest_bdd.parser import Step

from bothways.acceptance.evidence import Evidence
from bothways.acceptance.subjects import Subject
from bothways.mapping import Mapping as FlowMapping
from bothways.mapping import Side
from fakes.clock import SimulatedClock
from fakes.faults import EngineKilled
from fakes.log import Exchange
from fakes.squarespace import SquarespaceSystem
from fakes.system import System
from steps import pictures, renderings, samples, values
from steps.links import Links
from steps.pictures import Picture, Record
from steps.timeline import Timeline
from steps.vocabulary import Field, Vocabulary
from steps.wording import MOMENT


class Event(Protocol):
    """Something that a scenario announces, to happen while a cycle runs."""

    happened: bool


@dataclass(frozen=True)
class Edit:
    """Something that a person did: to one property (by the entity's name for it), or (None) to the whole record."""

    record: Record
    at: datetime
    key: str | None = None


@dataclass
class World:
    """Lets people work in their systems and remembers what they did.

    `records` are all that people made, `named` those that sentences speak of. `before` is what both systems held
    when the scenario's `When` began; `touched` (record and native path) and the edits from `begun` on are what people
    have done since, `cycles` the exchanges of each cycle, `announced` what is to happen during one.
    """

    mapping: FlowMapping
    systems: Mapping[str, System]
    clock: SimulatedClock
    subject: Subject
    records: list[Record] = field(default_factory=list)
    named: list[Record] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)
    begun: int = 0
    before: Picture | None = None
    linked_before: set[tuple[Record, Record]] = field(default_factory=set)
    touched: set[tuple[Record, str]] = field(default_factory=set)
    cycles: list[list[Exchange]] = field(default_factory=list)
    announced: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.words = Vocabulary(self.mapping)
        self.links = Links(self.words, self.systems)
        labels = {key: system.label for key, system in self.mapping.systems.items()}
        self.timeline = Timeline(self.systems, labels)

    # what people do

    def create(self, name: str, details: Mapping[str, str | None]) -> Record:
        """A person makes a record called `name`, with `details` and unremarkable values for the rest."""
        record = self._make(self.words.side(name), details)
        self.named.append(record)
        return record

    def join(self, first: Record, details: Mapping[str, str | None]) -> Record:
        """A person makes another variant of a product whose first one is `first`. Raises TypeError where the
        record's system knows no variants."""
        system = self.systems[first.side.system]
        if not isinstance(system, SquarespaceSystem):
            raise TypeError(f"the {self.mapping.systems[first.side.system].label} knows no variants")
        fields: dict[str, Any] = {}
        for name, words in details.items():
            named = self.words.field(first.side, name)
            values.plant(fields, named.end.path, named.native(words))
        sibling = Record(first.side, system.add_variant(first.id, fields))
        self.records.append(sibling)
        self.named.append(sibling)
        return sibling

    def change(self, record: Record, name: str, words: str | None) -> None:
        """A person gives a property another value; None clears it."""
        edited = self.words.field(record.side, name)
        self._edit(record, edited, edited.native(words))

    def count(self, record: Record, name: str, difference: int) -> None:
        """A person adds to a counter, or takes from it."""
        edited = self.words.field(record.side, name)
        self._edit(record, edited, values.dig(self.shown(record), edited.end.path) + difference)

    def delete(self, record: Record) -> None:
        """A person deletes a record."""
        made = self.words.made_with(record.side)
        self.systems[made.system].delete(made.datatype, record.id)
        self._note(record, None, "the {} is deleted")

    def _edit(self, record: Record, edited: Field, value: values.Native) -> None:
        system = self.systems[record.side.system]
        before = self.picture(record.side.system)
        system.edit(record.side.datatype, record.id, {edited.end.path: value})
        self.touched.update(pictures.differing(before, self.picture(record.side.system)))
        self._note(record, edited.key, f"{edited.name} of the {{}} changes")

    def _note(self, record: Record, key: str | None, told: str) -> None:
        self.edits.append(Edit(record, self.clock.now(), key))
        self.timeline.edit(record.side.system, told.format(self.words.words(record.side)))

    def _make(
        self, side: Side, details: Mapping[str, str | None], waiting: frozenset[Side] = frozenset()
    ) -> Record:
        """Make a record, and before it those that it refers to and that the scenario doesn't name.

        `waiting` are the datatypes that wait for this one, so that two that refer to each other find an end.
        """
        fields: dict[str, Any] = {}
        for path, value in samples.filled(self.words, side, details, len(self.records) + 1):
            values.plant(fields, path, value)
        waiting |= {side}
        for path, referred in self.words.connected(side, details):
            if referred not in waiting:
                values.plant(fields, path, self._make(referred, {}, waiting).id)
        for referring in self.words.fields(side).values():
            if referring.name not in details and (items := values.dig(fields, referring.end.path)):
                self._refer(side, referring, items, waiting)
        record = Record(side, self.systems[side.system].create(self.words.made_with(side).datatype, fields))
        self.records.append(record)
        self._note(record, None, "a new {}")
        return record

    def _refer(
        self, side: Side, referring: Field, items: list[dict[str, Any]], waiting: frozenset[Side]
    ) -> None:
        """Let the items of a new record's list name a new record of the datatype that they refer to, if any."""
        if (resolves := referring.resolves) is None:
            return
        referred = self._make(side.model_copy(update={"datatype": resolves.datatype}), {}, waiting)
        name = self.words.field(referred.side, resolves.property)
        known_by = values.dig(self.shown(referred), name.end.path)
        for item in items:
            values.plant(item, referring.end.items[resolves.item].path, known_by)

    # what people see

    def the(self, name: str) -> Record:
        """The record that a sentence calls `name` or `other name`: a named one, or the partner of a named one.

        Raises AssertionError if there is no such record.
        """
        place = 1 if name.startswith("other ") else 0
        side = self.words.side(name.removeprefix("other "))
        own = [record for record in self.named if record.side == side]
        if place < len(own):
            return own[place]
        sources = [record for record in self.named if self.words.flows(source=record.side, target=side)]
        partner = self.links.partner(sources[place], side) if place < len(sources) else None
        assert partner is not None, (
            f"there is no {self.words.words(side)} that belongs to what the scenario made"
        )
        return partner

    def shown(self, record: Record) -> dict[str, Any]:
        """The record as its system shows it. Raises AssertionError if it is gone."""
        shown = self.systems[record.side.system].show(record.side.datatype, record.id)
        assert shown is not None, f"the {self.words.words(record.side)} {record.id} is gone"
        contract = self.mapping.systems[record.side.system].contract
        return renderings.as_meant(contract, record.side.datatype, shown)

    def picture(self, *systems: str) -> Picture:
        """What the systems (both, unless named) hold now."""
        return pictures.take(
            self.systems, [side for side in self.words.sides() if not systems or side.system in systems]
        )

    # what happens around them

    def begin(self) -> None:
        """The scenario's `When` begins: from here on, what changes must be explained."""
        self.before = self.picture()
        self.linked_before = set(self.links.pairs())
        self.begun = len(self.edits)
        self.touched.clear()
        self.cycles.clear()

    def remap(self, mapping: FlowMapping) -> None:
        """Somebody changes the mapping, and the integration is started again with it."""
        self.mapping = mapping
        self.words.remap(mapping)
        self.subject.restart(mapping)

    def cycle(self, run: Callable[[], None] | None = None) -> list[Exchange]:
        """One cycle (or what else `run` does), a moment later; gives the requests that it sent to either system.

        An integration that is killed is started again, and its work left to the next cycle.
        """
        logs = {id(system.log): system.log for system in self.systems.values()}.values()
        so_far = [len(log) for log in logs]
        self.clock.advance(MOMENT)
        self.timeline.cycle()
        try:
            (run or self.subject.sync)()
        except EngineKilled:
            self.subject.restart()
        sent = [exchange for log, start in zip(logs, so_far, strict=True) for exchange in log[start:]]
        self.cycles.append(sorted(sent, key=lambda exchange: exchange.number))
        linked = [target for _, target in self.links.pairs()]
        self.links.look([record for record in (*self.records, *linked) if self.words.is_source(record.side)])
        return self.cycles[-1]


class Unplayed(Exception):
    """Something that a scenario announced has never happened, so that the scenario has not shown what it says."""


@pytest.fixture
def world(
    mapping: FlowMapping,
    systems: Mapping[str, System],
    clock: SimulatedClock,
    subject: Subject,
    evidence: Evidence,
) -> Iterator[World]:
    """The scenario's world, whose timeline is kept. Raises `Unplayed` at its end."""
    scene = World(mapping, systems, clock, subject)
    yield scene
    evidence.note("timeline", scene.timeline.told())
    pending = [str(fault) for system in systems.values() for fault in system.faults.pending()]
    if idle := [*pending, *(str(event) for event in scene.announced if not event.happened)]:
        raise Unplayed(f"announced, but never happened: {'; '.join(idle)}")


@pytest.hookimpl(tryfirst=True)
def pytest_bdd_before_step(request: pytest.FixtureRequest, step: Step) -> None:
    """The first `When` of a scenario begins what `Then` judges."""
    if step.type == "when":
        scene: World = request.getfixturevalue("world")
        if scene.before is None:
            scene.begin()

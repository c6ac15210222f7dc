"""A failing list of events as a scenario that a person can read, run, and keep under `features/found/`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from properties import events
from properties.events import Event
from properties.history import Breach, Invariant, Member
from properties.layout import Place, Property, Side
from properties.people import CantHappen, native, plant
from properties.simulation import Simulation

RULES = {
    Invariant.CONVERGENCE: "S07",
    Invariant.NO_INVENTION: "S15",
    Invariant.NO_LOST_UPDATE: "S08",
    Invariant.CONSERVATION: "S19",
    Invariant.NO_RESURRECTION: "S19",
    Invariant.ONE_CREATE: "S04",
    Invariant.ONE_LINK: "S04",
    Invariant.QUIET: "S17",
    Invariant.CURSOR: "S27",
    Invariant.ISOLATION: "S12",
    Invariant.COUNTERS: "S14",
    Invariant.EXPLAINED: "S12",
    Invariant.LISTED: "S13",
    Invariant.RUNS: "S25",
    Invariant.HELD: "S22",
    Invariant.FORGED: "S28",
}
FAULTS = {
    "drop_after_commit": "the {}'s answer to the next write gets lost",
    "error_after": "the {} carries out the next write, but answers that it failed",
    "error_before": "the {} fails at the next write",
    "kill_before": "the integration is killed before the {} gets the next write",
    "kill_after": "the integration is killed after the {} gets the next write",
    "throttle": "the {} asks for 2 seconds of patience",
    "truncated_page": "the {} shows only the first half of its next listing",
    "doubled_page": "the {} shows a page of its next listing twice",
    "dead_cursor": "the {} loses its place in its next listing",
}


READS = {"throttle", "truncated_page", "doubled_page", "dead_cursor"}


class Unsayable(Exception):
    """The features have no words for this event."""


def as_scenario(simulation: Simulation, breach: Breach) -> str:
    """The run that ended in `breach`, in the vocabulary of `steps/`; what that has no words for stands as comments."""
    teller = _Teller(simulation)
    lines = [*teller.told(), *_then(teller, breach)]
    title = f"{breach.invariant.capitalize()} holds"
    head = [
        "Feature: Found by the property tests",
        "",
        f"  @{RULES[breach.invariant]}",
        f"  Scenario: {title}",
    ]
    return "\n".join([*head, *(f"    {line}" for line in lines)]) + "\n"


class _Teller:
    """Knows what the features call things."""

    def __init__(self, simulation: Simulation) -> None:
        self.simulation = simulation
        self.layout = simulation.oracle.layout
        self._systems = simulation.mapping["systems"]

    def told(self) -> Iterator[str]:
        """The events as steps: what is so from the start, then what happens."""
        keyword, waited = "When", True
        for event in self.simulation.happened:
            if isinstance(event, events.Wait):
                waited = True
                continue
            try:
                steps = list(self._steps(event, "someone" if waited else "at the same moment someone"))
            except (Unsayable, CantHappen) as reason:
                yield f"# {events.to_json(event)} ({reason})"
                continue
            for step in steps:
                yield f"{keyword} {step}"
                keyword = "And"
            waited = not isinstance(event, events.Create | events.Edit | events.Count | events.Delete)

    def _steps(self, event: Event, someone: str) -> Iterator[str]:
        match event:
            case events.Create() | events.Edit() | events.Count() | events.Delete():
                yield f"{someone} {self._act(event)}"
            case events.Cycle(together=True):
                yield "two integrations on one state are started at once"
            case events.Cycle():
                yield from map(self._during, event.during)
                yield "one cycle runs"
            case events.Settle():
                yield "the systems are synchronised"
            case events.Restart():
                yield "the integration is started again"
            case events.LoseState(older=False):
                yield "the integration loses its state"
            case events.SetClock() if event.seconds and event.seconds % 60 == 0:
                way = "fast" if event.seconds > 0 else "slow"
                yield f"the {self.label(event.system)}'s clock is {abs(event.seconds) / 60:.0f} minutes {way}"
            case events.Share():
                label = self.label(event.system)
                yield f"share is turned on for the {label}" if event.on else f"share is off for the {label}"
            case _:
                raise Unsayable(f"no step says '{event.do}'")

    def _act(self, event: events.Create | events.Edit | events.Count | events.Delete) -> str:
        match event:
            case events.Create():
                side = self.simulation.side(event.side)
                details = " and ".join(f"{n} is {words(v)}" for n, v in self._sayable(side, event.values))
                return f"creates {_article(self.kind(side))}{f' whose {details}' if details else ''}"
            case events.Edit(value=None) | events.Edit(value=""):
                return f"clears {self.owner(event.thing, event.side)} {event.property}"
            case events.Edit():
                owner = self.owner(event.thing, event.side)
                return f"changes {owner} {event.property} to {words(event.value)}"
            case events.Count():
                does = f"adds {event.by} to" if event.by > 0 else f"takes {-event.by} from"
                return f"{does} {self.owner(event.thing, event.side)} {event.property}"
            case events.Delete():
                return f"deletes {self.name(event.thing, self.simulation.side(event.side))}"

    def _during(self, during: events.During) -> str:
        struck, reads = self.simulation.struck.get(id(during)), during.fault in READS
        if isinstance(during.event, events.Edit):
            event = during.event
            owner = self.owner(event.thing, event.side)
            return f"someone changes {owner} {event.property} to {words(event.value)} during the next cycle"
        if during.fault not in FAULTS or struck is None or struck[1] is reads:
            raise Unsayable(f"no step says '{during.fault or 'this'}' at request {during.at}")
        return FAULTS[during.fault].format(self.label(struck[0]))

    def _sayable(self, side: Side, values: dict[str, Any]) -> Iterator[tuple[str, Any]]:
        for name, value in values.items():
            places = [place for prop, place in self.layout.places_on(side) if prop.name == name]
            if places:
                yield name, value

    def label(self, system: str) -> str:
        """What features call a system."""
        return str(self._systems[system]["label"])

    def kind(self, side: Side) -> str:
        """What features call a kind of record."""
        return f"{self._systems[side[0]]['name']} {side[1]}".strip()

    def name(self, thing: str, side: Side) -> str:
        """What features call the thing's record on a side. They know a first one and another."""
        made = [t for t, (own, _) in self.simulation.things.items() if own == side]
        sources = [t for t, (own, _) in self.simulation.things.items() if self.layout.flow(own, side)]
        order = made if thing in made else sources
        if thing not in order or order.index(thing) > 1:
            raise Unsayable(f"features have no name for {thing} on {side[1]}")
        return f"the {'other ' if order.index(thing) else ''}{self.kind(side)}"

    def owner(self, thing: str, side: str) -> str:
        """The same, as in "the Inventory's"."""
        name = self.name(thing, self.simulation.side(side))
        return f"{name}'" if name.endswith("s") else f"{name}'s"

    def value(self, prop: Property, place: Place, canonical: Any) -> str:
        """The words of the event that gave a property this value."""
        if canonical is None:
            return "empty"
        if prop.counter:
            return words(str(canonical))
        for event in self.simulation.happened:
            values = event.values if isinstance(event, events.Create) else {}
            if isinstance(event, events.Edit):
                values = {event.property: event.value}
            if prop.name in values:
                record: dict[str, Any] = {}
                plant(record, place.path, native(place, values[prop.name]))
                if place.read(record) == canonical:
                    return words(values[prop.name])
        raise Unsayable(f"nobody wrote {canonical!r}")


def words(value: Any) -> str:
    """A value in the features' words."""
    return "empty" if value in (None, "", []) else f'"{_plain(value)}"'


def _plain(value: Any) -> str:
    if isinstance(value, dict) and value.keys() == {"amount", "currency"}:
        return f"{value['amount']} {value['currency']}"
    if isinstance(value, dict):
        return ", ".join(f"{name.replace('_', ' ')}: {_plain(part)}" for name, part in value.items())
    if isinstance(value, list):
        return "; ".join(map(_plain, value))
    if '"' in str(value):
        raise Unsayable("a quotation mark in a value")
    return str(value).lower() if isinstance(value, bool) else str(value)


def _article(kind: str) -> str:
    return f"{'an' if kind[0] in 'AEIOU' else 'a'} {kind}"


def _then(teller: _Teller, breach: Breach) -> Iterator[str]:
    keyword = "Then"
    for check in [*_counts(teller, breach), *_values(teller), "nothing else has changed"]:
        yield f"{keyword} {check}"
        keyword = "And"


def _counts(teller: _Teller, breach: Breach) -> Iterator[str]:
    """How many records of a kind there should be, if that is what is wrong."""
    surplus = {Invariant.ONE_CREATE: 1, Invariant.NO_RESURRECTION: 1, Invariant.NO_INVENTION: 1}
    side, there = breach.side, surplus.get(breach.invariant, -1)
    if side is not None:
        number = len(teller.simulation.picture()[side]) - there
        kind = teller.kind(side)
        yield (
            f"there is no {kind}"
            if number == 0
            else f"there is one {kind}"
            if number == 1
            else f"there are {number} {kind} records"
        )


def _values(teller: _Teller) -> Iterator[str]:
    """What records should show and don't."""
    oracle, picture = teller.simulation.oracle, teller.simulation.picture()
    for thing, origin in teller.simulation.things.items():
        entity = oracle.entities.of(origin)
        for member in entity.members:
            yield from _of_member(teller, thing, member, picture[member[0]].get(member[1], {}))


def _of_member(teller: _Teller, thing: str, member: Member, record: Any) -> Iterator[str]:
    entity = teller.simulation.oracle.entities.of(member)
    for prop, place in teller.layout.places_on(member[0]):
        possible: list[Any] = []
        if prop.counter:
            possible = list(entity.counters[prop.key].totals or ())
        elif entity.registers[prop.key].showing:
            possible = entity.registers[prop.key].possible_values()
        if len(possible) == 1 and place.read(record) != possible[0]:
            try:
                name, value = teller.name(thing, member[0]), teller.value(prop, place, possible[0])
            except Unsayable:
                continue
            yield f"{name} shows {prop.name} {value}"

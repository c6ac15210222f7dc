"""Hard values on the whole path: written to one API, synchronised, read from the other, synchronised back (S15)."""

from __future__ import annotations

from typing import Any

import pytest

from bothways.acceptance.evidence import Evidence
from properties.comparison import canonical
from properties.events import Create, Edit, Event, Settle, Wait
from properties.hard_values import HARD
from properties.layout import Place, Side, dig
from properties.people import CantHappen
from properties.scenes import FIVE_MEMBERS, WEBSHOP, Scene
from properties.shrink import run
from properties.simulation import Factory, Simulation

SOURCE = {WEBSHOP.name: "webshop.Product", FIVE_MEMBERS.name: "hub.Card"}
BIRTH: dict[str, dict[str, Any]] = {
    WEBSHOP.name: {"name": "a name", "price": {"amount": "1.00", "currency": "USD"}},
    FIVE_MEMBERS.name: {},
}
PRICES = ["0", "0.00", "10", "10.0", "10.00", "0.10", "12345678.99"]
"""What a shop can charge."""

RULES = ("S15", "S16", "S17")
ROWS = {"name": "4.3.2", "description": "4.3.3", "price": "4.3.4"}
OF_OURS = ("name", "note", "age", "ratio", "limit", "active", "tags", "since", "fee", "place")
PATHS = [
    *(
        pytest.param(WEBSHOP, name, marks=pytest.mark.proves(*RULES, row), id=name)
        for name, row in ROWS.items()
    ),
    *(pytest.param(FIVE_MEMBERS, name, id=f"{name} of five") for name in OF_OURS),
]


@pytest.mark.parametrize(("scene", "name"), PATHS)
def test_hard_values_go_across_and_back(
    scene: Scene, name: str, factory: Factory, evidence: Evidence
) -> None:
    with run(scene, factory, []) as simulation:
        here, there = _ends(simulation, name)
        values = [value for value in _values(scene, here.type) if there.accepts(canonical(value, there.type))]
        things = {f"thing {number}": value for number, value in enumerate(values)}
        simulation.run(_births(scene, name, things))
        written = {thing: _native(simulation, thing, here) for thing in things}
        simulation.run([Settle()])
        for thing in things:
            evidence.same(written[thing], _native(simulation, thing, here), f"{name} where it was written")
        compared = sum(_agree(simulation, evidence, thing, here, there) for thing in things)
        evidence.holds(compared >= 2, "values that have crossed", compared)
        evidence.crossed(name, "to_target")
        back = zip(things, [*values[1:], values[0]], strict=True)
        edits: list[Event] = [Edit(thing, ".".join(there.side), name, value) for thing, value in back]
        simulation.run([Wait(90), *edits, Settle()])
        compared = sum(_agree(simulation, evidence, thing, here, there) for thing in things)
        evidence.holds(compared >= 2, "values that have crossed back", compared)
        evidence.crossed(name, "to_source")
        evidence.faultless([str(breach) for breach in simulation.oracle.breaches], name)


def _values(scene: Scene, type_: str) -> list[Any]:
    if scene is WEBSHOP and type_ == "money":
        return [{"amount": price, "currency": "USD"} for price in PRICES]
    return HARD[type_]


def _ends(simulation: Simulation, name: str) -> tuple[Place, Place]:
    """The property at the source, and at the first target that can be written."""
    (prop,) = (prop for prop in simulation.oracle.layout.properties.values() if prop.name == name)
    here, *others = sorted(prop.places, key=lambda place: place.side not in simulation.oracle.layout.sources)
    return here, next(place for place in others if place.access == "writable" and not place.view)


def _births(scene: Scene, name: str, things: dict[str, Any]) -> list[Event]:
    keys = ("sku", "code", "email")
    return [
        Create(thing, SOURCE[scene.name], BIRTH[scene.name] | dict.fromkeys(keys, thing) | {name: value})
        for thing, value in things.items()
    ]


def _native(simulation: Simulation, thing: str, place: Place) -> Any:
    """What the thing's record shows, None where a screen or an API has refused to make one."""
    record = _record(simulation, thing, place.side)
    return None if record is None else dig(record, place.path)


def _record(simulation: Simulation, thing: str, side: Side) -> dict[str, Any] | None:
    try:
        member = simulation.record(thing, ".".join(side))
    except CantHappen:
        return None
    return simulation.systems[side[0]].show(side[1], member[1])


def _agree(simulation: Simulation, evidence: Evidence, thing: str, here: Place, there: Place) -> bool:
    """Whether the thing is on both sides; there it must be the same."""
    source, target = (_record(simulation, thing, place.side) for place in (here, there))
    if source is None or target is None:
        return False
    shown = here.read(source), there.read(target)
    evidence.holds(shown[0] == shown[1], f"{thing} on both sides", repr(shown))
    return True

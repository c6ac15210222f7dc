"""Every short history, not some: what most faults of synchronisers need is a few events.

Records don't touch each other, so many histories run in one world, a record each. Those that run cycles at the same
places share a world; if a world breaks a rule, the history that does it is found by halving, and run alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from properties.events import Create, Cycle, Delete, During, Edit, Event, Settle, Wait
from properties.scenes import SMALLEST
from properties.shrink import breaches, run
from properties.simulation import Factory

LEFT, RIGHT = "left.Note", "right.Memo"
STEP = 5.0
"""Seconds between two steps: more than any granularity here."""
WORLD = 256
"""Histories that share a world."""
CYCLE = "cycle"
LETTERS = (
    "edit left",
    "edit right",
    "clear left",
    "clear right",
    "delete left",
    "delete right",
    "tie",
    CYCLE,
)
PAIR_LETTERS = (
    *(f"edit {side} {name} of {n}" for n in "12" for name in ("text", "mark") for side in ("left", "right")),
    CYCLE,
)
FAULTS = ("kill_before", "kill_after", "drop_after_commit")

History = tuple[str, ...]


@dataclass(frozen=True)
class Wrong:
    """A history of letters that breaks a rule, what rule, and the events that show it."""

    history: History
    said: str
    events: tuple[Event, ...]


def every(letters: Sequence[str], length: int) -> list[History]:
    """Every history of so many letters."""
    return list(product(letters, repeat=length))


def worlds(histories: Sequence[History], size: int = WORLD) -> Iterator[tuple[History, ...]]:
    """Histories that can share a world: their cycles stand at the same places."""
    alike: dict[tuple[bool, ...], list[History]] = {}
    for history in histories:
        alike.setdefault(tuple(letter == CYCLE for letter in history), []).append(history)
    for group in alike.values():
        yield from (tuple(group[start : start + size]) for start in range(0, len(group), size))


def events_of(world: Sequence[History], first: Event) -> list[Event]:
    """The events of a world, one thing (or two) for each history: created, `first`, the history, and rest."""
    things = [f"{number}.{n}" for number, history in enumerate(world) for n in _things(history)]
    told: list[Event] = [
        Create(thing, LEFT, {"code": thing, "text": f"{thing} old text", "mark": f"{thing} old mark"})
        for thing in things
    ]
    told.append(first)
    for step, letters in enumerate(zip(*world, strict=True)):
        told.append(Wait(STEP))
        if letters[0] == CYCLE:
            told.append(Cycle())
            continue
        for number, letter in enumerate(letters):
            told += _meant(letter, number, step)
    return [*told, Wait(STEP), Settle()]


def _things(history: History) -> str:
    return "12" if any(letter[-1] in "12" for letter in history) else "1"


def _meant(letter: str, number: int, step: int) -> Iterator[Event]:
    does, *rest = letter.split()
    sides = {"left": LEFT, "right": RIGHT}
    if does == "tie":
        yield from (Edit(f"{number}.1", sides[side], "text", f"{number}.{step} {side}") for side in sides)
    elif does == "delete":
        yield Delete(f"{number}.1", sides[rest[0]])
    elif does == "clear":
        yield Edit(f"{number}.1", sides[rest[0]], "text", None)
    else:
        side, name, _, n = rest if len(rest) > 1 else (*rest, "text", "of", "1")
        yield Edit(f"{number}.{n}", sides[side], name, f"{number}.{step} {side} {name} {n}")


def wrong_among(world: Sequence[History], factory: Factory) -> Wrong | None:
    """The first history of a world that breaks a rule, by halving; None if all is well."""
    told = events_of(world, Settle())
    found = breaches(SMALLEST, factory, told)
    if not found:
        return None
    middle = len(world) // 2
    for half in (world[:middle], world[middle:]) if middle else ():
        if (wrong := wrong_among(half, factory)) is not None:
            return wrong
    return Wrong(world[0], str(found[0]), tuple(told))


def wrong_with_fault(history: History, factory: Factory) -> tuple[int, Wrong | None]:
    """The same for one history in which a cycle (that which links the record, one of the history, or one after it)
    is killed or loses an answer, at every request and in every way; with how many such histories were run."""
    ran = 0
    told = events_of([history], Cycle())
    told.insert(-1, Cycle())
    for place in [number for number, event in enumerate(told) if isinstance(event, Cycle)]:
        for fault in FAULTS:
            for at in range(1, 99):
                spoilt = [*told[:place], Cycle(during=(During(at, fault=fault),)), *told[place + 1 :]]
                with run(SMALLEST, factory, spoilt) as simulation:
                    found, struck = simulation.oracle.breaches, simulation.exercised[fault]
                if not struck:
                    break  # the cycle sends no more requests
                ran += 1
                if found:
                    return ran, Wrong(
                        history, f"{fault.replace('_', ' ')} at request {at}: {found[0]}", tuple(spoilt)
                    )
    return ran, None

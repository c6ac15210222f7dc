"""When: what people do in their systems. A person needs a moment, unless it's said that they don't."""

from __future__ import annotations

from datetime import timedelta

from pytest_bdd import given, when

from steps.pictures import Record
from steps.wording import MOMENT, sentence
from steps.world import World


@when(sentence("{pause:Someone} creates {record:New}"))
def create(world: World, pause: float, record: str) -> None:
    """A new record, with unremarkable values."""
    create_whose(world, pause, record, {})


@when(sentence("{pause:Someone} creates {record:New} {details:Details}"))
def create_whose(world: World, pause: float, record: str, details: dict[str, str | None]) -> None:
    """A new record, some of whose properties matter."""
    world.clock.advance(pause)
    world.create(record, details)


@when(
    sentence("{pause:Someone} creates {record:New} with {number:Number} {name:Property} like {value:Value}")
)
def create_long(world: World, pause: float, record: str, number: int, name: str, value: str) -> None:
    """A new record with a list of so many items, all alike."""
    create_whose(world, pause, record, {name: "; ".join([value] * number)})


@when(sentence("{pause:Someone} changes {record:Owner} {name:Property} to {value:Value}"))
def change(world: World, pause: float, record: str, name: str, value: str | None) -> None:
    """A property gets another value."""
    world.clock.advance(pause)
    world.change(world.the(record), name, value)


@when(sentence("{pause:Someone} changes the {name:Property} of every {record:Name} to {value:Value}"))
def change_every(world: World, pause: float, name: str, record: str, value: str | None) -> None:
    """An import that touches every record that people made."""
    world.clock.advance(pause)
    for one in [one for one in world.records if one.side == world.words.side(record)]:
        world.change(one, name, value)


@when(sentence("{pause:Someone} changes the {name:Property} of every {record:Name} one after another"))
def change_one_after_another(world: World, pause: float, name: str, record: str) -> None:
    """Each gets a value of its own, a second after the one before."""
    world.clock.advance(pause)
    side = world.words.side(record)
    for number, id_ in enumerate(world.systems[side.system].ids(side.datatype)):
        world.clock.advance(1)
        world.change(Record(side, id_), name, f"{name} {number}")


@when(
    sentence(
        "someone changes {record:Owner} {name:Property} to {value:Value}, dated {number:Number} hours back"
    )
)
def change_dated_back(world: World, record: str, name: str, value: str | None, number: int) -> None:
    """A change whose record time is older than what was listed last, so that no listing since then shows it (S27)."""
    edited = world.the(record)
    clock = world.systems[edited.side.system].clock
    world.clock.advance(MOMENT)
    clock.offset -= timedelta(hours=number)
    world.change(edited, name, value)
    clock.offset += timedelta(hours=number)


@when(sentence("{pause:Someone} clears {record:Owner} {name:Property}"))
def clear(world: World, pause: float, record: str, name: str) -> None:
    """A property gets empty."""
    change(world, pause, record, name, None)


@when(sentence("{pause:Someone} adds {number:Number} to {record:Owner} {name:Property}"))
def add(world: World, pause: float, number: int, record: str, name: str) -> None:
    """A counter goes up: a delivery."""
    world.clock.advance(pause)
    world.count(world.the(record), name, number)


@when(sentence("{pause:Someone} takes {number:Number} from {record:Owner} {name:Property}"))
def take(world: World, pause: float, number: int, record: str, name: str) -> None:
    """A counter goes down: a sale."""
    world.clock.advance(pause)
    world.count(world.the(record), name, -number)


@given(sentence("{pause:Someone} has deleted {record:The}"))
@when(sentence("{pause:Someone} deletes {record:The}"))
def delete(world: World, pause: float, record: str) -> None:
    """A record is gone from its system."""
    world.clock.advance(pause)
    world.delete(world.the(record))

"""When: what people do in their systems. A person needs a moment, unless it's said that they don't."""

from __future__ import annotations

from pytest_bdd import given, when

from steps.wording import sentence
from steps.world import MOMENT, World


@when(sentence("{later:Someone} creates {record:New}"))
def create(world: World, later: bool, record: str) -> None:
    """A new record, with unremarkable values."""
    create_whose(world, later, record, {})


@when(sentence("{later:Someone} creates {record:New} {details:Details}"))
def create_whose(world: World, later: bool, record: str, details: dict[str, str | None]) -> None:
    """A new record, some of whose properties matter."""
    _wait(world, later)
    world.create(record, details)


@when(sentence("{later:Someone} changes {record:Owner} {name:Property} to {value:Value}"))
def change(world: World, later: bool, record: str, name: str, value: str | None) -> None:
    """A property gets another value."""
    _wait(world, later)
    world.change(world.the(record), name, value)


@when(sentence("{later:Someone} clears {record:Owner} {name:Property}"))
def clear(world: World, later: bool, record: str, name: str) -> None:
    """A property gets empty."""
    change(world, later, record, name, None)


@when(sentence("{later:Someone} adds {number:Number} to {record:Owner} {name:Property}"))
def add(world: World, later: bool, number: int, record: str, name: str) -> None:
    """A counter goes up: a delivery."""
    _wait(world, later)
    world.count(world.the(record), name, number)


@when(sentence("{later:Someone} takes {number:Number} from {record:Owner} {name:Property}"))
def take(world: World, later: bool, number: int, record: str, name: str) -> None:
    """A counter goes down: a sale."""
    _wait(world, later)
    world.count(world.the(record), name, -number)


@given(sentence("{later:Someone} has deleted {record:The}"))
@when(sentence("{later:Someone} deletes {record:The}"))
def delete(world: World, later: bool, record: str) -> None:
    """A record is gone from its system."""
    _wait(world, later)
    world.delete(world.the(record))


def _wait(world: World, later: bool) -> None:
    world.clock.advance(MOMENT if later else 0)

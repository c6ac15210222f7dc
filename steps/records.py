"""Given: records that are there before anything happens."""

from __future__ import annotations

from pytest_bdd import given

from fakes.store import Serial
from steps.cycles import synchronise
from steps.pictures import Record
from steps.wording import sentence
from steps.world import World


@given(sentence("{record:New}"), target_fixture="record")
def a_record(world: World, record: str) -> Record:
    """A person has made a record; nothing has been synchronised yet."""
    return world.create(record, {})


@given(sentence("{record:New} {details:Details}"), target_fixture="record")
def a_record_whose(world: World, record: str, details: dict[str, str | None]) -> Record:
    """The same, with some of its properties given or empty."""
    return world.create(record, details)


@given(sentence("{number:Number} {name:Name} records"), target_fixture="records")
def some_records(world: World, number: int, name: str) -> list[Record]:
    """So many records, all made at the same moment."""
    return [world.create(name, {}) for _ in range(number)]


@given(sentence("{record:New} linked with {partner:New}"), target_fixture="record")
def linked(world: World, record: str, partner: str) -> Record:
    """A source record that has been synchronised with a target record."""
    return linked_whose(world, record, partner, {})


@given(sentence("{record:New} linked with {partner:New} {details:Details}"), target_fixture="record")
def linked_whose(world: World, record: str, partner: str, details: dict[str, str | None]) -> Record:
    """The same, with some of the source record's properties given or empty."""
    source = world.create(record, details)
    synchronise(world)
    found = world.links.partner(source, world.words.side(partner))
    assert found is not None, f"the {record} has got no {partner}"
    world.named.append(found)
    return source


@given(sentence("{record:Owner} {name:Property} names {other:The}"))
def names(world: World, record: str, name: str, other: str) -> None:
    """One record refers to another by its id (S06)."""
    world.change(world.the(record), name, world.the(other).id)


@given(sentence("{record:The} has a sibling variant {details:Details}"), target_fixture="sibling")
def a_sibling(world: World, record: str, details: dict[str, str | None]) -> Record:
    """The storefront's product has another variant, which shares its name and description (S12)."""
    return world.join(world.the(record), details)


@given(sentence("the {label:Property} numbers its records from 0"))
def numbered_from_zero(world: World, label: str) -> None:
    """The first record made from here on has the id 0, which is an id like any other (S04)."""
    world.systems[world.words.system(label)].store.ids = Serial()

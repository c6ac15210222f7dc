"""What has changed since a scenario's `When` began, and what of it people's edits explain."""

from __future__ import annotations

from collections.abc import Iterator

from bothways.mapping import Side
from steps import pictures
from steps.pictures import Picture, Record
from steps.vocabulary import within
from steps.world import World


def begun(world: World) -> Picture:
    """What both systems held when the `When` began. Raises ValueError in a scenario that has none."""
    if world.before is None:
        raise ValueError("nothing has happened: the scenario has no When")
    return world.before


def unexplained(world: World) -> dict[str, str]:
    """Every change that no person's edit explains by the mapping: what has changed, and how."""
    before, after = begun(world), world.picture()
    whole = [edit.record for edit in world.edits[world.begun :] if edit.key is None]
    made = {(one.side.system, one.id) for one in [*whole, *(target for _, target in _newly_linked(world))]}
    gone = {(record.side.system, record.id) for record in whole}
    odd = {
        str(one): "is new" for one in after.keys() - before.keys() if (one.side.system, one.id) not in made
    }
    odd |= {
        str(one): "is gone" for one in before.keys() - after.keys() if (one.side.system, one.id) not in gone
    }
    explained = set(_explained(world))
    for record, path in pictures.differing(before, after):
        if not any(record == known and within(path, place) for known, place in explained):
            odd[f"{record} {path}"] = f"{before[record].get(path)!r} became {after[record].get(path)!r}"
    return odd


def _newly_linked(world: World) -> list[tuple[Record, Record]]:
    return [pair for pair in world.links.pairs() if pair not in world.linked_before]


def _explained(world: World) -> Iterator[tuple[Record, str]]:
    """The (record, path) pairs that may differ: edited, or of an edited property elsewhere in the entity, or of any
    property of records that have been linked."""
    for record, path in world.touched:
        yield record, path
        for origin in world.words.sources(record.side):
            for key in _meant(world, record, origin, world.words.keys_at(record.side, path, origin)):
                yield from _wherever(world, record, origin, key)
    for one, other in _newly_linked(world):
        for prop in world.words.flow(one.side, other.side).properties:
            for origin in world.words.sources(one.side):
                for key in world.words.keys_at(one.side, prop.source.path, origin):
                    yield from _wherever(world, one, origin, key)


def _meant(world: World, record: Record, origin: Side, keys: list[str]) -> list[str]:
    """Of several properties that feed one: the one that an edit of it means, which is the first that was filled."""
    sources = [one for one in world.links.entity(record) if one.side == origin]
    before = begun(world)
    filled = [key for key in keys for one in sources if before.get(one, {}).get(key) not in (None, "", [])]
    return filled[:1] or keys[:1]


def _wherever(world: World, record: Record, origin: Side, key: str) -> Iterator[tuple[Record, str]]:
    """Each place in a record's entity where a property shows, and what changes with it."""
    entity = world.links.entity(record)
    for side, path in world.words.places(origin, key):
        for place, follower in world.words.changes_with(side, path):
            yield from ((one, follower) for one in entity if one.side == place)

"""Finding records that are the same thing, before anything is created (S02, S05)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bothways.mapping import Side
from bothways.sync.cycle import Cycle, rank_of
from bothways.sync.members import linked, side_of
from bothways.sync.merging import found, join
from bothways.sync.model import Entity, Member, Ref
from bothways.sync.plan import may_cross
from bothways.sync.store import Key, slices

Matches = dict[Key, list[tuple[Ref, int]]]
"""The records that have a key, and their entities."""

TOGETHER = 500
"""How many entities are looked for together."""


def link(cycle: Cycle, touched: Iterable[int]) -> list[int]:
    """Join unlinked records with what they match; give the entities in the order of references."""
    ranks: dict[int, int] = {}
    for some in slices(sorted(touched), TOGETHER):
        with cycle.store.transaction():
            _link(cycle, some, ranks)
    return sorted(ranks, key=lambda number: (ranks[number], number))


def _link(cycle: Cycle, touched: Sequence[int], ranks: dict[int, int]) -> None:
    store = cycle.store
    known = _known(cycle, store.entities(touched).values())
    for number in touched:
        entity = store.entities([number]).get(number)
        if entity is None:
            continue  # it has become part of another
        taken, seen = False, {number}
        waiting = _matching(cycle, entity, known)
        while waiting:
            match = waiting.pop(0)
            other = store.entities([match]).get(match)
            if match in seen or other is None:
                continue
            seen.add(match)
            if linked(cycle.shape, other):
                if taken:
                    continue  # linked entities never become one: `status` reports the collision
                taken = True
            waiting += _matching(cycle, other, known)  # equality is transitive
            cycle.marked |= any(_marked(cycle, side) for side in (entity, other))
            entity = _joined(cycle, other, entity)
            known.clear()  # what was joined belongs to another entity than before
        ranks[entity.id] = rank_of(cycle.shape, entity)


def _matching(cycle: Cycle, entity: Entity, known: Matches) -> list[int]:
    return [number for _, number in _matches(cycle, entity, known)]


def doubtful(cycle: Cycle, touched: Sequence[int]) -> set[Ref]:
    """Records that unlinked ones match and that may be gone: their API lists no deletions, and wasn't scanned whole."""
    found: set[Ref] = set()
    if not any(_may_hide_deletions(cycle, side) for side in cycle.shape.sides):
        return found
    for some in slices(touched, TOGETHER):
        with cycle.store.transaction():
            entities = cycle.store.entities(some).values()
            known = _known(cycle, entities)
            found |= {
                ref
                for entity in entities
                for ref, _ in _matches(cycle, entity, known)
                if _may_hide_deletions(cycle, side_of(ref))
            }
    return found


def _may_hide_deletions(cycle: Cycle, side: Side) -> bool:
    return side not in cycle.scanned and not cycle.connectors[side.system].abilities(side.datatype).tombstones


def _joined(cycle: Cycle, one: Entity, other: Entity) -> Entity:
    """The older entity takes in the records of the younger."""
    older, younger = sorted((one, other), key=lambda entity: entity.id)
    joined = join(cycle.shape, older, younger)
    cycle.store.dissolve(younger.id, into=older.id)
    cycle.save(joined, older, pending=True)  # what follows from it is still to be done (S26)
    return joined


def _marked(cycle: Cycle, entity: Entity) -> bool:
    return any(cycle.shape.marked(side_of(member.ref), member.extras) for member in entity.live())


def _known(cycle: Cycle, entities: Iterable[Entity]) -> Matches:
    """What matches these entities, asked for together."""
    return cycle.store.with_keys(key for entity in entities for _, key in _keys(cycle, entity))


def _keys(cycle: Cycle, entity: Entity) -> Iterator[tuple[Member, Key]]:
    """The keys by which an entity may find others. S05: joining happens only while a record is unlinked."""
    if not linked(cycle.shape, entity):
        yield from ((alone, key) for alone in entity.live() for key in alone.keys.items())


def _matches(cycle: Cycle, entity: Entity, known: Matches) -> Iterator[tuple[Ref, int]]:
    """Records with the same key as one of this entity's, and the entities that have them."""
    for alone, key in _keys(cycle, entity):
        if key not in known:
            known |= cycle.store.with_keys([key])
        for ref, number in known[key]:
            if number != entity.id:
                other = cycle.store.entities([number])[number].member(ref)
                if other is not None and _may_join(cycle, key[0], alone, other):
                    yield ref, number


def _may_join(cycle: Cycle, space: str, one: Member, other: Member) -> bool:
    """Twins of one side; source and target of a flow; or two sources that flows bring to one target (S05).

    The flows have this criterion, and let the sources cross.
    """
    sides = {side_of(one.ref), side_of(other.ref)}
    arriving: dict[Side, set[Side]] = {}
    for number, flow in enumerate(cycle.shape.flows):
        if all(cycle.shape.space(flow, criterion) != space for criterion in flow.criteria):
            continue
        if len(sides) == 1 and {flow.source, flow.target}.issuperset(sides):
            return True
        for source in (one, other):
            if side_of(source.ref) == flow.source and may_cross(source, number, cycle.onboarded_at):
                if flow.target in sides:
                    return True
                arriving.setdefault(flow.target, set()).add(flow.source)
    return sides in arriving.values()


def adopt(cycle: Cycle, entity: Entity, ref: Ref) -> Entity:
    """The entity, ready to take in a record that was seen before under a number of its own, with its company."""
    entity = found(cycle.shape, entity)
    number = cycle.store.entities_of([ref]).get(ref)
    if number is None or number == entity.id:
        return entity
    (other,) = cycle.store.entities([number]).values()
    cycle.store.dissolve(number, into=entity.id)
    return entity if len(other.members) == 1 else join(cycle.shape, entity, other)

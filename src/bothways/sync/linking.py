"""Finding records that are the same thing, before anything is created (S02, S05)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bothways.mapping import Side
from bothways.sync.cycle import Cycle, rank_of
from bothways.sync.model import Entity, Member, Ref
from bothways.sync.observe import join, linked, side_of
from bothways.sync.plan import may_cross


def link(cycle: Cycle, touched: Iterable[int]) -> list[int]:
    """Join unlinked records with what they match; give the entities in the order of references."""
    ranks: dict[int, int] = {}
    store = cycle.store
    with store.transaction():
        for number in sorted(touched):
            entity = store.entities([number]).get(number)
            if entity is None:
                continue  # it has become part of another
            taken, seen = False, {number}
            waiting = _matching(cycle, entity)
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
                waiting += _matching(cycle, other)  # equality is transitive
                cycle.marked |= any(_marked(cycle, side) for side in (entity, other))
                ranks.pop(entity.id, None)
                ranks.pop(other.id, None)
                entity = _joined(cycle, other, entity)
            ranks[entity.id] = rank_of(cycle.shape, entity)
    return sorted(ranks, key=lambda number: (ranks[number], number))


def _matching(cycle: Cycle, entity: Entity) -> list[int]:
    return [number for _, number in _matches(cycle, entity)]


def doubtful(cycle: Cycle, touched: Iterable[int]) -> set[Ref]:
    """Records that unlinked ones match and that may be gone: their API lists no deletions, and wasn't scanned whole."""
    return {
        ref
        for entity in cycle.store.entities(touched).values()
        for ref, _ in _matches(cycle, entity)
        if side_of(ref) not in cycle.scanned
        and not cycle.connectors[ref.system].abilities(ref.datatype).tombstones
    }


def _joined(cycle: Cycle, one: Entity, other: Entity) -> Entity:
    """The older entity takes in the records of the younger."""
    older, younger = (one, other) if one.id < other.id else (other, one)
    joined = join(cycle.shape, older, younger)
    cycle.store.dissolve(younger.id, into=older.id)
    cycle.save(joined, older)
    return joined


def _marked(cycle: Cycle, entity: Entity) -> bool:
    return any(cycle.shape.marked(side_of(member.ref), member.extras) for member in entity.live())


def _matches(cycle: Cycle, entity: Entity) -> Iterator[tuple[Ref, int]]:
    """Records with the same key as one of this entity's, and the entities that have them."""
    if linked(cycle.shape, entity):
        return  # S05: joining happens only while a record is unlinked
    for alone in entity.live():
        for space, value in alone.keys.items():
            for ref, number in cycle.store.with_key(space, value):
                if number != entity.id:
                    other = cycle.store.entities([number])[number].member(ref)
                    if other is not None and _may_join(cycle, space, alone, other):
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
        if len(sides) == 1 and sides <= {flow.source, flow.target}:
            return True
        for source in (one, other):
            if side_of(source.ref) == flow.source and may_cross(source, number, cycle.onboarded_at):
                if flow.target in sides:
                    return True
                arriving.setdefault(flow.target, set()).add(flow.source)
    return sides in arriving.values()

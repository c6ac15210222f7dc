"""What entities need now: the plan of each, with what it takes from the store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bothways.sync.cycle import Cycle
from bothways.sync.merging import aligned, found
from bothways.sync.model import Entity, Ref
from bothways.sync.plan import Need, Step, Stop, needs, plan

Plans = list[tuple[Entity, list[Step]]]


def make_plans(cycle: Cycle, numbers: Sequence[int]) -> Plans:
    """What these entities need now. Reasons why something doesn't cross are put on record."""
    store = cycle.store
    plans: Plans = []
    with store.transaction():
        entities = store.entities(numbers)
        busy = {(intent.entity, intent.send.subject) for intent in store.intents(numbers)}
        for number in numbers:
            if (before := entities.get(number)) is None:
                continue
            entity = found(cycle.shape, before)
            if before.versions:
                before = entity = _keep(cycle, aligned(cycle.shape, before), before)
            given = cycle.given({need: _link_of(cycle, need) for need in needs(cycle.shape, entity)})
            steps: list[Step] = []
            for step in plan(cycle.shape, entity, given):
                if isinstance(step, Stop):
                    before = _keep(cycle, cycle.file(before, step), before)
                elif (number, step.subject) not in busy | cycle.stopped:
                    steps.append(step)
            if steps and not before.versions:  # what is written must still be known when it is answered
                before = _keep(cycle, replace(entity, troubles=before.troubles), before)
            if steps:
                plans.append((before, steps))
    return plans


def _keep(cycle: Cycle, after: Entity, before: Entity) -> Entity:
    cycle.save(after, before)
    return after


def _link_of(cycle: Cycle, need: Need) -> str | None:
    """The id in the target of the record that `need` names, None while it has no link there."""
    if need.space:
        known = [number for ref, number in cycle.store.with_key(need.space, need.value)]
    else:
        ref = Ref(need.source.system, need.source.datatype, need.value)
        known = list(cycle.store.entities_of([ref]).values())
    for entity in cycle.store.entities(known).values():
        for member in entity.live():
            if member.ref.system == need.system and need.datatype in ("", member.ref.datatype):
                return member.ref.id
    return None

"""Writing what is planned. Intents are stored before anything is sent (S24, S26)."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby

from bothways.errors import Stopped
from bothways.mapping import Side
from bothways.sync.connectors import Kind, Outcome, Record, Stale
from bothways.sync.cycle import Cycle
from bothways.sync.learning import learn, to_be_read
from bothways.sync.linking import adopt
from bothways.sync.looking import look_up
from bothways.sync.model import Entity, Ref
from bothways.sync.observe import acknowledge
from bothways.sync.plan import Look, Send, Stop
from bothways.sync.planning import Plans, make_plans
from bothways.sync.store import Intent, slices

MOST_CONFLICTS = 3
"""How often a record may change under a write within one cycle before it is left for the next (S20)."""


async def bring(cycle: Cycle, numbers: Sequence[int]) -> None:
    """Write what these entities need, and what follows from it, until nothing is left to do."""
    fresh: set[Ref] = set()
    conflicts: Counter[tuple[int, str]] = Counter()
    while plans := make_plans(cycle, numbers):
        looks = [step.ref for _, steps in plans for step in steps if isinstance(step, Look)]
        stale = [ref for ref in _unversioned(cycle, plans) if ref not in fresh]
        if looks or stale:
            await _read(cycle, plans, looks, stale)
            fresh.update(stale)
            continue
        sends = [(entity, step) for entity, steps in plans for step in steps if isinstance(step, Send)]
        if _over_limit(cycle, sends):
            return  # still pending: it waits for a person
        answered = await _send(cycle, sends)
        fresh.difference_update(send.ref for _, send in sends if send.ref is not None)
        for intent, outcome in answered:
            if to_be_read(intent, outcome):
                conflicts[intent.entity, intent.send.subject] += 1
        _give_up(cycle, [place for place, count in conflicts.items() if count >= MOST_CONFLICTS])
    with cycle.store.transaction():
        under_way = {
            intent.entity for intent in cycle.store.intents(numbers)
        }  # to be planned again once known
        cycle.store.acted_on([number for number in numbers if number not in under_way])


def _over_limit(cycle: Cycle, sends: Sequence[tuple[Entity, Send]]) -> bool:
    """Writes that follow from others count as they appear (S21)."""
    subjects = {(entity.id, send.ref or send.subject) for entity, send in sends}
    planned = len(cycle.report.written) + len(subjects)
    if cycle.allowance is None or planned <= cycle.allowance:
        return False
    cycle.report.held = planned
    return True


def _give_up(cycle: Cycle, places: Iterable[tuple[int, str]]) -> None:
    """What changed under every write is left for the next cycle."""
    with cycle.store.transaction():
        for number, subject in places:
            for before in cycle.store.entities([number]).values():
                stop = Stop(subject, f"it changed under each of {MOST_CONFLICTS} writes")
                cycle.save(cycle.file(before, stop), before)


def _unversioned(cycle: Cycle, plans: Plans) -> list[Ref]:
    """Records to read just before they are written, since their API checks no version (S20)."""
    return [
        step.ref
        for _, steps in plans
        for step in steps
        if isinstance(step, Send)
        and step.ref is not None
        and step.write.kind in (Kind.UPDATE, Kind.DELETE)
        and not cycle.connectors[step.system].abilities(step.write.datatype).versions
    ]


async def _read(cycle: Cycle, plans: Plans, looks: Sequence[Ref], stale: Sequence[Ref]) -> None:
    """Read what is to be linked into the entity that looks for it, and anew what is to be written."""
    await look_up(cycle, stale)
    for (system, datatype), refs in groupby(sorted(looks), key=lambda ref: (ref.system, ref.datatype)):
        wanted = list(refs)
        seen = await cycle.connectors[system].read(datatype, [ref.id for ref in wanted])
        with cycle.store.transaction():
            for entity, steps in plans:
                for step in steps:
                    if isinstance(step, Look) and step.ref in wanted:
                        _link_appeared(cycle, entity.id, step.ref, seen.get(step.ref.id))


def _link_appeared(cycle: Cycle, number: int, ref: Ref, record: Record | None) -> None:
    before = cycle.store.entities([number])[number]
    if record is None:
        stop = Stop(Look(ref).subject, f"{ref} hasn't appeared")
        cycle.save(cycle.file(before, stop), before)
        return
    entity = adopt(cycle, before, ref)
    after = acknowledge(cycle.shape, entity, ref, {}, record, cycle.now())
    cycle.save(after, before)


async def _send(cycle: Cycle, sends: Sequence[tuple[Entity, Send]]) -> list[tuple[Intent, Outcome]]:
    """Store the intents, send the writes side by side in the order of references, store what became of them.

    What changed under a write is planned anew, before anything else of it is written or deleted (S19, S20).
    """
    order = {side: number for number, side in enumerate(cycle.shape.sides)}
    ordered = sorted(sends, key=lambda pair: order[pair[1].side])
    answered: list[tuple[Intent, Outcome]] = []
    for side, group in groupby(ordered, key=lambda pair: pair[1].side):
        changed = {intent.entity for intent, outcome in answered if isinstance(outcome, Stale)}
        for some in _learned_together(cycle, side, [pair for pair in group if pair[0].id not in changed]):
            with cycle.store.transaction():
                there = _batched(cycle, side, _still_there(cycle, some))
                intents = [_intend(cycle, entity, send) for entity, send in there]
            outcomes = await _write(cycle, side.system, intents)
            pairs = list(zip(intents, outcomes, strict=True))
            await learn(cycle, pairs)
            answered += pairs
    return answered


def _learned_together(
    cycle: Cycle, side: Side, sends: Sequence[tuple[Entity, Send]]
) -> Iterable[Sequence[tuple[Entity, Send]]]:
    """One at a time where the API keeps no keys: then only the answer tells which record a creation has made (S24)."""
    able = cycle.connectors[side.system].abilities(side.datatype)
    return [sends] if able.keys_kept is not None or able.batch > 1 else slices(sends, 1)


async def _write(cycle: Cycle, system: str, intents: Sequence[Intent]) -> Sequence[Outcome]:
    """Send what is intended. Stopped before any of it was sent, nothing is left to find out about."""
    connector = cycle.connectors[system]
    sent = connector.requests
    try:
        return await connector.write([intent.send.write for intent in intents])
    except Stopped:
        if connector.requests == sent:
            with cycle.store.transaction():
                cycle.store.forget(intents)
        raise


def _still_there(cycle: Cycle, sends: Sequence[tuple[Entity, Send]]) -> list[tuple[Entity, Send]]:
    """Without what was planned for an entity that has become part of another since: that is planned anew."""
    there = cycle.store.entities(entity.id for entity, _ in sends)
    return [(entity, send) for entity, send in sends if entity.id in there]


def _intend(cycle: Cycle, entity: Entity, send: Send) -> Intent:
    """Keep the write with its idempotency key.

    A creation's key follows from what it is made from alone: should the state be lost, the system still knows it.
    """
    made = send.write.kind is Kind.CREATE
    key = _key(send.subject, send.write.key) if made else _new_key(cycle, str(send.ref))
    return cycle.store.intend(entity.id, replace(send, write=replace(send.write, key=key)), cycle.now())


def _batched(cycle: Cycle, side: Side, sends: list[tuple[Entity, Send]]) -> list[tuple[Entity, Send]]:
    """The writes to one side, creations by as few requests as the API allows.

    Only those that are known by more than their own idempotency key: a lost state knows no batch.
    """
    most = cycle.connectors[side.system].abilities(side.datatype).batch
    creations = [place for place, (_, send) in enumerate(sends) if send.known_by_key]
    for some in slices(creations, most) if most > 1 else ():
        batch = _new_key(cycle, str(side)) if len(some) > 1 else ""
        for place in some:
            entity, send = sends[place]
            sends[place] = entity, replace(send, write=replace(send.write, batch=batch))
    return sends


def _new_key(cycle: Cycle, subject: str) -> str:
    """An idempotency key that was never used before."""
    return _key(subject, str(cycle.store.new_number()), cycle.now().isoformat())


def _key(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:40]

"""Writing what is planned, and learning what became of it. Intents are stored before, outcomes after (S24, S26)."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import groupby

from bothways.errors import Stopped
from bothways.mapping import Side
from bothways.sync.connectors import (
    Connector,
    Done,
    Gone,
    Kind,
    Outcome,
    Partly,
    Record,
    Refused,
    Stale,
    Unknown,
    Write,
)
from bothways.sync.cycle import Cycle, pause
from bothways.sync.looking import look_up
from bothways.sync.model import Entity, Ref
from bothways.sync.observe import (
    accompanied,
    acknowledge,
    adjusted,
    found,
    gone,
    join,
    last_deletion,
    side_of,
    taken,
)
from bothways.sync.plan import Look, Send, Stop
from bothways.sync.planning import Plans, make_plans
from bothways.sync.store import Intent, slices

MOST_CONFLICTS = 3
"""How often a record may change under a write within one cycle before it is left for the next (S20)."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """An adjustment whose outcome nobody knows, and whose key the system has forgotten; `record` is what it shows."""

    record: Record


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
            if _to_be_read(intent, outcome):
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
    entity = _adopt(cycle, before, ref)
    after = acknowledge(cycle.shape, entity, ref, {}, record, cycle.now())
    cycle.save(after, before)


def _adopt(cycle: Cycle, entity: Entity, ref: Ref) -> Entity:
    """The entity, ready to take in a record that was seen before under a number of its own, with its company."""
    entity = found(cycle.shape, entity)
    number = cycle.store.entities_of([ref]).get(ref)
    if number is None or number == entity.id:
        return entity
    (other,) = cycle.store.entities([number]).values()
    cycle.store.dissolve(number, into=entity.id)
    return entity if len(other.members) == 1 else join(cycle.shape, entity, other)


# -- sending ---------------------------------------------------------------------------------------


async def _send(cycle: Cycle, sends: Sequence[tuple[Entity, Send]]) -> list[tuple[Intent, Outcome]]:
    """Store the intents, send the writes side by side in the order of references, store what became of them.

    What changed under a write is planned anew, before anything else of it is written or deleted (S19, S20).
    """
    order = {side: number for number, side in enumerate(cycle.shape.sides)}

    def side_of_send(send: Send) -> Side:
        return Side(system=send.system, datatype=send.write.datatype)

    ordered = sorted(sends, key=lambda pair: order[side_of_send(pair[1])])
    answered: list[tuple[Intent, Outcome]] = []
    for side, group in groupby(ordered, key=lambda pair: side_of_send(pair[1])):
        changed = {intent.entity for intent, outcome in answered if isinstance(outcome, Stale)}
        for some in _learned_together(cycle, side, [pair for pair in group if pair[0].id not in changed]):
            with cycle.store.transaction():
                there = _batched(cycle, side, _still_there(cycle, some))
                intents = [_intend(cycle, entity, send) for entity, send in there]
            outcomes = await _write(cycle, side.system, intents)
            pairs = list(zip(intents, outcomes, strict=True))
            await _learn(cycle, pairs)
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


# -- learning what became of it --------------------------------------------------------------------


async def settle(cycle: Cycle) -> None:
    """Find out what became of the writes that were never answered (S24, S26)."""
    for together in _as_sent(cycle.store.intents()):
        if all(intent.due <= cycle.now() and _may_be_asked(cycle, intent) for intent in together):
            await _learn(cycle, list(zip(together, await _inquire(cycle, together), strict=True)))


def _as_sent(intents: Iterable[Intent]) -> list[list[Intent]]:
    """Creations of one batch together, all else alone; the oldest first."""
    together: dict[str, list[Intent]] = {}
    for intent in intents:
        together.setdefault(intent.send.write.batch or str(intent.number), []).append(intent)
    return list(together.values())


def _may_be_asked(cycle: Cycle, intent: Intent) -> bool:
    """Whether the mapping still has what was written, and shares that side where to ask may be to write again (S22)."""
    write = intent.send.write
    side = Side(system=intent.send.system, datatype=write.datatype)
    known = cycle.shape.knows(side, write.body if write.kind is Kind.ADJUST else ())
    return known and (write.kind in (Kind.UPDATE, Kind.DELETE) or cycle.shape.shared(side))


async def _inquire(cycle: Cycle, together: Sequence[Intent]) -> Sequence[Outcome | Forgotten]:
    """By idempotency key where the API has one, else by looking. Creations that are wanted no more aren't asked about,
    since to ask is to send them again: what they may have made is met like any other record (S02, S05)."""
    if all(_has_met_another(cycle, intent) for intent in together):
        return [Stale()] * len(together)
    write, connector = together[0].send.write, cycle.connectors[together[0].send.system]
    kept = connector.abilities(write.datatype).keys_kept
    if write.kind in (Kind.CREATE, Kind.ADJUST) and kept is not None and cycle.now() - together[0].at < kept:
        return await connector.write([intent.send.write for intent in together])
    return [await _look_for(connector, intent) for intent in together]


def _has_met_another(cycle: Cycle, intent: Intent) -> bool:
    """Whether the creation's entity has a record there by now."""
    side = Side(system=intent.send.system, datatype=intent.send.write.datatype)
    members = _owners(cycle, [intent])(intent).live() if intent.send.write.kind is Kind.CREATE else ()
    return any(side_of(member.ref) == side for member in members)


async def _look_for(connector: Connector, intent: Intent) -> Outcome | Forgotten:
    """What the records show of a write."""
    write = intent.send.write
    if write.kind is Kind.CREATE:
        record = await connector.find_created(write, intent.at)
        return Stale() if record is None else Done(record)
    assert write.id is not None
    present = (await connector.read(write.datatype, [write.id])).get(write.id)
    if present is None:
        return Done() if write.kind is Kind.DELETE else Gone()
    if write.kind is Kind.ADJUST:
        return Forgotten(present)
    return _seen(connector, write, present) if write.kind is Kind.UPDATE else Stale()


def _seen(connector: Connector, write: Write, present: Record) -> Outcome:
    """What of an update the record shows: that was written, by however many requests; the rest wasn't."""
    alone = {path: replace(write, body={path: value}) for path, value in write.body.items()}
    paths = frozenset(path for path, part in alone.items() if connector.shows(part, present))
    if paths == write.body.keys():
        return Done(present)
    return Partly(present, paths) if paths else Stale()


async def _learn(cycle: Cycle, pairs: Sequence[tuple[Intent, Outcome | Forgotten]]) -> None:
    """Store the outcomes. What is unknown stays an intent; what changed under the write is read anew."""
    again: list[Ref] = []
    pairs = [(intent, _as_told(intent, outcome)) for intent, outcome in pairs]
    with cycle.store.transaction():
        owner = _owners(cycle, [intent for intent, _ in pairs])
        done = {intent.number: _written(intent, each) for intent, each in pairs if isinstance(each, Done)}
        cycle.store.entities_of(done.values())  # all at once
        for intent, outcome in pairs:
            if isinstance(outcome, Unknown):
                rest = (
                    pause(intent.tries) if intent.tries else timedelta(0)
                )  # asked again at once, the first time
                cycle.store.postpone(intent, cycle.now() + rest)
                continue
            before = owner(intent)
            cycle.store.forget([intent])
            ref = intent.send.ref
            if ref is not None and _to_be_read(intent, outcome):
                again.append(ref)
            if isinstance(outcome, Done):
                cycle.report.created += intent.send.write.kind is Kind.CREATE
                cycle.report.written.add(done[intent.number])
            cycle.save(_after(cycle, before, intent, outcome), before, pending=True)
    await look_up(cycle, again)


def _as_told(intent: Intent, outcome: Outcome | Forgotten) -> Outcome | Forgotten:
    """A creation whose answer tells no record has no outcome yet."""
    made = intent.send.ref is None and outcome == Done()
    return Unknown("its answer tells no record") if made else outcome


def _to_be_read(intent: Intent, outcome: Outcome | Forgotten) -> bool:
    """Whether it takes a look to say what the record shows now: it changed under the write, or nobody has told."""
    return isinstance(outcome, Stale) or (outcome == Done() and intent.send.write.kind is Kind.UPDATE)


def _owners(cycle: Cycle, intents: Sequence[Intent]) -> Callable[[Intent], Entity]:
    """Gives the entity of each intent, which one of the outcomes may have made part of another."""
    numbers = cycle.store.owners(intents)
    cycle.store.entities(numbers.values())

    def owner(intent: Intent) -> Entity:
        number = numbers[intent.number]
        if (found := cycle.store.entities([number]).get(number)) is None:
            (number,) = cycle.store.owners([intent]).values()
            found = cycle.store.entities([number])[number]
        return found

    return owner


def _written(intent: Intent, outcome: Done) -> Ref:
    """The record that a write has changed or made."""
    if intent.send.ref is not None:
        return intent.send.ref
    assert outcome.record is not None
    return Ref(intent.send.system, intent.send.write.datatype, outcome.record.id)


def _after(cycle: Cycle, before: Entity, intent: Intent, outcome: Outcome | Forgotten) -> Entity:
    """The entity after the outcome of one write."""
    send, ref = intent.send, intent.send.ref
    match outcome:
        case Refused(reason):
            return cycle.file(before, Stop(send.subject, reason))
        case Partly(record, paths, reason) if ref is not None:
            numbers = {path: number for path, number in send.numbers.items() if path in paths}
            after = acknowledge(cycle.shape, before, ref, numbers, record, cycle.now())
            return cycle.file(after, Stop(send.subject, reason)) if reason else after
        case Gone() if ref is not None:
            return gone(before, ref, cycle.now())
        case Forgotten(record) if ref is not None:
            ((path, _),) = send.write.body.items()
            reason = "an adjustment's outcome will never be known: the counter may be off by it"
            taking = taken(cycle.shape, before, ref, path, record)
            return cycle.file(taking, Stop(f"{send.subject} exactness", reason))
        case Done(record):
            return _after_done(cycle, before, send, record)
        case _:
            return before


def _after_done(cycle: Cycle, before: Entity, send: Send, record: Record | None) -> Entity:
    ref, now = send.ref, cycle.now()
    if ref is None:
        assert record is not None
        ref = Ref(send.system, send.write.datatype, record.id)
        after = acknowledge(cycle.shape, _adopt(cycle, before, ref), ref, send.numbers, record, now)
        return accompanied(cycle.shape, after, ref, record)
    if send.write.kind is Kind.DELETE:
        return gone(
            before, ref, last_deletion(before) or now
        )  # a deletion that crossed is no later edit (S19)
    if send.write.kind is Kind.ADJUST:
        ((path, delta),) = send.write.body.items()
        return adjusted(cycle.shape, before, ref, path, delta, record, now)
    return before if record is None else acknowledge(cycle.shape, before, ref, send.numbers, record, now)

"""Learning what became of what was written: at once, or in a later cycle (S24, S26)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

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
from bothways.sync.linking import adopt
from bothways.sync.looking import look_up
from bothways.sync.members import last_deletion, side_of
from bothways.sync.model import Entity, Ref
from bothways.sync.observe import accompanied, acknowledge, adjusted, gone, taken
from bothways.sync.plan import Send, Stop
from bothways.sync.store import Intent


@dataclass(frozen=True, slots=True)
class Forgotten:
    """An adjustment whose outcome nobody knows, and whose key the system has forgotten; `record` is what it shows."""

    record: Record


@dataclass(frozen=True, slots=True)
class Edited:
    """A creation that was carried out, and whose `record` somebody has edited before anybody told of it: `sent` is
    what was sent to the paths that show something else now."""

    record: Record
    sent: Mapping[str, Any]


Learned = Outcome | Forgotten | Edited


async def settle(cycle: Cycle) -> None:
    """Find out what became of the writes that were never answered (S24, S26)."""
    for together in _as_sent(cycle.store.intents()):
        if all(intent.due <= cycle.now() and _may_be_asked(cycle, intent) for intent in together):
            await learn(cycle, list(zip(together, await _inquire(cycle, together), strict=True)))


def _as_sent(intents: Iterable[Intent]) -> list[list[Intent]]:
    """Creations of one batch together, all else alone; the oldest first."""
    together: dict[str, list[Intent]] = {}
    for intent in intents:
        together.setdefault(intent.send.write.batch or str(intent.number), []).append(intent)
    return list(together.values())


def _may_be_asked(cycle: Cycle, intent: Intent) -> bool:
    """Whether the mapping still has what was written, and shares that side where to ask may be to write again (S22)."""
    write, side = intent.send.write, intent.send.side
    known = cycle.shape.knows(side, write.body if write.kind is Kind.ADJUST else ())
    return known and (write.kind in (Kind.UPDATE, Kind.DELETE) or cycle.shape.shared(side))


async def _inquire(cycle: Cycle, together: Sequence[Intent]) -> Sequence[Learned]:
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
    if intent.send.write.kind is not Kind.CREATE:
        return False
    entity = _owners(cycle, [intent])(intent)
    return any(side_of(member.ref) == intent.send.side for member in entity.live())


async def _look_for(connector: Connector, intent: Intent) -> Learned:
    """What the records show of a write."""
    write = intent.send.write
    if write.kind is Kind.CREATE:
        record = await connector.find_created(write, intent.at)
        return Stale() if record is None else _found(connector, intent.send, record)
    assert write.id is not None
    present = (await connector.read(write.datatype, [write.id])).get(write.id)
    if present is None:
        return Done() if write.kind is Kind.DELETE else Gone()
    if write.kind is Kind.ADJUST:
        return Forgotten(present)
    return _seen(connector, write, present) if write.kind is Kind.UPDATE else Stale()


def _found(connector: Connector, send: Send, record: Record) -> Done | Edited:
    """What became of a creation whose record was found: what that shows otherwise than it was sent is an edit."""
    other = send.numbers.keys() - _shown(connector, send.write, record)
    sent = {path: value for path, value in send.write.body.items() if path in other}
    return Edited(record, sent) if sent else Done(record)


def _seen(connector: Connector, write: Write, present: Record) -> Outcome:
    """What of an update the record shows: that was written, by however many requests; the rest wasn't."""
    paths = _shown(connector, write, present)
    if paths == write.body.keys():
        return Done(present)
    return Partly(present, paths) if paths else Stale()


def _shown(connector: Connector, write: Write, record: Record) -> frozenset[str]:
    """The paths at which the record shows what was written there."""
    alone = {path: replace(write, body={path: value}) for path, value in write.body.items()}
    return frozenset(path for path, part in alone.items() if connector.shows(part, record))


async def learn(cycle: Cycle, pairs: Sequence[tuple[Intent, Learned]]) -> None:
    """Store the outcomes. What is unknown stays an intent; what changed under the write is read anew."""
    again: list[Ref] = []
    pairs = [(intent, _as_told(cycle, intent, outcome)) for intent, outcome in pairs]
    with cycle.store.transaction():
        owner = _owners(cycle, [intent for intent, _ in pairs])
        done = {
            intent.number: _written(intent, each) for intent, each in pairs if isinstance(each, Done | Edited)
        }
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
            if ref is not None and to_be_read(intent, outcome):
                again.append(ref)
            if intent.number in done:
                cycle.report.created += intent.send.write.kind is Kind.CREATE
                cycle.report.written.add(done[intent.number])
            cycle.save(_after(cycle, before, intent, outcome), before, pending=True)
    await look_up(cycle, again)


def _as_told(cycle: Cycle, intent: Intent, outcome: Learned) -> Learned:
    """A creation whose answer tells no record has no outcome yet. One that is answered with a record that is gone was
    carried out long ago, and its key is known still: the state was lost (S32)."""
    if intent.send.ref is not None or not isinstance(outcome, Done):
        return outcome
    if outcome.record is None:
        return Unknown("its answer tells no record")
    gone_already = _written(intent, outcome) in cycle.graves
    return Refused("the system knows it as done, but the record is gone") if gone_already else outcome


def to_be_read(intent: Intent, outcome: Learned) -> bool:
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


def _written(intent: Intent, outcome: Done | Edited) -> Ref:
    """The record that a write has changed or made."""
    if intent.send.ref is not None:
        return intent.send.ref
    assert outcome.record is not None
    return Ref(intent.send.system, intent.send.write.datatype, outcome.record.id)


def _after(cycle: Cycle, before: Entity, intent: Intent, outcome: Learned) -> Entity:
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
        case Done(record) if ref is not None:
            return _after_done(cycle, before, send, ref, record)
        case Done() | Edited():
            return _after_created(cycle, before, intent, outcome)
        case _:
            return before


def _after_created(cycle: Cycle, before: Entity, intent: Intent, outcome: Done | Edited) -> Entity:
    ref, record, now = _written(intent, outcome), outcome.record, cycle.now()
    assert record is not None
    edited = outcome.sent if isinstance(outcome, Edited) else {}
    after = acknowledge(cycle.shape, adopt(cycle, before, ref), ref, intent.send.numbers, record, now, edited)
    return accompanied(cycle.shape, after, ref, record)


def _after_done(cycle: Cycle, before: Entity, send: Send, ref: Ref, record: Record | None) -> Entity:
    now = cycle.now()
    if send.write.kind is Kind.DELETE:
        return gone(
            before, ref, last_deletion(before) or now
        )  # a deletion that crossed is no later edit (S19)
    if send.write.kind is Kind.ADJUST:
        ((path, delta),) = send.write.body.items()
        return adjusted(cycle.shape, before, ref, path, delta, record, now)
    return before if record is None else acknowledge(cycle.shape, before, ref, send.numbers, record, now)

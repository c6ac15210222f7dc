"""The independent judge of a history: it knows the rules, and sees only what the APIs show and were asked.

Feed it observations in order; what it finds wrong stands in `breaches`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from properties.entities import Entities, Entity
from properties.history import (
    Act,
    Breach,
    ClockSet,
    CycleEnded,
    CycleStarted,
    Invariant,
    Member,
    Notified,
    Observation,
    Outcome,
    Picture,
    Request,
    Settled,
    Shared,
    StateLost,
)
from properties.knowledge import Knowledge
from properties.layout import Layout, Record, Side, leaves
from properties.origins import made_for
from properties.settlement import Settlement
from properties.timekeeping import Timekeeper


def judge(mapping: Mapping[str, Any], history: Iterable[Observation]) -> list[Breach]:
    """Every breach of the rules in a whole history."""
    oracle = Oracle(mapping)
    for observation in history:
        oracle.observe(observation)
    return oracle.breaches


class Oracle:
    """Follows one history. `mapping` is the plain dict that engines get."""

    def __init__(self, mapping: Mapping[str, Any]) -> None:
        self.layout = Layout(mapping)
        self.entities = Entities(self.layout)
        self.picture: Picture = {side: {} for side in self.layout.sides}
        self.times = Timekeeper(self.entities, self.layout.systems)
        self.off = {name for name, system in self.layout.systems.items() if not system["share"]}
        self.breaches: list[Breach] = []
        self.story: list[str] = []
        self._now = 0
        self._still = False
        self._undisturbed = self._sound = self._looking = False
        self._committed: set[str] = set()
        self._unanswered: set[str] = set()
        self.knowledge = Knowledge(self.picture)

    def observe(self, observation: Observation) -> None:
        """Take in what happened next."""
        self._now = observation.at
        match observation:
            case Act():
                self._act(observation)
            case Request():
                self._request(observation)
            case CycleStarted():
                self._cycle_begins()
            case CycleEnded():
                self._cycle_ended(observation)
            case Notified():
                kind = "a" if observation.genuine else "a forged"
                self.story.append(f"{kind} notification of the {observation.system} arrives")
                if observation.looked and not observation.genuine:
                    self._breach(Invariant.FORGED, self.story[-1], "no request", "requests")
            case StateLost():
                self.story.append("the engine's state is lost")
                self._lose_state()
            case ClockSet():
                off = observation.microseconds
                self.story.append(f"the {observation.system}'s clock is off by {off / 1e6} s")
                self.times.clock_set(observation.system, off)
            case Shared():
                (self.off.discard if observation.on else self.off.add)(observation.system)
                self._still = False
                self.story.append(
                    f"sharing with the {observation.system} is turned {'on' if observation.on else 'off'}"
                )
            case Settled():
                for found in Settlement(self).breaches(observation):
                    self.breaches.append(replace(found, steps=tuple(self.story)))
                forgotten = any(
                    entity.unsure for entity in self.entities
                )  # may be created once keys expire (S32)
                self._still = observation.cycles is not None and not forgotten
                self.knowledge.catches_up()

    def _breach(
        self, invariant: Invariant, what: object, expected: object, seen: object, side: Side | None = None
    ) -> None:
        self.breaches.append(Breach(invariant, str(what), expected, seen, side, tuple(self.story)))

    # What people do

    def _act(self, act: Act) -> None:
        self.story.append(act.did)
        self._still = self._undisturbed = False
        for member, old, new in self._changes(act.shown):
            self.entities.changed[member] = act.at
            self.knowledge.changed(member, old, new)
            self.times.changed(member, old, new, act.at)
            if old is None and new is not None:
                self._born(self.entities.new(member, act.at), member, new, act.at)
            elif new is None:
                self._deleted(member, act.at)
            elif old is not None:
                self._edited(member, old, new, act.at)
                if self._looking:
                    self.entities.part(member, self.picture, act.shown)
                if member in self.knowledge.unheard:
                    self.entities.disguise(member, self.picture, act.shown)
        self.picture = act.shown
        self.entities.doubt(self.picture)

    def _born(self, entity: Entity, member: Member, record: Record, at: int) -> None:
        for prop, place in self.layout.places_on(member[0]):
            value = place.read(record)
            if prop.counter:
                entity.counters[prop.key].born(member, value)
            else:
                entity.registers[prop.key].edited(member, value, at, self.times.error[member[0][0]])

    def _deleted(self, member: Member, at: int) -> None:
        entity = self.entities.bury(member, at)
        if member in self.knowledge.unheard and self.layout.keyless(member[0]):
            # only a listing can have told the engine that it had made it (S24)
            if self.knowledge.named(member):
                entity.unsure = True
            else:
                del entity.gone[member]

    def _edited(self, member: Member, old: Record, new: Record, at: int) -> None:
        entity = self.entities.of(member)
        for prop, place in self.layout.places_on(member[0]):
            before, value = place.read(old), place.read(new)
            if before == value:
                continue
            if prop.counter:
                entity.counters[prop.key].edited(member, value, at)
                continue
            register = entity.registers[prop.key]
            register.edited(member, value, at, self.times.error[member[0][0]])
            for made in self.knowledge.unheard.intersection(entity.members):
                register.made_unheard(made)

    # What the engine does

    def _request(self, request: Request) -> None:
        if request.faulty:
            self._disturbed(request)
        if request.status is not None and request.status < 300:
            told = set(_texts(request.answer))
            here = [
                side
                for side in self.layout.sides
                if side[0] == request.system and self.layout.shown_at(side, request.path)
            ]
            self.knowledge.shown(told, here, self.picture)
            if not request.faulty:
                self.times.read(here, told)
        if request.shown is None:
            return
        committed = request.status is not None and request.status < 300
        if committed and not request.faulty:
            self._judge_write(request)
        self.story.append(f"the engine sends {request}")
        if self.entities.link(self.knowledge.told_at_start(), self.picture, self.times.stamps, self._now):
            self._committed.clear()  # what has joined may owe the same once more
        changes = self._changes(request.shown)
        for member, old, new in sorted(
            changes, key=lambda each: self.layout.comes_with(each[0][0]) is not None
        ):
            self.knowledge.changed(member, old, new)
            if member[0][0] in self.off:
                self._breach(Invariant.HELD, str(request), f"no write to the {member[0][0]}", new)
            if old is None and new is not None:
                self.times.changed(member, old, new, request.at)
                self._created(member, new, request)
            elif old is not None and new is None:
                self._removed(member, request)
            elif old is not None and new is not None:
                self._changed(member, old, new, request)
            self.times.changed(member, old, new, request.at)
        self.picture = request.shown

    def _disturbed(self, request: Request) -> None:
        self._unanswered.add(request.system)
        self._undisturbed = self._still = self._sound = False
        if request.method != "GET":
            self.knowledge.resends(self.picture)
        elif request.answer is not None:
            self.knowledge.lags()
            self.times.lags()
            for counter in self.entities.counters():
                counter.lags()
            self.entities.doubt_twins(*self.knowledge.possible(self.picture), self.knowledge.gone())

    def _judge_write(self, request: Request) -> None:
        if self._still:
            self._breach(Invariant.QUIET, str(request), "no write without an edit", request.body)
        if self._undisturbed:
            sent = f"{request.method} {request.system}{request.path} {request.body}"
            if sent in self._committed:
                self._breach(
                    Invariant.ONE_LINK, str(request), "one write for one edit", "sent twice in one cycle"
                )
            if any(self._changes(request.shown or self.picture)):  # else it was answered before
                self._committed.add(sent)

    def _changed(self, member: Member, old: Record, new: Record, request: Request) -> None:
        side = member[0]
        before, after = leaves(old), leaves(new)
        for path in sorted(before.keys() | after.keys()):
            if before.get(path) != after.get(path) and self.layout.unlisted(side, path):
                self._breach(
                    Invariant.ISOLATION,
                    f"{request} changed {side[1]}.{path}",
                    before.get(path),
                    after.get(path),
                )
        changed = [
            (prop, place) for prop, place in self.layout.places_on(side) if place.read(old) != place.read(new)
        ]
        if changed and not self.entities.linked(self.entities.of(member)):
            self._link_at_last(member)
        entity = self.entities.of(member)
        if changed and not (self.entities.linked(entity) or entity.gone):
            self._breach(
                Invariant.EXPLAINED, str(request), "no write to a record that is linked to nothing", new
            )
        for prop, place in changed:
            if place.shared and self.siblings(member):
                self._breach(Invariant.ISOLATION, f"{request} changed {prop.name}", "shared by variants", new)
            self._written(entity, prop, place, member, new, heard=not request.faulty)

    def _written(
        self, entity: Entity, prop: Any, place: Any, member: Member, record: Record, *, heard: bool
    ) -> None:
        value = place.read(record)
        if prop.counter:
            entity.counters[prop.key].written(member, value)
            return
        register = entity.registers[prop.key]
        if not register.knows(value):
            self._link_at_last(member)
            register = self.entities.of(member).registers[prop.key]
        last = [str(register.versions[number]) for number in sorted(register.showing.get(member, ()))]
        broken = register.written(member, value, loose=entity.crowded, heard=heard)
        if broken is not None:
            what = (
                f"the engine gave {prop.name} of {member[0][1]} {member[1]} in the {member[0][0]} {value!r}"
            )
            was = f" (it showed {' or '.join(last)})" if last else ""
            possible = " or ".join(str(version) for version in register.winners())
            self._breach(broken, what, f"{possible}{was}", repr(value))

    def _created(self, member: Member, record: Record, request: Request) -> None:
        side = member[0]
        pictures, unanswered = [*self.knowledge.possible(self.picture)], side[0] in self._unanswered
        made = side not in self.layout.sources
        found = made_for(self.entities, member, record, pictures, unanswered=unanswered) if made else None
        if found is None:
            self._breach(
                Invariant.NO_INVENTION, str(request), "no record that no source explains", record, side
            )
            self.entities.changed[member] = request.at
            self.knowledge.told.add(member)
            self._born(self.entities.new(member, request.at), member, record, request.at)
            return
        if not self._sound and found.on(side) and not self.knowledge.told & set(found.on(side)):
            found.crowded = True  # a listing that ended too early had not shown that it was there
        if found.on(side) and not found.crowded:
            self._breach(
                Invariant.ONE_CREATE, str(request), f"one {side[1]} for one source record", record, side
            )
        elif found.lost(side) and not found.unsure:
            self._breach(
                Invariant.NO_RESURRECTION, str(request), f"a deleted {side[1]} stays away (S19)", record, side
            )
        self.entities.join(found, member, request.at)
        self.entities.changed[member] = request.at
        self.knowledge.created(member, record, heard=not request.faulty)
        for prop, place in self.layout.places_on(side):
            self.entities.open_register(found, prop.key)
            if place.read(record) is not None:
                self._written(found, prop, place, member, record, heard=not request.faulty)
                if request.faulty and not prop.counter:
                    found.registers[prop.key].made_unheard(member)
            elif not prop.counter:
                found.registers[prop.key].left_empty(member)

    def _removed(self, member: Member, request: Request) -> None:
        entity = self.entities.of(member)
        deleted = max(entity.gone.values(), default=None)
        off = sum(self.times.error.values()) + max(map(self.times.doubt, entity.gone), default=0)
        if not self.layout.propagates or deleted is None:
            self._breach(
                Invariant.CONSERVATION, str(request), "nothing is deleted that no person deleted", "gone"
            )
        elif not self.knowledge.misled and any(
            version.early > deleted + self.layout.grain + version.error + off
            and version.read
            and not version.unseen
            for register in entity.registers.values()
            for version in register.winners()
            if version.member in entity.members
        ):
            self._breach(
                Invariant.NO_LOST_UPDATE, str(request), "a later edit keeps the record (S19)", "gone"
            )
        at = request.at if deleted is None else deleted  # what crosses is no later edit
        self.entities.bury(member, at)

    # What the oracle keeps in mind

    def _changes(self, shown: Picture) -> Iterator[tuple[Member, Record | None, Record | None]]:
        for side in self.layout.sides:
            old, new = self.picture[side], shown[side]
            for id_ in dict.fromkeys([*new, *old]) if old is not new else ():
                if old.get(id_) is not new.get(id_) and old.get(id_) != new.get(id_):
                    yield (side, id_), old.get(id_), new.get(id_)

    def _cycle_begins(self) -> None:
        self.story.append("a cycle runs")
        self.knowledge.at_start, self._committed = self.picture, set()
        self.entities.begun = self._now
        self._undisturbed = self._sound = self._looking = True
        self.times.cycle_begins()
        for counter in self.entities.counters():
            counter.late.clear()

    def _cycle_ended(self, ended: CycleEnded) -> None:
        self._looking = False
        for register in self.entities.registers():
            register.cycle_ended(killed=ended.outcome is Outcome.KILLED)
        if ended.outcome is not Outcome.COMPLETED:
            self.knowledge.broke_off()
            self.story.append(f"the cycle is {ended.outcome}")
            if ended.outcome is Outcome.FAILED and self._sound:
                self._breach(Invariant.RUNS, "a cycle", "an end without an error", ended.error)
            return
        self.entities.link(self.knowledge.told_at_start(), self.picture, self.times.stamps, self._now)
        self.times.cycle_completed(ended.at)
        self.knowledge.completed()
        self.entities.looked = self.entities.begun
        for counter in self.entities.counters() if self._sound else ():
            counter.seen()
        for member in self.knowledge.untold(self.picture):
            self.entities.changed[member] = ended.at  # it is news to the engine still

    def _link_at_last(self, member: Member) -> None:
        """Something is written to the record that only a link made while the engine looked can explain."""
        for picture in self.knowledge.possible(self.picture):
            self.entities.link(
                picture,
                picture,
                self.times.stamps,
                self._now,
                anew=self.knowledge.behind,
                young=True,
                about=member,
            )
        self.entities.reunite(member, self.times.stamps, self._now)

    def siblings(self, member: Member) -> bool:
        """Whether the record's product has other variants."""
        records = self.picture[member[0]]
        product = records.get(member[1], {}).get("productId")
        return product is not None and sum(r.get("productId") == product for r in records.values()) > 1

    def _lose_state(self) -> None:
        self._still = False
        self.knowledge.lost()
        for entity in self.entities:
            entity.unsure = True
        for counter in self.entities.counters():
            counter.lose()
        for register in self.entities.registers():
            register.lose()
        self.entities.doubt(self.picture)


def _texts(answer: Any) -> Iterator[str]:
    if isinstance(answer, str):
        yield answer
    elif isinstance(answer, dict):
        for part in answer.values():
            yield from _texts(part)
    elif isinstance(answer, list):
        for part in answer:
            yield from _texts(part)

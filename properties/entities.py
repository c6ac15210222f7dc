"""Which records belong together: one entity, all records linked directly or through another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from properties.counter import Counter
from properties.history import Member, Picture
from properties.layout import Flow, Key, Layout, Record, RegisterKey, Side
from properties.register import Register, Stamp


@dataclass(eq=False)
class Entity:
    """Linked records and their registers. `since` says when (µs) a member joined, `met` when the present members
    became linked, `gone` are members that a person deleted, with when.

    `unsure` says that the engine has forgotten its links, `crowded` that nobody can say which records belong
    together: they match several entities, or were forgotten while their keys differed.
    """

    members: list[Member] = field(default_factory=list)
    since: dict[Member, int] = field(default_factory=dict)
    met: int = 0
    gone: dict[Member, int] = field(default_factory=dict)
    registers: dict[RegisterKey, Register] = field(default_factory=dict)
    counters: dict[RegisterKey, Counter] = field(default_factory=dict)
    crowded: bool = False
    unsure: bool = False

    def on(self, side: Side) -> list[Member]:
        """The live members of one side."""
        return [member for member in self.members if member[0] == side]

    def lost(self, side: Side) -> bool:
        """Whether a member of this side was deleted by a person."""
        return any(member[0] == side for member in self.gone)

    def sources(self, layout: Layout) -> list[Member]:
        """The live members that are sources of a flow."""
        return [member for member in self.members if member[0] in layout.sources]


class Entities:
    """All entities of a history, found by member. `changed` says when (µs) a person last did something to a record,
    `begun` when the last cycle began, `looked` when the last one began that completed."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.changed: dict[Member, int] = {}
        self.begun = self.looked = 0
        self._of: dict[Member, Entity] = {}
        self._all: dict[Entity, None] = {}
        self._parted: dict[Member, set[Member]] = {}
        self._known_keys: dict[int, tuple[Record, frozenset[Key]]] = {}

    def __iter__(self) -> Iterator[Entity]:
        """The entities, oldest first; one that is merged into another meanwhile is left out."""
        for entity in list(self._all):
            if entity in self._all:
                yield entity

    def registers(self) -> Iterator[Register]:
        """The registers of all entities."""
        for entity in self:
            yield from entity.registers.values()

    def counters(self) -> Iterator[Counter]:
        """The counters of all entities."""
        for entity in self:
            yield from entity.counters.values()

    def of(self, member: Member) -> Entity:
        """The entity of a record that was seen before."""
        return self._of[member]

    def known(self, member: Member) -> bool:
        """Whether the record was seen before."""
        return member in self._of

    def new(self, member: Member, at: int) -> Entity:
        """An entity of one record, with a register for every property that its side shows."""
        entity = Entity()
        self._all[entity] = None
        for prop, _ in self.layout.places_on(member[0]):
            self.open_register(entity, prop.key)
        self.join(entity, member, at)
        return entity

    def open_register(self, entity: Entity, key: RegisterKey) -> None:
        """Make sure that the entity has the register."""
        if self.layout.properties[key].counter:
            entity.counters.setdefault(key, Counter())
        else:
            entity.registers.setdefault(key, Register(self.layout.grain, self.layout.order.index))

    def join(self, entity: Entity, member: Member, at: int) -> None:
        """The record belongs to the entity from now on."""
        alone = not self.linked(entity)
        entity.members.append(member)
        entity.since[member] = at
        if alone and self.linked(entity):
            entity.met = at
        self._of[member] = entity

    def bury(self, member: Member, at: int) -> Entity:
        """A person deleted the record then, or that deletion has crossed to it."""
        entity = self._of[member]
        entity.members.remove(member)
        entity.gone[member] = at
        for register in entity.registers.values():
            register.forgets(member)
        for counter in entity.counters.values():
            counter.forgets(member)
        return entity

    def merge(self, one: Entity, other: Entity, stamps: Mapping[Member, Stamp], at: int) -> None:
        """Two entities turn out to be the same thing (S02, S11)."""
        del self._all[other]
        one.met = min((entity.met for entity in (one, other) if self.linked(entity)), default=at)
        for entity in (one, other):
            for register in entity.registers.values():
                register.stamp(stamps, linked=self.linked(entity))
        for key, register in other.registers.items():
            self.open_register(one, key)
            one.registers[key].merge(register)
        for key, counter in other.counters.items():
            self.open_register(one, key)
            one.counters[key].merge(counter, stamps, self.layout.grain)
        one.members += other.members
        one.since |= dict.fromkeys((*one.members, *other.members), at)
        one.gone |= other.gone
        one.crowded = one.crowded or other.crowded
        one.unsure = one.unsure or other.unsure
        for member in (*other.members, *other.gone):
            self._of[member] = one

    def linked(self, entity: Entity) -> bool:
        """Whether live records are kept alike: a source and a target of one flow, or twins of one side."""
        sides = [member[0] for member in entity.members]
        pair = any(flow.source in sides and flow.target in sides for flow in self.layout.flows)
        return pair or len(set(sides)) < len(sides)

    def link(
        self,
        before: Picture,
        now: Picture,
        modified: Mapping[Member, Stamp],
        at: int,
        *,
        anew: bool = False,
        young: bool = False,
        about: Member | None = None,
    ) -> bool:
        """Join records that are not linked with those that match them, in both pictures (S02, S05); `anew`, records
        too whose links the engine has forgotten; `young`, those too that it links in this cycle; `about` one record,
        only what belongs to that. Whether there were such."""
        separate = len(self._all)

        def alone(entity: Entity) -> bool:
            return not self.linked(entity) or (anew and entity.unsure) or (young and self._is_young(entity))

        waiting = [entity for entity in self if entity.members and alone(entity)]
        found = self._by_key(now) if waiting else {}
        for entity in waiting:
            while entity in self._all and alone(entity):
                others = self._company(entity, before, now, found)
                if not others or not (anew or self._is_news(entity) or any(map(self._is_young, others))):
                    break
                if about is not None and self._of[about] not in (entity, *others):
                    break
                entity.crowded = entity.crowded or sum(map(self.linked, others)) > 1
                for other in others:
                    self.merge(entity, other, modified, at)
        return len(self._all) < separate

    def _is_news(self, entity: Entity) -> bool:
        """Whether something happened to one of its records, or to its partners. A linked record's later edit of a key
        joins nothing (S05)."""
        return bool(entity.gone) or any(self.changed[member] >= self.looked for member in entity.members)

    def _is_young(self, entity: Entity) -> bool:
        """Whether the engine has linked it in this cycle: it may still find that more belongs to it."""
        return self.linked(entity) and entity.met >= self.begun

    def _company(
        self, entity: Entity, before: Picture, now: Picture, found: Mapping[Key, list[Member]]
    ) -> list[Entity]:
        """What the entity matches, and what matches that, as long as it isn't linked either."""
        company: dict[Entity, None] = {entity: None}
        waiting = [entity]
        while waiting:
            matching = self._matching(waiting.pop(), before, now, found)
            new = [other for other in matching if other not in company]
            company |= dict.fromkeys(new)
            waiting += [other for other in new if not self.linked(other)]
        return [other for other in company if other is not entity]

    def doubt(self, picture: Picture) -> None:
        """The engine has forgotten its links, and finds those again whose keys still match, of records that are
        still there (S32). What matches the others may have met them, or not."""
        untraced: set[Key] = set()
        for entity in self:
            if entity.unsure and (entity.gone or not self._would_be_found(entity, picture)):
                entity.crowded = True
                untraced.update(key for member in entity.members for key in self._keys(member, picture))
        for entity in self if untraced else ():
            if any(untraced & self._keys(member, picture) for member in entity.members):
                entity.crowded = entity.crowded or not self.linked(entity)

    def part(self, member: Member, before: Picture, now: Picture) -> None:
        """While the engine looks, the record gives up keys: whether it has met what those fit, nobody can say."""
        given_up = self._given_up(member, before, now)
        found = self._by_key(before) if given_up else {}
        entity = self._of[member]
        for each in dict.fromkeys(each for key in given_up for each in found[key]):
            other = self._of[each]
            if other is not entity and not (self.linked(entity) and self.linked(other)):
                entity.crowded = other.crowded = True
                self._parted.setdefault(member, set()).add(each)
                self._parted.setdefault(each, set()).add(member)

    def reunite(self, member: Member, stamps: Mapping[Member, Stamp], at: int) -> None:
        """What the engine writes to the record tells that it had met what the record parted from."""
        entity = self._of[member]
        met = {other for one in entity.members for other in self._parted.get(one, ())}
        for other in {self._of[each]: None for each in sorted(met) if each in self._of[each].members}:
            if other is not entity:
                self.merge(entity, other, stamps, at)

    def disguise(self, member: Member, before: Picture, now: Picture) -> None:
        """The record gives up keys, by which alone the engine could have found what it made without an answer (S24)."""
        if self._given_up(member, before, now):
            self._of[member].crowded = True

    def doubt_twins(self, *pictures: Picture) -> None:
        """A listing that showed less than there is, or what was there, may have hidden that a key fits several
        records, in the pictures together."""
        together: dict[Key, set[Member]] = {}
        for picture in pictures:
            for key, members in self._by_key(picture).items():
                together.setdefault(key, set()).update(members)
        for alike in together.values():
            if len({member[0] for member in alike}) < len(alike):
                for member in alike:
                    self._of[member].crowded = True

    def _given_up(self, member: Member, before: Picture, now: Picture) -> frozenset[Key]:
        return self._keys(member, before) - self._keys(member, now)

    def _would_be_found(self, entity: Entity, picture: Picture) -> bool:
        pairs = [(one, other) for one in entity.members for other in entity.members if one < other]
        return all(
            self._keys(one, picture) & self._keys(other, picture)
            for one, other in pairs
            if one[0] == other[0] or self.layout.flow(one[0], other[0]) or self.layout.flow(other[0], one[0])
        )

    def keyed(self, flow: Flow, target: Record, picture: Picture) -> list[Entity]:
        """The entities that have a source with a key of this record, which is new to the flow's target."""
        wanted = self._keys_of(flow.target, target)
        sources = picture[flow.source].items()
        found = [(flow.source, id_) for id_, r in sources if wanted & self._keys_of(flow.source, r)]
        return list(dict.fromkeys(self._of[member] for member in found if member in self._of))

    def _by_key(self, picture: Picture) -> dict[Key, list[Member]]:
        found: dict[Key, list[Member]] = {}
        for side in self.layout.sides:
            for id_, record in picture[side].items():
                for key in self._keys_of(side, record) if (side, id_) in self._of else ():
                    found.setdefault(key, []).append((side, id_))
        return found

    def _matching(
        self, entity: Entity, before: Picture, now: Picture, found: Mapping[Key, list[Member]]
    ) -> list[Entity]:
        matching: dict[Entity, None] = {}
        for member in entity.members:
            for key in sorted(self._keys(member, now) & self._keys(member, before)):
                for other in found[key]:
                    there = other in self._of[other].members and self._of[other] is not entity
                    if there and key in self._keys(other, before):
                        matching[self._of[other]] = None
        return list(matching)

    def _keys(self, member: Member, picture: Picture) -> frozenset[Key]:
        record = picture[member[0]].get(member[1])
        return frozenset() if record is None else self._keys_of(member[0], record)

    def _keys_of(self, side: Side, record: Record) -> frozenset[Key]:
        """Pictures share the records that haven't changed, so their keys are read once."""
        known = self._known_keys.get(id(record))
        if known is None:
            known = self._known_keys[id(record)] = record, self.layout.keys(side, record)
        return known[1]

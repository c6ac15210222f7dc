"""Which records belong together: one entity, all records linked directly or through another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from properties.counter import Counter
from properties.history import Member, Picture
from properties.layout import Layout, RegisterKey, Side
from properties.register import Register, Stamp


@dataclass(eq=False)
class Entity:
    """Linked records and their registers. `since` says when (µs) a member was first seen, `gone` are members that
    a person deleted, with when.

    `unsure` says that the engine has forgotten its links, `crowded` that nobody can say which records belong
    together: they match several entities, or were forgotten while their keys differed.
    """

    members: list[Member] = field(default_factory=list)
    since: dict[Member, int] = field(default_factory=dict)
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
    """All entities of a history, found by member."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self._of: dict[Member, Entity] = {}

    def __iter__(self) -> Iterator[Entity]:
        for entity in list(dict.fromkeys(self._of.values())):
            if entity in self._of.values():
                yield entity

    def of(self, member: Member) -> Entity:
        """The entity of a record that was seen before."""
        return self._of[member]

    def known(self, member: Member) -> bool:
        """Whether the record was seen before."""
        return member in self._of

    def new(self, member: Member, at: int) -> Entity:
        """An entity of one record, with a register for every property that its side shows."""
        entity = Entity()
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
        entity.members.append(member)
        entity.since[member] = at
        self._of[member] = entity

    def bury(self, member: Member, at: int) -> Entity:
        """A person deleted the record."""
        entity = self._of[member]
        entity.members.remove(member)
        entity.gone[member] = at
        for register in entity.registers.values():
            register.forgets(member)
        for counter in entity.counters.values():
            counter.forgets(member)
        return entity

    def merge(self, one: Entity, other: Entity, stamps: Mapping[Member, Stamp]) -> None:
        """Two entities turn out to be the same thing (S02, S11)."""
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
        one.since |= other.since
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

    def link(self, before: Picture, now: Picture, modified: Mapping[Member, Stamp]) -> None:
        """Join records that are not linked with those that match them, in both pictures (S02, S05)."""
        for entity in self:
            if not entity.members or self.linked(entity):
                continue
            others = self._matching(entity, before, now)
            entity.crowded = entity.crowded or sum(map(self.linked, others)) > 1
            for other in others:
                self.merge(entity, other, modified)

    def doubt(self, picture: Picture) -> None:
        """The engine has forgotten its links, and finds those again whose keys still match (S32)."""
        for entity in self:
            if entity.unsure and not all(
                flow.match(picture[flow.source][source[1]], picture[flow.target][target[1]])
                for flow in self.layout.flows
                for source in entity.on(flow.source)
                for target in entity.on(flow.target)
            ):
                entity.crowded = True

    def _matching(self, entity: Entity, before: Picture, now: Picture) -> list[Entity]:
        found = []
        for member in entity.members:
            for side in self.layout.sides:
                for id_ in now[side]:
                    other = self._of.get((side, id_), entity)
                    pair = member, (side, id_)
                    if other is not entity and self._same(*pair, before) and self._same(*pair, now):
                        found.append(other)
        return list(dict.fromkeys(found))

    def _same(self, one: Member, other: Member, picture: Picture) -> bool:
        records = picture[one[0]].get(one[1]), picture[other[0]].get(other[1])
        if records[0] is None or records[1] is None:
            return False
        return self.layout.same(one[0], records[0], other[0], records[1])

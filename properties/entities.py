"""Which records belong together: one entity, all records linked directly or through another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from properties.counter import Counter
from properties.history import Member, Picture
from properties.layout import Flow, Layout, Record, RegisterKey, Side
from properties.register import Register


@dataclass(eq=False)
class Entity:
    """Linked records and their registers. `since` says when (µs) a member was first seen, `gone` are members that
    a person deleted, with when.

    `crowded` says that several records of one side share a key: then only what S05 leaves no room for is
    judged. `unsure` says that the engine has forgotten which records it made.
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
        return iter(dict.fromkeys(self._of.values()))

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

    def merge(self, one: Entity, other: Entity, stamps: dict[Member, int | None]) -> None:
        """Two entities turn out to be the same thing (S02, S11)."""
        for key, register in other.registers.items():
            self.open_register(one, key)
            one.registers[key].merge(register, stamps)
        for key, counter in other.counters.items():
            self.open_register(one, key)
            one.counters[key].merge(counter, stamps, self.layout.grain)
        one.members += other.members
        one.since |= other.since
        one.gone |= other.gone
        one.crowded = one.crowded or other.crowded or len({m[0] for m in one.members}) < len(one.members)
        for member in (*other.members, *other.gone):
            self._of[member] = one

    def unlinked(self, flow: Flow, member: Member) -> bool:
        """Whether the record has no live partner on the flow's other side."""
        side = flow.target if member[0] == flow.source else flow.source
        return not self._of[member].on(side)

    def partners(self, flow: Flow, source: Member, picture: Picture) -> list[Member]:
        """The unlinked target records that match an unlinked source record (S02)."""
        record = picture[flow.source][source[1]]
        return [
            (flow.target, id_)
            for id_, other in picture[flow.target].items()
            if flow.match(record, other)
            and self.known((flow.target, id_))
            and self.unlinked(flow, (flow.target, id_))
        ]

    def twins(self, flow: Flow, source: Member, picture: Picture) -> list[Member]:
        """Other source records that carry the same key (S05)."""
        record: Record = picture[flow.source][source[1]]
        return [
            (flow.source, id_)
            for id_, other in picture[flow.source].items()
            if id_ != source[1] and flow.alike(record, other)
        ]

"""What must be true once people rest, faults are over and cycles have run until one wrote nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from properties.comparison import Canonical, is_empty
from properties.counter import Counter
from properties.entities import Entity
from properties.history import Breach, Invariant, Member, Settled
from properties.layout import Flow, Place, Property, Reference, dig
from properties.register import Register

if TYPE_CHECKING:
    from properties.oracle import Oracle


class Settlement:
    """The checks at rest, over what an oracle has followed so far."""

    def __init__(self, oracle: Oracle) -> None:
        self.oracle = oracle
        self.layout = oracle.layout
        self.picture = oracle.picture
        self._status: Mapping[str, Any] | None = None

    def breaches(self, settled: Settled) -> Iterator[Breach]:
        """Everything that should hold now and doesn't."""
        self._status = settled.status
        if settled.cycles is None:
            most = self.layout.chain + 1
            what = "the cycles after the last edit"
            yield Breach(Invariant.QUIET, what, f"a quiet one within {most}", "all of them wrote")
            return
        for entity in self.oracle.entities:
            if entity.crowded:
                continue
            yield from self._crossed(entity)
            if not self.oracle.entities.linked(entity):
                continue
            for key, register in entity.registers.items():
                if register.showing:
                    yield from self._register(entity, self.layout.properties[key], register)
            twins = len({member[0] for member in entity.members}) < len(entity.members)
            for key, counter in () if twins else entity.counters.items():
                yield from self._counter(entity, self.layout.properties[key], counter)
        for entity in self.oracle.entities:
            # what it forgot it can't know to be deleted, and what it hasn't found again is still forgotten
            entity.unsure = entity.unsure and (bool(entity.gone) or entity.crowded)

    def _crossed(self, entity: Entity) -> Iterator[Breach]:
        """Every source record has its target record (S01), unless a person deleted that (S19)."""
        for flow in self.layout.flows:
            sources = entity.on(flow.source)
            partnered = entity.on(flow.target) or entity.lost(flow.target)
            if sources and not partnered and all(self._can_cross(flow, source) for source in sources):
                for source in sources:
                    what, wanted = self._name(source), f"linked with a {flow.target[1]}"
                    yield Breach(Invariant.CONVERGENCE, what, wanted, "nothing", flow.target)
        left = [member for member in entity.members if member[0][0] not in self.oracle.off]
        twins = {member[0] for member in entity.gone} & {member[0] for member in entity.members}
        if self.layout.propagates and entity.gone and left and not twins and not self._kept(entity):
            yield Breach(Invariant.CONVERGENCE, "a deletion", "its partners are deleted too", left)

    def _can_cross(self, flow: Flow, source: Member) -> bool:
        record = self.picture[source[0]][source[1]]
        if not flow.creates or {flow.source[0], flow.target[0]} & self.oracle.off:
            return False
        if self.layout.systems[flow.target[0]]["contract"] == "squarespace" and any(
            is_empty(dig(record, here)) for here, _, _ in flow.criteria
        ):
            return False
        if any(
            place.refuses(own.read(record))
            for prop in self.layout.properties.values()
            for place in prop.places
            for own in prop.places
            if place.side == flow.target and own.side == flow.source
        ):
            return False
        carrier = self.layout.flow(flow.source, (flow.target[0], flow.appears_with or ""))
        if carrier is not None and not self._can_cross(carrier, source):
            return False
        return all(
            self._is_linked(reference, item.get(reference.word))
            for reference in flow.references
            for item in dig(record, reference.path) or ()
        )

    def _is_linked(self, reference: Reference, key: object) -> bool:
        """Whether a record that others refer to has crossed; until then they wait (S06)."""
        return any(
            dig(record, reference.key) == key
            and not (entity := self.oracle.entities.of((reference.named, id_))).crowded
            and entity.on(reference.wanted)
            for id_, record in self.picture[reference.named].items()
        )

    def _kept(self, entity: Entity) -> bool:
        """Whether an edit that may be later than the deletion keeps what is left (S19)."""
        deleted, slack = max(entity.gone.values()), self.layout.grain + sum(self.oracle.times.error.values())
        edits = [
            (version.member, version.late)
            for register in entity.registers.values()
            for version in register.winners()
        ]
        edits += [edit for counter in entity.counters.values() for edit in counter.touched.items()]
        return any(member in entity.members and at >= deleted - slack for member, at in edits)

    def _places(self, entity: Entity, prop: Property) -> Iterator[tuple[Member, Place, Canonical]]:
        for place in prop.places:
            for member in () if place.view else entity.on(place.side):
                yield member, place, place.read(self.picture[member[0]][member[1]])

    def _writable(self, member: Member, place: Place, values: list[Canonical]) -> bool:
        off = member[0][0] in self.oracle.off or (place.shared and self.oracle.siblings(member))
        ended = place.final(place.read(self.picture[member[0]][member[1]]))
        closed = off or ended or self._failing(member)
        return not closed and all(place.accepts(value) for value in values)

    def _taken(self, member: Member, place: Place, value: Canonical) -> bool:
        """Whether another record of the side has what no two may share."""
        others = self.picture[place.side].items() if place.unique else ()
        return any(id_ != member[1] and place.read(record) == value for id_, record in others)

    def _failing(self, member: Member) -> bool:
        """Whether the record can't be written at all for the sake of one value that its system refuses (S25)."""
        entity = self.oracle.entities.of(member)
        return any(
            place.told
            and place.access == "writable"
            and (place.refuses(value) or self._taken(member, place, value))
            and place.read(self.picture[member[0]][member[1]]) != value
            for prop, place in self.layout.places_on(member[0])
            if not prop.counter
            for value in self._possible(entity.registers[prop.key])
        )

    def _possible(self, register: Register) -> list[Canonical]:
        """The values that may be the present one; after a lost state, any that is shown (S32)."""
        if register.lost is None:
            return register.possible_values()
        current = {number for numbers in register.showing.values() for number in numbers}
        return list(dict.fromkeys(register.versions[number].value for number in sorted(current)))

    def _register(self, entity: Entity, prop: Property, register: Register) -> Iterator[Breach]:
        possible = self._possible(register)
        shown = list(self._places(entity, prop))
        judged = [(m, value) for m, place, value in shown if self._writable(m, place, possible)]
        seen = {self._name(member): value for member, _, value in shown}
        values = {value for _, value in judged}
        expected = " or ".join(repr(value) for value in possible)
        if len(values) > 1 or (len(shown) > 1 and values - set(possible)):
            alike = Invariant.NO_LOST_UPDATE if len(values) == 1 else Invariant.CONVERGENCE
            unread = all(not version.read for version in register.winners())
            yield Breach(Invariant.CURSOR if unread else alike, prop.name, expected, seen)
        elif len({value for _, _, value in shown}) == 1:
            if judged or register.lost is not None:  # else what went with a record may have had nowhere to go
                register.agree()
        else:
            behind = [m for m, place, value in shown if place.told and value not in possible]
            edited = max(version.early for version in register.winners())
            if any(entity.since[member] < edited for member in behind):
                yield from self._listed(entity, prop, possible, seen)

    def _listed(
        self, entity: Entity, prop: Property, possible: list[Canonical], seen: dict[str, Canonical]
    ) -> Iterator[Breach]:
        """An edit that can't cross stays listed until replaced (S13), if the engine lists anything."""
        if self._status is None or len(possible) > 1 or self.oracle.off:
            return
        ids = {member[1] for member in entity.members}
        entries = [*self._status.get("uncrossed", ()), *self._status.get("failing", ())]
        if not any(entry["id"] in ids and entry.get("property") in (prop.name, None) for entry in entries):
            wanted = f"{possible[0]!r} is listed as one that can't cross"
            yield Breach(Invariant.LISTED, prop.name, wanted, seen)

    def _counter(self, entity: Entity, prop: Property, counter: Counter) -> Iterator[Breach]:
        shown = list(self._places(entity, prop))
        seen = {self._name(member): str(value) for member, _, value in shown}
        off = any(member[0][0] in self.oracle.off for member, _, _ in shown)
        agreed = {value for _, _, value in shown}
        owed = not off and counter.totals is not None and min(counter.totals) >= 0
        if (
            owed
            and len(shown) > 1
            and counter.totals is not None
            and not (len(agreed) == 1 and agreed <= counter.totals)
        ):
            total = " or ".join(str(total) for total in sorted(counter.totals))
            yield Breach(Invariant.COUNTERS, prop.name, f"{total} = {' '.join(counter.sums)}", seen)
        elif not off:
            counter.agree()

    def _name(self, member: Member) -> str:
        return f"{member[0][1]} {member[1]} in the {member[0][0]}"

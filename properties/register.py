"""One (entity, property) register: its versions, their order, and the set of states still possible.

Edits are ordered by causality first, then by time only if further apart than granularity plus clock error
(S08 to S10); otherwise either may win, but the same one everywhere. A value names its edit as long as it is
unique; where it isn't (a cleared property, a status), the register keeps every version a member may show.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from properties.comparison import Canonical
from properties.history import Invariant, Member

EMPTY_AT_MERGE = -(2**62)
UNTIMED_AT_MERGE = -(2**61)
SUPERSEDED = -(2**63)
"""Older than any edit: at merge a value beats an empty one, and a side without times loses (S11)."""

Written = tuple[Canonical, frozenset[int]]
"""What a member showed before it was written to, and the versions written since."""


class Stamp(NamedTuple):
    """Between which times (µs, None on a side without times) a record was last modified, and how far they may be
    off."""

    first: int | None
    last: int | None
    error: int


@dataclass
class Version:
    """An edit: its value, where it was made, and between which times (µs) S10 may date it.

    `after` are those that it is surely later than, `perhaps` those that it may be. `dated`: the engine has fixed its
    time. `read`: the engine has been shown it, or what came after it. `seen`: an answer may have shown it itself.
    `vanished`: it went with a record that was deleted. `unseen`: it took back what the engine may not have seen, and
    so may not count as an edit. `systems` are those that it may count as an edit of.
    """

    number: int
    value: Canonical
    member: Member
    early: int
    late: int
    error: int
    after: frozenset[int] = frozenset()
    perhaps: frozenset[int] = frozenset()
    dated: bool = False
    read: bool = False
    seen: bool = False
    vanished: bool = False
    unseen: bool = False
    systems: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self.systems = self.systems or frozenset({self.member[0][0]})

    def __str__(self) -> str:
        return f"{self.value!r} from the {self.member[0][0]}"

    def stamp(self, system: str, stamp: Stamp, *, linked: bool) -> None:
        """At merge a value has its record's time, in its record's system (S11)."""
        first, last = (UNTIMED_AT_MERGE if at is None else at for at in stamp[:2])
        if self.value is None:
            first = last = EMPTY_AT_MERGE
        self.error = max(self.error, stamp.error)
        self.systems = self.systems | {system} if linked else frozenset({system})
        self.early = min(self.early, first) if linked else first
        self.late = max(self.late, last) if linked else last
        self.dated = self.read  # what the engine sees after the merge has its record's time of then

    @property
    def latest(self) -> int:
        """The latest time that what was made where it was shown may have to count as of, whatever the clocks say."""
        return self.early if self.late == -EMPTY_AT_MERGE else self.late + self.error

    def undate(self) -> None:
        """It may be of any time."""
        self.early, self.late, self.dated = EMPTY_AT_MERGE, -EMPTY_AT_MERGE, True


@dataclass
class Register:
    """The versions of one property of an entity, and which of them each member may show.

    `grain` is the coarsest granularity in µs, `rank` gives a system's place in the tie order (S09), `lost` has
    the versions that were history already when the engine's state was lost. `unheard` has what a member showed
    before a write whose answer was lost, and the versions written since: the engine may never have seen those there.
    `unsaved` has the same of the cycle under way, should that be killed.
    """

    grain: int
    rank: Callable[[str], int]
    versions: list[Version] = field(default_factory=list)
    showing: dict[Member, frozenset[int]] = field(default_factory=dict)
    trail: dict[Member, list[frozenset[int]]] = field(default_factory=dict)
    lost: frozenset[int] | None = None
    unheard: dict[Member, Written] = field(default_factory=dict)
    unsaved: dict[Member, Written] = field(default_factory=dict)

    def edited(self, member: Member, value: Canonical, at: int, error: int) -> None:
        """A person gave a member another value: an edit later than all that the member has surely shown."""
        trail = self.trail.get(member, [])
        shown = frozenset[int]().union(*trail)
        after = self._back_to(frozenset[int]().union(*(one for one in trail if len(one) == 1)))
        perhaps = self._back_to(shown).union(*(self.versions[number].perhaps for number in shown)) - after
        late = max([at, *(self.versions[number].latest for number in after)])
        version = Version(len(self.versions), value, member, at, late, error, after, perhaps)
        for number in self._taken_back(member, value):
            self.versions[number].unseen = version.unseen = True
        former, written = self.unheard.get(member, (None, frozenset()))
        if written and value == former:  # as if nothing had been written, and nothing edited (S10, S24)
            version.unseen, version.after = True, version.after - written
        if self.lost is not None:
            version.after = self.lost
            version.undate()
        self.versions.append(version)
        self._shows(member, frozenset({version.number}))

    def _back_to(self, numbers: frozenset[int]) -> frozenset[int]:
        """These versions, and all that they are later than."""
        return numbers.union(*(self.versions[number].after for number in numbers))

    def _taken_back(self, member: Member, value: Canonical) -> list[int]:
        """What the engine hasn't seen of a member that a person gives its former value again: nobody can see that as
        an edit (S10)."""
        unseen: list[int] = []
        for shown in reversed(self.trail.get(member, ())):
            if not shown:  # a record that the engine has made without the property
                return unseen if value is None else []
            number = max(shown)  # all are of one value
            version = self.versions[number]
            if version.value == value:
                return [*unseen, number] if unseen else []
            if version.dated or version.member != member:
                return []
            unseen.append(number)
        return []

    def written(self, member: Member, value: Canonical, *, loose: bool, heard: bool) -> Invariant | None:
        """The engine gave a member another value, and may not have `heard` so. Returns the invariant that this
        breaks, if any; `loose` leaves out what depends on order."""
        fits = [v for v in self.versions if v.value == value]
        if not fits:
            return Invariant.NO_INVENTION
        showed = [self.versions[number] for number in sorted(self.showing.get(member, ()))]
        before = [] if loose else showed
        possible = [w for w in fits if not before or any(not self.beats(v, w) for v in before)]
        stood_there = member in self.showing
        self._shows(member, frozenset(w.number for w in possible or fits))
        for notes in (self.unsaved, *([] if heard else [self.unheard])) if stood_there else ():
            former, written = notes.get(member, (showed[0].value if showed else None, frozenset()))
            notes[member] = former, written | self.showing[member]
        if possible:
            return None
        superseded = all(w.number in v.after for w in fits for v in before)
        return Invariant.NO_RESURRECTION if superseded else Invariant.NO_LOST_UPDATE

    def cycle_ended(self, *, killed: bool) -> None:
        """The engine has stored what it heard, unless it was killed: then what was answered may be forgotten, too."""
        if killed:
            for member, (former, written) in self.unsaved.items():
                before, more = self.unheard.get(member, (former, frozenset()))
                self.unheard[member] = before, more | written
        self.unsaved.clear()

    def knows(self, value: Canonical) -> bool:
        """Whether anybody ever gave it this value."""
        return any(version.value == value for version in self.versions)

    def read(self, member: Member) -> None:
        """The engine was shown the record."""
        self.unheard.pop(member, None)
        for version in self.undated(member):
            version.read = True
        for version in (self.versions[number] for number in self.showing.get(member, ())):
            version.seen = True
            version.read = version.read or version.member == member  # dated already if the state was lost

    def lags(self) -> None:
        """A page may have shown any record as it was, and if the engine has forgotten that, as it is now (S32)."""
        for version in self.versions:
            version.seen = True
            if self.lost is not None:
                version.after = frozenset()
                version.undate()

    def left_empty(self, member: Member) -> None:
        """The engine made a record that doesn't have the property yet."""
        self._shows(member, frozenset(v.number for v in self.versions if v.value is None))

    def made_unheard(self, member: Member) -> None:
        """The engine made the record, and may join it as if somebody else had: a value beats an empty one (S11)."""
        shown = self.showing.get(member, frozenset())
        for version in self.winners():
            if version.value is None and version.after & shown:
                version.after -= shown
                for number in shown:
                    self.versions[number].undate()

    def _shows(self, member: Member, possible: frozenset[int]) -> None:
        self.showing[member] = possible
        self.trail.setdefault(member, []).append(possible)

    def forgets(self, member: Member) -> None:
        """The member is gone, and with it what only it showed: nobody can say whether the engine had seen that."""
        left = self.showing.pop(member, frozenset()).union(v.number for v in self.undated(member))
        for number in left.difference(*self.showing.values()):
            self.versions[number].vanished = True

    def beats(self, one: Version, other: Version) -> bool:
        """Whether `one` surely wins over `other`."""
        if one.vanished:
            return False
        if other.number in one.after or one.number in other.after:
            return other.number in one.after
        if one.unseen or one.number in other.perhaps:
            return False
        error = one.error + other.error
        if error:
            return one.early - other.late > self.grain + error
        first, last = one.early // self.grain, other.late // self.grain
        tie = first == last and one.late // self.grain == first and other.early // self.grain == last
        return first > last or (tie and max(map(self.rank, one.systems)) < min(map(self.rank, other.systems)))

    def winners(self) -> list[Version]:
        """The versions that nothing surely beats: one of them is the value of the entity."""
        return [v for v in self.versions if not any(self.beats(other, v) for other in self.versions)]

    def possible_values(self) -> list[Canonical]:
        """The values that `winners` have, each once."""
        return list(dict.fromkeys(version.value for version in self.winners()))

    def undated(self, member: Member) -> Iterable[Version]:
        """The member's own versions whose time the engine may not have fixed yet."""
        return [v for v in self.versions if v.member == member and not v.dated]

    def doubted(self, member: Member, by: int) -> None:
        """The clock of the member's system was set before the engine could tell how far off it had been."""
        for version in self.undated(member):
            version.error += by

    def touched(self, member: Member, at: int) -> None:
        """The member's record changed: its modified time may become that of earlier, unseen edits (S10)."""
        for version in self.undated(member):
            version.late = max(version.late, at)

    def stamp(self, stamps: Mapping[Member, Stamp], *, linked: bool) -> None:
        """Its records are about to be merged with others (S11). `stamps` are their record times.

        What a linked entity shows may count with its edit's time or with its record's; so may an edit that the engine
        sees before it merges the record, or afterwards.
        """
        possible = {member: self._may_show(member) for member in self.showing}
        unsure = linked or any(len(numbers) > 1 for numbers in possible.values())
        current: set[int] = set()
        for member, numbers in possible.items():
            for number in numbers:
                self.versions[number].stamp(member[0][0], stamps[member], linked=unsure or number in current)
                current.add(number)
        for version in self.versions:
            if version.number not in current:
                version.early = SUPERSEDED
        if unsure:
            # whichever of them the engine has taken for the entity's value meets the other entity's alone
            earliest = min((self.versions[number].early for number in current), default=SUPERSEDED)
            for number in current:
                self.versions[number].early = earliest

    def _may_show(self, member: Member) -> list[int]:
        """What the engine may take a record to show: what it shows, or what an answer showed before edits that the
        engine may not have seen."""
        possible = dict.fromkeys(sorted(self.showing[member]))
        for shown in reversed(self.trail.get(member, ())):
            if not shown:
                break
            number = max(shown)
            version = self.versions[number]
            if version.seen:
                possible[number] = None
            if version.dated or version.member != member:
                break
        return list(possible)

    def merge(self, other: Register) -> None:
        """Two records are the same thing: their versions meet."""
        shift = len(self.versions)

        def moved(numbers: frozenset[int]) -> frozenset[int]:
            return frozenset(number + shift for number in numbers)

        for version in other.versions:
            version.number += shift
            version.after, version.perhaps = moved(version.after), moved(version.perhaps)
        self.versions += other.versions
        for member, numbers in other.showing.items():
            self.showing[member] = moved(numbers)
            self.trail[member] = [moved(shown) for shown in other.trail.get(member, ())]
        for mine, others in ((self.unheard, other.unheard), (self.unsaved, other.unsaved)):
            for member, (former, written) in others.items():
                mine[member] = former, moved(written)

    def lose(self) -> None:
        """The engine has forgotten: until the next agreement any value shown may win (S32)."""
        current, self.lost = self._supersede()
        for number in current:
            self.versions[number].undate()

    def agree(self) -> None:
        """All members show one value: it is what the next edits are later than."""
        self._supersede()
        self.lost = None

    def _supersede(self) -> tuple[set[int], frozenset[int]]:
        """What is shown is later than all that isn't: both, by number."""
        current = {number for numbers in self.showing.values() for number in numbers}
        past = frozenset(version.number for version in self.versions) - current
        for version in self.versions:
            version.after = past if version.number in current else version.after - current
        return current, past

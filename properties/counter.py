"""A register whose edits add up: every difference counts, and each exactly once (S14)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from properties.history import Member
from properties.register import Stamp


@dataclass
class Counter:
    """What each member shows, when (µs) a person last changed it there, by how much since the last completed cycle
    (`unseen`), by how much of that after the engine has looked, maybe (`late`), and the totals still possible: None
    while no exact total is owed."""

    showing: dict[Member, Decimal | None] = field(default_factory=dict)
    totals: frozenset[Decimal] | None = None
    sums: list[str] = field(default_factory=list)
    touched: dict[Member, int] = field(default_factory=dict)
    late: dict[Member, Decimal] = field(default_factory=dict)
    unseen: dict[Member, Decimal] = field(default_factory=dict)

    @property
    def counts(self) -> bool:
        """Whether any member shows a number."""
        return any(value is not None for value in self.showing.values())

    def born(self, member: Member, value: Decimal | None) -> None:
        """A person's new record starts its own count."""
        self.showing[member] = value
        self._restart()

    def edited(self, member: Member, value: Decimal | None, at: int) -> None:
        """A person sold, restocked or counted: the difference goes to the total."""
        self.touched[member] = at
        before = self.showing.get(member)
        self.showing[member] = value
        if value is not None and before is not None:
            for edits in (self.late, self.unseen):
                edits[member] = edits.get(member, Decimal(0)) + value - before
        if len(self.showing) == 1:
            self._restart()
        elif value is None or before is None or self.totals is None:
            self.totals = None
        else:
            self.totals = frozenset(total + value - before for total in self.totals)
            self.sums.append(f"{value - before:+} in the {member[0][0]}")

    def written(self, member: Member, value: Decimal | None) -> None:
        """The engine changed the count on one member; whether rightly shows once all is quiet."""
        self.showing[member] = value

    def forgets(self, member: Member) -> None:
        """The member is gone, and with it what hadn't crossed."""
        self.showing.pop(member, None)
        if len(self.showing) == 1:
            self._restart()
        else:
            self.totals = None

    def merge(self, other: Counter, stamps: Mapping[Member, Stamp], grain: int) -> None:
        """Two records are linked: the count is that of one side, as S11 says.

        Nobody can say on which side of that moment the edits of this cycle are: those of the other sides add up, or
        are part of what lost. A side without a number has no say, and one that owed no exact total has none to give.
        """
        self.touched |= other.touched
        self.late |= other.late
        self.unseen |= other.unseen
        owes_none = any(len(counter.showing) > 1 and counter.totals is None for counter in (self, other))
        if not (self.counts and other.counts):
            self.totals, self.sums = (self.totals, self.sums) if self.counts else (other.totals, other.sums)
            self.showing |= other.showing
            return
        self.showing |= other.showing
        known = {member: value for member, value in self.showing.items() if value is not None}
        times = {member: stamps[member] for member in known}
        surely = max((stamp.first for stamp in times.values() if stamp.first is not None), default=None)
        slack = grain + 2 * max((stamp.error for stamp in times.values()), default=0)
        latest = {
            m for m, s in times.items() if surely is None or (s.last is not None and s.last >= surely - slack)
        }
        won = known if self.late else latest
        counted = {m: known[m] + sum(by for late, by in self.late.items() if late != m) for m in won}
        self.totals = None if owes_none else frozenset([*(known[m] for m in won), *counted.values()])
        self.sums = [f"{' or '.join(map(str, sorted(self.totals or ())))} at merge"]

    def seen(self) -> None:
        """A cycle that nothing disturbed has looked: only what was changed during it may be unseen."""
        self.unseen = self.late.copy()

    def lags(self) -> None:
        """A page may not have shown what was changed since the last completed cycle."""
        self.late |= self.unseen

    def lose(self) -> None:
        """The engine's state is lost: no exact total is owed (S14)."""
        self.totals = None

    def agree(self) -> None:
        """All members show one number: from here on it counts."""
        if len(set(self.showing.values())) == 1:
            self._restart()

    def _restart(self) -> None:
        (*_, value) = self.showing.values()
        self.totals = None if value is None else frozenset({value})
        self.sums = [str(value)]

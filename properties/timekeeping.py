"""When records and edits were made, as far as anybody can tell: S10, with clocks that are off."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from properties.entities import Entities
from properties.history import Member
from properties.layout import Record, Side
from properties.register import Stamp

CORRECTED = 2_000_000
"""A clock that is off by this much (µs) or more is corrected, and then known to this much (S10)."""


class Timekeeper:
    """Keeps, for every record, when it was last modified, and for every system, how far its time may be off (µs).

    While a cycle is under way, and until one has completed, the engine may have seen a record as it was when that
    cycle began, or as it became meanwhile.
    """

    def __init__(self, entities: Entities, systems: Iterable[str]) -> None:
        self.error = dict.fromkeys(systems, 0)
        self.stamps: dict[Member, Stamp] = {}
        self._entities = entities
        self._offset = dict.fromkeys(self.error, 0)
        self._all_seen = True
        self._oldest: dict[Member, Stamp] = {}
        """Of each record at the end of the last cycle, or when it was made since."""

    def clock_set(self, system: str, off: int) -> None:
        """A clock is off by so much from now on; how far off it was before, the engine may never know."""
        jump = abs(off - self._offset[system])
        self._offset[system] = off
        self.error[system] = max(self.error[system], min(abs(off), CORRECTED))
        for member, stamp in self.stamps.items():
            if member[0][0] == system:
                self.stamps[member] = stamp._replace(error=stamp.error + jump)
                for register in self._entities.of(member).registers.values():
                    register.doubted(member, jump)

    def changed(self, member: Member, old: Record | None, new: Record | None, at: int) -> None:
        """A record changed; its modified time, if it has one, may become that of earlier, unseen edits."""
        before, after = (r and (r.get("updated_at") or r.get("modifiedOn")) for r in (old, new))
        if new is None or before == after is not None:
            return
        if not after:
            self.stamps[member] = Stamp(None, None, 0)
            return
        known = self.stamps.get(member)
        first = at if self._all_seen or known is None or known.first is None else known.first
        self.stamps[member] = Stamp(first, at, self.error[member[0][0]])
        self._oldest.setdefault(member, self.stamps[member])
        if self._entities.known(member):
            for register in self._entities.of(member).registers.values():
                register.touched(member, at)

    def doubt(self, member: Member) -> int:
        """How far off (µs) the record's own time may be, also that of its deletion."""
        stamp = self.stamps.get(member)
        return 0 if stamp is None else stamp.error

    def read(self, sides: Collection[Side], ids: Collection[str]) -> None:
        """The engine was shown these records."""
        for member in self.stamps:
            if member[0] in sides and member[1] in ids:
                for register in self._entities.of(member).registers.values():
                    register.read(member)

    def lags(self) -> None:
        """A page may be stale, or lack records: the engine goes by what it knew of those, or they once were."""
        for member, stamp in self.stamps.items():
            known = self._oldest.get(member)
            if known is not None and known.first is not None and stamp.first is not None:
                self.stamps[member] = stamp._replace(first=min(stamp.first, known.first))
        for register in self._entities.registers():
            register.lags()

    def cycle_begins(self) -> None:
        """The engine looks."""
        self._all_seen = False

    def cycle_completed(self, at: int) -> None:
        """Whatever the engine was shown has its time now, on a side without times that of this cycle."""
        self._all_seen = True
        self.stamps = {member: stamp._replace(first=stamp.last) for member, stamp in self.stamps.items()}
        self._oldest = self.stamps.copy()
        for register in self._entities.registers():
            for version in (one for member in register.showing for one in register.undated(member)):
                if version.read and self.stamps[version.member].last is None:
                    version.late = max(version.late, at)
                version.dated = version.read

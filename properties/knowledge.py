"""What the engine can know of the records: which of them it was told of, and as what."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from properties.history import Member, Picture
from properties.layout import Record, Side


class Knowledge:
    """`at_start` is the picture when the cycle began, `_at_last` when the last completed one did. `told` are the
    records that an answer has named, and `unheard` those that the engine has made without being answered, until a
    cycle has been told of them. The engine may be `behind`: a page, or an older state, may have said of records what
    was true before their last change by then, or that nothing has changed, and what was sent in vain may be sent once
    more. Once a page has `misled` it, it can't tell since when a thing is gone.
    """

    def __init__(self, picture: Picture) -> None:
        self.at_start = self._at_last = picture
        self.told: set[Member] = set()
        self.unheard: set[Member] = set()
        self.misled = False
        self._named: set[Member] = set()
        self._former: dict[Member, Record] = {}
        self._gone: dict[Member, Record] = {}
        self._lags: list[dict[Member, Record]] = []

    @property
    def behind(self) -> bool:
        return bool(self._lags)

    def lags(self) -> None:
        """A page may be stale, or lack what it should tell."""
        self.misled = True
        self._lags.append(self._former.copy())
        self._goes_by(self._at_last)

    def resends(self, picture: Picture) -> None:
        """A write may have failed, and will go by the present picture when it is sent once more."""
        self._goes_by(picture)

    def completed(self) -> None:
        """The cycle has gone by all that it was told."""
        self._at_last = self.at_start
        self.unheard -= self._named
        self._named.clear()

    def broke_off(self) -> None:
        """The cycle has ended too early: the next one may go on from what was there when it began."""
        self._goes_by(self.at_start)

    def _goes_by(self, picture: Picture) -> None:
        self._lags.append({(side, id_): r for side, records in picture.items() for id_, r in records.items()})

    def catches_up(self) -> None:
        """All is at rest, and whatever the engine was told before has been told anew."""
        self.misled = False
        self._lags.clear()
        self._gone.clear()

    def changed(self, member: Member, old: Record | None, new: Record | None) -> None:
        """A record changed, by whomever."""
        if old is not None:
            (self._gone if new is None else self._former)[member] = old

    def created(self, member: Member, record: Record, *, heard: bool) -> None:
        """The engine has made a record, which counts as if it had been there when the cycle began."""
        side, id_ = member
        self.told.add(member)
        if not heard:
            self.unheard.add(member)
        self.at_start = {**self.at_start, side: {**self.at_start[side], id_: record}}

    def shown(self, ids: Collection[str], sides: Collection[Side], picture: Picture) -> None:
        """An answer named these records."""
        named = {(side, id_) for side in sides for id_ in picture[side].keys() & ids}
        self.told |= named
        self._named |= named & self.unheard

    def named(self, unheard: Member) -> bool:
        """Whether the cycle under way, or one that broke off, was told of the record or of what it comes with."""
        return any(id_ == unheard[1] for _, id_ in self._named)

    def lost(self) -> None:
        """The engine has forgotten what it was told, or goes by what it was told long ago (S32)."""
        self.told.clear()
        self.lags()

    def untold(self, picture: Picture) -> Iterator[Member]:
        """The records that the engine has never heard of."""
        for side, records in picture.items():
            yield from ((side, id_) for id_ in records if (side, id_) not in self.told)

    def told_at_start(self) -> Picture:
        """What was there when the cycle began and the engine has been told of: that it must link."""
        return {
            side: {id_: record for id_, record in records.items() if (side, id_) in self.told}
            for side, records in self.at_start.items()
        }

    def gone(self) -> Picture:
        """What is gone, as it was: the engine may not have been told so."""
        return {
            side: {id_: record for (its, id_), record in self._gone.items() if its == side}
            for side in self.at_start
        }

    def possible(self, picture: Picture) -> Iterator[Picture]:
        """The pictures that the engine may go by, the likeliest first."""
        yield picture
        yield self.at_start
        for former in self._lags:
            yield {
                side: {id_: former.get((side, id_), record) for id_, record in records.items()}
                for side, records in picture.items()
            }

"""What the core knows about records that are the same thing: entities, their members, the versions of values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple

from bothways.sync.codecs import Value

MOST_BEATEN = 4
"""How many beaten edits a version remembers, the latest first."""


class Ref(NamedTuple):
    """One record of one system; `system` is a key of the mapping."""

    system: str
    datatype: str
    id: str

    def __str__(self) -> str:
        return f"{self.system} {self.datatype} {self.id}"


@dataclass(frozen=True, slots=True)
class Edit:
    """Who gave a property which value, and when: corrected for clocks, and fixed when first seen (S10).

    `at` is None where nobody knows (a side without times, at merge). `why` says what decided for or against it.
    """

    value: Value
    at: datetime | None
    origin: Ref
    why: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """The value that a property holds in the whole entity. `number` is unique within the entity."""

    number: int
    edit: Edit
    beat: tuple[Edit, ...] = ()

    @property
    def value(self) -> Value:
        return self.edit.value

    def having_beaten(self, loser: Edit) -> Version:
        """The same version, remembering `loser` too."""
        return replace(self, beat=(loser, *self.beat)[:MOST_BEATEN])


@dataclass(frozen=True, slots=True)
class Shown:
    """What a record was last seen to show at a path, and which version it renders or has seen (0: none)."""

    value: Value
    of: int = 0


@dataclass(slots=True)
class Member:
    """One record of an entity, as last seen.

    `slots` maps native paths to what they show; `unreadable` those whose content the mapping's type can't hold.
    `stamp` is the modified time as the system wrote it, `modified_at` the same, corrected when first seen (S10).
    `starts` names the flows whose condition the record satisfies, `extras` holds unsynchronised content that
    creations and references need, `keys` by which the record is found (space to value). `gone_at` is when it was
    deleted, or found missing.
    """

    ref: Ref
    version: str | None = None
    stamp: datetime | None = None
    modified_at: datetime | None = None
    created_at: datetime | None = None
    gone_at: datetime | None = None
    slots: dict[str, Shown] = field(default_factory=dict)
    read_only: frozenset[str] = frozenset()
    unreadable: dict[str, str] = field(default_factory=dict)
    starts: frozenset[int] = frozenset()
    extras: dict[str, Any] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)

    @property
    def live(self) -> bool:
        return self.gone_at is None

    def copy(self) -> Member:
        """A copy that can be changed without touching this one; only `slots` is ever changed in place."""
        return Member(
            self.ref,
            self.version,
            self.stamp,
            self.modified_at,
            self.created_at,
            self.gone_at,
            dict(self.slots),
            self.read_only,
            self.unreadable,
            self.starts,
            self.extras,
            self.keys,
        )


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why something doesn't cross, how often it was tried, and when it is tried again (S25)."""

    reason: str
    tries: int
    due: datetime


@dataclass(slots=True)
class Entity:
    """All records that are linked together, and the versions of their common properties.

    `versions` is empty while nothing was ever linked. `troubles` are keyed by what they stop: `str(ref)` of a
    member, or the side on which a record can't be created.
    """

    id: int
    members: list[Member] = field(default_factory=list)
    versions: dict[str, Version] = field(default_factory=dict)
    troubles: dict[str, Trouble] = field(default_factory=dict)
    numbers: int = 0

    def copy(self) -> Entity:
        """A copy that can be changed without touching this one."""
        members = [member.copy() for member in self.members]
        return Entity(self.id, members, dict(self.versions), dict(self.troubles), self.numbers)

    def next_number(self) -> int:
        self.numbers += 1
        return self.numbers

    def member(self, ref: Ref) -> Member | None:
        return next((member for member in self.members if member.ref == ref), None)

    def live(self) -> list[Member]:
        return [member for member in self.members if member.live]

    def on(self, system: str, datatype: str) -> Iterator[Member]:
        """The members on one side, gone ones too."""
        return (m for m in self.members if m.ref.system == system and m.ref.datatype == datatype)

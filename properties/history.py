"""What the oracle is told: people's acts, the engine's requests, and what the two APIs show after each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from properties.layout import Record, Side

Member = tuple[Side, str]
"""One record: its side and its id."""
Picture = Mapping[Side, Mapping[str, Record]]
"""Every live record of every side, as its API shows it."""


class Invariant(StrEnum):
    """What must hold in every history. The name is what a failure says."""

    CONVERGENCE = "convergence"
    NO_INVENTION = "no invention"
    NO_LOST_UPDATE = "no lost update"
    CONSERVATION = "conservation"
    NO_RESURRECTION = "no resurrection"
    ONE_CREATE = "at most one create"
    ONE_LINK = "one link per pair"
    QUIET = "quiet"
    CURSOR = "cursor never ahead of unapplied edits"
    ISOLATION = "isolation of unlisted properties"
    COUNTERS = "counters add up"
    EXPLAINED = "every write explained"
    LISTED = "what can't cross is listed"
    RUNS = "a cycle without faults completes"
    HELD = "a side that is off is not written"
    FORGED = "a forged notification is no reason to look"


class Outcome(StrEnum):
    """How a cycle ended."""

    COMPLETED = "completed"
    FAILED = "failed"
    KILLED = "killed"


@dataclass(frozen=True)
class Act:
    """A person did something in one of the systems. `at` is true time in microseconds, here and below."""

    at: int
    did: str
    shown: Picture


@dataclass(frozen=True)
class Request:
    """The engine's request as the system's log has it. `answer` is None where none was given; `shown` where
    nothing can have changed. `faulty` says that a fault touched it."""

    at: int
    system: str
    method: str
    path: str
    status: int | None
    body: Any = None
    answer: Any = None
    faulty: bool = False
    shown: Picture | None = None

    def __str__(self) -> str:
        return f"{self.method} {self.path} at the {self.system} ({self.status or 'no answer'})"


@dataclass(frozen=True)
class CycleStarted:
    """The engine begins a cycle."""

    at: int


@dataclass(frozen=True)
class CycleEnded:
    """A cycle is over, and if it failed, with which error."""

    at: int
    outcome: Outcome
    error: str = ""


@dataclass(frozen=True)
class Notified:
    """A notification of a system has come to the engine; `looked`: it asked the systems something then (S28)."""

    at: int
    system: str
    genuine: bool
    looked: bool


@dataclass(frozen=True)
class StateLost:
    """The engine's state was lost, or an older one put in its place (S32)."""

    at: int


@dataclass(frozen=True)
class ClockSet:
    """A system's clock is from now on off by `microseconds` (S10)."""

    at: int
    system: str
    microseconds: int


@dataclass(frozen=True)
class Shared:
    """A system's share toggle was turned (S22)."""

    at: int
    system: str
    on: bool


@dataclass(frozen=True)
class Settled:
    """Faults are over and cycles have run: `cycles` until one wrote nothing, None if none was quiet. `status` is
    the engine's own account, None where it has none."""

    at: int
    cycles: int | None
    status: Mapping[str, Any] | None = None


Observation = Act | Request | CycleStarted | CycleEnded | Notified | StateLost | ClockSet | Shared | Settled


@dataclass(frozen=True)
class Breach:
    """An invariant that doesn't hold, with what was expected and seen, and the steps that led there.

    `side` is where there are too many records, or too few.
    """

    invariant: Invariant
    what: str
    expected: object
    seen: object
    side: Side | None = None
    steps: tuple[str, ...] = ()

    def __str__(self) -> str:
        steps = "".join(f"\n  {number}. {step}" for number, step in enumerate(self.steps, 1))
        return f"{self.invariant}: {self.what}\n  expected: {self.expected}\n  seen: {self.seen}{steps}"

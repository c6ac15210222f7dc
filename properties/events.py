"""The events that a history is made of, and their JSON form, in which a failure is kept and replayed.

A thing is what people speak of across systems; it is named when somebody creates it. An event that can't happen
(an edit of a record that isn't there) is passed over, so that every part of a list of events is one too.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import Any, ClassVar


@dataclass(frozen=True)
class Event:
    """Something that happens. `do` names the kind in JSON."""

    do: ClassVar[str] = ""


@dataclass(frozen=True)
class Create(Event):
    """Somebody creates a record on `side` (`system.datatype`) and thereby the thing: values by property name."""

    do: ClassVar[str] = "create"
    thing: str
    side: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Edit(Event):
    """Somebody gives a property of the thing's record on `side` a value in the entity's words; None clears it."""

    do: ClassVar[str] = "edit"
    thing: str
    side: str
    property: str
    value: Any


@dataclass(frozen=True)
class Count(Event):
    """Somebody adds `by` to a counter of the thing's record on `side`: a restock, or a sale if negative."""

    do: ClassVar[str] = "count"
    thing: str
    side: str
    property: str
    by: int


@dataclass(frozen=True)
class Delete(Event):
    """Somebody deletes the thing's record on `side`."""

    do: ClassVar[str] = "delete"
    thing: str
    side: str


@dataclass(frozen=True)
class Wait(Event):
    """Time passes."""

    do: ClassVar[str] = "wait"
    seconds: float


@dataclass(frozen=True)
class SetClock(Event):
    """A system's clock is from now on off by `seconds`."""

    do: ClassVar[str] = "set_clock"
    system: str
    seconds: float


@dataclass(frozen=True)
class Share(Event):
    """A system's share toggle is turned; the engine is started again with it (S22)."""

    do: ClassVar[str] = "share"
    system: str
    on: bool


@dataclass(frozen=True)
class Restart(Event):
    """A new engine on the same state."""

    do: ClassVar[str] = "restart"


@dataclass(frozen=True)
class KeepState(Event):
    """Somebody makes a copy of the engine's state."""

    do: ClassVar[str] = "keep_state"


@dataclass(frozen=True)
class LoseState(Event):
    """The engine's state is lost, or the copy of an older one takes its place if one was made (S32)."""

    do: ClassVar[str] = "lose_state"
    older: bool = False


@dataclass(frozen=True)
class During:
    """What happens while a cycle runs, before its request number `at` (from 1): a fault, or a person's event."""

    at: int
    fault: str | None = None
    event: Event | None = None


@dataclass(frozen=True)
class Cycle(Event):
    """The engine runs one cycle; each request takes `pace` milliseconds. `together`: two engines at once (S29)."""

    do: ClassVar[str] = "cycle"
    pace: int = 5
    together: bool = False
    during: tuple[During, ...] = ()


@dataclass(frozen=True)
class Notify(Event):
    """A notification of `system` arrives: the latest, or one told so many before, late or once more. `forged`: it is
    signed by somebody else (S28)."""

    do: ClassVar[str] = "notify"
    system: str
    back: int = 0
    forged: bool = False


@dataclass(frozen=True)
class Settle(Event):
    """People rest, faults are over, and cycles run until one is quiet."""

    do: ClassVar[str] = "settle"


KINDS: dict[str, type[Event]] = {
    kind.do: kind
    for kind in (
        Create,
        Edit,
        Count,
        Delete,
        Wait,
        SetClock,
        Share,
        Restart,
        KeepState,
        LoseState,
        Cycle,
        Notify,
        Settle,
    )
}


def to_json(event: Event) -> dict[str, Any]:
    """The event as plain JSON; what is as usual is left out."""
    usual = {f.name: f.default for f in fields(event)}
    told = {name: value for name, value in asdict(event).items() if value != usual[name]}
    if isinstance(event, Cycle) and event.during:
        told["during"] = [_during_to_json(during) for during in event.during]
    return {"do": event.do} | told


def from_json(raw: dict[str, Any]) -> Event:
    """The event that `to_json` gave. Raises KeyError or TypeError for anything else."""
    rest = {name: value for name, value in raw.items() if name != "do"}
    if "during" in rest:
        rest["during"] = tuple(_during_from_json(during) for during in rest["during"])
    return KINDS[raw["do"]](**rest)


def _during_to_json(during: During) -> dict[str, Any]:
    told: dict[str, Any] = {"at": during.at}
    if during.fault is not None:
        told["fault"] = during.fault
    if during.event is not None:
        told["event"] = to_json(during.event)
    return told


def _during_from_json(raw: dict[str, Any]) -> During:
    event = from_json(raw["event"]) if "event" in raw else None
    return During(raw["at"], raw.get("fault"), event)

"""Faults of a system or its network, scripted or drawn, each striking one request.

What strikes no request is done otherwise: a clock jumps by its `offset`, a system goes back in time by
`restore`, values are rewritten by a field's `rewrite` or a switch, notifications are lost, doubled, reordered
or forged in their list.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from random import Random
from typing import Protocol

from fakes.log import Exchange

KINDS = {
    "drop_after_commit": "carried out, but the answer is lost",
    "timeout_before": "lost on its way: the system never sees it",
    "error_before": "answered `status` (500 unless given) and what it `says`, nothing carried out",
    "error_after": "carried out, then answered `status`",
    "throttle": "429, with Retry-After: `retry_after` if given",
    "slow": "carried out, answered after `seconds` (its key in flight till then); lost if that is too long",
    "partial_batch": "every second part of a batch fails for no reason of its own",
    "stale_page": "a page shows what changed within the last `seconds` as it was before",
    "truncated_page": "a page shows half its records and says that it is the last",
    "doubled_page": "a page is followed by itself",
    "dead_cursor": "the cursor has expired",
    "kill_before": "the engine dies before the request reaches the system",
    "kill_after": "the engine dies after the request was carried out, before it hears so",
}
PAGE_KINDS = frozenset({"stale_page", "truncated_page", "doubled_page"})
LOST = "simulated network: no answer came"


class EngineKilled(BaseException):
    """The engine under test dies here. Not an Exception, so that no engine can catch it and live on."""


class AnswerLost(BaseException):
    """No answer will be given. Not an Exception, so that no layer between turns it into a 500."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is to go wrong, and where: the first requests that fit `method` and `path` (a pattern with `*`).

    `skip` fitting requests pass first, then `times` are struck. Page faults fit only listings, `dead_cursor`
    only requests with a cursor, `partial_batch` only batches. Raises ValueError for an unknown kind.
    """

    kind: str
    method: str | None = None
    path: str | None = None
    times: int = 1
    skip: int = 0
    retry_after: float | None = None
    seconds: float = 30.0
    status: int = 500
    says: str = "simulated fault: nothing was carried out"

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"no fault of kind {self.kind!r}; there are {', '.join(KINDS)}")

    def fits(self, exchange: Exchange, operation: Target) -> bool:
        """Whether this fault can strike this request."""
        return (
            (self.method is None or self.method == exchange.method)
            and (self.path is None or fnmatchcase(exchange.path, self.path))
            and (self.kind not in PAGE_KINDS or operation.lists)
            and (self.kind != "dead_cursor" or "cursor" in exchange.query)
            and (self.kind != "partial_batch" or operation.batches)
        )


class Target(Protocol):
    """What a fault must know of the operation that it strikes."""

    @property
    def lists(self) -> bool: ...

    @property
    def batches(self) -> bool: ...


@dataclass(slots=True)
class Scripted:
    """A fault and what is left of it."""

    fault: Fault
    skip: int
    left: int


class Faults:
    """The faults of one system, and the hooks that run before each of its requests.

    `on_request` hooks get the exchange before it is served: to place a user's edit between two requests, or
    to raise EngineKilled. `source`, if set, is asked for a fault where no scripted one fits. `happened` lists
    each fault once for each time it struck.
    """

    def __init__(self) -> None:
        self.on_request: list[Callable[[Exchange], None]] = []
        self.source: Callable[[Exchange], Fault | None] | None = None
        self.happened: list[Fault] = []
        self._script: list[Scripted] = []

    def script(self, *faults: Fault) -> None:
        """Add faults; of several that fit one request, the first added strikes."""
        self._script.extend(Scripted(fault, fault.skip, fault.times) for fault in faults)

    def pending(self) -> list[Fault]:
        """The scripted faults that have not (fully) happened yet."""
        return [scripted.fault for scripted in self._script]

    def clear(self) -> None:
        """Forget scripted faults and the source: from here on, all is well."""
        self._script.clear()
        self.source = None

    def strike(self, exchange: Exchange, operation: Target) -> Fault | None:
        """The fault that strikes this request, if any; it is used up by that."""
        fault = self._scripted(exchange, operation)
        if fault is None and self.source is not None:
            drawn = self.source(exchange)
            fault = drawn if drawn is not None and drawn.fits(exchange, operation) else None
        if fault is not None:
            exchange.fault = fault.kind
            self.happened.append(fault)
        return fault

    def _scripted(self, exchange: Exchange, operation: Target) -> Fault | None:
        for scripted in self._script:
            if not scripted.fault.fits(exchange, operation):
                continue
            if scripted.skip:
                scripted.skip -= 1
                continue
            scripted.left -= 1
            if not scripted.left:
                self._script.remove(scripted)
            return scripted.fault
        return None


def drawn(random: Random, faults: Sequence[Fault], rate: float) -> Callable[[Exchange], Fault | None]:
    """A `Faults.source` that strikes about `rate` of the requests with one of `faults`, as `random` has
    it.
    """

    def source(_: Exchange) -> Fault | None:
        return random.choice(faults) if random.random() < rate else None

    return source

"""The request log: what a system was asked, and what it answered."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(slots=True)
class Exchange:
    """One request and its answer.

    `number` counts the requests of a run, `at` is true time. `headers` have lower-case names and no
    authorization; `query` joins repeated parameters with commas. `body` and `response` are parsed JSON, None
    where there is none. `status` is None when no answer was given; `committed` says whether the system
    carried the request out, which it may have done all the same. `fault` is the kind of the fault that
    struck. Bodies may be the system's own records: read them, never change them.
    """

    number: int
    system: str
    at: datetime
    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None
    status: int | None = None
    response: Any = None
    fault: str | None = None
    committed: bool = False

    @property
    def writes(self) -> bool:
        """Whether the method asks for a change."""
        return self.method not in {"GET", "HEAD", "OPTIONS"}


class RequestLog(list[Exchange]):
    """Exchanges in the order of their requests. Systems of one run may share a log, or only its `numbers`."""

    def __init__(self, numbers: Iterator[int] | None = None) -> None:
        super().__init__()
        self.numbers = itertools.count(1) if numbers is None else numbers
        self.unmatched: list[Exchange] = []
        """Requests that no operation of the contract serves: an engine that sends one is at fault."""

    @property
    def writes(self) -> list[Exchange]:
        """The exchanges that asked for a change."""
        return [exchange for exchange in self if exchange.writes]

"""A service of the pair at work: two systems that show what they are told to show, and what it logs."""

from __future__ import annotations

import asyncio
import io
import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from bothways.sync.cycle import Report
from bothways.sync.logs import logger
from bothways.sync.service import Consent, Exit, Service
from bothways.sync.store import Store
from bothways.sync.watching import Stop
from tests.sync.pair import pair
from tests.sync.under_way import Hands, Showing


class Waiting(Stop):
    """Remembers how long each wait was to be; it is over at once, unless `endless`."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float] = []
        self.endless = False

    async def within(self, seconds: float) -> bool:
        self.waits.append(seconds)
        return await super().within(3600.0 if self.endless else 0)


@dataclass
class Work:
    """A service of the pair, its two systems, and what it logs. `script` is what its next cycles come to."""

    store: Store
    clock: Hands = field(default_factory=Hands)
    stop: Waiting = field(default_factory=Waiting)
    systems: dict[str, Showing] = field(default_factory=lambda: {"left": Showing(), "right": Showing()})
    out: io.StringIO = field(default_factory=io.StringIO)
    consents: list[dict[str, bool]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.service = Service(
            pair().mapping, self.systems, self.store, self.clock, stop=self.stop, log=logger([], self.out)
        )

    @property
    def log(self) -> list[dict[str, Any]]:
        """The events, without the time at which each was written."""
        events = [json.loads(line) for line in self.out.getvalue().splitlines()]
        return [{name: told for name, told in event.items() if name != "timestamp"} for event in events]

    def once(self, consent: Consent | None = None) -> tuple[Exit, dict[str, Any]]:
        return asyncio.run(self.service.once(consent or Consent()))

    def script(self, monkeypatch: pytest.MonkeyPatch, *cycles: Report | Exception) -> None:
        """What each cycle comes to; during the last one somebody asks to stop."""
        coming = iter(cycles)
        left = len(cycles)

        async def cycle(**consent: bool) -> Report:
            nonlocal left
            left -= 1
            self.consents.append(consent)
            if not left:
                self.stop.ask()
            result = next(coming)
            if isinstance(result, Exception):
                raise result
            return result

        monkeypatch.setattr(self.service.engine, "cycle", cycle)

    def forever(self, consent: Consent | None = None, every: float = 60.0) -> Exit:
        return asyncio.run(self.service.forever(every, consent or Consent()))


def told(level: str, **figures: float) -> dict[str, Any]:
    """The event of a cycle, with these figures and the others at zero."""
    zero = {"updates": 0, "created": 0, "requests": 0, "held": 0, "failing": 0, "seconds": 0.0}
    return zero | {"event": "cycle", "level": level} | figures

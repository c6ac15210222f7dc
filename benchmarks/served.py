"""The process that serves both systems: told what to do on standard input, one JSON list a line, answered by line."""

from __future__ import annotations

import json
import sys
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

from benchmarks.board import TOKEN
from benchmarks.clock import ShiftedClock
from benchmarks.pair import FIELDS, SIDES, fields_of
from fakes.clock import SystemClock
from fakes.mount import serve
from fakes.rest import RestSystem
from fakes.store import Ids


def systems(clock: ShiftedClock) -> dict[str, RestSystem]:
    """Both systems, empty."""
    return {
        name: RestSystem(name, {datatype: {"fields": FIELDS}}, SystemClock(clock), token=TOKEN, ids=Ids(name))
        for name, datatype in SIDES.items()
    }


class Ground:
    """What happens to the systems from outside their APIs."""

    def __init__(self, clock: ShiftedClock) -> None:
        self.clock = clock
        self.systems = systems(clock)
        self._edits = 0

    def fill(self, records: int) -> None:
        """Make records on the left."""
        for number in range(records):
            self.systems["left"].create("Product", fields_of(number))

    def edit(self, records: int) -> None:
        """Rename left records, spread over all."""
        left = self.systems["left"]
        ids = left.ids("Product")
        self._edits += 1
        for id in ids[:: max(1, len(ids) // records)][:records] if records else ():
            left.edit("Product", id, {"name": f"Edited {self._edits}"})

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.clock.shift += timedelta(seconds=seconds)

    def requests(self) -> int:
        """Count the requests since the last time, and forget them: they hold every body."""
        count = sum(len(system.log) for system in self.systems.values())
        for system in self.systems.values():
            system.log.clear()
        return count

    def alike(self) -> int:
        """Compare both sides by everything but ids and times."""
        left, right = (
            sorted(tuple((shown or {}).get(name) for name in FIELDS) for shown in map_shown(system, datatype))
            for system, datatype in ((self.systems[name], SIDES[name]) for name in SIDES)
        )
        return len(left) if left == right else -1


def map_shown(system: RestSystem, datatype: str) -> list[dict[str, Any] | None]:
    """What a system shows of each of its records."""
    return [system.show(datatype, id) for id in system.ids(datatype)]


def main() -> None:
    """Serve until standard input ends."""
    ground = Ground(ShiftedClock())
    with ExitStack() as stack:
        urls = {name: stack.enter_context(serve(system)) for name, system in ground.systems.items()}
        print(json.dumps(urls), flush=True)  # noqa: T201  # that is the answer
        for line in sys.stdin:
            name, *arguments = json.loads(line)
            print(json.dumps(getattr(ground, name)(*arguments)), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()

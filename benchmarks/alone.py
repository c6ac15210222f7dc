"""The engine alone: `python -m benchmarks.alone RECORDS`, figures as JSON. What its systems take is left out."""

from __future__ import annotations

import asyncio
import cProfile
import json
import pstats
import tempfile
import time
from collections import Counter
from pathlib import Path

import click
import httpx

from benchmarks.board import TOKEN, WAIT, Figures
from benchmarks.clock import ShiftedClock
from benchmarks.pair import mapping
from benchmarks.served import Ground
from bothways.mapping import Mapping
from bothways.sync.connectors import Setup, connect
from bothways.sync.engine import Engine
from bothways.sync.store import Store
from fakes.mount import base_urls, in_process

PARTS = {
    "store": ("store.py", "database.py", "unsaved.py", "serial.py", "memory.py", "questions.py"),
    "planning": ("plan.py", "planning.py", "observe.py", "linking.py", "shape.py", "model.py", "mapping.py"),
    "codecs": ("codecs.py",),
    "connector": ("rest.py", "http.py", "listing.py", "times.py", "answers.py"),
}
"""Files of the core by what they are for; the rest is counted as `engine`."""


class Timed(httpx.AsyncBaseTransport):
    """Carries requests, and keeps how long that took."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner
        self.seconds = 0.0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Carry one."""
        began = time.process_time()
        try:
            return await self._inner.handle_async_request(request)
        finally:
            self.seconds += time.process_time() - began


async def measured(records: int, profile: cProfile.Profile | None = None) -> Figures:
    """Milliseconds of this process's work: a first cycle by record, a quiet one, one after edits by edited record."""
    ground = Ground(ShiftedClock())
    ground.fill(records)
    transport = Timed(in_process(ground.systems))
    mapped = Mapping.model_validate(mapping())
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{Path(folder) / 'state.sqlite'}")
        client = httpx.AsyncClient(transport=transport)
        urls = base_urls(ground.systems)
        connectors = {
            name: connect(Setup(system, urls[name], TOKEN, client, ground.clock))
            for name, system in mapped.systems.items()
        }
        engine = Engine(mapped, connectors, store, ground.clock)

        async def cycle() -> float:
            ground.advance(WAIT)
            began, carried = time.process_time(), transport.seconds
            await engine.cycle(allow_bulk=True)
            return (time.process_time() - began - transport.seconds + carried) * 1000

        if profile:
            profile.enable()
        first = await cycle()
        if profile:
            profile.disable()
        await cycle()
        quiet = min([await cycle() for _ in range(3)])
        edited = records // 10
        ground.edit(edited)
        changed = await cycle() - quiet
        await client.aclose()
        store.close()
    return {
        "first_ms_a_record": first / records,
        "quiet_ms": quiet,
        "edited_ms_a_record": changed / edited,
    }


def shares(profile: cProfile.Profile) -> dict[str, float]:
    """Which part of the core the time of a first cycle is spent in, or on behalf of."""
    stats = pstats.Stats(profile).stats  # type: ignore[attr-defined]  # typeshed leaves it out
    spent: Counter[str] = Counter()
    for (file, _, _), (_, _, own, _, callers) in stats.items():
        part = _part(file)
        if part is not None:
            spent[part] += own
            continue
        for (caller, _, _), (_, _, own_of_caller, _) in callers.items():
            spent[_part(caller) or _library(caller)] += own_of_caller
    spent.pop("simulated", None)
    total = sum(spent.values())
    return {part: round(share / total, 3) for part, share in spent.most_common()}


def _part(file: str) -> str | None:
    path = Path(file)
    if "fakes" in path.parts or "starlette" in path.parts or "benchmarks" in path.parts:
        return "simulated"
    if "bothways" not in path.parts:
        return None
    return next((part for part, files in PARTS.items() if path.name in files), "engine")


def _library(file: str) -> str:
    """Libraries below libraries, by who uses them."""
    if "sqlalchemy" in file:
        return "store"
    return "connector" if any(name in file for name in ("httpx", "httpcore", "anyio", "h11")) else "other"


@click.command()
@click.argument("records", type=int)
def main(records: int) -> None:
    """Measure, then once more under the profiler for the shares."""
    figures = asyncio.run(measured(records))
    profile = cProfile.Profile()
    asyncio.run(measured(records, profile))
    click.echo(json.dumps(figures | {"shares": shares(profile)}))


if __name__ == "__main__":
    main()

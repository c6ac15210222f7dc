"""The sync core: keeps the records of two or more systems alike, as a mapping says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx

from bothways.mapping import Mapping
from bothways.sync.connectors import Clock, Setup, connect
from bothways.sync.connectors.notifications import Heard, genuine
from bothways.sync.engine import Engine
from bothways.sync.model import Ref
from bothways.sync.status import explain, status
from bothways.sync.store import Store

STATE_FILE = "state.sqlite"


class Core:
    """The engine in the terms of an integration under test: plain types only."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self._heard = Heard()

    async def sync(self) -> None:
        """One cycle."""
        await self._engine.cycle()

    async def notified(self, system: str, headers: dict[str, str], body: bytes, secret: str) -> None:
        """A notification has come; `secret` signs that system's genuine ones. Such a one is a reason to look (S28)."""
        contract = self._engine.shape.mapping.systems[system].contract
        known = genuine(contract, headers, body, secret, self._clock.now())
        if known and self._heard.is_new(system, headers, body):
            await self.sync()

    def status(self) -> dict[str, Any]:
        """See `bothways.sync.status.status`."""
        return status(self._engine.shape, self._engine.store)

    def explain(self, system: str, datatype: str, id: str, name: str | None = None) -> dict[str, Any]:
        """See `bothways.sync.status.explain`."""
        return explain(self._engine.shape, self._engine.store, Ref(system, datatype, id), name)

    async def close(self) -> None:
        """Give back the state."""
        self._engine.store.close()


def build(
    *,
    mapping: dict[str, Any],
    endpoints: dict[str, str],
    tokens: dict[str, str],
    client: httpx.AsyncClient,
    clock: Clock,
    state_dir: Path,
) -> Core:
    """The core as an integration under test. Raises `SyncError` for a contract without a connector."""
    mapped = Mapping.model_validate(mapping)
    connectors = {
        key: connect(Setup(system, endpoints[key], tokens[key], client, clock))
        for key, system in mapped.systems.items()
    }
    store = Store(f"sqlite:///{state_dir / STATE_FILE}")
    return Core(Engine(mapped, connectors, store, clock), clock)


__all__ = ["Core", "build"]

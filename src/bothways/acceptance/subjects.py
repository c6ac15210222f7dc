"""The integration under test, mounted between the simulated systems."""

from __future__ import annotations

import asyncio
import inspect
import shutil
from collections.abc import Awaitable, Callable
from collections.abc import Mapping as Dict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import httpx

from bothways.acceptance.address import LOOPBACK, Address
from bothways.acceptance.contained import contained, named
from bothways.acceptance.engines import Engine
from bothways.acceptance.kept import Kept
from bothways.acceptance.outside import OUTSIDE
from bothways.acceptance.trial import UNHEARD, NotAsked, Unproven
from bothways.errors import CycleEndless, CycleFailed, Strayed
from bothways.mapping import Mapping
from fakes import mount
from fakes.notifications import Notification
from fakes.system import System


class Clock(Protocol):
    """The time that an engine may ask for and wait by."""

    def now(self) -> Any:
        """The present, aware, UTC."""

    async def sleep(self, seconds: float) -> None:
        """Let `seconds` pass."""


class Subject(Protocol):
    """An integration under test, whatever it runs in.

    `sync` runs one cycle and raises `CycleFailed`; `sync_beside_another` runs one in each of two engines on the same
    state, at once. `notified` hands over a notification of a system, signed with `secret` if it is genuine, and ends
    when all is done that follows from it; it raises `NotAsked` where nobody listens. `status` and `explain` are the
    engine's own account of what doesn't cross, and of one value, None where it gives none. `restart` puts a new engine
    on the same state, on another mapping if one is given, `forget` one on no state, `go_back` one on the state as it
    was at the last `keep`; `close` ends it and raises `Strayed`.
    """

    label: str
    reference: bool

    def sync(self) -> None: ...
    def sync_beside_another(self) -> None: ...
    def notified(self, system: str, notification: Notification, secret: str) -> None: ...
    def status(self) -> dict[str, Any] | None: ...
    def explain(self, system: str, datatype: str, id: str, name: str) -> dict[str, Any] | None: ...
    def restart(self, mapping: Mapping | None = None) -> None: ...
    def forget(self) -> None: ...
    def keep(self) -> None: ...
    def go_back(self) -> None: ...
    def close(self) -> None: ...


@dataclass(frozen=True)
class Bench:
    """What an integration is tested on. `systems` are by their key in the mapping; `state_dir` is empty.

    For one in another process: `address` is where the systems are served, `note` keeps (title, content) of what it
    told.
    """

    mapping: Mapping
    systems: Dict[str, System]
    clock: Clock
    state_dir: Path
    address: Address = LOOPBACK
    note: Callable[[str, object], None] = lambda title, content: None  # noqa: ARG005 - nobody listens


def open_subject(engine: Engine, bench: Bench) -> Subject:
    """Mount an integration on a bench.

    Raises `InputError` if it can't be found or the systems can't be served, `CycleFailed` if it doesn't start.
    """
    return InProcess(engine, bench) if engine.in_process else OUTSIDE[engine.kind](engine, bench)


class Carrier(mount.InProcess):
    """Carries requests to the simulated systems, and keeps in `broken` what is their own mistake."""

    def __init__(self, systems: Dict[str, System]) -> None:
        super().__init__(systems)
        self.broken: list[Exception] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """As it is carried. Raises whatever a system ends with."""
        await asyncio.sleep(0)  # so that two engines at once take turns
        try:
            return await super().handle_async_request(request)
        except httpx.TransportError:
            raise
        except Exception as error:
            self.broken.append(error)
            raise


class InProcess:
    """An engine in this process, over respx: its own clients reach the simulated systems too."""

    def __init__(self, engine: Engine, bench: Bench) -> None:
        self.label = engine.label
        self.reference = engine.reference
        self._factory = engine.factory()
        self._bench = bench
        self._kept: Kept | None = None
        self._carrier = Carrier(bench.systems)
        self._router = mount.router(bench.systems, self._carrier)
        self._router.start()
        self._runner = asyncio.Runner()
        self._client = httpx.AsyncClient(transport=httpx.MockTransport(self._router.async_handler))
        try:
            self._engine = self._build()
        except BaseException:
            self._stop()
            raise

    def sync(self) -> None:
        """One cycle. Raises `CycleFailed`, and `Unproven` where it was a simulated system that broke."""

        async def cycle() -> None:
            await self._engine.sync()

        self._run(cycle, "a cycle")

    def sync_beside_another(self) -> None:
        """A cycle in each of two engines at once. Raises `CycleFailed` if neither gets through."""
        mine, other = self._engine, self._build()

        async def both() -> None:
            ends = await asyncio.gather(mine.sync(), other.sync(), return_exceptions=True)
            if all(isinstance(end, BaseException) for end in ends):
                raise ExceptionGroup(
                    "neither got through", [end for end in ends if isinstance(end, Exception)]
                )

        self._run(both, "a cycle beside another engine's")
        self._end(other)

    def notified(self, system: str, notification: Notification, secret: str) -> None:
        """A notification has come (S28). Raises `NotAsked` if the engine takes none, `CycleFailed` as `sync`."""
        take = getattr(self._engine, "notified", None)
        if take is None:
            raise NotAsked(UNHEARD)

        async def come() -> None:
            await take(system, dict(notification.headers), notification.body, secret)

        self._run(come, "what follows a notification")

    def status(self) -> dict[str, Any] | None:
        """The engine's own account of what doesn't cross or fails, None where it has none."""
        return self._told("status")

    def explain(self, system: str, datatype: str, id: str, name: str) -> dict[str, Any] | None:
        """The engine's own account of where a property's value comes from, None where it has none (S30)."""
        return self._told("explain", system, datatype, id, name)

    def restart(self, mapping: Mapping | None = None) -> None:
        """A new engine on the same state, as after a crash, or after its mapping was changed."""
        self._end()
        self._bench = replace(self._bench, mapping=mapping or self._bench.mapping)
        self._engine = self._build()

    def forget(self) -> None:
        """A new engine whose state is lost."""
        self._end()
        shutil.rmtree(self._bench.state_dir)
        self._bench.state_dir.mkdir()
        self._engine = self._build()

    def keep(self) -> None:
        """A copy of the state is put aside."""
        self._end()
        self._kept = Kept(self._bench.state_dir)
        self._engine = self._build()

    def go_back(self) -> None:
        """A new engine on that copy. Raises `LookupError` if none was made."""
        if self._kept is None:
            raise LookupError("no state was put aside")
        self._end()
        self._kept.put_back()
        self._engine = self._build()

    def close(self) -> None:
        """End the engine. Raises `Strayed` for a request that no system serves, even one that it forgave, and
        `Unproven` if a simulated system broke.
        """
        try:
            self._end()
        finally:
            self._stop()
        if self._carrier.broken:
            raise self._not_its_fault()
        if strays := self._carrier.unmatched:
            raise Strayed(f"the integration asked for what no system serves: {', '.join(strays)}")

    def _stop(self) -> None:
        self._runner.run(self._client.aclose())
        self._runner.close()
        self._router.stop(clear=False, quiet=True)

    def _build(self) -> Any:
        bench = self._bench
        try:
            return self._factory(
                mapping=bench.mapping.model_dump(mode="json", by_alias=True, exclude_defaults=False),
                endpoints=mount.base_urls(bench.systems),
                tokens={key: system.token for key, system in bench.systems.items()},
                client=self._client,
                clock=bench.clock,
                state_dir=bench.state_dir,
            )
        except (CycleEndless, Unproven):
            raise
        except Exception as error:
            raise CycleFailed(f"the integration doesn't start: {named(error)}") from error

    def _told(self, about: str, *what: str) -> dict[str, Any] | None:
        tell = getattr(self._engine, about, None)
        try:
            with contained():
                told = None if tell is None else tell(*what)
        except (CycleEndless, Unproven):
            raise
        except Exception as error:
            raise CycleFailed(f"{about} ended with an error: {named(error)}") from error
        if inspect.iscoroutine(told):
            told.close()
        if told is not None and not isinstance(told, dict):
            raise CycleFailed(f"{about} gives no dict, but {type(told).__name__}")
        return told

    def _end(self, engine: Any = None) -> None:
        close = getattr(engine or self._engine, "close", None)
        if close is not None:
            self._run(close, "closing")

    def _run(self, work: Callable[[], Awaitable[object]], what: str) -> None:
        async def awaited() -> None:
            await work()

        try:
            with contained():
                self._runner.run(awaited())
        except (CycleEndless, Unproven):
            raise
        except Exception as error:
            if self._carrier.broken:
                raise self._not_its_fault() from error
            if isinstance(error, CycleFailed):
                raise
            raise CycleFailed(f"{what} ended with an error: {named(error)}") from error

    def _not_its_fault(self) -> Unproven:
        return Unproven(f"a simulated system broke: {named(self._carrier.broken[0])}")

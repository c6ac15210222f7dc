"""How a fault is planted: something small in the core is replaced while an engine that has the fault works."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from bothways import sync
from bothways.sync import Core

Original = Callable[..., Any]
Replacement = TypeVar("Replacement", bound=Callable[..., Any])


@dataclass(frozen=True)
class _Change:
    """In the place of `owner.name` stands `planted`."""

    owner: Any
    name: str
    original: Original
    planted: Original


class Fault:
    """One fault of the catalogue, with the `rules` that it breaks. Its `build` is an integration's factory."""

    def __init__(self, *rules: str) -> None:
        self.rules = rules
        self._changes: list[_Change] = []
        self._working = 0

    def instead_of(self, owner: Any, name: str) -> Callable[[Replacement], Replacement]:
        """Puts a function in the place of `owner.name`; it is given the original before all other arguments."""

        def plant(replacement: Replacement) -> Replacement:
            original: Original = getattr(owner, name)

            @wraps(original)
            def planted(*args: Any, **named: Any) -> Any:
                return replacement(original, *args, **named)

            self._changes.append(_Change(owner, name, original, planted))
            return replacement

        return plant

    def build(self, **wiring: Any) -> Spoilt:
        """The core with the fault in."""
        with self.planted():
            return Spoilt(sync.build(**wiring), self)

    @contextmanager
    def planted(self) -> Iterator[None]:
        """While the block runs, the fault is there; two engines may work at once."""
        self._working += 1
        self._put("planted")
        try:
            yield
        finally:
            self._working -= 1
            if not self._working:
                self._put("original")

    def _put(self, which: str) -> None:
        for change in self._changes:
            setattr(change.owner, change.name, getattr(change, which))


class Spoilt:
    """A core with a fault, as an integration under test."""

    def __init__(self, core: Core, fault: Fault) -> None:
        self._core = core
        self._fault = fault

    async def sync(self) -> None:
        """One cycle."""
        with self._fault.planted():
            await self._core.sync()

    async def notified(self, *what: Any) -> None:
        """A notification has come."""
        with self._fault.planted():
            await self._core.notified(*what)

    def status(self) -> dict[str, Any]:
        """The core's own account."""
        with self._fault.planted():
            return self._core.status()

    def explain(self, *what: str) -> dict[str, Any]:
        """Where a value comes from."""
        with self._fault.planted():
            return self._core.explain(*what)

    async def close(self) -> None:
        """Give back the state."""
        await self._core.close()

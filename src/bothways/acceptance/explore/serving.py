"""Serving a mapping's systems and their page, until somebody has had enough."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from bothways.acceptance.address import Address
from bothways.acceptance.explore.page import Page
from bothways.acceptance.simulated import simulated
from bothways.errors import InputError
from bothways.mapping import Mapping
from fakes import mount
from fakes.clock import WallClock


@dataclass(frozen=True)
class Served:
    """Where everything is: the page, and each system's address and token by its key."""

    page: str
    urls: dict[str, str]
    tokens: dict[str, str]


@contextlib.contextmanager
def served(mapping: Mapping, address: Address) -> Iterator[Served]:
    """Serve while the block runs; the page takes the port after the last system's.

    Time is the machine's. Raises `InputError` for an address that can't be listened on.
    """
    systems = simulated(mapping, WallClock(datetime.now(UTC)), "served")
    urls: dict[str, str] = {}
    labels = {key: system.label for key, system in mapping.systems.items()}
    page = Page(systems, urls, labels)
    with contextlib.ExitStack() as stack:
        for place, (key, app) in enumerate([*systems.items(), ("", page)]):
            try:
                base = stack.enter_context(mount.serve(app, address.host, address.port(place)))
            except OSError as error:
                reason = f"{address.host}:{address.port(place)} can't be listened on: {error.strerror}"
                raise InputError("--public-url", None, reason) from None
            urls[key] = address.url(base)
        at = urls.pop("")
        yield Served(at, dict(urls), {key: system.token for key, system in systems.items()})

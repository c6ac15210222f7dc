"""Where simulated systems are served to an integration outside of this process."""

from __future__ import annotations

from dataclasses import dataclass

import httpx

from bothways.errors import InputError


@dataclass(frozen=True)
class Address:
    """Where the simulated systems are served.

    `host` is listened on. `public_url` is what an integration elsewhere is to call: the first system in the mapping
    answers at its port, each further one at the next. Without it each takes a free port of `host`.
    """

    host: str = "127.0.0.1"
    public_url: str = ""

    def __post_init__(self) -> None:
        """Raises `InputError` for a URL without host or port."""
        if self.public_url:
            try:
                url = httpx.URL(self.public_url)
            except httpx.InvalidURL:
                url = httpx.URL("")
            if not url.host or url.port is None or url.path != "/":
                raise InputError("--public-url", None, f"'{self.public_url}' is not like http://HOST:PORT")

    def port(self, place: int) -> int:
        """The port of the system at `place` in the mapping, counted from 0; 0 for a free one."""
        port = httpx.URL(self.public_url).port if self.public_url else None
        return 0 if port is None else port + place

    def url(self, served: str) -> str:
        """What an integration is to call, for a base URL on this machine."""
        if not self.public_url:
            return served
        return str(httpx.URL(self.public_url).copy_with(port=httpx.URL(served).port)).rstrip("/")


LOOPBACK = Address()
FIXED = "http://127.0.0.1:8700"
"""Where an integration that keeps running finds the systems, unless it's said."""

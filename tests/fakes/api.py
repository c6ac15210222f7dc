"""Requests to one simulated system, one after the other, as an engine would send them."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx

from fakes.mount import InProcess, base_urls, in_process
from fakes.system import System


class Api:
    """A client with a token. Paths are the contract's; `key` is an idempotency key, `etag` an If-Match."""

    def __init__(self, system: System, transport: InProcess | None = None) -> None:
        self.system = system
        self._runner = asyncio.Runner()
        self._client = httpx.AsyncClient(
            transport=transport or in_process({system.name: system}),
            base_url=base_urls({system.name: system})[system.name],
            headers={"Authorization": f"Bearer {system.token}"},
        )

    def send(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        key: str | None = None,
        etag: str | None = None,
        headers: dict[str, str] | None = None,
        **more: Any,
    ) -> httpx.Response:
        """One request. `more` goes to httpx as it is (`params`, `content`, `timeout`)."""
        named = {"Idempotency-Key": key, "If-Match": etag, **(headers or {})}
        given = {name: text for name, text in named.items() if text is not None}
        payload = {} if body is None else {"json": body}
        return self._runner.run(self._client.request(method, path, headers=given, **payload, **more))

    def get(self, path: str, **params: Any) -> httpx.Response:
        """A read."""
        return self.send("GET", path, params=params or None)

    def post(self, path: str, body: Any, **more: Any) -> httpx.Response:
        """A creation, or an operation of its own."""
        return self.send("POST", path, body=body, **more)

    def patch(self, path: str, body: Any, etag: str | None) -> httpx.Response:
        """An update of one version."""
        return self.send("PATCH", path, body=body, etag=etag)

    def delete(self, path: str, etag: str | None = None) -> httpx.Response:
        """A deletion, of one version where the contract has versions."""
        return self.send("DELETE", path, etag=etag)

    def close(self) -> None:
        """End the client and its event loop."""
        self._runner.run(self._client.aclose())
        self._runner.close()

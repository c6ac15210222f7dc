"""Engines with one known flaw each, to see that the search finds it.

Factories like any engine's: mostly the core behind a wire that spoils what it asks, never what the systems do.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import httpx

from bothways.acceptance import engines

Send = Callable[[httpx.Request], Any]


class _Spoilt(httpx.AsyncBaseTransport):
    def __init__(self, client: httpx.AsyncClient, spoil: Callable[[httpx.Request, Send], Any]) -> None:
        self._client = client
        self._spoil = spoil

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer: httpx.Response = await self._spoil(request, self._send)
        return answer

    async def _send(self, request: httpx.Request) -> httpx.Response:
        answer = await self._client.send(request)
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)


def _core(spoil: Callable[[httpx.Request, Send], Any], parts: dict[str, Any]) -> Any:
    client = httpx.AsyncClient(transport=_Spoilt(parts["client"], spoil))
    return engines.parse(engines.CORE).factory()(**parts | {"client": client})


def clears_get_lost(**parts: Any) -> Any:
    """Empty values are left out of every write."""

    async def spoil(request: httpx.Request, send: Send) -> Any:
        if request.method in ("PATCH", "POST") and request.content:
            return await send(_like(request, _without_empty(json.loads(request.content))))
        return await send(request)

    return _core(spoil, parts)


def sells_twice(**parts: Any) -> Any:
    """Every difference of a counter is sent twice, the second time under another key."""

    async def spoil(request: httpx.Request, send: Send) -> Any:
        if request.url.path.endswith("/adjustments"):
            await send(_like(request, json.loads(request.content), key="again"))
        return await send(request)

    return _core(spoil, parts)


def creates_twice(**parts: Any) -> Any:
    """Every order is created twice, the second time under another key."""

    async def spoil(request: httpx.Request, send: Send) -> Any:
        if request.method == "POST" and request.url.path.endswith("/orders"):
            await send(_like(request, json.loads(request.content), key="again"))
        return await send(request)

    return _core(spoil, parts)


def overlooks_names(**parts: Any) -> Any:
    """Names are never written after creation, though the write is said to have been done."""

    async def spoil(request: httpx.Request, send: Send) -> Any:
        if request.method == "PATCH":
            body = json.loads(request.content)
            body.pop("name", None)
            return await send(_like(request, body))
        return await send(request)

    return _core(spoil, parts)


def trusts_anybody(**parts: Any) -> Any:
    """Whatever arrives as a notification is a reason to look, whoever signed it."""
    core: Any = engines.parse(engines.CORE).factory()(**parts)

    async def notified(*_: Any) -> None:
        await core.sync()

    return SimpleNamespace(sync=core.sync, notified=notified, status=core.status, close=core.close)


def _like(request: httpx.Request, body: Any, key: str = "") -> httpx.Request:
    headers = {name: text for name, text in request.headers.items() if name != "content-length"}
    if key and "idempotency-key" in headers:
        headers["idempotency-key"] = f"{headers['idempotency-key'][:50]}-{key}"
    content = json.dumps(body).encode()
    return httpx.Request(
        request.method, request.url, headers=headers, content=content, extensions=request.extensions
    )


def _without_empty(body: Any) -> Any:
    if isinstance(body, dict):
        return {name: _without_empty(part) for name, part in body.items() if part not in (None, "")}
    return [_without_empty(part) for part in body] if isinstance(body, list) else body

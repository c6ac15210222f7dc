"""Where systems send their notifications: verified, deduplicated, and then only a reason to look (S28)."""

from __future__ import annotations

import asyncio
import json
import socket
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Iterator
from collections.abc import Mapping as Dict
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from structlog.typing import FilteringBoundLogger

from bothways.errors import SyncError
from bothways.mapping import Mapping
from bothways.sync.connectors.notifications import verify_squarespace, verify_standard_webhook
from bothways.sync.environment import Access

LARGEST = 1 << 20
"""Bytes of a notification; both contracts' have some hundred."""

REMEMBERED = 10_000
"""How many notifications are told apart; one that comes back later only costs a look."""


class Listener:
    """`POST /<system>` takes that system's notifications: 204 for a genuine one, new or not; 401 for any other."""

    def __init__(
        self,
        mapping: Mapping,
        accesses: Dict[str, Access],
        look: Callable[[], None],
        now: Callable[[], datetime],
        log: FilteringBoundLogger,
    ) -> None:
        self._contracts = {key: system.contract for key, system in mapping.systems.items()}
        self._accesses = accesses
        self._look = look
        self._now = now
        self._log = log
        self._seen: OrderedDict[tuple[str, str], None] = OrderedDict()
        self.app = Starlette(routes=[Route("/{system}", self._notified, methods=["POST"])])

    async def _notified(self, request: Request) -> Response:
        system = request.path_params["system"]
        if system not in self._contracts:
            return Response(status_code=404)
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > LARGEST:
                return Response(status_code=413)
        if not self._genuine(system, request, body):
            self._log.warning("notification_refused", system=system)
            return Response(status_code=401)
        if self._is_new(system, request, body):
            self._log.info("notification", system=system)
            self._look()
        return Response(status_code=204)

    def _genuine(self, system: str, request: Request, body: bytes) -> bool:
        secret = self._accesses[system].webhook_secret
        if not secret:
            return False
        if self._contracts[system] == "squarespace":
            return verify_squarespace(request.headers, body, secret)
        return verify_standard_webhook(request.headers, body, secret, self._now())

    def _is_new(self, system: str, request: Request, body: bytes) -> bool:
        id = request.headers.get("webhook-id") or _id_in(body)
        if not id:
            return True
        new = (system, id) not in self._seen
        self._seen[system, id] = None
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        return new

    @asynccontextmanager
    async def serving(self, address: tuple[str, int] | None) -> AsyncIterator[None]:
        """Listen at `address` while the block runs; not at all for None. Raises `SyncError` if it can't."""
        if address is None:
            yield
            return
        listener = _bound(*address)
        config = uvicorn.Config(
            self.app, log_config=None, access_log=False, lifespan="off", server_header=False
        )
        server = _Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        self._log.info("listening", host=address[0], port=listener.getsockname()[1])
        try:
            yield
        finally:
            server.should_exit = True
            await serving
            listener.close()


class _Server(uvicorn.Server):
    """Leaves signals to whom they are meant for."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _bound(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise SyncError(f"can't listen at {host}:{port}: {error.strerror or error}") from None


def _id_in(body: bytes) -> str:
    try:
        told: Any = json.loads(body)
    except ValueError:
        return ""
    id = told.get("id") if isinstance(told, dict) else None
    return id if isinstance(id, str) else ""

"""Where systems send their notifications: verified, deduplicated, and then only a reason to look (S28)."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from collections.abc import Mapping as Dict
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from structlog.typing import FilteringBoundLogger

from bothways.errors import SyncError
from bothways.mapping import Mapping
from bothways.sync.connectors.notifications import Heard, genuine
from bothways.sync.environment import Access

LARGEST = 1 << 20
"""Bytes of a notification; both contracts' have some hundred."""


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
        self._heard = Heard()
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
        contract, secret = self._contracts[system], self._accesses[system].webhook_secret
        if not genuine(contract, request.headers, body, secret, self._now()):
            self._log.warning("notification_refused", system=system)
            return Response(status_code=401)
        if self._heard.is_new(system, request.headers, body):
            self._log.info("notification", system=system)
            self._look()
        return Response(status_code=204)

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

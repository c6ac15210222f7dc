"""Where the systems can be reached: in process, as an httpx transport or through respx, or served on
loopback.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Protocol

import httpx
import respx
import uvicorn
from respx.handlers import AsyncTransportHandler
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fakes.faults import EngineKilled
from fakes.log import Exchange
from fakes.system import System


def base_urls(systems: Mapping[str, System]) -> dict[str, str]:
    """Where each system answers in process: `https://<key>.test`."""
    return {key: f"https://{key}.test" for key in systems}


class InProcess(httpx.AsyncBaseTransport):
    """Calls each system's application directly: no socket, no server.

    A request to any other host fails as if there were no such host, and is kept in `strangers`, for an engine
    may swallow the error.
    """

    def __init__(self, systems: Mapping[str, System]) -> None:
        self._systems = {f"{key}.test": system for key, system in systems.items()}
        self.strangers: list[httpx.Request] = []

    @property
    def unmatched(self) -> list[str]:
        """Requests that no system's contract serves, `METHOD url` each."""
        served = {id(system.log): system.log for system in self._systems.values()}.values()
        odd: list[Exchange] = [exchange for log in served for exchange in log.unmatched]
        return [f"{r.method} {r.url}" for r in self.strangers] + [
            f"{e.method} {e.system}{e.path}" for e in odd
        ]

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Carry one request to its system. Raises httpx.ConnectError for an unknown host, httpx.ReadTimeout
        where the answer is lost.
        """
        system = self._systems.get(request.url.host)
        if system is None:
            self.strangers.append(request)
            raise httpx.ConnectError(f"simulated network: no host {request.url.host}")
        return await _carried(system.app, request)


async def _carried(app: ASGIApp, request: httpx.Request) -> httpx.Response:
    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "headers": [(name.lower(), text) for name, text in request.headers.raw],
        "scheme": request.url.scheme,
        "path": request.url.path,
        "raw_path": request.url.raw_path.partition(b"?")[0],
        "query_string": request.url.query,
        "server": (request.url.host, request.url.port),
        "client": ("127.0.0.1", 0),
        "root_path": "",
        "extensions": {"timeout": request.extensions.get("timeout")},
    }
    body = await request.aread()
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    start, *parts = sent
    content = b"".join(part.get("body", b"") for part in parts)
    return httpx.Response(start["status"], headers=start["headers"], content=content)


def in_process(systems: Mapping[str, System]) -> InProcess:
    """The systems as an httpx transport, each at `https://<key>.test`."""
    return InProcess(systems)


def router(systems: Mapping[str, System], transport: InProcess | None = None) -> respx.MockRouter:
    """The systems as a respx router, which patches httpx while it is entered: for engines that make their own
    client. Hosts that are no system's reach `transport` too, which keeps them."""
    carried = AsyncTransportHandler(transport or in_process(systems))
    mock = respx.mock(assert_all_called=False, assert_all_mocked=True)
    mock.route().mock(side_effect=carried)
    return mock


class Application(Protocol):
    """What can be served: a system, or a page about several."""

    @property
    def app(self) -> ASGIApp: ...


@contextlib.contextmanager
def serve(
    system: Application,
    host: str = "127.0.0.1",
    port: int = 0,
    *,
    ended: Callable[[BaseException], object] = lambda _: None,
) -> Iterator[str]:
    """Serve one system over HTTP while the block runs; gives its base URL. Port 0 takes a free one. A lost
    answer closes the connection. `ended` is told, in the server's thread, of every exception that a request ends
    with, before the connection is closed. Raises OSError for an address that can't be taken.
    """
    listener = socket.create_server((host, port))
    listener.setsockopt(
        socket.IPPROTO_TCP, socket.TCP_NODELAY, 1
    )  # else each answer waits 40 ms for the next
    config = uvicorn.Config(
        _hanging_up(system.app, ended), date_header=False, server_header=False, log_level="critical"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield f"http://{host}:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


def _hanging_up(app: ASGIApp, ended: Callable[[BaseException], object]) -> ASGIApp:
    async def hanging_up(scope: Scope, receive: Receive, send: Send) -> object:
        try:
            await app(scope, receive, send)
        except (httpx.ReadTimeout, EngineKilled) as lost:
            ended(lost)
            return lost  # uvicorn closes the connection of an application that returns something
        except Exception as broken:
            ended(broken)
            raise
        return None

    return hanging_up  # type: ignore[return-value]  # that is the point

"""The door of a simulated system: every request comes in here, is logged, and meets the faults that are
due.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import httpx
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from fakes.clock import http_date
from fakes.faults import LOST, AnswerLost, EngineKilled, Fault
from fakes.http import MALFORMED, Answer, Call, Operation, Refused, parsed, rendered
from fakes.log import Exchange

if TYPE_CHECKING:
    from fakes.system import System

AFTER = frozenset({"drop_after_commit", "error_after", "kill_after", "slow"})
"""Faults that strike once the request was carried out."""


class App(Starlette):
    """The ASGI application of a system: a lost answer leaves it as httpx.ReadTimeout."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        except AnswerLost:
            raise httpx.ReadTimeout(LOST) from None


class Door:
    """Takes the requests to one system."""

    def __init__(self, system: System) -> None:
        self._system = system

    def app(self) -> App:
        """The application, one route for each path of the contract."""
        resources: dict[str, dict[str, Operation]] = {}
        for operation in self._system.operations():
            resources.setdefault(operation.path, {})[operation.method] = operation
        routes = [Route(path, self._endpoint(served)) for path, served in resources.items()]
        for route in routes:
            route.methods = None  # the first path that fits has the request, whatever its method
        app = App(routes=routes, exception_handlers={HTTPException: self._unmatched})
        app.router.redirect_slashes = False
        return app

    def _endpoint(self, served: dict[str, Operation]) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            if request.method not in served:
                raise HTTPException(405, headers={"Allow": ", ".join(served)})
            call = _call(request, await request.body())
            exchange = self._exchange(call)
            for hook in tuple(self._system.faults.on_request):
                hook(exchange)
            self._system.log.append(exchange)
            answer = await self._answer(served[call.method], call, exchange, _patience(request.scope))
            return self._respond(exchange, answer)

        return endpoint

    async def _unmatched(self, request: Request, exc: Exception) -> Response:
        """Answer a request that no operation of the contract serves, and keep it for whoever looks for
        such.
        """
        assert isinstance(exc, HTTPException)
        exchange = self._exchange(_call(request, await request.body()))
        self._system.log.append(exchange)
        self._system.log.unmatched.append(exchange)
        answer = self._system.problem(
            exc.status_code, f"{exchange.method} {exchange.path}: no such operation"
        )
        answer.headers.update(exc.headers or {})
        return self._respond(exchange, answer)

    def _exchange(self, call: Call) -> Exchange:
        headers = {name: text for name, text in call.headers.items() if name != "authorization"}
        body = None if call.body is MALFORMED else call.body
        at = self._system.clock.true.now()
        return Exchange(
            next(self._system.log.numbers),
            self._system.name,
            at,
            call.method,
            call.path,
            dict(call.query),
            headers,
            body,
        )

    async def _answer(
        self, operation: Operation, call: Call, exchange: Exchange, patience: float | None
    ) -> Answer:
        fault = self._system.faults.strike(exchange, operation)
        if fault is not None and fault.kind not in AFTER:
            early = self._before(fault)
            if early is not None:
                return early
            call.fault = fault
        try:
            with self._system.turn:
                self._system.admit(call)
                answer = operation.serve(call)
            exchange.committed = True
        except Refused as refused:
            answer = refused.answer
        if fault is not None and fault.kind in AFTER:
            answer = await self._after(fault, call, answer, patience)
        return answer

    def _before(self, fault: Fault) -> Answer | None:
        """Play a fault that strikes before anything is carried out; None for one that the operation plays."""
        match fault.kind:
            case "timeout_before":
                raise AnswerLost
            case "kill_before":
                raise EngineKilled
            case "error_before":
                return self._system.problem(fault.status, fault.says)
            case "throttle":
                return self._throttled(fault.retry_after)
        return None

    def _throttled(self, retry_after: float | None) -> Answer:
        answer = self._system.problem(429, "simulated fault: too many requests")
        if retry_after is not None:
            answer.headers["Retry-After"] = f"{retry_after:g}"
        return answer

    async def _after(self, fault: Fault, call: Call, answer: Answer, patience: float | None) -> Answer:
        """Play a fault that strikes once the request was carried out."""
        match fault.kind:
            case "drop_after_commit":
                raise AnswerLost
            case "kill_after":
                raise EngineKilled
            case "error_after":
                return self._system.problem(fault.status, "simulated fault: the request was carried out")
        if answer.status < 300:
            key = call.headers.get("idempotency-key", "")
            self._system.store.keys.hold(call.path, key, timedelta(seconds=fault.seconds))
        if patience is not None and fault.seconds > patience:
            await self._system.clock.true.sleep(patience)
            raise AnswerLost
        await self._system.clock.true.sleep(fault.seconds)
        return answer

    def _respond(self, exchange: Exchange, answer: Answer) -> Response:
        exchange.status = answer.status
        exchange.response = answer.body
        headers = {**answer.headers, "Date": http_date(self._system.clock.now().replace(microsecond=0))}
        media_type = None if answer.body is None else answer.media_type
        return Response(rendered(answer.body), answer.status, headers, media_type)


def _call(request: Request, body: bytes) -> Call:
    scope = request.scope
    headers = {name.decode("latin-1"): text.decode("latin-1") for name, text in scope["headers"]}
    query: dict[str, str] = {}
    for name, text in parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True):
        query[name] = f"{query[name]},{text}" if name in query else text
    params = scope.get("path_params", {})
    return Call(scope["method"], scope["path"], params, query, headers, parsed(body))


def _patience(scope: Scope) -> float | None:
    """How many seconds the client waits for an answer, where the transport tells (see mount)."""
    timeout = scope.get("extensions", {}).get("timeout") or {}
    read = timeout.get("read")
    return None if read is None else float(read)

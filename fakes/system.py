"""What both simulated systems share: the door (hooks, log, faults, date) and what their users see and do."""

from __future__ import annotations

import copy
import inspect
import threading
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import timedelta
from typing import Any, ClassVar
from urllib.parse import parse_qsl

import httpx
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from fakes.clock import SystemClock, http_date
from fakes.faults import LOST, AnswerLost, EngineKilled, Fault, Faults
from fakes.http import MALFORMED, Answer, Call, Operation, Refused, parsed, rendered
from fakes.log import Exchange, RequestLog
from fakes.notifications import Notification
from fakes.store import Store

AFTER = frozenset({"drop_after_commit", "error_after", "kill_after", "slow"})
"""Faults that strike once the request was carried out."""


class App(Starlette):
    """The ASGI application of a system: a lost answer leaves it as httpx.ReadTimeout."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        except AnswerLost:
            raise httpx.ReadTimeout(LOST) from None


class System(ABC):
    """One simulated system.

    `app` serves its API, `log` keeps what was asked of it, `faults` what is to go wrong. `create`, `edit`,
    `delete`, `show` and `ids` are what a person who uses the system does and sees; they leave no trace in the
    log. `snapshot` and `restore` go back in time with all that the system remembers, log, faults and clock
    excepted.
    """

    contract: ClassVar[str]

    def __init__(
        self, name: str, clock: SystemClock, store: Store, *, token: str, log: RequestLog | None = None
    ) -> None:
        self.name = name
        self.clock = clock
        self.store = store
        self.token = token
        self.log = RequestLog() if log is None else log
        self.faults = Faults()
        self._turn = threading.RLock()
        self.app = self._app()

    @property
    def not_imitated(self) -> tuple[str, ...]:
        """What the class's docstring lists under "Not imitated"."""
        _, _, listed = (inspect.getdoc(type(self)) or "").partition("Not imitated:\n")
        return tuple(line.removeprefix("- ") for line in listed.splitlines())

    # what a person does and sees

    def create(self, datatype: str, fields: Mapping[str, Any]) -> str:
        """Create a record from its native, nested `fields`; what a screen fills in may be left out. Gives the
        id. Raises ValueError where the screen would not take it.
        """
        with self._turn:
            return self._create(self._known(datatype), copy.deepcopy(dict(fields)))

    def edit(self, datatype: str, id: str, changes: Mapping[str, Any]) -> None:
        """Change a record: dotted native path → value, None clears; a counter takes its new absolute value.
        Raises KeyError for a record that is not there, ValueError where the screen would not take it.
        """
        with self._turn:
            self._edit(self._known(datatype), id, copy.deepcopy(dict(changes)))

    def delete(self, datatype: str, id: str) -> None:
        """Delete a record. Raises KeyError for one that is not there."""
        with self._turn:
            self._delete(self._known(datatype), id)

    def show(self, datatype: str, id: str) -> dict[str, Any] | None:
        """The record exactly as the API would show it, a copy; None when it is not there."""
        with self._turn:
            return copy.deepcopy(self._show(self._known(datatype), id))

    def ids(self, datatype: str) -> list[str]:
        """The ids of all live records, oldest first."""
        with self._turn:
            return self._ids(self._known(datatype))

    @property
    @abstractmethod
    def datatypes(self) -> Collection[str]:
        """The names of what the system holds."""

    def _known(self, datatype: str) -> str:
        if datatype not in self.datatypes:
            raise ValueError(f"{self.name} has no {datatype!r}; it has {', '.join(self.datatypes)}")
        return datatype

    @abstractmethod
    def _create(self, datatype: str, fields: dict[str, Any]) -> str: ...

    @abstractmethod
    def _edit(self, datatype: str, id: str, changes: dict[str, Any]) -> None: ...

    @abstractmethod
    def _delete(self, datatype: str, id: str) -> None: ...

    @abstractmethod
    def _show(self, datatype: str, id: str) -> dict[str, Any] | None: ...

    @abstractmethod
    def _ids(self, datatype: str) -> list[str]: ...

    @property
    def notifications(self) -> list[Notification]:
        """Webhooks that are due. A test delivers, loses, doubles, reorders or forges them."""
        return self.store.notifications

    def snapshot(self) -> Store:
        """All that the system remembers, for `restore`."""
        with self._turn:
            return self.store.snapshot()

    def restore(self, snapshot: Store) -> None:
        """Go back to a snapshot; it may be used again."""
        with self._turn:
            self.store.restore(snapshot)

    # what a contract fills in

    @abstractmethod
    def operations(self) -> list[Operation]:
        """The contract, line by line."""

    @abstractmethod
    def admit(self, call: Call) -> None:
        """Let a request in, or raise Refused: credentials, rate limit, headers."""

    @abstractmethod
    def problem(self, status: int, detail: str) -> Answer:
        """An error in this system's shape, for reasons that lie outside any operation."""

    @abstractmethod
    def throttled(self, retry_after: float | None) -> Answer:
        """A 429 in this system's shape."""

    @abstractmethod
    def keep_busy(self, call: Call, until: timedelta) -> None:
        """Hold the request's idempotency key, if it has one, in flight for the time of `until`."""

    # the door

    def _app(self) -> App:
        resources: dict[str, dict[str, Operation]] = {}
        for operation in self.operations():
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
            for hook in tuple(self.faults.on_request):
                hook(exchange)
            self.log.append(exchange)
            answer = await self._answer(served[call.method], call, exchange, _patience(request.scope))
            return self._respond(exchange, answer)

        return endpoint

    async def _unmatched(self, request: Request, exc: Exception) -> Response:
        """Answer a request that no operation of the contract serves, and keep it for whoever looks for
        such.
        """
        assert isinstance(exc, HTTPException)
        exchange = self._exchange(_call(request, await request.body()))
        self.log.append(exchange)
        self.log.unmatched.append(exchange)
        answer = self.problem(exc.status_code, f"{exchange.method} {exchange.path}: no such operation")
        answer.headers.update(exc.headers or {})
        return self._respond(exchange, answer)

    def _exchange(self, call: Call) -> Exchange:
        headers = {name: text for name, text in call.headers.items() if name != "authorization"}
        body = None if call.body is MALFORMED else call.body
        at = self.clock.true.now()
        return Exchange(
            next(self.log.numbers), self.name, at, call.method, call.path, dict(call.query), headers, body
        )

    async def _answer(
        self, operation: Operation, call: Call, exchange: Exchange, patience: float | None
    ) -> Answer:
        fault = self.faults.strike(exchange, operation)
        if fault is not None and fault.kind not in AFTER:
            early = self._before(fault)
            if early is not None:
                return early
            call.fault = fault
        try:
            with self._turn:
                self.admit(call)
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
                return self.problem(fault.status, "simulated fault: nothing was carried out")
            case "throttle":
                return self.throttled(fault.retry_after)
        return None

    async def _after(self, fault: Fault, call: Call, answer: Answer, patience: float | None) -> Answer:
        """Play a fault that strikes once the request was carried out."""
        match fault.kind:
            case "drop_after_commit":
                raise AnswerLost
            case "kill_after":
                raise EngineKilled
            case "error_after":
                return self.problem(fault.status, "simulated fault: the request was carried out")
        if answer.status < 300:
            self.keep_busy(call, timedelta(seconds=fault.seconds))
        if patience is not None and fault.seconds > patience:
            await self.clock.true.sleep(patience)
            raise AnswerLost
        await self.clock.true.sleep(fault.seconds)
        return answer

    def _respond(self, exchange: Exchange, answer: Answer) -> Response:
        exchange.status = answer.status
        exchange.response = answer.body
        headers = {**answer.headers, "Date": http_date(self.clock.now().replace(microsecond=0))}
        media_type = None if answer.body is None else answer.media_type
        return Response(rendered(answer.body), answer.status, headers, media_type)


def _call(request: Request, body: bytes) -> Call:
    scope = request.scope
    headers = {name.decode("latin-1"): text.decode("latin-1") for name, text in scope["headers"]}
    query: dict[str, str] = {}
    for name, text in parse_qsl(scope["query_string"].decode(), keep_blank_values=True):
        query[name] = f"{query[name]},{text}" if name in query else text
    params = scope.get("path_params", {})
    return Call(scope["method"], scope["path"], params, query, headers, parsed(body))


def _patience(scope: Scope) -> float | None:
    """How many seconds the client waits for an answer, where the transport tells (see mount)."""
    timeout = scope.get("extensions", {}).get("timeout") or {}
    read = timeout.get("read")
    return None if read is None else float(read)

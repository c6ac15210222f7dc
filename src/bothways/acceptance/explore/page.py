"""The page beside served systems: what they hold, what was asked of them, what is to go wrong, live."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.resources import files
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from fakes.faults import KINDS, Fault
from fakes.log import Exchange
from fakes.system import System

SHOWN = 100
"""How many of the last requests are shown."""

Json = dict[str, Any]


class Page:
    """`GET /` is the page, `GET /state` what it shows; `POST /records` is a person's edit, `POST /faults` a fault.

    `urls` are the systems' addresses and `labels` what people call them, by key.
    """

    def __init__(
        self, systems: Mapping[str, System], urls: Mapping[str, str], labels: Mapping[str, str]
    ) -> None:
        self._systems, self._urls, self._labels = systems, urls, labels
        self.app = Starlette(
            routes=[
                Route("/", self._page),
                Route("/state", self._state),
                Route("/records", self._told(self._edit), methods=["POST"]),
                Route("/faults", self._told(self._spoil), methods=["POST"]),
            ]
        )

    async def _page(self, _: Request) -> Response:
        return HTMLResponse(files(__package__).joinpath("page.html").read_text(encoding="utf-8"))

    async def _state(self, _: Request) -> Response:
        systems = [self._shown(key, system) for key, system in self._systems.items()]
        return JSONResponse({"systems": systems, "kinds": KINDS})

    def _shown(self, key: str, system: System) -> Json:
        return {
            "key": key,
            "label": self._labels[key],
            "contract": system.contract,
            "url": self._urls[key],
            "token": system.token,
            "now": system.clock.now().isoformat(timespec="seconds"),
            "records": {name: self._records(system, name) for name in system.datatypes},
            "requests": [_request(exchange) for exchange in reversed(system.log[-SHOWN:])],
            "to_come": [fault.kind for fault in system.faults.pending()],
            "happened": [fault.kind for fault in system.faults.happened],
        }

    def _records(self, system: System, datatype: str) -> list[Json]:
        shown = [(id, system.show(datatype, id)) for id in system.ids(datatype)]
        return [{"id": id, "record": record} for id, record in shown if record is not None]

    def _told(self, act: Callable[[Json], None]) -> Callable[[Request], Any]:
        """An endpoint that does as it is told, or says why not. Only JSON is heard: no foreign page sends it."""

        async def endpoint(request: Request) -> Response:
            if request.headers.get("content-type", "").partition(";")[0] != "application/json":
                return JSONResponse({"error": "the body must be application/json"}, 415)
            try:
                act(await request.json())
            except (ValueError, KeyError, TypeError) as error:
                return JSONResponse({"error": str(error) or type(error).__name__}, 400)
            return JSONResponse({})

        return endpoint

    def _edit(self, told: Json) -> None:
        """`{system, datatype, fields}` creates, with `id` it changes (dotted paths), without `fields` it deletes."""
        system, datatype, id = self._systems[told["system"]], told["datatype"], told.get("id")
        match id, told.get("fields"):
            case ((None | ""), dict() as fields):
                system.create(datatype, fields)
            case str(), dict() as changes:
                system.edit(datatype, id, changes)
            case str(), None if id:
                system.delete(datatype, id)
            case _:
                raise ValueError("fields must be a JSON object")

    def _spoil(self, told: Json) -> None:
        """`{system, kind}`, with `method` and `path` if only such requests are to be struck."""
        fault = Fault(told["kind"], method=told.get("method") or None, path=told.get("path") or None)
        self._systems[told["system"]].faults.script(fault)


def _request(exchange: Exchange) -> Json:
    return {
        "number": exchange.number,
        "at": exchange.at.isoformat(timespec="milliseconds"),
        "request": f"{exchange.method} {exchange.path}",
        "status": exchange.status,
        "fault": exchange.fault,
        "body": exchange.body if exchange.writes else None,
    }

"""A simulated system and our connector to it, for tests that are plain functions."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

import httpx

from bothways.mapping import System
from bothways.sync.connectors import Connector, Kind, Outcome, Record, Setup, Write, connect
from fakes.clock import SimulatedClock, SystemClock
from fakes.log import Exchange
from fakes.mount import in_process
from fakes.rest import RestSystem
from fakes.squarespace import SquarespaceSystem
from fakes.store import Ids

TOKEN = "a-token-that-nobody-may-see"
Result = TypeVar("Result")

PRODUCT = {
    "fields": {
        "sku": {"type": "string"},
        "name": {"type": "string", "rewrite": "trim"},
        "origin.country": {"type": "string"},
        "origin.region": {"type": "string"},
        "price": {"type": "money"},
        "stock_quantity": {"type": "integer", "counter": True, "minimum": 0},
        "code": {"type": "string", "access": "create_only"},
    }
}


@dataclass
class Connected:
    """Tells the connector to act, at once, and shows what the system was asked."""

    system: RestSystem | SquarespaceSystem
    connector: Connector
    clock: SimulatedClock
    run: Callable[[Coroutine[Any, Any, Any]], Any]
    writes: int = 0

    def pages(self, datatype: str, cursor: str | None = None) -> tuple[list[Record], str | None]:
        """All records that changed since `cursor`, in the order of the pages, and the next cursor."""

        async def listed() -> tuple[list[Record], str | None]:
            records: list[Record] = []
            following: list[str | None] = []
            async for page in self.connector.changes(datatype, cursor):
                records += page.records
                following.append(page.cursor)
            assert following[:-1] == [None] * (len(following) - 1), "only the last page has a cursor"
            return records, following[-1]

        return self.run(listed())  # type: ignore[no-any-return]  # what it runs gives it

    def latest(self, datatype: str, cursor: str | None = None) -> tuple[dict[str, Record], str | None]:
        """The same by id; of a record that is listed twice, the later showing."""
        records, following = self.pages(datatype, cursor)
        return {record.id: record for record in records}, following

    def read(self, datatype: str, *ids: str) -> dict[str, Record]:
        return self.run(self.connector.read(datatype, ids))  # type: ignore[no-any-return]  # what it runs gives it

    def write(self, *writes: Write) -> list[Outcome]:
        return self.run(self.connector.write(writes))  # type: ignore[no-any-return]  # what it runs gives it

    def find_created(self, write: Write, since: datetime) -> Record | None:
        return self.run(self.connector.find_created(write, since))  # type: ignore[no-any-return]  # what it runs gives it

    def lookup(self, name: str) -> Any:
        return self.run(self.connector.lookup(name))

    # writes, each under a key of its own

    def creation(self, datatype: str, body: dict[str, Any]) -> Write:
        return Write(Kind.CREATE, datatype, self._key(), body=body)

    def update(self, datatype: str, id: str, body: dict[str, Any]) -> Write:
        """An update of the record as it is now."""
        return Write(Kind.UPDATE, datatype, self._key(), id, body, self._version(datatype, id))

    def adjustment(self, datatype: str, id: str, counter: str, delta: int) -> Write:
        return Write(Kind.ADJUST, datatype, self._key(), id, {counter: delta})

    def deletion(self, datatype: str, id: str) -> Write:
        """A deletion of the record as it is now."""
        return Write(Kind.DELETE, datatype, self._key(), id, {}, self._version(datatype, id))

    def _key(self) -> str:
        self.writes += 1
        return f"{self.writes:040}"

    def _version(self, datatype: str, id: str) -> str | None:
        version = (self.system.show(datatype, id) or {}).get("version", None)
        return "1" if version is None and self.system.contract == "rest" else version and str(version)

    # what the system was asked

    def asked(self, method: str | None = None, path: str = "") -> list[Exchange]:
        """The requests so far, of a method, on paths that contain `path`."""
        return [e for e in self.system.log if method in (None, e.method) and path in e.path]

    def now(self) -> datetime:
        return self.clock.now()


def connected(contract: str, runner: asyncio.Runner, **options: Any) -> Connected:
    """A system of the contract, empty, with our connector. `offset` is how many seconds its clock is ahead."""
    clock = SimulatedClock()
    theirs = SystemClock(clock, offset=timedelta(seconds=options.pop("offset", 0)))
    system: RestSystem | SquarespaceSystem
    if contract == "rest":
        datatypes = {"Product": PRODUCT, "Customers (Company)": PRODUCT}
        system = RestSystem("webshop", datatypes, theirs, token=TOKEN, ids=Ids(1), **options)
    else:
        system = SquarespaceSystem("storefront", theirs, token=TOKEN, ids=Ids(2), **options)
    client = httpx.AsyncClient(transport=in_process({system.name: system}))
    mapped = System(name="", label=system.name, contract=contract, datatypes={})
    connector = connect(Setup(mapped, f"https://{system.name}.test", TOKEN, client, clock))
    return Connected(system, connector, clock, runner.run)

"""A Squarespace shop, in the engine's terms."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any, Protocol

from bothways.errors import SyncError
from bothways.sync.codecs import pick
from bothways.sync.connectors import Abilities, Outcome, Page, Record, Setup, Write
from bothways.sync.connectors.http import Http
from bothways.sync.connectors.renderings import renders
from bothways.sync.connectors.squarespace.inventory import Inventory
from bothways.sync.connectors.squarespace.orders import NEVER_SHOWN, Orders
from bothways.sync.connectors.squarespace.variants import Variants

COOL_DOWN = 60.0
"""Seconds for which the APIs turn everything away after 300 requests within a minute. They don't say so."""


class Datatype(Protocol):
    """One of the checklists' datatypes."""

    def abilities(self) -> Abilities: ...

    def changes(self, cursor: str | None) -> AsyncIterator[Page]: ...

    async def read(self, ids: Sequence[str]) -> dict[str, Record]: ...

    async def write(self, write: Write) -> Outcome: ...


class SquarespaceConnector:
    """One shop: its `Inventory`, its `Order`s, and its variants as `Sesamproducts`."""

    def __init__(self, setup: Setup) -> None:
        self._http = Http(setup, COOL_DOWN)
        inventory = Inventory(self._http)
        self._variants = Variants(self._http, inventory)
        self._datatypes: dict[str, Datatype] = {
            "Inventory": inventory,
            "Order": Orders(self._http),
            "Sesamproducts": self._variants,
        }
        self._store_page: str | None = None

    @property
    def requests(self) -> int:
        """How many requests were sent."""
        return self._http.requests

    def abilities(self, datatype: str) -> Abilities:
        """What the APIs can do for `datatype`. Raises `SyncError` for one they don't have, like all that follow."""
        return self._datatype(datatype).abilities()

    def changes(self, datatype: str, cursor: str | None) -> AsyncIterator[Page]:
        """Records that changed since `cursor`; the whole Inventory."""
        return self._datatype(datatype).changes(cursor)

    async def read(self, datatype: str, ids: Sequence[str]) -> dict[str, Record]:
        """Those of `ids` that exist now."""
        return await self._datatype(datatype).read(ids)

    async def write(self, writes: Sequence[Write]) -> list[Outcome]:
        """Send each of `writes`, in order."""
        return [await self._datatype(write.datatype).write(write) for write in writes]

    async def find_created(self, write: Write, since: datetime) -> Record | None:
        """The product that a creation has made, by its SKU. Orders are known by their key."""
        return await self._variants.find_created(write, since) if write.datatype == "Sesamproducts" else None

    async def lookup(self, name: str) -> Any:
        """`first_store_page`: the id of the page that new products stand on. Raises `SyncError` for another name."""
        if name != "first_store_page":
            raise SyncError(f"the {self._http.name} has nothing called '{name}'")
        if self._store_page is None:
            answer = await self._http.get("/1.0/commerce/store_pages")
            pages = pick(answer.body, "storePages") if answer.good else None
            if not pages:
                raise SyncError(
                    f"the {self._http.name} has no store page for products to stand on {answer.reason}"
                )
            self._store_page = str(pages[0]["id"])
        return self._store_page

    def shows(self, write: Write, record: Record) -> bool:
        """Whether `record` shows all that `write` wrote and a record can show, in whatever rendering."""
        wrote = {path: value for path, value in write.body.items() if path not in NEVER_SHOWN}
        return all(renders(value, pick(record.fields, path)) for path, value in wrote.items())

    def _datatype(self, name: str) -> Datatype:
        if name not in self._datatypes:
            raise SyncError(
                f"the {self._http.name} has no datatype '{name}'; it has {', '.join(self._datatypes)}"
            )
        return self._datatypes[name]

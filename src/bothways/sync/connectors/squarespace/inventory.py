"""Inventory 1.0: how much is left of each variant."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Sequence

from bothways.sync.connectors import (
    Abilities,
    Done,
    Fields,
    Kind,
    Outcome,
    Page,
    Record,
    Refused,
    Write,
)
from bothways.sync.connectors.answers import Answer
from bothways.sync.connectors.http import Http
from bothways.sync.connectors.listing import listed
from bothways.sync.connectors.squarespace.api import KEYS_KEPT, Listing, done, refused

PATH = "/1.0/commerce/inventory"


class Inventory:
    """The items, one per variant, under the variant's id.

    They have no times, so that they are listed whole, and can't be created: they come with their variant. Each
    write is a request of its own, under its own key. Several in one would share a key, and those that were carried
    out would count twice when sent again in other company (S14).
    """

    def __init__(self, http: Http) -> None:
        self._http = http
        self._listing = Listing(http, PATH, "inventory", lambda row: [self._item(row)])

    def abilities(self) -> Abilities:
        return Abilities(creates=False, incremental=False, keys_kept=KEYS_KEPT)

    async def changes(self, cursor: str | None) -> AsyncIterator[Page]:  # noqa: ARG002  # listed whole
        async for page in listed(self._listing.turn, self._http, None):
            yield Page(page.records)

    async def read(self, ids: Sequence[str]) -> dict[str, Record]:
        rows = await self._listing.existing(list(dict.fromkeys(ids)))
        return {record.id: record for record in map(self._item, rows)}

    async def write(self, write: Write) -> Outcome:
        if write.kind not in (Kind.ADJUST, Kind.UPDATE) or write.body.keys() != {"quantity"}:
            return Refused("the Inventory API changes quantities and nothing else")
        for number, operation in enumerate(_operations(write)):
            key = write.key if number == 0 else hashlib.sha256(f"{write.key} {number}".encode()).hexdigest()
            answer = await self._http.send("POST", f"{PATH}/adjustments", operation, key=key)
            if not isinstance(answer, Answer):
                return answer
            if not answer.good:
                return await refused(write, answer, self.read)
        if write.kind is Kind.ADJUST:
            return Done()
        return await done(write.id or "", self.read, write.body)

    def _item(self, row: Fields) -> Record:
        """Unlimited stock is no quantity."""
        with self._http.as_contracted("an item"):
            return Record(row["variantId"], row | {"quantity": None} if row["isUnlimited"] else row)


def _operations(write: Write) -> list[Fields]:
    """The requests that do what `write` says; none for a difference of 0."""
    quantity = write.body["quantity"]
    if write.kind is Kind.UPDATE:
        if quantity is None:
            return [{"setUnlimitedOperations": [write.id]}]
        if quantity == 0:  # the API sets 1 or more
            return [_operation("setFinite", write, 1), _operation("decrement", write, 1)]
        return [_operation("setFinite", write, quantity)]
    if quantity == 0:
        return []
    return [_operation("increment" if quantity > 0 else "decrement", write, abs(quantity))]


def _operation(name: str, write: Write, quantity: int) -> Fields:
    return {f"{name}Operations": [{"variantId": write.id, "quantity": quantity}]}

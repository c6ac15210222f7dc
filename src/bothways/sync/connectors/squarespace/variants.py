"""Products v2, seen as the checklists' `Sesamproducts`: one record per variant, its product's fields beside it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from bothways.errors import SystemDown
from bothways.sync.codecs import nest, pick
from bothways.sync.connectors import (
    Abilities,
    Done,
    Fields,
    Gone,
    Kind,
    Outcome,
    Page,
    Partly,
    Record,
    Refused,
    Unknown,
    Write,
)
from bothways.sync.connectors.answers import Answer
from bothways.sync.connectors.http import Http
from bothways.sync.connectors.listing import Mark, listed
from bothways.sync.connectors.squarespace.api import Listing, refused
from bothways.sync.connectors.squarespace.inventory import Inventory
from bothways.sync.connectors.times import moment

PATH = "/v2/commerce/products"
OWN = "variants."
SKU = f"{OWN}sku"

RECENT = timedelta(days=1)
"""How far before a lost answer its record is looked for: further than a clock is likely to be off."""


class Variants:
    """The variants of one shop. A creation makes a product with one variant.

    Products know no idempotency key: a creation whose answer is lost is looked for by its SKU (S24).
    """

    def __init__(self, http: Http, inventory: Inventory) -> None:
        self._http = http
        self._inventory = inventory
        self._listing = Listing(http, PATH, "products", self._records)
        self._products: dict[str, str] = {}
        """Product ids by variant id, as learnt from whatever was read."""
        self._siblings: set[str] = set()
        """Variants that were not the only ones of their product when last read."""

    def abilities(self) -> Abilities:
        return Abilities()

    def changes(self, cursor: str | None) -> AsyncGenerator[Page, None]:
        return listed(self._listing.turn, self._http, cursor)

    async def read(self, ids: Sequence[str]) -> dict[str, Record]:
        wanted = set(ids)
        await self._learn(wanted)
        products = dict.fromkeys(self._products[id] for id in ids if id in self._products)
        rows = await self._listing.existing(list(products))
        return {record.id: record for row in rows for record in self._records(row) if record.id in wanted}

    async def find_created(self, write: Write, since: datetime) -> Record | None:
        """The variant with the SKU of a creation, among the products that changed since about `since`."""
        sku = _trimmed(write.body.get(SKU))
        around = Mark(since - RECENT, self._http.clock.now())
        async with aclosing(self.changes(str(around))) as pages:
            async for page in pages:
                for record in page.records:
                    if _trimmed(pick(record.fields, SKU)) == sku:
                        return record
        return None

    async def write(self, write: Write) -> Outcome:
        match write.kind:
            case Kind.CREATE:
                return await self._create(write)
            case Kind.UPDATE:
                return await self._update(write)
            case Kind.DELETE:
                return await self._delete(write)
        return Refused("stock is adjusted through the Inventory")

    async def _create(self, write: Write) -> Outcome:
        if not _trimmed(write.body.get(SKU)):
            return Refused("without a SKU it couldn't be found again if the answer to its creation were lost")
        body = nest(write.body)
        variant = body["variants"]
        if "stock" in variant:
            quantity = variant["stock"].get("quantity")
            variant["stock"] = {"unlimited": True} if quantity is None else {"quantity": quantity}
        answer = await self._http.send("POST", PATH, body | {"variants": [variant]})
        if not isinstance(answer, Answer):
            return answer
        if not answer.good:
            return Refused(answer.reason)
        records = self._records(answer.body) if answer.body else []
        return Done(records[0]) if records else Unknown("the creation was answered without the product")

    async def _update(self, write: Write) -> Outcome:
        """Change the variant, then the product, in what `write` names and nothing else (S12, F50).

        Whoever writes has just read the variant (S20): whether others share its product needs no look of its own.
        """
        id = write.id or ""
        shared = {path: value for path, value in write.body.items() if not path.startswith(OWN)}
        own = {path.removeprefix(OWN): value for path, value in write.body.items() if path not in shared}
        if any(path.partition(".")[0] == "stock" for path in own):
            return Refused("the stock of an existing variant is adjusted through the Inventory")
        if id not in self._products and not await self.read([id]):
            return Gone()
        if shared and id in self._siblings:
            return Refused(f"{min(shared)} is shared with the product's other variants")
        product, answers = _path(self._products[id]), list[Answer]()
        for path, body in ((f"{product}/variants/{quote(id, safe='')}", own), (product, shared)):
            if body:
                answer = await self._http.send("POST", path, nest(body))
                if not isinstance(answer, Answer):
                    return answer
                if not answer.good:
                    outcome = await refused(write, answer, self.read)
                    return await self._partly(write, answers[0].body, outcome) if answers else outcome
                answers.append(answer)
        left = answers[0].body if own else None
        if shared and (shown := answers[-1].body):
            return Done(next(_as_left(record, left) for record in self._records(shown) if record.id == id))
        present = (await self.read([id])).get(id)
        return Gone() if present is None else Done(_as_left(present, left))

    async def _partly(self, write: Write, variant: Any, outcome: Gone | Refused) -> Outcome:
        """The `variant` has what is its own; its product won't have what is shared."""
        present = (await self.read([write.id or ""])).get(write.id or "")
        if present is None or isinstance(outcome, Gone):
            return Gone()
        own = frozenset(path for path in write.body if path.startswith(OWN))
        return Partly(_as_left(present, variant), own, outcome.reason)

    async def _delete(self, write: Write) -> Outcome:
        id = write.id or ""
        present = (await self.read([id])).get(id)
        if present is None:
            return Gone()
        path = _path(present.fields["productId"])
        if present.read_only:  # one of several
            path += f"/variants/{quote(id, safe='')}"
        answer = await self._http.send("DELETE", path)
        if not isinstance(answer, Answer):
            return answer
        return Done() if answer.good else await refused(write, answer, self.read)

    async def _learn(self, ids: set[str]) -> None:
        """Find out the products of variants. The Inventory says which of them exist; the rest must be scanned for.

        Raises `SystemDown` when one that exists doesn't turn up: a listing is no proof that something is gone (S19).
        """
        unknown = ids - self._products.keys()
        if not unknown:
            return
        unknown = set(await self._inventory.read(sorted(unknown)))
        if unknown:
            async with aclosing(self.changes(None)) as pages:
                async for _ in pages:
                    unknown -= self._products.keys()
                    if not unknown:
                        return
        if unknown:
            raise SystemDown(f"the {self._http.name} doesn't list the product of variant {min(unknown)}")

    def _records(self, product: Fields) -> list[Record]:
        """One record per variant of a product. What several share, none of them may change (S12)."""
        with self._http.as_contracted("a product"):
            variants: list[Fields] = product["variants"] or []
            shared = frozenset(product.keys() - {"variants"}) if len(variants) > 1 else frozenset()
            stamp = moment(product["modifiedOn"])
            ids = {variant["id"] for variant in variants}
            self._products |= dict.fromkeys(ids, product["id"])
            (self._siblings.update if shared else self._siblings.difference_update)(ids)
            return [
                Record(
                    id=variant["id"],
                    fields=_view(product, variant),
                    stamp=stamp,
                    modified_at=self._http.offset.corrected(stamp),
                    created_at=self._http.offset.corrected(moment(product["createdOn"])),
                    read_only=shared,
                )
                for variant in variants
            ]


def _path(product: str) -> str:
    return f"{PATH}/{quote(product, safe='')}"


def _trimmed(sku: Any) -> str:
    """A SKU as Squarespace keeps it."""
    return sku.strip() if isinstance(sku, str) else ""


def _view(product: Fields, variant: Fields) -> Fields:
    """A variant with its product's fields beside it."""
    return product | {"id": variant["id"], "productId": product["id"], "variants": _counted(variant)}


def _counted(variant: Fields) -> Fields:
    """Unlimited stock is no quantity."""
    stock = variant.get("stock") or {}
    return variant | {"stock": stock | {"quantity": None}} if stock.get("unlimited") else variant


def _as_left(record: Record, variant: Any) -> Record:
    """The record with its variant as the answer to the variant's own write shows it, if there is one.

    Where it shows something else by now, that is somebody's edit; the next listing shows it.
    """
    if not (isinstance(variant, dict) and variant.get("id") == record.id):
        return record
    return replace(record, fields=record.fields | {"variants": _counted(variant)})

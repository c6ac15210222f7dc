"""A sound two-way integration in one file: httpx and the standard library, and nothing but the mapping to go by.

As `python:examples.engines.minimal:build` it runs inside the test; as `command:python examples/engines/minimal.py`
each process is one cycle.

For every source record it remembers, in one JSON file, its partners, what each of them last showed, and for each
property the value that holds and when it was edited. What differs from what was last shown is an edit; the latest
edit wins; partners that don't hold the winner are written to. Counters cross as differences, each under a key that
is stored before it is sent. Where there is no `If-Match`, a record is read just before it is written.

What it leaves to bigger engines: it lists everything in every cycle; it hears no webhooks; it has no bulk-change
limit, no status and no explanation; conditions are of the form `path == 'value'`; deletions are never propagated;
after a crash or a lost answer, a system's own rendering of an updated value is taken for an edit, and an edit made
just after a write for the system's rendering; stock that nobody counts any more is still counted elsewhere; an
idempotency key is trusted however old it is; of records that share a partner each follows it by itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import graphlib
import json
import os
import re
import sys
import time
import unicodedata
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import httpx

Json = dict[str, Any]
PAYMENT_STATES = (
    "NOT_CHARGED,AUTHORIZED,PAID,REFUNDED,PENDING,FAILED,REFUND_PENDING,REFUND_FAILED,PARTIALLY_PAID"
)
COOL_DOWN, PAUSE = 60.0, 300.0
"""Seconds to wait when refused for asking too often, and before a refused record is tried again (then doubled)."""


class Unknown(Exception):
    """Nobody knows whether the request was carried out."""


class Refused(Exception):
    """The system says no."""


class Stale(Exception):
    """The record has changed since it was read."""


class Waiting(Exception):
    """Something else has to cross first."""


def dig(record: Any, path: str) -> Any:
    """The value at a dotted path, None where there is none."""
    for part in path.split("."):
        record = record.get(part) if isinstance(record, dict) else None
    return record


def nest(flat: Json) -> Json:
    """`{"a.b": 1}` as `{"a": {"b": 1}}`."""
    nested: Json = {}
    for path, value in flat.items():
        *parents, last = path.split(".")
        here = nested
        for part in parents:
            here = here.setdefault(part, {})
        here[last] = value
    return nested


def lift(end: Json, record: Json) -> Any:
    """What a record shows at its end of a property, in the mapping's words; None for all that is empty."""
    native = dig(record, end["path"])
    if native in (None, "", []):
        return None
    if end["values"]:
        return {there: here for here, there in end["values"].items()}.get(native)
    if end["fields"]:
        return {here: dig(native, there) for here, there in end["fields"].items()}
    if end["items"]:
        return [{here: dig(one, item["path"]) for here, item in end["items"].items()} for one in native]
    return native


def lower(end: Json, value: Any) -> Any:
    """The same way back."""
    if value is None:
        return None
    if end["values"]:
        return end["values"][value]
    if end["fields"]:
        return nest({there: value.get(here) for here, there in end["fields"].items()})
    if end["items"]:
        items = end["items"].items()
        return [nest({item["path"]: one.get(here) for here, item in items}) for one in value]
    return value


def same(prop: Json, one: Any, other: Any) -> bool:
    """Whether two values are the same one: decimals by number, lists in any order, empty parts left out."""
    return bool(_plain(prop["type"], one) == _plain(prop["type"], other))


def _plain(kind: str, value: Any) -> Any:
    if isinstance(value, str) and kind in ("decimal", "amount"):
        return Decimal(value)
    if isinstance(value, list):
        return sorted((_plain("line", one) for one in value), key=repr)
    if isinstance(value, dict):
        filled = {name: inner for name, inner in value.items() if inner not in (None, "", [])}
        numbers = {"money": ("amount",), "line": ("unit_price",)}.get(kind, ())
        return {name: _plain("amount" if name in numbers else "", inner) for name, inner in filled.items()}
    return value


def merge_key(value: Any, criterion: Json) -> str:
    """A merge key as it is compared; "" equals nothing."""
    text = unicodedata.normalize("NFC", "" if value is None else str(value)).strip()
    return text.casefold() if criterion["fold_case"] else text


class Api:
    """What both contracts share: one request, sent until it is answered for good."""

    versioned = True

    def __init__(self, url: str, token: str, client: httpx.AsyncClient, clock: Any) -> None:
        self._url, self._client, self._clock = url, client, clock
        self._headers = {"Authorization": f"Bearer {token}", "User-Agent": "minimal-engine"}
        self._ahead = timedelta(0)

    async def send(
        self, method: str, path: str, body: Any = None, query: Json | None = None, **more: str
    ) -> Any:
        """One request and its answer's body; None for a record that isn't there. Raises Unknown, Refused, Stale."""
        headers = self._headers | {name.replace("_", "-"): text for name, text in more.items()}
        tries = 3 if method == "GET" else 1
        while True:
            tries -= 1
            try:
                answer = await self._client.request(
                    method, self._url + path, json=body, params=query, headers=headers, timeout=20.0
                )
            except httpx.TransportError as error:
                if tries:
                    continue
                raise Unknown(f"{method} {path}: {error!r}") from error
            shown = parsedate_to_datetime(answer.headers["date"]) if "date" in answer.headers else None
            if shown and abs(ahead := shown - self._clock.now()) >= timedelta(seconds=2):
                self._ahead = ahead
            if answer.status_code == 429:
                await self._clock.sleep(float(answer.headers.get("retry-after", COOL_DOWN)))
                tries += 1
            elif answer.status_code < 500 or not tries:
                return self._content(method, path, answer)

    def _content(self, method: str, path: str, answer: httpx.Response) -> Any:
        if answer.is_success:
            return answer.json() if answer.content else {}
        if answer.status_code >= 500:
            raise Unknown(f"{method} {path}: {answer.status_code}")
        if answer.status_code in (404, 410, 412) and method != "POST":
            if method == "GET":
                return None
            raise Stale
        raise Refused(f"{method} {path}: {answer.status_code} {answer.text}")

    def edited(self, record: Json) -> int:
        """When a record was last changed, in ms by the true time; 0 where the system doesn't say."""
        text = record.get("updated_at") or record.get("modifiedOn")
        moment = datetime.fromisoformat(text) - self._ahead if text else None
        return 0 if moment is None else round(moment.timestamp() * 1000)

    def fixed(self, record: Json, path: str) -> bool:  # noqa: ARG002 - of this contract, none is
        """Whether a path can't be written on this record in particular."""
        return False


class Rest(Api):
    """The generic contract."""

    def keyed(self, datatype: str) -> bool:  # noqa: ARG002 - all of them are
        """Whether a creation can be sent again under its key."""
        return True

    def _path(self, datatype: str) -> str:
        return "/" + re.sub(r"[^a-z0-9]+", "-", datatype.lower()).strip("-")

    async def list(self, datatype: str) -> dict[str, Json]:
        """All records by id. A cursor that has expired begins the listing anew."""
        found: dict[str, Json] = {}
        cursor: str | None = None
        while True:
            page = await self.send("GET", self._path(datatype), query={"cursor": cursor} if cursor else {})
            found |= {record["id"]: record for record in (page or {"data": []})["data"]}
            cursor = page and page["next_cursor"]
            if page and not cursor:
                return found

    async def read(self, datatype: str, id: str) -> Json | None:
        """One record, None when it is gone."""
        record: Json | None = await self.send("GET", f"{self._path(datatype)}/{id}")
        return record

    async def create(self, datatype: str, flat: Json, key: str) -> Json:
        """A new record."""
        made: Json = await self.send("POST", self._path(datatype), nest(flat), idempotency_key=key)
        return made

    async def update(self, datatype: str, record: Json, flat: Json) -> None:
        """Change a record, unless somebody else has."""
        path, version = f"{self._path(datatype)}/{record['id']}", f'"v{record["version"]}"'
        await self.send("PATCH", path, nest(flat), if_match=version)

    async def adjust(self, datatype: str, id: str, path: str, delta: int, key: str) -> None:
        """Add to a counter."""
        where = f"{self._path(datatype)}/{id}/{path}/adjustments"
        await self.send("POST", where, {"delta": delta}, idempotency_key=key)


class Squarespace(Api):
    """Inventory and orders as they are, products as one record per variant."""

    versioned = False
    PLACES = {  # noqa: RUF012 - never changed
        "Inventory": ("/1.0/commerce/inventory", "inventory", {}),
        "Order": ("/1.0/commerce/orders", "result", {"paymentStates": PAYMENT_STATES}),
        "Sesamproducts": ("/v2/commerce/products", "products", {}),
    }

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._products: dict[str, str] = {}

    def keyed(self, datatype: str) -> bool:
        """Whether a creation can be sent again under its key."""
        return datatype == "Order"

    def fixed(self, record: Json, path: str) -> bool:
        """What a product's variants share is none of theirs."""
        return record.get("siblings", 1) > 1 and not path.startswith("variants.")

    async def list(self, datatype: str) -> dict[str, Json]:
        """All records by id. A cursor that has expired begins the listing anew."""
        path, member, filters = self.PLACES[datatype]
        found: dict[str, Json] = {}
        query: Json = filters
        while True:
            try:
                page = await self.send("GET", path, query=query)
            except Refused:
                if "cursor" not in query:
                    raise
                query = filters
                continue
            for row in page[member] or []:
                found |= self._records(datatype, row)
            if not page["pagination"]["hasNextPage"]:
                return found
            query = {"cursor": page["pagination"]["nextPageCursor"]}

    async def read(self, datatype: str, id: str) -> Json | None:
        """One record, None when it is gone. Raises Unknown for a variant that exists, but is not listed."""
        path, member, _ = self.PLACES[datatype]
        if datatype == "Sesamproducts" and id not in self._products:
            if await self.read("Inventory", id):
                raise Unknown(f"variant {id} is in no listing")
            return None
        body = await self.send("GET", f"{path}/{self._products[id] if member == 'products' else id}")
        if body is None:
            return None
        row = body if datatype == "Order" else body[member][0]
        return self._records(datatype, row).get(id)

    async def create(self, datatype: str, flat: Json, key: str) -> Json:
        """A new order, or a product with one variant."""
        body, path = nest(flat), self.PLACES[datatype][0]
        if datatype == "Order":
            made = await self.send("POST", path, _completed(body), idempotency_key=key)
        else:
            variant = {"stock": {"unlimited": True}} | body["variants"]
            made = await self.send("POST", path, body | {"variants": [variant]})
        return next(iter(self._records(datatype, made).values()))

    async def update(self, datatype: str, record: Json, flat: Json) -> None:
        """Fulfil an order, or change a variant and what belongs to its product."""
        path = self.PLACES[datatype][0]
        if datatype == "Order":
            shipment = {"shouldSendNotification": False, "shipments": []}
            await self.send("POST", f"{path}/{record['id']}/fulfillments", shipment)
            return
        own = {name.removeprefix("variants."): flat[name] for name in flat if name.startswith("variants.")}
        shared = {name: value for name, value in flat.items() if not name.startswith("variants.")}
        product = f"{path}/{record['productId']}"
        if own:
            await self.send("POST", f"{product}/variants/{record['id']}", nest(own))
        if shared:
            await self.send("POST", product, shared)

    async def adjust(self, datatype: str, id: str, path: str, delta: int, key: str) -> None:  # noqa: ARG002
        """Add to a stock, or take from it."""
        way = "increment" if delta > 0 else "decrement"
        body = {f"{way}Operations": [{"variantId": id, "quantity": abs(delta)}]}
        await self.send("POST", "/1.0/commerce/inventory/adjustments", body, idempotency_key=key)

    async def lookup(self, name: str) -> Any:
        """What a mapping leaves to be found: the first store page."""
        if name != "first_store_page":
            raise ValueError(f"the mapping asks for {name}, which this engine can't look up")
        return (await self.send("GET", "/1.0/commerce/store_pages"))["storePages"][0]["id"]

    def _records(self, datatype: str, row: Json) -> dict[str, Json]:
        if datatype == "Order":
            return {row["id"]: row}
        if datatype == "Inventory":
            return {row["variantId"]: row | {"quantity": None if row["isUnlimited"] else row["quantity"]}}
        variants = row["variants"]
        self._products |= {variant["id"]: row["id"] for variant in variants}
        shared = row | {"productId": row["id"], "siblings": len(variants)}
        return {variant["id"]: shared | {"id": variant["id"], "variants": variant} for variant in variants}


def _completed(order: Json) -> Json:
    """An order with what an import demands besides: the currency of each amount, a subtotal, no shipments yet."""
    currency = dig(order, "grandTotal.currency")
    lines = order.get("lineItems", [])
    for line in lines:
        line["unitPricePaid"]["currency"] = currency
    subtotal = sum(Decimal(line["unitPricePaid"]["value"]) * line["quantity"] for line in lines)
    return {"fulfillments": [], "subtotal": {"currency": currency, "value": str(subtotal)}, **order}


class Kind:
    """What the mapping says of one datatype of the source: its flows, and every property at every end."""

    def __init__(self, flows: list[Json]) -> None:
        self.source = _side(flows[0]["source"])
        # A flow that is listed twice is one; what appears with another comes after it.
        self.flows = sorted({_side(flow["target"]): flow for flow in flows}.values(), key=_appears)
        self.props = {prop["name"]: prop for flow in self.flows for prop in flow["properties"]}
        self.ends: dict[str, dict[str, Json]] = {self.source: {}}
        for flow in self.flows:
            ends = self.ends.setdefault(_side(flow["target"]), {})
            for prop in flow["properties"]:
                self.ends[self.source][prop["name"]] = prop["source"]
                if not prop["target"]["stored_as"]:
                    ends[prop["name"]] = prop["target"]

    def counts(self, name: str) -> bool:
        """Whether a property crosses as differences."""
        return bool(self.props[name]["merge"] == "counter")


def _side(side: Json) -> str:
    return f"{side['system']}.{side['datatype']}"


def _appears(flow: Json) -> bool:
    return flow["appears_with"] is not None


class Engine:
    """One cycle of all flows, on a state in a folder.

    The state: `{entities: {"side id": {members, values, creating, failing}}}`. A member, by side: `{id, gone, seen,
    holds, owed, pending}`: what it last showed of each property, which value that stands for, what is still to be
    added to a counter, and the adjustment (key, delta) that was sent and not yet answered.
    """

    def __init__(self, mapping: Json, apis: dict[str, Any], clock: Any, state_dir: Path) -> None:
        if mapping["policies"]["deletes"] != "keep":
            raise ValueError("this engine propagates no deletions")
        self._mapping, self._apis, self._clock, self._dir = mapping, apis, clock, state_dir
        self._ranks = {system: -place for place, system in enumerate(mapping["systems"])}
        self._grain = max(system["granularity_ms"] for system in mapping["systems"].values())
        self._records: dict[str, dict[str, Json]] = {}
        self._state: Json = {}
        sources = dict.fromkeys(_side(flow["source"]) for flow in mapping["flows"])
        kinds = {
            source: Kind([flow for flow in mapping["flows"] if _side(flow["source"]) == source])
            for source in sources
        }
        waits = {source: _parents(kind) & set(kinds) for source, kind in kinds.items()}
        self._kinds = [kinds[source] for source in graphlib.TopologicalSorter(waits).static_order()]

    async def sync(self) -> None:
        """One cycle. Raises BlockingIOError when another has the state."""
        with self._alone():
            for side in dict.fromkeys(side for kind in self._kinds for side in kind.ends):
                self._records[side] = await self._api(side).list(side.partition(".")[2])
            for kind in self._kinds:
                for id in list(self._records[kind.source]):
                    fresh: Json = {"members": {}, "values": {}, "creating": {}, "failing": {}}
                    entity = self._entities.setdefault(f"{kind.source} {id}", fresh)
                    await self._attend(kind, id, entity)
                await self._forget_gone(kind)

    async def _attend(self, kind: Kind, id: str, entity: Json) -> None:
        """Bring one entity up to date; whatever is wrong with it stops nothing else."""
        try:
            for _ in range(3):
                with contextlib.suppress(Stale):
                    await self._settle(kind, id, entity)
                    break
                await self._read_again(entity)
        except (Unknown, Waiting):
            pass  # the next cycle will know more
        except Refused as error:
            tries = entity["failing"].get("tries", 0)
            until = self._now() + round(1000 * PAUSE * 2**tries)
            entity["failing"] = {"tries": tries + 1, "until": until, "reason": str(error)}
        self._save()

    async def _settle(self, kind: Kind, id: str, entity: Json) -> None:
        if kind.source not in entity["members"]:
            self._join(kind, entity, kind.source, self._records[kind.source][id])
        await self._look(entity)
        self._notice(kind, entity)
        if entity["failing"].get("until", 0) > self._now():
            return
        for flow in kind.flows:
            await self._link(kind, entity, flow)
        entity["creating"] = {}
        for side, member in entity["members"].items():
            if not member["gone"] and self._shares(side):
                await self._write(kind, entity, side, member)

    # what there is

    async def _look(self, entity: Json) -> None:
        """Every member's record; what isn't listed is asked for, for a listing is no proof of a deletion."""
        for side, member in entity["members"].items():
            if member["id"] not in self._records[side] or member["pending"]:
                for name, sent in member["pending"].copy().items():
                    await self._adjust(side, member, name, sent)
                await self._read(side, member["id"])
            member["gone"] = member["id"] not in self._records[side]

    def _notice(self, kind: Kind, entity: Json) -> None:
        """Take in what people have edited; the latest edit of each property holds."""
        for name in kind.props:
            ends = {side: member for side, member in entity["members"].items() if name in member["seen"]}
            edits = []
            for side, member in ends.items():
                if member["gone"]:
                    continue
                record = self._records[side][member["id"]]
                shown, seen = lift(kind.ends[side][name], record), member["seen"][name]
                if same(kind.props[name], shown, seen):
                    continue
                entity["failing"] = {}
                if kind.counts(name):
                    for other in ends.values():
                        if other is not member and None not in (shown, seen):
                            other["owed"][name] = other["owed"].get(name, 0) + shown - seen
                else:
                    knew = same(kind.props[name], member["holds"][name], entity["values"][name]["value"])
                    edits.append((self._version(side, record, shown), knew))
                    member["holds"][name] = shown
                member["seen"][name] = shown
            # Who edits a value that already stands there edits later, whatever the clocks say.
            standing = [] if any(knew for _, knew in edits) else [entity["values"].get(name)]
            if edits:
                rivals = [*standing, *(version for version, _ in edits)]
                entity["values"][name] = max(rivals, key=lambda one: (one["at"], one["rank"]))

    def _version(self, side: str, record: Json, value: Any, otherwise: int | None = None) -> Json:
        """A value with the time of its edit: the record's, else when it was first seen."""
        at = self._api(side).edited(record) or (self._now() if otherwise is None else otherwise)
        return {"value": value, "at": at // self._grain, "rank": self._ranks[side.partition(".")[0]]}

    # who belongs together

    def _join(self, kind: Kind, entity: Json, side: str, record: Json, made: Json | None = None) -> None:
        """A record becomes a member. What we made holds what we gave it; elsewhere a value beats an empty one, and
        the later of two the earlier."""
        id = record.get("id") or record["variantId"]
        member = {"id": id, "gone": False, "seen": {}, "holds": {}, "owed": {}, "pending": {}}
        for name, end in kind.ends[side].items():
            shown = lift(end, record)
            theirs, ours = self._version(side, record, shown, 0), entity["values"].get(name)
            given = (made or {}).get(name, shown)
            member["holds"][name] = given
            member["seen"][name] = given if kind.counts(name) else shown
            if ours is None or (made is None and _beats(theirs, ours) and not kind.counts(name)):
                entity["values"][name] = theirs
            elif kind.counts(name) and made is None:
                self._settle_count(kind, entity, member, name, theirs)
        entity["members"][side] = member

    def _settle_count(self, kind: Kind, entity: Json, member: Json, name: str, theirs: Json) -> None:
        """Two counts that meet: the losing side owes the difference."""
        source = entity["members"][kind.source]
        here, there = source["seen"][name], theirs["value"]
        if None not in (here, there) and here != there:
            if _beats(theirs, entity["values"][name]):
                source["owed"][name] = there - here
            else:
                member["owed"][name] = here - there

    async def _link(self, kind: Kind, entity: Json, flow: Json) -> None:
        """Find the partner that a flow asks for, else make it. One that is gone may be replaced, not made again."""
        side = _side(flow["target"])
        member = entity["members"].get(side)
        if member and not member["gone"]:
            return
        source = self._records[kind.source].get(entity["members"][kind.source]["id"])
        if source is None:
            return
        main = f"{flow['target']['system']}.{flow['appears_with']}"
        maker = main if flow["appears_with"] else side
        made = entity["creating"].get(maker, {}).get("given")
        found = None
        if main in entity["members"]:
            found = await self._read(side, entity["members"][main]["id"])
        for record in () if found else self._records[side].values():
            if any(_match(source, record, criterion) for criterion in flow["criteria"]):
                found = record
                break
        if found is None and member is None and maker == side and self._may_cross(flow, source):
            found, made = await self._create(kind, entity, flow, source)
        if found is not None:
            self._join(kind, entity, side, found, made)
            self._save()

    def _may_cross(self, flow: Json, source: Json) -> bool:
        """Whether the flow lets a source record cross for the first time. Raises Waiting for one that refers to
        what hasn't crossed yet."""
        for path, datatype in flow["connected"].items():
            if dig(source, path) and not self._crossed(
                f"{flow['source']['system']}.{datatype}", dig(source, path)
            ):
                raise Waiting
        condition = flow["condition"] if flow["start"] == "when" else None
        if condition:
            asked = re.fullmatch(r"([\w.]+) == '([^']*)'", condition)
            if asked is None:
                raise ValueError(
                    f"section {flow['section']}: this engine can't read the condition {condition}"
                )
            if dig(source, asked[1]) != asked[2]:
                return False
        new = self._mapping["policies"]["full_sync"] or source["created_at"] > self._state["onboarded"]
        return (
            flow["creates"]
            and flow["start"] != "link_required"
            and self._shares(_side(flow["target"]))
            and new
        )

    def _crossed(self, side: str, id: str) -> bool:
        return len(self._entities.get(f"{side} {id}", {"members": ()})["members"]) > 1

    async def _create(self, kind: Kind, entity: Json, flow: Json, source: Json) -> tuple[Json, Json]:
        """Make a partner; gives its record, and the values that it was given."""
        side, datatype = _side(flow["target"]), flow["target"]["datatype"]
        api = self._api(side)
        if not api.keyed(datatype) and not any(dig(source, one["source"]) for one in flow["criteria"]):
            raise Waiting  # without its key it couldn't be found again if the answer were lost
        intent = entity["creating"].get(side)
        if intent is None or not api.keyed(datatype):
            body, given = self._body(kind, entity, flow)
            for path, constant in flow["constants"].items():
                found = await api.lookup(constant["lookup"]) if constant["lookup"] else constant["value"]
                body[path] = dig(source, constant["source"]) if constant["source"] else found
            intent = {"key": uuid.uuid4().hex, "body": body, "given": given}
        entity["creating"][side] = intent
        self._save()
        try:
            record = await api.create(datatype, intent["body"], intent["key"])
        except Refused:
            del entity["creating"][side]
            raise
        self._records[side][record["id"]] = record
        return record, intent["given"]

    def _body(self, kind: Kind, entity: Json, flow: Json) -> tuple[Json, Json]:
        """What a creation sends, with what appears along with it, by native path; and the same by property."""
        body, given = {}, {}
        for other in kind.flows:
            along = other["appears_with"] == flow["target"]["datatype"]
            for prop in other["properties"] if other is flow or along else ():
                end, name = prop["target"], prop["name"]
                path = end["at_creation"] if along else end["access"] != "read_only" and end["path"]
                source = entity["members"][kind.source]["seen"][name]
                value = source if kind.counts(name) else entity["values"][name]["value"]
                if path and value is not None:
                    given[name] = value
                    body[path] = (
                        self._resolved(flow, prop, lower(end, value))
                        if prop["resolves"]
                        else lower(end, value)
                    )
        return body, given

    def _resolved(self, flow: Json, prop: Json, items: list[Json]) -> list[Json]:
        """A list whose items name records by the ids of their partners. Raises Waiting for one without partner."""
        resolves = prop["resolves"]
        source = f"{flow['source']['system']}.{resolves['datatype']}"
        target = f"{flow['target']['system']}.{resolves['target_datatype']}"
        ids = {
            entity["values"][resolves["property"]]["value"]: entity["members"][target]["id"]
            for key, entity in self._entities.items()
            if key.startswith(f"{source} ") and target in entity["members"]
        }
        for item in items:
            name = dig(item, prop["target"]["items"][resolves["item"]]["path"])
            if name not in ids:
                raise Waiting
            item[resolves["target_path"]] = ids[name]
        return items

    async def _forget_gone(self, kind: Kind) -> None:
        """A source record that is gone leaves its partners free for another with the same key."""
        for key in [key for key in self._entities if key.startswith(f"{kind.source} ")]:
            id = key.partition(" ")[2]
            if id not in self._records[kind.source] and await self._read(kind.source, id) is None:
                del self._entities[key]
        self._save()

    # what is written

    async def _write(self, kind: Kind, entity: Json, side: str, member: Json) -> None:
        """Bring a member to the values that hold, as far as its system lets us. Raises Stale."""
        datatype, api = side.partition(".")[2], self._api(side)
        record = self._records[side][member["id"]]
        behind = [name for name in kind.ends[side] if self._is_behind(kind, entity, side, member, name)]
        if behind:
            self._save()
            record = record if api.versioned else await self._read(side, member["id"]) or {}
            if not record or any(
                not same(kind.props[name], lift(end, record), member["seen"][name])
                for name, end in kind.ends[side].items()
            ):
                raise Stale
            values = {name: entity["values"][name]["value"] for name in behind}
            ends = kind.ends[side]
            changes = {ends[name]["path"]: lower(ends[name], value) for name, value in values.items()}
            await api.update(datatype, record, changes)
            member["holds"] |= values
            if record := await self._read(side, member["id"]) or {}:
                member["seen"] |= {name: lift(ends[name], record) for name in behind}
            self._save()
        for name, delta in list(member["owed"].items()):
            if delta and member["seen"][name] is not None:
                sent = member["pending"][name] = {"key": uuid.uuid4().hex, "delta": delta}
                self._save()
                await self._adjust(side, member, name, sent)
                await self._read(side, member["id"])

    async def _adjust(self, side: str, member: Json, name: str, sent: Json) -> None:
        """Send an adjustment, or send it again: its key lets it count once."""
        path = next(kind.ends[side][name]["path"] for kind in self._kinds if name in kind.ends.get(side, ()))
        try:
            await self._api(side).adjust(
                side.partition(".")[2], member["id"], path, sent["delta"], sent["key"]
            )
            member["seen"][name] += sent["delta"]
            member["owed"][name] -= sent["delta"]
        except Unknown:
            raise
        except Refused:
            del member["pending"][name]
            raise
        del member["pending"][name]
        self._save()

    def _is_behind(self, kind: Kind, entity: Json, side: str, member: Json, name: str) -> bool:
        """Whether a member is to be given the value that holds: it has another, and its system can take this one."""
        prop, end, value = kind.props[name], kind.ends[side][name], entity["values"][name]["value"]
        if kind.counts(name) or same(prop, member["holds"][name], value):
            return False
        currency = self._mapping["systems"][side.partition(".")[0]]["currency"]
        foreign = prop["type"] == "money" and value and currency not in (None, value["currency"])
        backwards = prop["direction"] == ("to_target" if side == kind.source else "to_source")
        possible = end["access"] == "writable" and (not end["only"] or value in end["only"])
        fixed = self._api(side).fixed(self._records[side][member["id"]], end["path"])
        return possible and not (foreign or backwards or fixed)

    def _shares(self, side: str) -> bool:
        system, _, datatype = side.partition(".")
        shares = self._mapping["systems"][system]
        return bool(shares["share"] and shares["datatypes"].get(datatype, shares)["share"])

    # systems and state

    def _api(self, side: str) -> Any:
        return self._apis[side.partition(".")[0]]

    async def _read(self, side: str, id: str) -> Json | None:
        record: Json | None = await self._api(side).read(side.partition(".")[2], id)
        self._records[side].pop(id, None)
        if record is not None:
            self._records[side][id] = record
        return record

    async def _read_again(self, entity: Json) -> None:
        for side, member in entity["members"].items():
            await self._read(side, member["id"])

    def _now(self) -> int:
        return int(self._clock.now().timestamp() * 1000)

    @property
    def _entities(self) -> dict[str, Json]:
        entities: dict[str, Json] = self._state["entities"]
        return entities

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """The state, read, while nobody else has it; a lock dies with its holder."""
        with (self._dir / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            kept = self._dir / "state.json"
            now = self._clock.now().isoformat()
            self._state = (
                json.loads(kept.read_text()) if kept.exists() else {"onboarded": now, "entities": {}}
            )
            yield

    def _save(self) -> None:
        new = self._dir / "state.new"
        new.write_text(json.dumps(self._state))
        new.replace(self._dir / "state.json")


def _parents(kind: Kind) -> set[str]:
    """The sides whose records must have crossed before a kind's can."""
    named = {datatype for flow in kind.flows for datatype in flow["connected"].values()}
    named |= {prop["resolves"]["datatype"] for prop in kind.props.values() if prop["resolves"]}
    return {f"{kind.source.partition('.')[0]}.{datatype}" for datatype in named} - {kind.source}


def _match(source: Json, target: Json, criterion: Json) -> bool:
    key = merge_key(dig(source, criterion["source"]), criterion)
    return key != "" and key == merge_key(dig(target, criterion["target"]), criterion)


def _beats(theirs: Json, ours: Json) -> bool:
    """Whether, when two records are linked, the newcomer's value holds."""
    if None in (theirs["value"], ours["value"]):
        return ours["value"] is None
    return (theirs["at"], theirs["rank"]) > (ours["at"], ours["rank"])


def build(
    *,
    mapping: Json,
    endpoints: dict[str, str],
    tokens: dict[str, str],
    client: httpx.AsyncClient,
    clock: Any,
    state_dir: Path,
) -> Engine:
    """An engine on a state folder. Raises ValueError for a mapping that asks for what it can't do."""
    contracts = {"rest": Rest, "squarespace": Squarespace}
    apis = {
        key: contracts[system["contract"]](endpoints[key], tokens[key], client, clock)
        for key, system in mapping["systems"].items()
    }
    return Engine(mapping, apis, clock, state_dir)


class StartedAt:
    """The time that the test says it is, running on with the machine's."""

    def __init__(self, start: datetime) -> None:
        self._start, self._zero = start, time.monotonic()

    def now(self) -> datetime:
        """The present."""
        return self._start + timedelta(seconds=time.monotonic() - self._zero)

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


async def main() -> None:
    """One cycle, as the environment describes it."""
    mapping = json.loads(Path(os.environ["BOTHWAYS_MAPPING"]).read_text())
    names = {key: re.sub(r"\W", "_", key).upper() for key in mapping["systems"]}
    start = os.environ.get("BOTHWAYS_NOW")
    urls = {key: os.environ[f"BOTHWAYS_URL_{name}"] for key, name in names.items()}
    secure = any(url.startswith("https:") for url in urls.values())  # else there are no certificates to load
    async with httpx.AsyncClient(verify=secure) as client:
        await build(
            mapping=mapping,
            endpoints=urls,
            tokens={key: os.environ[f"BOTHWAYS_TOKEN_{name}"] for key, name in names.items()},
            client=client,
            clock=StartedAt(datetime.fromisoformat(start) if start else datetime.now(UTC)),
            state_dir=Path(os.environ["BOTHWAYS_STATE"]),
        ).sync()


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))

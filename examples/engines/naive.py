"""How many integrations begin: the record that was changed last overwrites the other. Its report is worth reading.

As `python:examples.engines.naive:build` it runs inside the test; as `command:python examples/engines/naive.py` each
process is one cycle.

All that it remembers is how far it has read. Records with equal merge keys are the same thing; of such two, the one
that was changed last is copied over the other, whole. What has no partner is created. No mistake in it is made up:
each looks harmless in a demonstration, where one person edits one record.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx

Json = dict[str, Any]


def dig(record: Any, path: str) -> Any:
    """The value at a dotted path, None where there is none."""
    for part in path.split("."):
        record = record.get(part) if isinstance(record, dict) else None
    return record


def plant(record: Json, path: str, value: Any) -> None:
    """Put a value at a dotted path."""
    *parents, last = path.split(".")
    for part in parents:
        record = record.setdefault(part, {})
    record[last] = value


def converted(value: Any, one: Json, other: Json) -> Any:
    """A value of one end of a property as the other end has it."""
    if isinstance(value, list) and one["items"]:
        return [_renested(item, _paths(one), _paths(other)) for item in value]
    if isinstance(value, dict) and (one["fields"] or other["fields"]):
        names = one["fields"] or other["fields"]
        pairs = [(one["fields"].get(name, name), other["fields"].get(name, name)) for name in names]
        return {there: value.get(here) for here, there in pairs}
    if one["values"] or other["values"]:
        word = {native: word for word, native in one["values"].items()}.get(value, value)
        return other["values"].get(word, word)
    return value


def _paths(end: Json) -> dict[str, str]:
    return {name: item["path"] for name, item in end["items"].items()}


def _renested(item: Json, here: dict[str, str], there: dict[str, str]) -> Json:
    made: Json = {}
    for name, path in here.items():
        plant(made, there[name], dig(item, path))
    return made


class Engine:
    """One cycle of all flows. `cursor.json` has the time of the last one."""

    def __init__(
        self,
        flows: list[Json],
        endpoints: dict[str, str],
        tokens: dict[str, str],
        client: httpx.AsyncClient,
        cursor: Path,
    ) -> None:
        self._flows = sorted(flows, key=lambda flow: any(prop["resolves"] for prop in flow["properties"]))
        self._cursor = cursor
        self._endpoints, self._tokens, self._client = endpoints, tokens, client

    async def sync(self) -> None:
        """Copy whatever changed since the last cycle, flow by flow."""
        since = json.loads(self._cursor.read_text()) if self._cursor.exists() else ""
        latest = since
        for flow in self._flows:
            sources, targets = await self._list(flow["source"]), await self._list(flow["target"])
            for source in sources:
                partner = next((target for target in targets if _same(flow, source, target)), None)
                times = [time for time in (_changed(source), _changed(partner)) if time]
                latest = max([latest, *times])
                if max(times) <= since:
                    continue
                if partner is None:
                    await self._create(flow, source)
                elif _changed(source) >= _changed(partner):
                    await self._copy(flow, source, partner, "source", "target")
                else:
                    await self._copy(flow, partner, source, "target", "source")
        self._cursor.write_text(json.dumps(latest))

    async def _list(self, side: Json) -> list[Json]:
        datatype = side["datatype"]
        if side["system"] != "storefront":
            found: list[Json] = (await self._send(side, "GET", f"/{datatype.lower()}"))["data"]
            return found
        if datatype == "Order":
            orders: list[Json] = (await self._send(side, "GET", "/1.0/commerce/orders"))["result"] or []
            return orders
        products = (await self._send(side, "GET", "/v2/commerce/products"))["products"] or []
        variants = [(product, variant) for product in products for variant in product["variants"]]
        if datatype == "Inventory":
            stock = (await self._send(side, "GET", "/1.0/commerce/inventory"))["inventory"] or []
            times = {variant["id"]: product["modifiedOn"] for product, variant in variants}
            return [row | {"id": row["variantId"], "modifiedOn": times[row["variantId"]]} for row in stock]
        return [
            product | {"id": variant["id"], "product": product["id"], "variants": variant}
            for product, variant in variants
        ]

    async def _create(self, flow: Json, source: Json) -> None:
        side = flow["target"]
        body: Json = {}
        if side["datatype"] == "Inventory":
            return  # comes with the product
        for prop in flow["properties"]:
            value = converted(dig(source, prop["source"]["path"]), prop["source"], prop["target"])
            if value is not None:
                plant(body, prop["target"]["path"], value)
        for path, constant in flow["constants"].items():
            if not constant["lookup"]:
                plant(body, path, dig(source, constant["source"] or "") or constant["value"])
        if side["datatype"] == "Order":
            await self._place(side, body)
        elif side["system"] == "storefront":
            pages = (await self._send(side, "GET", "/1.0/commerce/store_pages"))["storePages"]
            body["variants"]["stock"] = {"quantity": source["stock_quantity"]}
            await self._send(
                side,
                "POST",
                "/v2/commerce/products",
                body | {"variants": [body["variants"]], "storePageId": pages[0]["id"]},
            )
        else:
            await self._send(side, "POST", f"/{side['datatype'].lower()}", body)

    async def _place(self, side: Json, order: Json) -> None:
        currency = order["grandTotal"]["currency"]
        stock = (await self._send(side, "GET", "/1.0/commerce/inventory"))["inventory"] or []
        ids = {row["sku"]: row["variantId"] for row in stock}
        for line in order["lineItems"]:
            if line["sku"] not in ids:
                raise LookupError(f"the storefront has no product {line['sku']}")
            line["variantId"] = ids[line["sku"]]
            line["unitPricePaid"]["currency"] = currency
        total = sum(Decimal(line["unitPricePaid"]["value"]) * line["quantity"] for line in order["lineItems"])
        subtotal = {"currency": currency, "value": str(total)}
        body = order | {"fulfillments": [], "subtotal": subtotal}
        await self._send(side, "POST", "/1.0/commerce/orders", body)

    async def _copy(self, flow: Json, winner: Json, loser: Json, here: str, there: str) -> None:
        """Overwrite the loser with all that the winner has."""
        side, changes = flow[there], {}
        for prop in flow["properties"]:
            value = converted(dig(winner, prop[here]["path"]), prop[here], prop[there])
            if dig(loser, prop[there]["path"]) != value:
                changes[prop[there]["path"]] = value
        if not changes:
            return
        if side["system"] != "storefront":
            body: Json = {}
            for path, value in changes.items():
                plant(body, path, value)
            path = f"/{side['datatype'].lower()}/{loser['id']}"
            await self._send(side, "PATCH", path, body, version=loser["version"])
        elif side["datatype"] == "Inventory":
            count = {"variantId": loser["id"], "quantity": changes.get("quantity", loser["quantity"])}
            path = "/1.0/commerce/inventory/adjustments"
            await self._send(side, "POST", path, {"setFiniteOperations": [count]})
        elif side["datatype"] == "Order":
            if changes.get("fulfillmentStatus") == "FULFILLED":
                shipment = {"shouldSendNotification": False, "shipments": []}
                await self._send(side, "POST", f"/1.0/commerce/orders/{loser['id']}/fulfillments", shipment)
        else:
            for path, body in _of_product(loser, changes):
                await self._send(side, "POST", path, body)

    async def _send(self, side: Json, method: str, path: str, body: Any = None, *, version: int = 0) -> Any:
        """One request, sent again until there is an answer; its body."""
        system = side["system"]
        headers = {"Authorization": f"Bearer {self._tokens[system]}", "User-Agent": "naive-engine"}
        for _ in range(5):
            headers["Idempotency-Key"] = uuid.uuid4().hex
            headers |= {"If-Match": f'"v{version}"'} if version else {}
            try:
                answer = await self._client.request(
                    method, self._endpoints[system] + path, json=body, headers=headers
                )
            except httpx.TransportError:
                continue
            if answer.status_code < 500:
                break
        else:
            raise RuntimeError(f"{method} {path}: no answer")
        if not answer.is_success:
            raise RuntimeError(f"{system} refuses {method} {path}: {answer.status_code} {_reason(answer)}")
        return answer.json() if answer.content else {}


def _of_product(loser: Json, changes: Json) -> Iterator[tuple[str, Json]]:
    """The requests that change a variant and its product."""
    place = f"/v2/commerce/products/{loser['product']}"
    own: Json = {}
    body: Json = {}
    for path, value in changes.items():
        if path.startswith("variants."):
            plant(own, path.removeprefix("variants."), value)
        else:
            body[path] = value
    if own:
        yield f"{place}/variants/{loser['id']}", own
    if body:
        yield place, body


def _reason(answer: httpx.Response) -> str:
    said = answer.json()
    return str(said.get("detail") or said.get("message") or "")


def _changed(record: Json | None) -> str:
    """When a record was last changed, in a form that sorts; "" where that isn't told."""
    text = "" if record is None else record.get("updated_at") or record.get("modifiedOn")
    return datetime.fromisoformat(text).isoformat(timespec="milliseconds") if text else ""


def _same(flow: Json, source: Json, target: Json) -> bool:
    return any(dig(source, one["source"]) == dig(target, one["target"]) for one in flow["criteria"])


def build(
    *,
    mapping: Json,
    endpoints: dict[str, str],
    tokens: dict[str, str],
    client: httpx.AsyncClient,
    clock: object,  # noqa: ARG001 - the records' times are enough for it
    state_dir: Path,
) -> Engine:
    """An engine on a state folder."""
    return Engine(mapping["flows"], endpoints, tokens, client, state_dir / "cursor.json")


async def main() -> None:
    """One cycle, as the environment describes it."""
    mapping = json.loads(Path(os.environ["BOTHWAYS_MAPPING"]).read_text())
    names = {key: re.sub(r"\W", "_", key).upper() for key in mapping["systems"]}
    urls = {key: os.environ[f"BOTHWAYS_URL_{name}"] for key, name in names.items()}
    secure = any(url.startswith("https:") for url in urls.values())  # else there are no certificates to load
    async with httpx.AsyncClient(verify=secure) as client:
        await build(
            mapping=mapping,
            endpoints=urls,
            tokens={key: os.environ[f"BOTHWAYS_TOKEN_{name}"] for key, name in names.items()},
            client=client,
            clock=datetime.now(UTC),
            state_dir=Path(os.environ["BOTHWAYS_STATE"]),
        ).sync()


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))

"""A small integration that copies what a clerk would: enough to run a suite against, and easy to break."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx

Record = dict[str, Any]


class Clerk:
    """Remembers which record belongs to which, and what it last saw of both."""

    def __init__(
        self,
        mapping: dict[str, Any],
        endpoints: dict[str, str],
        tokens: dict[str, str],
        client: httpx.AsyncClient,
    ) -> None:
        self.flows = mapping["flows"]
        self.endpoints = endpoints
        self.tokens = tokens
        self.client = client
        self.links: dict[str, str] = {}
        self.seen: dict[tuple[str, str], object] = {}

    async def sync(self) -> None:
        """One cycle."""
        for flow in self.flows:
            theirs = {record["id"]: record for record in await self.records(flow["target"])}
            for ours in await self.records(flow["source"]):
                if ours["id"] in self.links:
                    await self.compare(flow, ours, theirs[self.links[ours["id"]]])
                else:
                    await self.create(flow, ours)

    async def create(self, flow: dict[str, Any], ours: Record) -> None:
        """A new record gets its partner."""
        fields = {prop["target"]["path"]: ours[prop["source"]["path"]] for prop in flow["properties"]}
        partner = await self.send("POST", flow["target"], "", fields, {"Idempotency-Key": ours["id"]})
        self.links[ours["id"]] = partner["id"]
        for prop in flow["properties"]:
            self.seen[ours["id"], prop["name"]] = ours[prop["source"]["path"]]

    async def compare(self, flow: dict[str, Any], ours: Record, theirs: Record) -> None:
        """What changed on one side goes to the other, if that can be written."""
        for prop in flow["properties"]:
            known = (ours["id"], prop["name"])
            left, right = ours[prop["source"]["path"]], theirs[prop["target"]["path"]]
            if left != self.seen[known] and prop["target"]["access"] == "writable":
                await self.change(flow["target"], theirs, prop["target"]["path"], left)
                self.seen[known] = left
            elif right != self.seen[known]:
                await self.change(flow["source"], ours, prop["source"]["path"], right)
                self.seen[known] = right

    async def records(self, side: dict[str, str]) -> list[Record]:
        """All records of one side, as long as they fit on a page."""
        found: list[Record] = (await self.send("GET", side))["data"]
        return found

    async def change(self, side: dict[str, str], record: Record, path: str, value: object) -> None:
        """Write one property."""
        await self.send(
            "PATCH", side, f"/{record['id']}", {path: value}, {"If-Match": f'"v{record["version"]}"'}
        )

    async def send(
        self,
        method: str,
        side: dict[str, str],
        rest: str = "",
        body: Record | None = None,
        headers: dict[str, str] | None = None,
    ) -> Any:
        """One request; its answer's body. Raises httpx.HTTPStatusError for a refusal."""
        system = side["system"]
        answer = await self.client.request(
            method,
            f"{self.endpoints[system]}/{side['datatype'].lower()}{rest}",
            json=body,
            headers={"Authorization": f"Bearer {self.tokens[system]}", **(headers or {})},
        )
        return answer.raise_for_status().json()


def build(
    *,
    mapping: dict[str, Any],
    endpoints: dict[str, str],
    tokens: dict[str, str],
    client: httpx.AsyncClient,
    clock: object,  # noqa: ARG001 - a clerk has no watch
    state_dir: Path,  # noqa: ARG001 - and no notebook
) -> Clerk:
    """The factory of `python:clerk:build`."""
    return Clerk(mapping, endpoints, tokens, client)

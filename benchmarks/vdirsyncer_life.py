"""vdirsyncer over loopback, in an environment of its own: `python -m benchmarks.vdirsyncer_life RECORDS EDITED`.

Its storage here is as kind to it as the contract allows: a listing shows whole records, so that reading them costs no
request of their own, pages are of the largest size, and connections are kept.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import logging
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
from vdirsyncer.storage.base import Storage
from vdirsyncer.sync import sync
from vdirsyncer.sync.status import SqliteStatus
from vdirsyncer.vobject import Item

from benchmarks.board import TOKEN, Board, life
from benchmarks.pair import FIELDS, SIDES

Shown = dict[str, Any]


class GenericStorage(Storage):  # type: ignore[misc]  # vdirsyncer has no types
    """One datatype on the generic REST contract, each record as a card with its fields in a note."""

    storage_name = "generic"

    def __init__(self, session: aiohttp.ClientSession, url: str, datatype: str) -> None:
        super().__init__(instance_name=datatype)
        self._session = session
        self._url = f"{url}/{datatype.lower()}"
        self._shown: dict[str, Shown] = {}

    async def list(self) -> AsyncIterator[tuple[str, str]]:
        """Every record's id and version."""
        self._shown.clear()
        place: dict[str, str] = {}
        while True:
            page = await self._asked("GET", self._url, params=place)
            for shown in page["data"]:
                self._shown[shown["id"]] = shown
                yield shown["id"], str(shown["version"])
            if page["next_cursor"] is None:
                return
            place = {"cursor": page["next_cursor"]}

    async def get(self, href: str) -> tuple[Item, str]:
        """What the listing showed."""
        shown = self._shown[href]
        fields = {name: shown[name] for name in FIELDS}
        card = f"BEGIN:VCARD\r\nUID:{shown['sku']}\r\nNOTE:{json.dumps(fields)}\r\nEND:VCARD"
        return Item(card), str(shown["version"])

    async def upload(self, item: Item) -> tuple[str, str]:
        """Create; the contract wants a key."""
        key = hashlib.sha256(item.raw.encode()).hexdigest()
        made = await self._asked("POST", self._url, json=_fields(item), headers={"Idempotency-Key": key})
        return made["id"], str(made["version"])

    async def update(self, href: str, item: Item, etag: str) -> str:
        """Change everything, as vdirsyncer does."""
        headers = {"If-Match": f'"v{etag}"'}
        return str(
            (await self._asked("PATCH", f"{self._url}/{href}", json=_fields(item), headers=headers))[
                "version"
            ]
        )

    async def _asked(self, method: str, url: str, **request: Any) -> Shown:
        async with self._session.request(method, url, **request) as answer:
            answer.raise_for_status()
            shown: Shown = await answer.json()
            return shown


def _fields(item: Item) -> Shown:
    note = next(line for line in item.raw.splitlines() if line.startswith("NOTE:"))
    fields: Shown = json.loads(note.removeprefix("NOTE:"))
    return fields


async def _opened(board: Board) -> tuple[aiohttp.ClientSession, list[GenericStorage]]:
    session = aiohttp.ClientSession(headers={"Authorization": f"Bearer {TOKEN}"})
    return session, [GenericStorage(session, board.urls[name], SIDES[name]) for name in SIDES]


def main() -> None:
    """Measure a first, a quiet and an edited cycle; figures as JSON."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("records", type=int)
    arguments.add_argument("edited", type=int)
    asked = arguments.parse_args()
    logging.disable()
    with Board() as board, tempfile.TemporaryDirectory() as folder, asyncio.Runner() as runner:
        status = SqliteStatus(str(Path(folder) / "status.sqlite"))
        session, (left, right) = runner.run(_opened(board))
        figures = life(board, lambda: runner.run(sync(left, right, status)), asked.records, asked.edited)
        runner.run(session.close())
    print(json.dumps(figures))  # noqa: T201  # that is the answer


if __name__ == "__main__":
    main()

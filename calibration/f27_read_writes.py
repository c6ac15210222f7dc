"""F27: whatever is read is touched, which counts as an edit."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from bothways.sync.connectors import Kind, Write
from bothways.sync.connectors.rest import RestConnector
from calibration.bench import linked, writes
from calibration.planting import Fault, Original
from steps.cycles import NeverQuiet
from steps.world import World

fault = Fault("S17")
build = fault.build


@fault.instead_of(RestConnector, "changes")
async def touched(original: Original, connector: Any, datatype: str, cursor: Any) -> AsyncIterator[Any]:
    async for page in original(connector, datatype, cursor):
        yield page
        for record in page.records:
            if not record.deleted:
                await connector._alone(Write(Kind.UPDATE, datatype, "", record.id, {}, record.version))


def happens(world: World) -> bool:
    try:
        linked(world)
    except NeverQuiet:
        return True
    return writes(world) > 0

"""A clock that can be put forward, so that no measurement waits. Needs nothing but Python's own library."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta


class ShiftedClock:
    """Wall time plus `shift`."""

    def __init__(self) -> None:
        self.shift = timedelta(0)

    def now(self) -> datetime:
        """The present, aware, UTC."""
        return datetime.now(UTC) + self.shift

    async def sleep(self, seconds: float) -> None:
        """Let `seconds` pass at once."""
        self.shift += timedelta(seconds=seconds)
        await asyncio.sleep(0)

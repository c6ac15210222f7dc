"""What the engine asks of a system's API, and how a connector for one is found.

A third party adds a connector with an entry point in the group `bothways.connectors`: its name is the mapping's
`contract`, its object a callable `(Setup) -> Connector`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Protocol

import httpx

from bothways.errors import SyncError
from bothways.mapping import System

Fields = dict[str, Any]
"""A record's content as the API shows it: nested JSON."""


class Clock(Protocol):
    """Time, injected: the engine never asks the machine."""

    def now(self) -> datetime:
        """The present, aware, UTC."""

    async def sleep(self, seconds: float) -> None:
        """Let `seconds` pass."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record as a system shows it.

    `version` is what a conditional write must name, None where the API has none. `modified_at` is corrected for
    the system's clock (S10), None where the API gives no time; `created_at` likewise; `stamp` is the modified time
    as the system wrote it, so that an older answer is told from a newer one. `read_only` lists dotted paths that
    can't be written on this record, whatever the mapping says (a shared field of a product with several variants).
    `deleted` marks a tombstone, whose `modified_at` is the time of the deletion.
    """

    id: str
    fields: Fields
    version: str | None = None
    modified_at: datetime | None = None
    created_at: datetime | None = None
    stamp: datetime | None = None
    read_only: frozenset[str] = frozenset()
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the records that changed. The last page carries the `cursor` from which to ask the next time."""

    records: Sequence[Record]
    cursor: str | None = None


class Kind(StrEnum):
    """What a write does."""

    CREATE = "create"
    UPDATE = "update"
    ADJUST = "adjust"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Write:
    """One write to one record, as it is stored before it is sent.

    `body` maps dotted native paths to native values: all of them for a creation, only what changes for an update
    (None clears), the difference for an adjustment (one path). `key` is the idempotency key: the same write sent
    again carries the same one. `version` is the version that an update or deletion expects. Creations with a `batch`
    key are one request under it, and are sent again only together, as they were (S24); "" for none.
    """

    kind: Kind
    datatype: str
    key: str
    id: str | None = None
    body: Fields = field(default_factory=dict)
    version: str | None = None
    batch: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """It was written; `record` is what the system shows now, None where its answer doesn't tell."""

    record: Record | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """The system won't have it, for a reason that a person can read (S25)."""

    reason: str


@dataclass(frozen=True, slots=True)
class Partly:
    """Of an update only `paths` were written; `record` is what the system shows now. It won't have the rest for
    `reason`, "" when that may be tried again."""

    record: Record
    paths: frozenset[str]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Stale:
    """The record changed since the expected version: read, plan again (S20)."""


@dataclass(frozen=True, slots=True)
class Gone:
    """The record is no more: a look-up says so (S19)."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody knows whether it was written: no answer, or an error that may follow a commit (S24)."""

    reason: str


Outcome = Done | Refused | Partly | Stale | Gone | Unknown


@dataclass(frozen=True, slots=True)
class Abilities:
    """What an API can do for one datatype.

    `creates` records; lists changes by time (`incremental`) and `tombstones`; checks `versions` on writes;
    remembers the keys of creations and adjustments for `keys_kept` (None: it knows no keys for them); takes up to
    `batch` creations by one request.
    """

    creates: bool = True
    incremental: bool = True
    tombstones: bool = False
    versions: bool = False
    keys_kept: timedelta | None = None
    batch: int = 1


class Connector(Protocol):
    """One system's API, in the engine's terms.

    Every method raises `SystemDown` when the system doesn't answer a read, `CredentialsRefused` on 401, 402 and
    403. Rate limits are waited out inside (S23).
    """

    @property
    def requests(self) -> int:
        """How many requests were sent."""

    def abilities(self, datatype: str) -> Abilities:
        """What the API can do for `datatype`."""

    def changes(self, datatype: str, cursor: str | None) -> AsyncIterator[Page]:
        """Records that changed since `cursor`, overlapping rather than missing any (S27); all of them for None."""

    async def read(self, datatype: str, ids: Sequence[str]) -> dict[str, Record]:
        """Those of `ids` that exist now."""

    async def write(self, writes: Sequence[Write]) -> list[Outcome]:
        """Send each of `writes`; each stands or falls alone. The outcomes come in the order of the writes."""

    async def find_created(self, write: Write, since: datetime) -> Record | None:
        """The record that the creation `write`, whose outcome is unknown, has made, looked for by natural key.

        Asked only of datatypes whose creations know no keys; `since` is when it was sent.
        """

    async def lookup(self, name: str) -> Any:
        """A constant of a creation that only the system knows (`Constant.lookup`).

        Raises `SyncError` for a name that the connector doesn't know, or when the system has nothing of the kind.
        """

    def shows(self, write: Write, record: Record) -> bool:
        """Whether `record` is what `write` left behind, the system's own rendering included, and nobody's edit."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What a connector is made from. `client` is shared, and its transport is the caller's business."""

    system: System
    base_url: str
    token: str = field(repr=False)
    client: httpx.AsyncClient
    clock: Clock


def connect(setup: Setup) -> Connector:
    """The connector for the system's contract. Raises `SyncError` when nobody provides one."""
    provider = _provider(setup.system.contract)
    if provider is None:
        raise SyncError(f"the {setup.system.label}'s contract '{setup.system.contract}' has no connector")
    connector: Connector = provider.load()(setup)
    return connector


@cache
def _provider(contract: str) -> EntryPoint | None:
    """Kept, for what is installed is read from many files."""
    return next(iter(entry_points(group="bothways.connectors", name=contract)), None)

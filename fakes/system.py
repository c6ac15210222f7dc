"""What both simulated systems share: what their users do and see, and what an API on top of them fills in."""

from __future__ import annotations

import copy
import inspect
import threading
from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from fakes.clock import SystemClock
from fakes.door import App, Door
from fakes.faults import Faults
from fakes.http import Answer, Call, Operation
from fakes.log import RequestLog
from fakes.notifications import Notification
from fakes.store import Store


class System(ABC):
    """One simulated system.

    `app` serves its API, `log` keeps what was asked of it, `faults` what is to go wrong. `create`, `edit`,
    `delete`, `show` and `ids` are what a person who uses the system does and sees; they leave no trace in the
    log. `snapshot` and `restore` go back in time with all that the system remembers, log, faults and clock
    excepted. `turn` is held by whoever reads or changes records, one at a time.
    """

    contract: ClassVar[str]

    def __init__(
        self, name: str, clock: SystemClock, store: Store, *, token: str, log: RequestLog | None = None
    ) -> None:
        self.name = name
        self.clock = clock
        self.store = store
        self.token = token
        self.log = RequestLog() if log is None else log
        self.faults = Faults()
        self.turn = threading.RLock()
        self.app: App = Door(self).app()

    @property
    def not_imitated(self) -> tuple[str, ...]:
        """What the class's docstring lists under "Not imitated"."""
        _, _, listed = (inspect.getdoc(type(self)) or "").partition("Not imitated:\n")
        return tuple(line.removeprefix("- ") for line in listed.splitlines())

    # what a person does and sees

    def create(self, datatype: str, fields: Mapping[str, Any]) -> str:
        """Create a record from its native, nested `fields`; what a screen fills in may be left out. Gives the
        id. Raises ValueError where the screen would not take it.
        """
        with self.turn:
            return self._create(self._known(datatype), copy.deepcopy(dict(fields)))

    def edit(self, datatype: str, id: str, changes: Mapping[str, Any]) -> None:
        """Change a record: dotted native path → value, None clears; a counter takes its new absolute value.
        Raises KeyError for a record that is not there, ValueError where the screen would not take it.
        """
        with self.turn:
            self._edit(self._known(datatype), id, copy.deepcopy(dict(changes)))

    def delete(self, datatype: str, id: str) -> None:
        """Delete a record. Raises KeyError for one that is not there."""
        with self.turn:
            self._delete(self._known(datatype), id)

    def show(self, datatype: str, id: str) -> dict[str, Any] | None:
        """The record exactly as the API would show it, a copy; None when it is not there."""
        with self.turn:
            return copy.deepcopy(self._show(self._known(datatype), id))

    def ids(self, datatype: str) -> list[str]:
        """The ids of all live records, oldest first."""
        with self.turn:
            return self._ids(self._known(datatype))

    @property
    @abstractmethod
    def datatypes(self) -> Collection[str]:
        """The names of what the system holds."""

    def _known(self, datatype: str) -> str:
        if datatype not in self.datatypes:
            raise ValueError(f"{self.name} has no {datatype!r}; it has {', '.join(self.datatypes)}")
        return datatype

    @abstractmethod
    def _create(self, datatype: str, fields: dict[str, Any]) -> str: ...

    @abstractmethod
    def _edit(self, datatype: str, id: str, changes: dict[str, Any]) -> None: ...

    @abstractmethod
    def _delete(self, datatype: str, id: str) -> None: ...

    @abstractmethod
    def _show(self, datatype: str, id: str) -> dict[str, Any] | None: ...

    @abstractmethod
    def _ids(self, datatype: str) -> list[str]: ...

    @property
    def notifications(self) -> list[Notification]:
        """Webhooks that are due. A test delivers, loses, doubles, reorders or forges them."""
        return self.store.notifications

    @abstractmethod
    def subscribe(self, url: str) -> str:
        """Have what happens announced at `url`, as far as the system announces it; gives the signing secret."""

    def snapshot(self) -> Store:
        """All that the system remembers, for `restore`."""
        with self.turn:
            return self.store.snapshot()

    def restore(self, snapshot: Store) -> None:
        """Go back to a snapshot; it may be used again."""
        with self.turn:
            self.store.restore(snapshot)

    # what a contract fills in

    @abstractmethod
    def operations(self) -> list[Operation]:
        """The contract, line by line."""

    @abstractmethod
    def admit(self, call: Call) -> None:
        """Let a request in, or raise Refused: credentials, rate limit, headers."""

    @abstractmethod
    def problem(self, status: int, detail: str) -> Answer:
        """An error in this system's shape, for reasons that lie outside any operation."""

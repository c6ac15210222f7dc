"""The generic REST system: its records, its contract, its users."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import timedelta
from typing import Any, ClassVar

from fakes.clock import SystemClock
from fakes.http import MALFORMED, Answer, Call, Operation, Refused
from fakes.log import RequestLog
from fakes.notifications import Subscription
from fakes.rest.fields import Datatype, Invalid, datatype
from fakes.rest.http import MERGE_PATCH, RestApi, problem, refused
from fakes.rest.records import Deleted, Missing, Record, Records
from fakes.rest.webhooks import EVENTS, notification, secret_from
from fakes.store import Ids, KeyMemory, Store, Table
from fakes.system import System


class RestSystem(System):
    """A system on the generic REST contract.

    `datatypes` is plain data: `{"Product": {"fields": {"sku": {"type": "string"}, …}, "references": …}}`; a
    field has a `type` and may have `access`, `counter`, `minimum`, `maximum` and `rewrite` (see fields). Its
    users may set read-only fields too, and go into an object or a list by a path (`lines.0.sku`). `forbidden`
    names datatypes that the token has no right to.

    What the contract leaves open and this system decides: a tombstone is `{id, created_at, updated_at,
    version, deleted_at}`; an empty field shows as null; a write that changes nothing is a change all the
    same; a member that is no field is refused; an expired cursor is answered 410; keys are kept 48 hours.

    Not imitated:
    - rate limits of its own: 429 comes only as a fault
    - delivery and retries of webhooks: they wait in `notifications` for a test to deliver them
    - listing and removing webhook subscriptions
    - several tokens with different rights
    - integrity of references between records
    - required and unique fields
    - compression, caching, conditional reads (If-None-Match)
    """

    contract: ClassVar[str] = "rest"

    def __init__(
        self,
        name: str,
        datatypes: Mapping[str, Mapping[str, Any]],
        clock: SystemClock,
        *,
        token: str,
        ids: Ids,
        log: RequestLog | None = None,
        max_page: int = 100,
        keys_kept: timedelta = timedelta(hours=48),
    ) -> None:
        self._datatypes = {name: datatype(name, spec) for name, spec in datatypes.items()}
        store = Store({name: Table[Record]() for name in self._datatypes}, KeyMemory(keys_kept), ids)
        self.records = Records(store, clock, self._announce)
        self._api = RestApi(self._datatypes, self.records, store, clock, max_page)
        super().__init__(name, clock, store, token=token, log=log)

    @property
    def forbidden(self) -> set[str]:
        """Datatypes that the token has no right to: 403."""
        return self._api.forbidden

    @property
    def datatypes(self) -> Collection[str]:
        """The names of what the system holds."""
        return self._datatypes

    def _create(self, datatype: str, fields: dict[str, Any]) -> str:
        kind = self._datatypes[datatype]
        return _screened(lambda: self.records.create(kind, fields, by_api=False)).id

    def _edit(self, datatype: str, id: str, changes: dict[str, Any]) -> None:
        record = self._live(datatype, id)
        _screened(lambda: self.records.edit(self._datatypes[datatype], record, changes))

    def _delete(self, datatype: str, id: str) -> None:
        self.records.delete(self._datatypes[datatype], self._live(datatype, id))

    def _show(self, datatype: str, id: str) -> dict[str, Any] | None:
        record = self.records.table(self._datatypes[datatype]).rows.get(id)
        return None if record is None else record.shown

    def _ids(self, datatype: str) -> list[str]:
        return list(self.records.table(self._datatypes[datatype]).rows)

    def _live(self, datatype: str, id: str) -> Record:
        try:
            return self.records.get(self._datatypes[datatype], id)
        except (Missing, Deleted):
            raise KeyError(f"{self.name} has no {datatype} {id}") from None

    def subscribe(self, url: str) -> str:
        """Have every event announced at `url`, as `POST /webhooks` would; gives the secret."""
        ids = self.store.ids
        events = tuple(f"{kind.segment}.{event}" for kind in self._datatypes.values() for event in EVENTS)
        made = Subscription(ids(), url, events, secret_from(ids()))
        self.store.subscriptions.append(made)
        return made.secret

    def operations(self) -> list[Operation]:
        """The contract, line by line."""
        return self._api.operations()

    def admit(self, call: Call) -> None:
        """Let a request in: 401 without the token, 415 or 400 for a body that is not JSON."""
        if call.headers.get("authorization") != f"Bearer {self.token}":
            answer = problem(401, "no valid token")
            answer.headers["WWW-Authenticate"] = "Bearer"
            raise Refused(answer)
        media_type = call.headers.get("content-type", "").partition(";")[0].strip().lower()
        if call.body is not None and media_type not in {"application/json", MERGE_PATCH}:
            raise refused(415, "bodies are application/json")
        if call.body is MALFORMED:
            raise refused(400, "the body is not JSON")

    def problem(self, status: int, detail: str) -> Answer:
        """An error as problem+json."""
        return problem(status, detail)

    def _announce(self, kind: Datatype, event: str, id: str) -> None:
        topic = f"{kind.segment}.{event}"
        for subscription in self.store.subscriptions:
            if topic in subscription.topics:
                made = notification(subscription, self.store.ids(), topic, id, self.clock.now())
                self.store.notifications.append(made)


def _screened(change: Callable[[], Record]) -> Record:
    try:
        return change()
    except Invalid as why:
        raise ValueError(str(why)) from None

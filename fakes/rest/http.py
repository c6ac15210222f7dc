"""The generic REST contract: which request does what to the records, and what is answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from fakes.clock import SystemClock
from fakes.http import Answer, Call, Operation, Refused
from fakes.notifications import Subscription
from fakes.paging import DeadCursor, bent, page_of, parts_of, read, stale, token, written
from fakes.rest.fields import Datatype, Invalid
from fakes.rest.records import Deleted, Json, Missing, NotCounted, Record, Records
from fakes.rest.webhooks import EVENTS, secret_from
from fakes.store import KeyBusy, KeyReused, Position, Store

PROBLEM = "application/problem+json"
MERGE_PATCH = "application/merge-patch+json"
TITLES = {
    400: "Bad request",
    401: "Not authenticated",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    409: "Conflict",
    410: "Gone",
    412: "The record has changed",
    415: "Unsupported media type",
    422: "Idempotency key used for another request",
    428: "If-Match is required",
    429: "Too many requests",
    500: "Server error",
    503: "Out of service",
}


def problem(status: int, detail: str, **more: Any) -> Answer:
    """An error as RFC 9457 has it."""
    title = TITLES.get(status, "Error")
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    return Answer(status, body, media_type=PROBLEM)


def refused(status: int, detail: str, **more: Any) -> Refused:
    """The same, to be raised."""
    return Refused(problem(status, detail, **more))


def shown(record: Record, status: int = 200) -> Answer:
    """A record as the answer to a request about it."""
    return Answer(status, record.shown, {"ETag": record.etag})


class RestApi:
    """The operations of the contract over a system's records."""

    def __init__(
        self,
        datatypes: dict[str, Datatype],
        records: Records,
        store: Store,
        clock: SystemClock,
        max_page: int,
    ) -> None:
        self._datatypes = datatypes
        self._segments = {datatype.segment: datatype for datatype in datatypes.values()}
        self._records = records
        self._store = store
        self._clock = clock
        self._max_page = max_page
        self.forbidden: set[str] = set()

    def operations(self) -> list[Operation]:
        """The contract, line by line."""
        return [
            Operation("GET", "/", self.schema),
            Operation("POST", "/webhooks", self.subscribe),
            Operation("GET", "/{datatype}", self.list, lists=True),
            Operation("POST", "/{datatype}", self.create),
            Operation("POST", "/{datatype}/batch", self.batch, batches=True),
            Operation("GET", "/{datatype}/{id}", self.read),
            Operation("PATCH", "/{datatype}/{id}", self.patch),
            Operation("DELETE", "/{datatype}/{id}", self.delete),
            Operation("POST", "/{datatype}/{id}/{property}/adjustments", self.adjust),
        ]

    def schema(self, _: Call) -> Answer:
        """`GET /`: what there is."""
        return Answer(200, {"datatypes": {name: d.schema() for name, d in self._datatypes.items()}})

    def list(self, call: Call) -> Answer:
        """`GET /{datatype}`: a page by (updated_at, id); `updated_since` is inclusive, a cursor excludes
        filters.
        """
        table = self._records.table(self._datatype(call))
        start, deleted_too = self._start(call)
        live: Callable[[str], Record | None] = table.rows.get
        if fault := call.struck_by("stale_page"):
            horizon = self._clock.now() - timedelta(seconds=fault.seconds)
            then = stale(table, lambda record: record.updated, horizon)
            live = then

        def row(place: Position) -> Record | None:
            return live(place.id) or (table.graves.get(place.id) if deleted_too else None)

        page = bent(page_of(table.after(start), self._limit(call), row), call.fault, start)
        cursor = token([written(page.next), deleted_too]) if page.more else None
        return Answer(200, {"data": [record.shown for record in page.rows], "next_cursor": cursor})

    def read(self, call: Call) -> Answer:
        """`GET /{datatype}/{id}`."""
        return shown(self._record(self._datatype(call), call.params["id"]))

    def create(self, call: Call) -> Answer:
        """`POST /{datatype}`."""
        datatype = self._datatype(call)
        return self._once(call, lambda: self._create(datatype, _object(call.body)))

    def patch(self, call: Call) -> Answer:
        """`PATCH /{datatype}/{id}`: merge patch under `If-Match`."""
        datatype, body = self._datatype(call), _object(call.body)
        return self._patch(datatype, call.params["id"], call.headers.get("if-match"), body)

    def delete(self, call: Call) -> Answer:
        """`DELETE /{datatype}/{id}` under `If-Match`."""
        return self._delete(self._datatype(call), call.params["id"], call.headers.get("if-match"))

    def adjust(self, call: Call) -> Answer:
        """`POST /{datatype}/{id}/{property}/adjustments`: add to a counter."""
        datatype = self._datatype(call)
        field = datatype.fields.get(tuple(call.params["property"].split(".")))
        if field is None or not field.counter:
            raise refused(404, f"{datatype.name} has no counter {call.params['property']!r}")
        body = _object(call.body)
        delta = body.get("delta")
        if body.keys() != {"delta"} or not isinstance(delta, int) or isinstance(delta, bool):
            raise refused(400, 'an adjustment is {"delta": n} with a whole number')

        def adjusted() -> Answer:
            record = self._record(datatype, call.params["id"])
            try:
                return shown(self._records.adjust(datatype, record, field, delta))
            except NotCounted as why:
                raise refused(409, str(why)) from None

        return self._once(call, adjusted)

    def batch(self, call: Call) -> Answer:
        """`POST /{datatype}/batch`: each part stands or falls alone."""
        datatype = self._datatype(call)
        parts = call.body
        if not isinstance(parts, list) or not 1 <= len(parts) <= 100 or not all(map(_is_part, parts)):
            raise refused(
                400, "a batch is a list of 1 to 100 {method: POST|PATCH|DELETE, id?, if_match?, body}"
            )
        partial = call.struck_by("partial_batch")

        def part(number: int, asked: Json) -> Json:
            try:
                if partial and number % 2:
                    raise refused(503, "simulated fault: this part was not carried out")
                answer = self._part(datatype, asked)
            except Refused as refusal:
                answer = refusal.answer
            return {"status": answer.status, "body": answer.body}

        return self._once(call, lambda: Answer(207, [part(n, asked) for n, asked in enumerate(parts)]))

    def subscribe(self, call: Call) -> Answer:
        """`POST /webhooks`: hear of events from now on."""
        body = _object(call.body)
        url, events = body.get("url"), body.get("events")
        known = {f"{segment}.{event}" for segment in self._segments for event in EVENTS}
        sound = isinstance(url, str) and url and isinstance(events, list) and events
        if not sound or body.keys() != {"url", "events"}:
            raise refused(400, "a subscription is {url, events}")
        if odd := [event for event in events if not isinstance(event, str) or event not in known]:
            raise refused(400, f"no such event: {odd[0]!r}")
        made = Subscription(self._store.ids(), url, tuple(events), secret_from(self._store.ids()))
        self._store.subscriptions.append(made)
        return Answer(201, {"id": made.id, "secret": made.secret})

    # one record

    def _create(self, datatype: Datatype, body: Any) -> Answer:
        return shown(_valid(lambda: self._records.create(datatype, body)), 201)

    def _patch(self, datatype: Datatype, id: str, if_match: str | None, body: Any) -> Answer:
        record = self._expected(datatype, id, if_match)
        return shown(_valid(lambda: self._records.patch(datatype, record, body)))

    def _delete(self, datatype: Datatype, id: str, if_match: str | None) -> Answer:
        self._records.delete(datatype, self._expected(datatype, id, if_match))
        return Answer(204)

    def _part(self, datatype: Datatype, asked: Json) -> Answer:
        match asked:
            case {"method": "PATCH"}:
                return self._patch(datatype, asked["id"], asked.get("if_match"), asked["body"])
            case {"method": "DELETE"}:
                return self._delete(datatype, asked["id"], asked.get("if_match"))
        return self._create(datatype, asked["body"])

    def _record(self, datatype: Datatype, id: str) -> Record:
        try:
            return self._records.get(datatype, id)
        except Deleted:
            raise refused(410, f"{datatype.name} {id} was deleted") from None
        except Missing:
            raise refused(404, f"there is no {datatype.name} {id}") from None

    def _expected(self, datatype: Datatype, id: str, if_match: str | None) -> Record:
        record = self._record(datatype, id)
        if if_match is None:
            raise refused(428, "say which version you have seen")
        if if_match != record.etag:
            raise refused(412, f"this is version {record.etag}")
        return record

    # what a request says

    def _datatype(self, call: Call) -> Datatype:
        datatype = self._segments.get(call.params["datatype"])
        if datatype is None:
            raise refused(404, f"there is no datatype at /{call.params['datatype']}")
        if datatype.name in self.forbidden:
            raise refused(403, f"this token has no right to {datatype.name}")
        return datatype

    def _limit(self, call: Call) -> int:
        text = call.query.get("limit", str(self._max_page))
        if not (text.isdecimal() and text.isascii() and 1 <= int(text[:9]) <= self._max_page):
            raise refused(400, f"limit is a number from 1 to {self._max_page}")
        return int(text)

    def _start(self, call: Call) -> tuple[Position | None, bool]:
        query = call.query
        if "cursor" not in query:
            deleted_too = query.get("include_deleted", "false")
            if deleted_too not in {"true", "false"}:
                raise refused(400, "include_deleted is true or false")
            since = query.get("updated_since")
            return None if since is None else Position(_moment(since), ""), deleted_too == "true"
        if query.keys() & {"updated_since", "include_deleted"}:
            raise refused(400, "a cursor excludes filters")
        if call.struck_by("dead_cursor"):
            raise refused(410, "this cursor has expired")
        try:
            start, deleted_too = parts_of(query["cursor"], 2)
            return read(start), deleted_too is True
        except DeadCursor:
            raise refused(400, "this is no cursor of ours") from None

    def _once(self, call: Call, carry_out: Callable[[], Answer]) -> Answer:
        """Carry a request out once per idempotency key; the same key again gives the first success again."""
        key = call.headers.get("idempotency-key")
        if not key:
            raise refused(400, "Idempotency-Key is required")
        try:
            return self._store.keys.once(call.path, key, call.body, self._clock.true.now(), carry_out)
        except KeyReused:
            raise refused(422, "this idempotency key came with another body before") from None
        except KeyBusy:
            raise refused(
                409, "the first request with this idempotency key is still being answered"
            ) from None


def _object(body: Any) -> Any:
    if not isinstance(body, dict):
        raise refused(400, "the body is no JSON object")
    return body


def _is_part(part: Any) -> bool:
    """Whether something has the shape of a part of a batch; what it asks for may still be refused."""
    match part:
        case {"if_match": etag} if not isinstance(etag, str):
            return False
        case {"method": "POST", "body": dict()} | {"method": "PATCH", "id": str(), "body": dict()}:
            return True
        case {"method": "DELETE", "id": str()}:
            return True
    return False


def _valid(change: Callable[[], Record]) -> Record:
    try:
        return change()
    except Invalid as why:
        raise refused(400, str(why), errors=[{"field": why.at, "detail": why.why}]) from None


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            return moment
    except (ValueError, TypeError):
        pass
    raise refused(400, f"{text!r:.40} is no time with a zone")

"""What is asked over HTTP, how patiently, and when it is asked again (S23, S24)."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from bothways.errors import SystemDown
from bothways.sync.connectors import Refused, Unknown
from bothways.sync.connectors.answers import Answer
from tests.sync.connectors.connected import TOKEN
from tests.sync.connectors.wire import Wire, always, in_turn


def test_a_request_says_who_asks(wire: Callable[..., Wire]) -> None:
    asking = wire(always(200, json={}))
    asking.send({"ü": 1}, key="k")
    [request] = asking.asked
    assert str(request.url) == "https://till.test/api/x"
    assert request.headers["authorization"] == f"Bearer {TOKEN}"
    assert request.headers["user-agent"] == "bothways"
    assert request.headers["accept"] == "application/json"
    assert request.headers["idempotency-key"] == "k"
    assert request.headers["content-type"] == "application/json"
    assert request.content == '{"ü": 1}'.encode()


def test_headers_are_written_as_their_standards_write_them(wire: Callable[..., Wire]) -> None:
    asking = wire(always(200, json={}))
    asking.send({"a": 1}, key="k")
    [request] = asking.asked
    names = {name.decode() for name, _ in request.headers.raw}
    assert names >= {"Authorization", "User-Agent", "Accept", "Content-Type", "Idempotency-Key"}


@pytest.mark.parametrize("base", ["https://till.test/X", "https://till.test/X/"])
def test_an_address_may_end_in_a_slash(wire: Callable[..., Wire], base: str) -> None:
    asking = wire(always(200, json={}), base=base)
    asking.get()
    assert str(asking.asked[0].url) == "https://till.test/X/x"


def test_a_reading_asks_for_what_it_is_told(wire: Callable[..., Wire]) -> None:
    asking = wire(always(404))
    assert asking.get("/y", {"since": "a b"}).status == 404
    assert asking.get("/z").body is None
    assert [str(request.url) for request in asking.asked] == [
        "https://till.test/api/y?since=a+b",
        "https://till.test/api/z",
    ]
    assert {(request.method, request.content) for request in asking.asked} == {("GET", b"")}


def test_a_writing_says_no_more_than_it_holds(wire: Callable[..., Wire]) -> None:
    asking = wire(always(200, json={}))
    asking.send()
    asking.send({})
    nothing, empty = asking.asked
    assert (nothing.content, empty.content) == (b"", b"{}")
    assert empty.headers["content-type"] == "application/json"
    assert not {"content-type", "idempotency-key"} & nothing.headers.keys()


def test_a_writing_may_have_headers_of_its_own(wire: Callable[..., Wire]) -> None:
    asking = wire(always(200, json={}))
    asking.send({"a": 1}, headers={"Content-Type": "application/merge-patch+json", "If-Match": '"v1"'})
    [request] = asking.asked
    assert request.headers["content-type"] == "application/merge-patch+json"
    assert request.headers["if-match"] == '"v1"'


@pytest.mark.parametrize(
    ("header", "wait"),
    [("2.5", 2.5), ("0", 0.1), ("-3", 0.1), (None, 7), ("soon", 7), ("nan", 7), ("inf", 7)],
)
def test_retry_after(wire: Callable[..., Wire], header: str | None, wait: float) -> None:
    headers = {} if header is None else {"Retry-After": header}
    asking = wire(in_turn(httpx.Response(429, headers=headers), httpx.Response(200, json={})))
    assert asking.get().good
    assert asking.waited == wait


def test_retry_after_may_be_a_date_by_the_systems_clock(wire: Callable[..., Wire]) -> None:
    headers = {"Date": "Tue, 01 Oct 2024 09:00:00 GMT", "Retry-After": "Tue, 01 Oct 2024 09:00:20 GMT"}
    asking = wire(in_turn(httpx.Response(429, headers=headers), httpx.Response(200, json={})))
    asking.get()
    assert asking.waited == 20


def test_without_a_date_it_is_a_date_by_our_clock(wire: Callable[..., Wire]) -> None:
    headers = {"Retry-After": "Tue, 01 Oct 2024 08:00:30 GMT"}
    asking = wire(in_turn(httpx.Response(429, headers=headers), httpx.Response(200, json={})), slow=20)
    asking.get()
    assert asking.waited == 50, "20 for each answer, 10 till half past"


def test_a_429_on_a_write_is_sent_again_as_it_was(wire: Callable[..., Wire]) -> None:
    asking = wire(in_turn(httpx.Response(429), httpx.Response(429), httpx.Response(201, json={"id": "1"})))
    answer = asking.send({"a": 1}, key="k")
    assert isinstance(answer, Answer)
    assert answer.body == {"id": "1"}
    assert len({(request.content, request.headers["idempotency-key"]) for request in asking.asked}) == 1
    assert asking.waited == 14


@pytest.mark.parametrize(
    ("retry_after", "waited"), [("86400", 0), ("7201", 0), ("7200", 7200), ("3000", 6000)]
)
def test_more_than_two_hours_of_waiting_is_a_system_that_is_down(
    wire: Callable[..., Wire], retry_after: str, waited: float
) -> None:
    asking = wire(always(429, headers={"Retry-After": retry_after}))
    with pytest.raises(SystemDown) as down:
        asking.get()
    assert str(down.value) == "the till lets us wait for more than two hours: 429 Too Many Requests"
    assert asking.waited == waited


@pytest.mark.parametrize(
    "broken",
    [
        httpx.Response(500),
        httpx.Response(503, headers={"Retry-After": "1"}),
        httpx.Response(408),
        httpx.Response(200, text="<html>"),
        httpx.Response(200),
        httpx.ReadTimeout("slow"),
        httpx.ConnectError("no route"),
        httpx.DecodingError("gzip"),
    ],
    ids=str,
)
def test_a_read_is_tried_four_times(wire: Callable[..., Wire], broken: httpx.Response | Exception) -> None:
    asking = wire(in_turn(broken, broken, broken, httpx.Response(200, json=[])))
    assert asking.get().body == []
    assert asking.waited == 20
    asking = wire(in_turn(broken, broken, broken, broken))
    with pytest.raises(SystemDown, match=r"the till doesn't answer GET /x: .+"):
        asking.get()
    assert asking.http.requests == len(asking.asked) == 4


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (httpx.Response(500), "500 Internal Server Error"),
        (httpx.Response(200, text="<html>"), "an answer that is no JSON"),
        (httpx.ConnectError("no\nroute"), "no answer (ConnectError: no route)"),
    ],
    ids=["failing", "babbling", "unreachable"],
)
def test_a_system_that_is_down_is_told_by_name(
    wire: Callable[..., Wire], broken: httpx.Response | Exception, why: str
) -> None:
    asking = wire(in_turn(*[broken] * 4))
    with pytest.raises(SystemDown) as down:
        asking.get("/things")
    assert str(down.value) == f"the till doesn't answer GET /things: {why}"


def test_a_system_out_of_service_says_for_how_long(wire: Callable[..., Wire]) -> None:
    asking = wire(in_turn(httpx.Response(503, headers={"Retry-After": "90"}), httpx.Response(200, json={})))
    asking.get()
    assert asking.waited == 90


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (httpx.Response(500), "500 Internal Server Error"),
        (httpx.Response(408), "408 Request Timeout"),
        (httpx.ReadTimeout("slow"), "no answer (ReadTimeout: slow)"),
        (httpx.ConnectError("gone"), "no answer (ConnectError: gone)"),
    ],
    ids=str,
)
def test_a_write_is_never_tried_again_blindly(
    wire: Callable[..., Wire], broken: httpx.Response | Exception, why: str
) -> None:
    asking = wire(in_turn(broken))
    assert asking.send({"a": 1}, key="k") == Unknown(why)
    assert asking.http.requests == len(asking.asked) == 1


def test_a_refusal_is_an_answer(wire: Callable[..., Wire]) -> None:
    asking = wire(always(422, json={"title": "No", "detail": "never"}))
    answer = asking.send({"a": 1})
    assert isinstance(answer, Answer)
    assert not answer.good
    assert answer.reason == "422 No: never"


@pytest.mark.parametrize(
    ("value", "why"),
    [(float("nan"), "Out of range float"), ("\ud800", "'utf-8' codec can't encode")],
    ids=["no number", "no text"],
)
def test_what_json_cannot_hold_is_refused_before_it_is_sent(
    wire: Callable[..., Wire], value: object, why: str
) -> None:
    asking = wire(always(200, json={}))
    refused = asking.send({"a": value})
    assert isinstance(refused, Refused)
    assert refused.reason.startswith(f"it can't be sent as JSON: {why}")
    assert asking.asked == []


CROSSED = {"type": "CONFLICT", "subtype": "CONCURRENT_MODIFICATION", "message": "again, please"}
IN_FLIGHT = {"type": "CONFLICT", "subtype": None, "message": "still being answered"}


def test_what_was_turned_away_for_a_moment_is_sent_again(wire: Callable[..., Wire]) -> None:
    asking = wire(in_turn(httpx.Response(409, json=CROSSED), httpx.Response(204)))
    answer = asking.send({"a": 1})
    assert isinstance(answer, Answer)
    assert answer.good
    asking = wire(always(409, json=CROSSED))
    answer = asking.send({"a": 1})
    assert isinstance(answer, Answer), "it was refused, and nothing was done"
    assert answer.reason == "409 CONCURRENT_MODIFICATION: again, please"
    assert (len(asking.asked), asking.waited) == (4, 20)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (IN_FLIGHT, "409 CONFLICT: still being answered"),
        (
            {"title": "Conflict", "detail": "this Idempotency-Key is in use"},
            "409 Conflict: this Idempotency-Key is in use",
        ),
    ],
)
def test_a_key_in_flight_is_waited_for_and_else_unknown(
    wire: Callable[..., Wire], body: dict[str, object], why: str
) -> None:
    asking = wire(in_turn(httpx.Response(409, json=body), httpx.Response(201, json={"id": "1"})))
    assert isinstance(asking.send({"a": 1}, key="k"), Answer)
    asking = wire(always(409, json=body))
    assert asking.send({"a": 1}, key="k") == Unknown(why)
    assert (len(asking.asked), asking.waited) == (4, 20)


def test_a_conflict_without_a_key_is_a_refusal_at_once(wire: Callable[..., Wire]) -> None:
    asking = wire(always(409, json=IN_FLIGHT))
    answer = asking.send({"a": 1})
    assert isinstance(answer, Answer)
    assert answer.reason == "409 CONFLICT: still being answered"
    assert len(asking.asked) == 1

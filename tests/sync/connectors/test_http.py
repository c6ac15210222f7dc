"""Patience, credentials and reasons, over a transport that says whatever a test wants."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import httpx
import pytest

from bothways.errors import CredentialsRefused, SystemDown
from bothways.mapping import System
from bothways.sync.connectors import Refused, Setup, Unknown
from bothways.sync.connectors.answers import Answer, objection, seconds
from bothways.sync.connectors.http import Http
from fakes.clock import SimulatedClock
from tests.sync.connectors.connected import TOKEN

NOW = datetime(2024, 10, 1, 8, 0, tzinfo=UTC)
Say = Callable[[httpx.Request], httpx.Response]


class Wire:
    """An `Http` whose requests are answered by `say`, and what it asked."""

    def __init__(self, run: Callable[..., object], say: Say, token: str = TOKEN) -> None:
        self.clock = SimulatedClock()
        self.asked: list[httpx.Request] = []
        self._run = run
        self._say = say
        client = httpx.AsyncClient(transport=httpx.MockTransport(self._answer))
        system = System(name="", label="till", contract="rest", datatypes={})
        self.http = Http(Setup(system, "https://till.test/api/", token, client, self.clock), cool_down=7)

    def get(self, path: str = "/x") -> Answer:
        answer = self._run(self.http.get(path))
        assert isinstance(answer, Answer)
        return answer

    def send(self, body: dict[str, object] | None = None, key: str | None = None) -> object:
        return self._run(self.http.send("POST", "/x", body, key=key))

    @property
    def waited(self) -> float:
        return (self.clock.now() - NOW).total_seconds()

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        return self._say(request)


@pytest.fixture
def wire() -> Iterator[Callable[..., Wire]]:
    with asyncio.Runner() as runner:
        yield lambda say, **options: Wire(runner.run, say, **options)


def in_turn(*answers: httpx.Response | Exception) -> Say:
    """Gives each answer once, in order."""
    left = list(answers)

    def say(_: httpx.Request) -> httpx.Response:
        answer = left.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return say


def always(status: int, **answer: object) -> Say:
    return lambda _: httpx.Response(status, **answer)  # type: ignore[arg-type]  # as given


def test_a_request_says_who_asks(wire: Callable[..., Wire]) -> None:
    asking = wire(always(200, json={}))
    asking.send({"ü": 1}, key="k")
    [request] = asking.asked
    assert str(request.url) == "https://till.test/api/x"
    assert request.headers["authorization"] == f"Bearer {TOKEN}"
    assert request.headers["user-agent"] == "bothways"
    assert request.headers["idempotency-key"] == "k"
    assert request.headers["content-type"] == "application/json"
    assert request.content == '{"ü": 1}'.encode()


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
    assert seconds("Tue, 01 Oct 2024 07:00:00 GMT", NOW) == 0


def test_a_429_on_a_write_is_sent_again_as_it_was(wire: Callable[..., Wire]) -> None:
    asking = wire(in_turn(httpx.Response(429), httpx.Response(429), httpx.Response(201, json={"id": "1"})))
    answer = asking.send({"a": 1}, key="k")
    assert isinstance(answer, Answer)
    assert answer.body == {"id": "1"}
    assert len({(request.content, request.headers["idempotency-key"]) for request in asking.asked}) == 1
    assert asking.waited == 14


def test_a_wait_of_days_is_a_system_that_is_down(wire: Callable[..., Wire]) -> None:
    asking = wire(always(429, headers={"Retry-After": "86400"}))
    with pytest.raises(SystemDown, match="the till"):
        asking.get()
    assert asking.waited == 0


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


def test_a_system_out_of_service_says_for_how_long(wire: Callable[..., Wire]) -> None:
    asking = wire(in_turn(httpx.Response(503, headers={"Retry-After": "90"}), httpx.Response(200, json={})))
    asking.get()
    assert asking.waited == 90


@pytest.mark.parametrize(
    "broken",
    [httpx.Response(500), httpx.Response(408), httpx.ReadTimeout("slow"), httpx.ConnectError("gone")],
    ids=str,
)
def test_a_write_is_never_tried_again_blindly(
    wire: Callable[..., Wire], broken: httpx.Response | Exception
) -> None:
    asking = wire(in_turn(broken))
    outcome = asking.send({"a": 1}, key="k")
    assert isinstance(outcome, Unknown)
    assert outcome.reason
    assert len(asking.asked) == 1


def test_a_refusal_is_an_answer(wire: Callable[..., Wire]) -> None:
    asking = wire(always(422, json={"title": "No", "detail": "never"}))
    answer = asking.send({"a": 1})
    assert isinstance(answer, Answer)
    assert not answer.good
    assert answer.reason == "422 No: never"


def test_a_number_that_json_cannot_hold_is_refused_before_it_is_sent(wire: Callable[..., Wire]) -> None:
    asking = wire(always(200, json={}))
    assert isinstance(asking.send({"a": float("nan")}), Refused)
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
    assert len(asking.asked) == 4


@pytest.mark.parametrize(
    "body", [IN_FLIGHT, {"title": "Conflict", "detail": "this Idempotency-Key is in use"}]
)
def test_a_key_in_flight_is_waited_for_and_else_unknown(
    wire: Callable[..., Wire], body: dict[str, object]
) -> None:
    asking = wire(in_turn(httpx.Response(409, json=body), httpx.Response(201, json={"id": "1"})))
    assert isinstance(asking.send({"a": 1}, key="k"), Answer)
    asking = wire(always(409, json=body))
    assert isinstance(asking.send({"a": 1}, key="k"), Unknown)
    assert len(asking.asked) == 4


def test_a_conflict_without_a_key_is_a_refusal_at_once(wire: Callable[..., Wire]) -> None:
    asking = wire(always(409, json=IN_FLIGHT))
    answer = asking.send({"a": 1})
    assert isinstance(answer, Answer)
    assert answer.reason == "409 CONFLICT: still being answered"
    assert len(asking.asked) == 1


# -- secrets (S31) -------------------------------------------------------------------------------------


def test_a_token_that_comes_back_is_not_told(wire: Callable[..., Wire]) -> None:
    echo = {"message": f"no such key: Bearer {TOKEN}"}
    answer = wire(always(400, json=echo)).send({"a": 1})
    assert isinstance(answer, Answer)
    assert answer.reason == "400 no such key: Bearer …"
    with pytest.raises(CredentialsRefused) as refused:
        wire(always(401, json=echo)).get()
    assert TOKEN not in str(refused.value)
    unknown = wire(in_turn(httpx.ReadError(f"with {TOKEN}"))).send({"a": 1})
    assert isinstance(unknown, Unknown)
    assert TOKEN not in unknown.reason


@pytest.mark.parametrize("token", ["", "  ", "line\nbreak", "schlüssel"])
def test_a_token_that_no_header_can_carry_is_refused_without_being_told(
    wire: Callable[..., Wire], token: str
) -> None:
    with pytest.raises(CredentialsRefused, match="the till") as refused:
        wire(always(200, json={}), token=token)
    assert not token.strip() or token not in str(refused.value)


def test_a_setup_does_not_show_its_token() -> None:
    system = System(name="", label="till", contract="rest", datatypes={})
    client = httpx.AsyncClient(transport=httpx.MockTransport(always(200)))
    assert TOKEN not in repr(Setup(system, "https://till.test", TOKEN, client, SimulatedClock()))


# -- reasons -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (400, {"type": "about:blank", "title": "Bad", "detail": "no"}, "400 Bad: no"),
        (400, {"title": "Bad", "detail": "Bad"}, "400 Bad"),
        (
            409,
            {"type": "CONFLICT", "subtype": "SKU_UNAVAILABLE", "message": "taken", "details": None},
            "409 SKU_UNAVAILABLE: taken",
        ),
        (400, {"type": "INVALID_REQUEST_ERROR", "message": "what?"}, "400 INVALID_REQUEST_ERROR: what?"),
        (400, {"message": "what?", "details": ["a", "ü"]}, '400 what?: ["a", "ü"]'),
        (404, None, "404 Not Found"),
        (404, {}, "404 Not Found"),
        (418, ["odd"], "418 I'm a Teapot"),
        (599, "text", "599 an answer without a meaning"),
    ],
)
def test_an_error_becomes_one_readable_reason(status: int, body: object, reason: str) -> None:
    assert objection(status, body) == reason


def test_a_reason_is_one_line_of_decent_length(wire: Callable[..., Wire]) -> None:
    answer = wire(always(400, json={"message": "a\n\tb " + "c" * 1000})).send({"a": 1})
    assert isinstance(answer, Answer)
    assert answer.reason.startswith("400 a b ccc")
    assert len(answer.reason) == 300

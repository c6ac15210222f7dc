"""What is made of an answer: the system's time, its parts, and reasons that don't give our token away (S10, S31)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest

from bothways.errors import CredentialsRefused
from bothways.mapping import System
from bothways.sync.connectors import Setup, Unknown
from bothways.sync.connectors.answers import Answer
from fakes.clock import SimulatedClock
from tests.sync.connectors.connected import TOKEN
from tests.sync.connectors.wire import NOW, Wire, always, in_turn

# -- what time it is over there, and answers in parts --------------------------------------------------


def test_a_systems_clock_is_learnt_from_what_was_asked_and_heard_when(wire: Callable[..., Wire]) -> None:
    asking = wire(always(200, json={}, headers={"Date": "Tue, 01 Oct 2024 08:01:40 GMT"}), slow=20)
    assert asking.get().at == NOW + timedelta(seconds=100)
    assert asking.http.offset.corrected(NOW) == NOW - timedelta(seconds=90.5), "between 80 and 101"


def test_an_answer_without_a_date_is_of_the_time_that_it_came(wire: Callable[..., Wire]) -> None:
    asking = wire(always(200, json={}), slow=20)
    assert asking.get().at == NOW + timedelta(seconds=20)
    assert asking.http.offset.corrected(NOW) == NOW


@pytest.mark.parametrize(
    ("result", "status", "body", "reason"),
    [
        ({"status": 200, "body": {"id": "1"}}, 200, {"id": "1"}, ""),
        ({"status": 204}, 204, None, ""),
        ({"status": 422, "body": {"title": "No"}}, 422, {"title": "No"}, "422 No"),
        ({"status": 299, "body": []}, 299, [], ""),
        ({"status": 300, "body": None}, 300, None, "300 Multiple Choices"),
        ({"status": 199, "body": None}, 199, None, "199 an answer without a meaning"),
        ({"status": "200", "body": {}}, 502, None, "502 Bad Gateway"),
        ({"body": {}}, 502, None, "502 Bad Gateway"),
        ("odd", 502, None, "502 Bad Gateway"),
    ],
    ids=str,
)
def test_a_part_of_an_answer_is_an_answer(
    wire: Callable[..., Wire], result: object, status: int, body: object, reason: str
) -> None:
    at = NOW + timedelta(seconds=7)
    assert wire(always(200)).http.part(result, at) == Answer(status, body, reason, at)


@pytest.mark.parametrize("status", [401, 402, 403])
def test_credentials_that_are_refused_are_told_from_everything_else(
    wire: Callable[..., Wire], status: int
) -> None:
    asking = wire(always(status, json={"title": "No"}))
    with pytest.raises(CredentialsRefused) as refused:
        asking.get()
    assert str(refused.value) == f"the till refuses our credentials: {status} No"
    assert len(asking.asked) == 1
    assert wire(always(404)).get().status == 404


# -- secrets (S31) -------------------------------------------------------------------------------------


def test_a_token_that_comes_back_is_not_told(wire: Callable[..., Wire]) -> None:
    echo = {"message": f"no such key: Bearer {TOKEN}"}
    answer = wire(always(400, json=echo)).send({"a": 1})
    assert isinstance(answer, Answer)
    assert answer.reason == "400 no such key: Bearer …"
    with pytest.raises(CredentialsRefused) as refused:
        wire(always(401, json=echo)).get()
    assert str(refused.value) == "the till refuses our credentials: 401 no such key: Bearer …"
    unknown = wire(in_turn(httpx.ReadError(f"with {TOKEN}"))).send({"a": 1})
    assert unknown == Unknown("no answer (ReadError: with …)")


@pytest.mark.parametrize("token", ["", "  ", "line\nbreak", "schlüssel"])
def test_a_token_that_no_header_can_carry_is_refused_without_being_told(
    wire: Callable[..., Wire], token: str
) -> None:
    with pytest.raises(CredentialsRefused) as refused:
        wire(always(200, json={}), token=token)
    assert str(refused.value) == "the token for the till is empty, or holds what no header can carry"


def test_a_setup_does_not_show_its_token() -> None:
    system = System(name="", label="till", contract="rest", datatypes={})
    client = httpx.AsyncClient(transport=httpx.MockTransport(always(200)))
    assert TOKEN not in repr(Setup(system, "https://till.test", TOKEN, client, SimulatedClock()))


# -- reasons -------------------------------------------------------------------------------------------


def test_a_reason_is_one_line_of_decent_length(wire: Callable[..., Wire]) -> None:
    answer = wire(always(400, json={"message": "a\n\tb " + "c" * 1000})).send({"a": 1})
    assert isinstance(answer, Answer)
    assert answer.reason.startswith("400 a b ccc")
    assert len(answer.reason) == 300

"""What an answer over HTTP means, whichever system gave it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bothways.sync.connectors.answers import Answer, objection, parsed, seconds

NOW = datetime(2024, 10, 1, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "good", "broken"),
    [
        (199, False, False),
        (200, True, False),
        (299, True, False),
        (300, False, False),
        (408, False, True),
        (409, False, False),
        (499, False, False),
        (500, False, True),
        (599, False, True),
    ],
)
def test_a_system_did_it_or_refused_or_failed(status: int, good: bool, broken: bool) -> None:
    answer = Answer(status, None, "", NOW)
    assert (answer.good, answer.broken) == (good, broken)


@pytest.mark.parametrize(
    ("status", "body", "reason", "in_flight"),
    [
        (409, None, "409 this Idempotency-Key is in use", True),
        (409, {"type": "CONFLICT"}, "409 CONFLICT", True),
        (409, {"type": "CONFLICT", "subtype": None}, "409 CONFLICT", True),
        (409, {"type": "CONFLICT", "subtype": "SKU_UNAVAILABLE"}, "409 SKU_UNAVAILABLE", False),
        (409, {"type": "ANOTHER"}, "409 ANOTHER", False),
        (409, ["CONFLICT"], "409 Conflict", False),
        (422, {"type": "CONFLICT"}, "422 this Idempotency-Key was used for something else", False),
    ],
)
def test_a_conflict_may_be_about_the_same_request(
    status: int, body: Any, reason: str, in_flight: bool
) -> None:
    assert Answer(status, body, reason, NOW).in_flight is in_flight


@pytest.mark.parametrize(
    ("status", "reason", "crossed"),
    [
        (409, "409 CONCURRENT_MODIFICATION: again", True),
        (409, "409 SKU_UNAVAILABLE", False),
        (400, "400 CONCURRENT_MODIFICATION", False),
    ],
)
def test_a_conflict_may_be_with_somebody_who_was_writing_just_then(
    status: int, reason: str, crossed: bool
) -> None:
    assert Answer(status, None, reason, NOW).crossed is crossed


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
        (400, {"type": "about:blank", "title": "", "subtype": None}, "400 about:blank"),
        (400, {"type": 7, "message": "what?"}, "400 what?"),
        (400, {"message": "what?", "details": ["a", "ü"]}, '400 what?: ["a", "ü"]'),
        (
            400,
            {"details": "e", "detail": "d", "message": "c", "subtype": "b", "title": "a", "type": "t"},
            "400 a: b: c: d: e",
        ),
        (404, None, "404 Not Found"),
        (404, {}, "404 Not Found"),
        (418, ["odd"], "418 I'm a Teapot"),
        (599, "text", "599 an answer without a meaning"),
    ],
)
def test_an_error_becomes_one_readable_reason(status: int, body: object, reason: str) -> None:
    assert objection(status, body) == reason


@pytest.mark.parametrize(
    ("content", "body"),
    [
        (b'{"a": [1]}', {"a": [1]}),
        (b"0", 0),
        (b"null", None),
        (b"", None),
        (b"<html>", None),
        (b"\xff", None),
        (b"[" * 100_000, None),
    ],
    ids=["an object", "a number", "null", "nothing", "no JSON", "no text", "too deep"],
)
def test_a_body_is_json_or_nothing(content: bytes, body: Any) -> None:
    assert parsed(content) == body


@pytest.mark.parametrize(
    ("header", "pause"),
    [
        (None, None),
        ("", None),
        ("0", 0),
        ("0.5", 0.5),
        ("120", 120),
        ("-3", 0),
        ("soon", None),
        ("nan", None),
        ("inf", None),
        ("Tue, 01 Oct 2024 08:00:20 GMT", 19.5),
        ("Tue, 01 Oct 2024 08:00:01 GMT", 0.5),
        ("Tue, 01 Oct 2024 07:00:00 GMT", 0),
        ("Tue, 99 Oct 2024 08:00:00 GMT", None),
    ],
)
def test_a_system_says_for_how_long_to_wait_or_until_when(header: str | None, pause: float | None) -> None:
    assert seconds(header, NOW + timedelta(milliseconds=500)) == pause

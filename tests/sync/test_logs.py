"""What is logged, and what never is."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import structlog
from structlog.typing import FilteringBoundLogger

from bothways.acceptance.evidence import Evidence
from bothways.sync.logs import logger

Told = Callable[[list[str], Callable[[FilteringBoundLogger], object]], dict[str, Any]]


@pytest.fixture
def told() -> Told:
    """The one event that a logger without these secrets writes."""

    def event(secrets: list[str], log: Callable[[FilteringBoundLogger], object]) -> dict[str, Any]:
        out = io.StringIO()
        log(logger(secrets, out))
        (line,) = out.getvalue().splitlines()
        found: dict[str, Any] = json.loads(line)
        return found

    return event


@pytest.mark.proves("S31")
def test_a_secret_is_hidden_wherever_it_stands_in_an_event(evidence: Evidence) -> None:
    out = io.StringIO()
    log = logger(["s3cret", "s3cret-and-more"], out)
    log.error(
        "could_not_run",
        reason="401: token s3cret-and-more",
        seen={"header": ["Bearer s3cret"]},
        error=ValueError("s3cret"),
        count=3,
    )
    told = json.loads(out.getvalue())
    evidence.same("401: token …", told["reason"], "a secret in a text, the longer one whole")
    evidence.same({"header": ["Bearer …"]}, told["seen"], "a secret in nested content")
    evidence.same("…", told["error"], "a secret in an exception")
    evidence.same((3, "error"), (told["count"], told["level"]), "what is no secret")


def test_on_a_terminal_an_event_is_written_for_people() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    out = Terminal()
    logger([], out).info("cycle", updates=2)
    assert "cycle" in out.getvalue()
    assert not out.getvalue().startswith("{")


def test_events_go_to_standard_error_as_it_is_then_unless_told_otherwise(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logger([]).info("cycle")
    shown = capsys.readouterr()
    assert (shown.out, json.loads(shown.err)["event"]) == ("", "cycle")


@pytest.mark.parametrize("level", ["debug", "info", "warning", "error", "critical"])
def test_an_event_has_its_level_and_its_time_in_utc(told: Told, level: str) -> None:
    event = told([], lambda log: getattr(log, level)("cycle", updates=2))
    assert list(event) == ["updates", "event", "level", "timestamp"]
    assert (event["event"], event["level"], event["updates"]) == ("cycle", level, 2)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", event["timestamp"])
    apart = datetime.now(UTC) - datetime.fromisoformat(event["timestamp"])
    assert abs(apart.total_seconds()) < 60


@pytest.mark.parametrize(
    ("held", "shown"),
    [
        ("s3cret", "…"),
        ("s3cret and s3cret", "… and …"),
        ({"s3cret": {"deep": "a s3cret"}}, {"…": {"deep": "a …"}}),
        (["s3cret", 1], ["…", 1]),
        (("s3cret", None), ["…", None]),
        ({"s3cret"}, ["…"]),
        (Path("/var/s3cret"), "/var/…"),
        (None, None),
        (True, True),
        (False, False),
        (1.5, 1.5),
        (0, 0),
    ],
)
def test_all_that_is_no_secret_stays_as_it_is(told: Told, held: object, shown: object) -> None:
    assert told(["s3cret"], lambda log: log.info("cycle", held=held))["held"] == shown


def test_a_secret_is_hidden_in_the_name_of_an_event_too(told: Told) -> None:
    assert told(["s3cret"], lambda log: log.info("the s3cret"))["event"] == "the …"


@pytest.mark.parametrize(
    "secrets", [["ab", "abcd", "abc"], ["abcd", "abc", "ab"], ["b", "c", "abcd", "abc", "ab"]]
)
def test_of_secrets_within_each_other_the_longest_is_hidden_whole(told: Told, secrets: list[str]) -> None:
    assert told(secrets, lambda log: log.info("abcd abc ab a"))["event"] == "… … … a"


def test_a_secret_that_nobody_has_set_hides_nothing(told: Told) -> None:
    assert told(["", "zz"], lambda log: log.info("cycle"))["event"] == "cycle"


def test_how_others_set_up_structured_logging_leaves_ours_as_it_is(told: Told) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    try:
        assert told([], lambda log: log.info("cycle"))["event"] == "cycle"
    finally:
        structlog.reset_defaults()

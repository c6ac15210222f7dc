"""What is logged, and what never is."""

from __future__ import annotations

import io
import json

import pytest

from bothways.acceptance.evidence import Evidence
from bothways.sync.logs import logger


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

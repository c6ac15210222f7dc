"""The statement: what was tested with what outcome, as an in-toto Statement with the test-result predicate."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import rfc8785

from bothways.acceptance.outputs import MESSAGES, REPORT, RESULT
from bothways.acceptance.report.changes import read_result
from bothways.acceptance.report.page import unsigned
from bothways.acceptance.result import Result
from bothways.acceptance.verdict import RunVerdict, Verdict
from bothways.errors import InputError

PAYLOAD_TYPE = "application/vnd.in-toto+json"
STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
TEST_RESULT = "https://in-toto.io/attestation/test-result/v0.1"
OWN_OUTPUT = "(run)/"
"""What names an output of the run among the subjects; the rest are inputs, named from the project's root."""

_OUTCOMES = {
    RunVerdict.ACCEPTED: "PASSED",
    RunVerdict.ACCEPTED_WITH_EXCEPTIONS: "WARNED",
    RunVerdict.REJECTED: "FAILED",
    RunVerdict.INCOMPLETE: "FAILED",
}


def statement_of(folder: Path) -> dict[str, Any]:
    """The statement about the run in `folder`. The same files give the same statement, whoever asks.

    Its subjects are all inputs of the run and its own record; the predicate's key `bothways` holds what the
    test-result predicate has no word for. Raises `InputError` for a folder without a whole run.
    """
    result = read_result(folder / RESULT)
    outputs = {name: digest_of(folder, name) for name in (RESULT, MESSAGES, REPORT)}
    digests = {part.path: part.sha256 for part in result.inputs}
    digests |= {OWN_OUTPUT + name: digest for name, digest in outputs.items()}
    return {
        "_type": STATEMENT_TYPE,
        "subject": [{"name": name, "digest": {"sha256": digest}} for name, digest in digests.items()],
        "predicateType": TEST_RESULT,
        "predicate": {
            "result": _OUTCOMES[result.verdict],
            "configuration": [
                {"name": part.path, "digest": {"sha256": part.sha256}} for part in result.inputs[:2]
            ],
            "passedTests": _ids(result, Verdict.PASS),
            "warnedTests": _ids(result, Verdict.WAIVED),
            "failedTests": _ids(result, Verdict.FAIL, Verdict.FLAKY, Verdict.UNPROVEN),
            "bothways": _own(result),
        },
    }


def _ids(result: Result, *verdicts: Verdict) -> list[str]:
    return [item.id for item in result.items if item.verdict in verdicts]


def _own(result: Result) -> dict[str, Any]:
    """What our own words are needed for."""
    run = result.run
    return {
        "verdict": result.verdict,
        "checklist": result.checklist.model_dump(mode="json"),
        "engine": run.engine,
        "reference": run.reference,
        "seed": str(run.seed),
        "started": run.started,
        "attempt": run.attempt,
        "previousStatement": run.previous_statement,
        "versions": run.versions,
        "environment": result.environment.model_dump(mode="json"),
        "items": [
            {
                "id": item.id,
                "key": item.key,
                "text": item.text,
                "basis": item.basis,
                "verdict": item.verdict,
                "limitations": [limitation.id for limitation in item.limitations],
                "waiver": item.waiver and item.waiver.model_dump(mode="json"),
            }
            for item in result.items
        ],
        "limitations": {
            limitation.id: limitation.consequence for item in result.items for limitation in item.limitations
        },
        "calibration": result.calibration,
    }


def digest_of(folder: Path, name: str) -> str:
    """The SHA-256 digest of an output, of the report as it is before anybody has signed. Raises `InputError`."""
    try:
        content = (folder / name).read_bytes()
    except OSError as error:
        raise InputError(folder / name, None, f"can't read what a run left: {error.strerror}") from None
    if name == REPORT:
        content = unsigned(content.decode("utf-8", errors="replace")).encode()
    return hashlib.sha256(content).hexdigest()


def canonical(content: Any) -> bytes:
    """JSON in the one form that is signed (RFC 8785)."""
    return rfc8785.dumps(content)

"""A run as Cucumber Messages: newline-delimited JSON, as `@cucumber/html-formatter` and others read it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.metadata import version
from itertools import zip_longest
from platform import machine, python_implementation, python_version, system
from typing import Any

from gherkin.stream.gherkin_events import GherkinEvents

from bothways.acceptance.conclude import Conclusion
from bothways.acceptance.formats.comparisons import told
from bothways.acceptance.record import Record, Status, StepRecord
from bothways.acceptance.verdict import RunVerdict, Verdict

Message = dict[str, Any]

PROTOCOL = "34.2.0"
_HOOK = "verdict"
_STATUSES = {
    Status.PASSED: "PASSED",
    Status.FAILED: "FAILED",
    Status.UNDEFINED: "UNDEFINED",
    Status.AMBIGUOUS: "AMBIGUOUS",
    Status.SKIPPED: "SKIPPED",
}
_VERDICTS = {
    Verdict.PASS: "PASSED",
    Verdict.FAIL: "FAILED",
    Verdict.FLAKY: "FAILED",
    Verdict.UNPROVEN: "UNDEFINED",
    Verdict.NOT_ASKED: "SKIPPED",
}


def to_ndjson(conclusion: Conclusion) -> str:
    """The messages of a run's scenarios; property tests have no Gherkin, and are left out.

    A hook after each scenario carries its verdict, so that none is green for other tools that isn't proof for us.
    """
    return "".join(f"{json.dumps(message, ensure_ascii=False)}\n" for message in _messages(conclusion))


def _messages(conclusion: Conclusion) -> Iterator[Message]:
    yield {"meta": _meta()}
    pickles: dict[str, Message] = {}
    for message in _features(conclusion):
        if "pickle" in message:
            pickle = message["pickle"]
            pickles[f"{pickle['uri']}:{pickle['location']['line']}"] = pickle
        yield conclusion.redaction.said(message)
    yield {"hook": {"id": _HOOK, "type": "AFTER_TEST_CASE", "name": "verdict", "sourceReference": {}}}
    start = conclusion.run.started.timestamp()
    yield {"testRunStarted": {"id": "run", "timestamp": _timestamp(start)}}
    ran = [record for record in conclusion.run.records if record.id in pickles]
    for number, record in enumerate(ran):
        yield {"testCase": _case(record, pickles[record.id], number)}
    for number, record in enumerate(ran):
        yield from _played(record, pickles[record.id], number, start)
        start += record.seconds
    accepted = conclusion.result.verdict in (RunVerdict.ACCEPTED, RunVerdict.ACCEPTED_WITH_EXCEPTIONS)
    yield {
        "testRunFinished": {"testRunStartedId": "run", "success": accepted, "timestamp": _timestamp(start)}
    }


def _meta() -> Message:
    return {
        "protocolVersion": PROTOCOL,
        "implementation": {"name": "bothways", "version": version("bothways")},
        "runtime": {"name": python_implementation(), "version": python_version()},
        "os": {"name": system()},
        "cpu": {"name": machine()},
    }


def _features(conclusion: Conclusion) -> Iterator[Message]:
    """Source, syntax tree and pickles of every feature."""
    compiler = GherkinEvents(GherkinEvents.Options(print_source=True, print_ast=True, print_pickles=True))
    for file in sorted({pickle.file for pickle in conclusion.project.pickles}):
        text = (conclusion.project.root / file).read_text(encoding="utf-8")
        source: Any = {"uri": file, "data": text, "mediaType": "text/x.cucumber.gherkin+plain"}
        for message in compiler.enum({"source": source}):
            yield dict(message)


def _case(record: Record, pickle: Message, number: int) -> Message:
    steps = [
        {"id": f"{number}-{place}", "pickleStepId": step["id"], "stepDefinitionIds": []}
        for place, step in enumerate(pickle["steps"])
    ]
    for described, step in zip(steps, record.steps, strict=False):
        if step.status not in (Status.UNDEFINED, Status.AMBIGUOUS):
            described["stepMatchArgumentsLists"] = []
    return {
        "id": str(number),
        "pickleId": pickle["id"],
        "testRunStartedId": "run",
        "testSteps": [*steps, {"id": f"{number}-{_HOOK}", "hookId": _HOOK}],
    }


def _played(record: Record, pickle: Message, number: int, start: float) -> Iterator[Message]:
    attempt = f"{number}-run"
    yield {
        "testCaseStarted": {
            "id": attempt,
            "testCaseId": str(number),
            "attempt": 0,
            "timestamp": _timestamp(start),
        }
    }
    at = start
    ran = zip_longest(range(len(pickle["steps"])), record.steps[: len(pickle["steps"])])
    for place, step in ran:
        yield from _step(step, attempt, f"{number}-{place}", at)
        at += step.seconds if step else 0
    yield from _finished(attempt, f"{number}-{_HOOK}", at, _VERDICTS[record.verdict], 0.0, record.reason)
    yield {
        "testCaseFinished": {
            "testCaseStartedId": attempt,
            "timestamp": _timestamp(start + record.seconds),
            "willBeRetried": False,
        }
    }


def _step(step: StepRecord | None, attempt: str, id: str, at: float) -> Iterator[Message]:
    if step is None:
        yield from _finished(attempt, id, at, "SKIPPED", 0.0, "")
        return
    if step.comparisons:
        yield {
            "attachment": {
                "testCaseStartedId": attempt,
                "testStepId": id,
                "body": "\n".join(map(told, step.comparisons)),
                "contentEncoding": "IDENTITY",
                "mediaType": "text/x.cucumber.log+plain",
                "timestamp": _timestamp(at),
            }
        }
    yield from _finished(attempt, id, at, _STATUSES[step.status], step.seconds, step.error)


def _finished(
    attempt: str, id: str, at: float, status: str, seconds: float, message: str
) -> Iterator[Message]:
    yield {"testStepStarted": {"testCaseStartedId": attempt, "testStepId": id, "timestamp": _timestamp(at)}}
    result: Message = {"status": status, "duration": _timestamp(seconds)}
    if message:
        result["message"] = message
    yield {
        "testStepFinished": {
            "testCaseStartedId": attempt,
            "testStepId": id,
            "testStepResult": result,
            "timestamp": _timestamp(at + seconds),
        }
    }


def _timestamp(seconds: float) -> Message:
    whole = int(seconds)
    return {"seconds": whole, "nanos": int((seconds - whole) * 1_000_000_000)}

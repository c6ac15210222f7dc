"""A run inside a GitHub workflow: a summary of the job, and each failure beside the line of the feature that saw it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from bothways.acceptance.conclude import Conclusion
from bothways.acceptance.report.shown import visible
from bothways.acceptance.verdict import Verdict

_LEVELS = {Verdict.FAIL: "error", Verdict.FLAKY: "error", Verdict.UNPROVEN: "warning"}


def workflow_commands(conclusion: Conclusion) -> Iterator[str]:
    """A workflow command for each piece of evidence that isn't proof, and for each item without any."""
    for record in conclusion.run.records:
        if record.verdict in _LEVELS:
            broken = next((step.line for step in record.steps if step.status != "passed"), record.line)
            yield _command(_LEVELS[record.verdict], record.file, broken, record.name, record.reason)
    file = conclusion.result.checklist.file
    for judgement in conclusion.judgements:
        if judgement.verdict is Verdict.UNPROVEN and not judgement.evidence:
            item = judgement.item
            yield _command("warning", file, item.line, f"{item.id} {item.text}", judgement.reason)


def announce(conclusion: Conclusion, summary: str, environment: Mapping[str, str]) -> Iterator[str]:
    """The lines to print; `summary` (Markdown) goes to the job's summary. Nothing happens elsewhere than there."""
    if environment.get("GITHUB_ACTIONS") == "true":
        if place := environment.get("GITHUB_STEP_SUMMARY"):
            with Path(place).open("a", encoding="utf-8") as file:
                file.write(summary)
        yield from workflow_commands(conclusion)


def _command(level: str, file: str, line: int, title: str, message: str) -> str:
    named = f"file={_property(file)},line={line},title={_property(title)}"
    return f"::{level} {named}::{_message(message)}"


def _message(text: str) -> str:
    """`text` so that no part of it is a command of its own."""
    return visible(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")

"""Every output of a run, each from the same record of evidence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bothways.acceptance import attempts, junit
from bothways.acceptance.conclude import Conclusion
from bothways.acceptance.formats import ctrf, cucumber, messages
from bothways.acceptance.formats.markdown import to_markdown
from bothways.acceptance.report import page
from bothways.acceptance.result import Result
from bothways.errors import InputError

RESULT = "result.json"
REPORT = "index.html"
MESSAGES = "messages.ndjson"
SUMMARY = "summary.md"

_FORMATS: dict[str, Callable[[Conclusion], str]] = {
    RESULT: lambda conclusion: conclusion.result.to_json(),
    "junit.xml": junit.to_xml,
    "cucumber.json": cucumber.to_json,
    "ctrf.json": ctrf.to_json,
    MESSAGES: messages.to_ndjson,
}


def prepare(out: Path) -> None:
    """Make the folder `out`, before a run has cost anything. Raises `InputError` if that can't be done."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(out, None, f"can't be made a folder: {error.strerror}") from None


def write(conclusion: Conclusion, out: Path, baseline: Result | None = None) -> None:
    """Write every output into the folder `out`; the report is compared with `baseline`.

    What was signed for the run before in `out` is kept under another name.
    """
    prepare(out)
    attempts.set_aside(out)
    for name, text_of in _FORMATS.items():
        (out / name).write_text(text_of(conclusion), encoding="utf-8")
    (out / SUMMARY).write_text(to_markdown(conclusion, baseline), encoding="utf-8")
    page.write(conclusion, out / REPORT, baseline)

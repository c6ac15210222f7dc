"""Findings in the formats of those who read them: people, SARIF viewers, GitHub's annotations."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import quote

from bothways.checklist.findings import CATALOGUE
from bothways.checklist.model import Finding, Severity

Located: TypeAlias = Sequence[tuple[str, Finding]]
"""Findings, each with the file that it is about."""

GITHUB_LEVELS: dict[Severity, str] = {"error": "error", "warning": "warning", "note": "notice"}


def as_text(found: Located) -> str:
    """One line each: `file:line: severity: message [code]`."""
    return "\n".join(
        f"{file}:{each.line}: {each.severity}: {each.message} [{each.code}]" for file, each in found
    )


def as_github(found: Located) -> str:
    """Workflow commands, which GitHub shows beside the lines of a pull request."""
    return "\n".join(
        f"::{GITHUB_LEVELS[each.severity]} file={_property(file)},line={each.line},title={_property(each.code)}"
        f"::{_message(f'{each.message}. {each.advice}')}"
        for file, each in found
    )


def as_sarif(found: Located) -> dict[str, Any]:
    """A SARIF 2.1.0 log of one run."""
    codes = list(CATALOGUE)
    rules = [
        {"id": code, "help": {"text": advice}, "defaultConfiguration": {"level": severity}}
        for code, (severity, advice) in CATALOGUE.items()
    ]
    results = [
        {
            "ruleId": each.code,
            "ruleIndex": codes.index(each.code),
            "level": each.severity,
            "message": {"text": each.message},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": _uri(file)},
                        "region": {"startLine": each.line},
                    }
                }
            ],
        }
        for file, each in found
    ]
    driver = {"name": "bothways", "version": version("bothways"), "rules": rules}
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}],
    }


def _uri(file: str) -> str:
    """A relative file stays relative, so that a viewer resolves it against its own checkout."""
    path = Path(file)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")

"""Runs that take each other's place in one folder: which attempt this is, and what was signed before it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from bothways.acceptance.result import Result

STATEMENT = "statement.dsse.json"
SIGNATURES = "signatures.dsse.jsonl"


@dataclass(frozen=True)
class Attempt:
    """The number of a run in its folder, from 1, and the SHA-256 digest of the statement signed for the one before."""

    number: int = 1
    previous_statement: str | None = None


FIRST = Attempt()


def attempt_in(folder: Path, checklist: str) -> Attempt:
    """The next attempt at the checklist of this title in `folder`, which may not exist."""
    try:
        before = Result.model_validate_json((folder / "result.json").read_bytes())
    except (OSError, ValidationError):
        return Attempt()
    if before.checklist.title != checklist:
        return Attempt()
    statement = folder / STATEMENT
    digest = hashlib.sha256(statement.read_bytes()).hexdigest() if statement.exists() else None
    return Attempt(before.run.attempt + 1, digest or before.run.previous_statement)


def set_aside(folder: Path) -> None:
    """Keep what was signed for the run before under a name with its own digest: it says nothing of the next one."""
    statement = folder / STATEMENT
    if statement.exists():
        digest = hashlib.sha256(statement.read_bytes()).hexdigest()[:12]
        for name in (STATEMENT, SIGNATURES):
            if (folder / name).exists():
                (folder / name).rename(folder / f"{digest}.{name}")

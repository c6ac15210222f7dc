"""What the last calibration came to: which of the planted faults the suite noticed. It is kept in a file.

Its JSON Schema is `schemas/calibration.schema.json`.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from pydantic import JsonValue, TypeAdapter, ValidationError

from bothways.acceptance.project import Project
from bothways.acceptance.result import Part, Untitled
from bothways.errors import InputError

LAST = Path("calibration/last.json")

_SUITE = (
    "conftest.py",
    "calibration/*.py",
    "fakes/**/*.*",
    "properties/**/*.*",
    "steps/**/*.py",
    "src/bothways/mapping.py",
    "src/bothways/sync/**/*.py",
)
"""What a calibration is true of, beside checklist, mapping and features."""


class Clean(Part):
    """The core without a fault: from how many seeds it was run, and what raised an alarm all the same."""

    seeds: int
    alarms: int
    raised: list[str]


class FaultPart(Part):
    """One fault of the catalogue. `live`: it is planted and was seen to happen; `reason` says why it isn't.

    `by` are ids of the evidence that noticed it, first of all if the run ended there; `items` and `rules` are what
    that is evidence of. `seconds` is how long it took to notice, or not to.
    """

    id: str
    name: str
    live: bool
    reason: str
    noticed: bool
    by: list[str]
    items: list[str]
    rules: list[str]
    seconds: float


class Calibration(Part):
    """A whole calibration of the suite of one checklist. `measured` is its day, UTC.

    `matrix`: `by` names everything that notices a fault, not what noticed it first.
    """

    suite_sha256: str
    checklist: str
    measured: str
    matrix: bool
    clean: Clean
    faults: list[FaultPart]

    @property
    def sound(self) -> bool:
        """Whether every live fault was noticed, and nothing else was."""
        return not self.clean.alarms and all(fault.noticed for fault in self.faults if fault.live)

    def to_json(self) -> str:
        """The text of the file."""
        return self.model_dump_json(indent=2) + "\n"


def last(project: Project) -> dict[str, JsonValue] | None:
    """The last calibration of a project's suite, None where there is none. `stale`: the suite has changed since.

    Raises `InputError` for a file that is no calibration.
    """
    file = project.root / LAST
    if not file.exists():
        return None
    try:
        read = Calibration.model_validate_json(file.read_bytes())
    except ValidationError as error:
        raise InputError(LAST, None, f"is no calibration: {error.errors()[0]['msg']}") from None
    if read.checklist != project.checklist_path.as_posix():
        return None
    told = read.model_dump() | {"stale": read.suite_sha256 != digest(project)}
    return TypeAdapter(dict[str, JsonValue]).validate_python(told)


def digest(project: Project) -> str:
    """The SHA-256 digest of everything that the outcome of a calibration depends on."""
    root = project.root
    named = {root / project.checklist_path, root / project.mapping_path}
    named |= {path for folder in project.folders for path in (root / folder).glob("*.*")}
    named |= {path for pattern in _SUITE for path in root.glob(pattern)}
    whole = hashlib.sha256()
    for path in sorted(named):
        if path.is_file() and "__pycache__" not in path.parts:
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            whole.update(f"{path.relative_to(root).as_posix()} {content}\n".encode())
    return whole.hexdigest()


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a calibration."""
    schema = Calibration.model_json_schema(mode="serialization", schema_generator=Untitled)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}

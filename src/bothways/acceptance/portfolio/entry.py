"""What a portfolio keeps of each checklist. The JSON Schema of `portfolio.json` is `schemas/portfolio.schema.json`."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from bothways.acceptance.conclude import Conclusion
from bothways.acceptance.verdict import RunVerdict, Verdict
from bothways.checklist.scaffold.files import name_of

COULD_NOT_RUN = "COULD_NOT_RUN"


class Job(BaseModel):
    """One checklist to run: `root` is the checkout that lends steps and fakes, `out` the portfolio's folder.

    `sha256` is the document's digest, "" where it can't be read. All paths but `file` are absolute.
    """

    model_config = ConfigDict(frozen=True)

    root: Path
    file: str
    path: Path
    out: Path
    engine: str
    profile: str
    seed: int
    sha256: str

    @property
    def from_root(self) -> Path:
        """The checklist's path from the checkout, if it lies there."""
        return self.path.relative_to(self.root) if self.path.is_relative_to(self.root) else self.path

    @property
    def folder(self) -> str:
        """The name of the folder in `out` that its report goes to: its own, wherever the checklist lies."""
        return f"{name_of(self.path)}-{hashlib.sha256(self.file.encode()).hexdigest()[:8]}"


class Entry(BaseModel):
    """What came of one checklist. `failed` and `unproven` count items, `findings` what `lint` says of it.

    `report` is the path of its page from the portfolio's folder, `reason` says why it could not run.
    """

    model_config = ConfigDict(frozen=True)

    file: str
    verdict: RunVerdict | Literal["COULD_NOT_RUN"]
    items: int = 0
    failed: int = 0
    unproven: int = 0
    findings: int = 0
    seconds: float = 0.0
    title: str = ""
    report: str = ""
    reason: str = ""

    @property
    def exit_code(self) -> int:
        """As of a run of this checklist alone."""
        return self.verdict.exit_code if isinstance(self.verdict, RunVerdict) else 3


class Portfolio(BaseModel):
    """`portfolio.json`: all checklists, in the order of their files."""

    model_config = ConfigDict(frozen=True)

    checklists: list[Entry]
    interrupted: bool = False

    @property
    def exit_code(self) -> int:
        """130 if interrupted; 3 if a checklist could not run; else 1 for a rejected and 2 for an incomplete one."""
        if self.interrupted:
            return 130
        codes = {entry.exit_code for entry in self.checklists}
        return next((code for code in (3, 1, 2) if code in codes), 0)

    def to_json(self) -> str:
        """The text of `portfolio.json`."""
        return self.model_dump_json(indent=1) + "\n"


def could_not_run(job: Job, reason: str) -> Entry:
    """The entry of a checklist that has no verdict."""
    return Entry(file=job.file, verdict="COULD_NOT_RUN", reason=" ".join(reason.split()))


def entry_of(job: Job, conclusion: Conclusion, seconds: float) -> Entry:
    """The entry of a checklist that was run."""
    result = conclusion.result
    verdicts = [item.verdict for item in result.items]
    return Entry(
        file=job.file,
        verdict=result.verdict,
        items=len(verdicts),
        failed=sum(verdict in (Verdict.FAIL, Verdict.FLAKY) for verdict in verdicts),
        unproven=verdicts.count(Verdict.UNPROVEN),
        findings=len(result.findings),
        seconds=round(seconds, 2),
        title=result.checklist.title,
        report=f"{job.folder}/index.html",
    )


def json_schema() -> dict[str, Any]:
    """The JSON Schema of `portfolio.json`."""
    schema = Portfolio.model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}

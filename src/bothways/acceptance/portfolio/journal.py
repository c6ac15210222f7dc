"""What is done so far, line by line on disk, so that a portfolio can be resumed."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ValidationError

from bothways.acceptance.portfolio.entry import Entry, Job

NAME = "portfolio.ndjson"


class Line(BaseModel):
    """A finished job with its entry."""

    job: Job
    entry: Entry


class Journal:
    """The lines of one portfolio's folder."""

    def __init__(self, out: Path) -> None:
        self._path = out / NAME

    def begin(self) -> None:
        """Forget what was there."""
        self._path.write_text("", encoding="utf-8")

    def done(self) -> dict[Job, Entry]:
        """Jobs that ended with a verdict; of a line that was cut off nothing is known."""
        lines = self._path.read_text(encoding="utf-8").splitlines() if self._path.exists() else []
        done: dict[Job, Entry] = {}
        for text in lines:
            try:
                line = Line.model_validate_json(text)
            except ValidationError:
                continue
            if not line.entry.reason:
                done[line.job] = line.entry
        return done

    def add(self, job: Job, entry: Entry) -> None:
        """Keep one more."""
        with self._path.open("a", encoding="utf-8") as file:
            # The line break comes first: the last line may have been cut off.
            file.write("\n" + Line(job=job, entry=entry).model_dump_json())

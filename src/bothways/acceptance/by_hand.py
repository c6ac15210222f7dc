"""`evidence/manual.yaml`: what testers have seen by hand, as evidence that is always shown as such."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import StringConstraints

from bothways.acceptance import strict_yaml
from bothways.acceptance.items import BoundItem
from bothways.acceptance.record import Attachment, Kind, Record
from bothways.acceptance.result import FindingPart
from bothways.acceptance.verdict import Verdict
from bothways.errors import InputError
from bothways.mapping import Strict
from bothways.mapping_file import line_of

PATH = Path("evidence/manual.yaml")
FEATURE = "Seen by hand"
Filled = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Entry(Strict):
    """One thing that a tester did and saw. `item` is the item's key; `attachment` a file, from the project's root."""

    item: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{12}$")]
    done: Filled
    tester: Filled
    date: date
    verdict: Literal[Verdict.PASS, Verdict.FAIL]
    attachment: str = ""


class _File(Strict):
    evidence: tuple[Entry, ...] = ()


@dataclass(frozen=True)
class ByHand:
    """All entries, and the line of each."""

    entries: tuple[Entry, ...] = ()
    lines: tuple[int, ...] = ()

    @property
    def inputs(self) -> list[str]:
        """The files that it consists of."""
        attached = dict.fromkeys(entry.attachment for entry in self.entries if entry.attachment)
        return [PATH.as_posix(), *attached] if self.entries else []

    def records(self, items: Sequence[BoundItem]) -> Iterator[Record]:
        """A record for each entry whose item there is."""
        ids = {item.key: item.id for item in items}
        for entry, line in zip(self.entries, self.lines, strict=True):
            if entry.item in ids:
                yield _record(entry, line, ids[entry.item])

    def findings(self, items: Sequence[BoundItem]) -> Iterator[FindingPart]:
        """A finding for each entry that fits no item."""
        keys = {item.key for item in items}
        for entry, line in zip(self.entries, self.lines, strict=True):
            if entry.item not in keys:
                yield FindingPart(
                    code="manual-misfit",
                    severity="warning",
                    file=PATH.as_posix(),
                    line=line,
                    message=f"what was seen of {entry.item} fits no line of the checklist",
                    advice="The line's text has changed, or it is gone: test it again, and use its present key.",
                )


NOTHING = ByHand()


def read(root: Path) -> ByHand:
    """What testers have seen, nothing where there is no such file.

    Raises `InputError` for a file that isn't one, and for an attachment that isn't there.
    """
    if not (root / PATH).exists():
        return NOTHING
    file, node = strict_yaml.read(root / PATH, _File)
    lines = tuple(line_of(node, ("evidence", number)) for number in range(len(file.evidence)))
    for entry, line in zip(file.evidence, lines, strict=True):
        if entry.attachment and not (root / entry.attachment).is_file():
            raise InputError(PATH, line, f"there is no file {entry.attachment}")
    return ByHand(file.evidence, lines)


def _record(entry: Entry, line: int, item: str) -> Record:
    """The entry as evidence: the tester's look is its one comparison."""
    seen = f"seen by hand by {entry.tester} on {entry.date}"
    kept = [Attachment(title="Attached", content=entry.attachment)] if entry.attachment else []
    return Record(
        id=f"{PATH.as_posix()}:{line}",
        kind=Kind.MANUAL,
        name=f"{entry.done} ({seen})",
        file=PATH.as_posix(),
        line=line,
        feature=FEATURE,
        tags=frozenset({item}),
        attachments=kept,
        comparisons=1,
        verdict=entry.verdict,
        reason="" if entry.verdict is Verdict.PASS else f"it failed, {seen}",
    )

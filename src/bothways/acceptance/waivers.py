"""`waivers.yaml`: what a person has accepted in writing, although it failed or wasn't verified."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import StringConstraints

from bothways.acceptance import strict_yaml
from bothways.acceptance.result import FindingPart
from bothways.acceptance.verdict import Judgement, Verdict, Waiver
from bothways.errors import InputError
from bothways.mapping import Strict
from bothways.mapping_file import line_of

Filled = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class _Entry(Strict):
    """One waiver: `item` is the item's key, which stays the same when numbers move."""

    item: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{12}$")]
    reason: Filled
    approver: Filled
    expires: date
    workaround: str = ""
    ticket: str = ""


class _File(Strict):
    waivers: tuple[_Entry, ...] = ()


@dataclass(frozen=True)
class Waivers:
    """The waivers of a project, and the line of each in `path`."""

    path: Path
    waivers: tuple[Waiver, ...]
    lines: tuple[int, ...]

    def findings(self, judgements: Sequence[Judgement], today: date) -> Iterator[FindingPart]:
        """A finding for each waiver that has no effect, and why."""
        known = {judgement.item.key: judgement for judgement in judgements}
        for waiver, line in zip(self.waivers, self.lines, strict=True):
            code, message, advice = _fault(waiver, known.get(waiver.key), today)
            if code:
                yield FindingPart(
                    code=code,
                    severity="warning",
                    file=self.path.as_posix(),
                    line=line,
                    message=message,
                    advice=advice,
                )


NO_WAIVERS = Waivers(Path("waivers.yaml"), (), ())


def _fault(waiver: Waiver, judgement: Judgement | None, today: date) -> tuple[str, str, str]:
    """Code, message and advice for a waiver without effect; three times "" for one that has its effect."""
    if judgement is None:
        return (
            "waiver-misfit",
            f"the waiver of {waiver.key} fits no line of the checklist",
            "The line's text has changed, or it is gone: decide again, and use the key that the report shows.",
        )
    if waiver.expires < today:
        return (
            "waiver-expired",
            f"the waiver of {judgement.item.id} ended on {waiver.expires}",
            "Mend what it covered, or have it accepted anew.",
        )
    if judgement.unwaived is Verdict.PASS:
        return (
            "waiver-unused",
            f"the waiver of {judgement.item.id} covers nothing: the line is verified",
            "Remove it, so that it can't cover a failure to come.",
        )
    return "", "", ""


def read(path: Path, root: Path = Path()) -> Waivers:
    """The waivers in the file `path`, named from `root`.

    Raises `InputError` for a file that isn't one, and for two waivers of one item.
    """
    file, node = strict_yaml.read(root / path, _File)
    lines = tuple(line_of(node, ("waivers", number)) for number in range(len(file.waivers)))
    seen: dict[str, int] = {}
    for entry, line in zip(file.waivers, lines, strict=True):
        if entry.item in seen:
            first = seen[entry.item]
            raise InputError(path, line, f"{entry.item} is waived twice, first on line {first}")
        seen[entry.item] = line
    return Waivers(path, tuple(_waiver(entry) for entry in file.waivers), lines)


def waivers_of(chosen: Path | None, root: Path = Path()) -> Waivers:
    """The waivers in `chosen`, else in the project's `waivers.yaml`, which need not exist."""
    if chosen is None and not (root / NO_WAIVERS.path).exists():
        return NO_WAIVERS
    return read(chosen or NO_WAIVERS.path, root)


def _waiver(entry: _Entry) -> Waiver:
    return Waiver(entry.item, entry.reason, entry.approver, entry.expires, entry.workaround, entry.ticket)

"""What changed between two runs of a checklist, matched by the items' keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from bothways.acceptance.result import Failure, ItemPart, Result
from bothways.acceptance.verdict import Verdict
from bothways.errors import InputError

_BAD = (Verdict.FAIL, Verdict.FLAKY)


@dataclass(frozen=True)
class Changes:
    """Between a baseline and a result: `broke` and `mended` are items, `new_failures` are not in the baseline.

    `added` and `removed` are lines of the checklist: a line whose text changed is one of each. `moved` pairs the
    old id of an item with the item.
    """

    since: str
    broke: list[ItemPart]
    mended: list[ItemPart]
    unstable: list[ItemPart]
    new_failures: list[Failure]
    added: list[ItemPart]
    removed: list[ItemPart]
    moved: list[tuple[str, ItemPart]]

    @property
    def any(self) -> bool:
        """Whether there is anything to tell."""
        return any(
            (self.broke, self.mended, self.unstable, self.new_failures, self.added, self.removed, self.moved)
        )


def read_result(path: Path) -> Result:
    """A `result.json`. Raises `InputError` for a file that can't be read as one."""
    try:
        return Result.model_validate_json(path.read_bytes())
    except OSError as error:
        raise InputError(path, None, f"can't read the result: {error.strerror}") from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"])) or "JSON"
        raise InputError(path, None, f"not a result of a run: {place}: {first['msg']}") from None


def compare(baseline: Result, result: Result) -> Changes:
    """What is different in `result`."""
    old = {item.key: item for item in baseline.items}
    new = {item.key: item for item in result.items}
    both = [(old[key], item) for key, item in new.items() if key in old]
    known = {failure.fingerprint for failure in baseline.failures}
    return Changes(
        since=baseline.run.started,
        broke=[item for before, item in both if item.verdict in _BAD and before.verdict not in _BAD],
        mended=[item for before, item in both if item.verdict is Verdict.PASS and before.verdict in _BAD],
        unstable=[item for item in new.values() if item.verdict is Verdict.FLAKY],
        new_failures=[failure for failure in result.failures if failure.fingerprint not in known],
        added=[item for key, item in new.items() if key not in old],
        removed=[item for key, item in old.items() if key not in new],
        moved=list(_moved(both)),
    )


def _moved(both: list[tuple[ItemPart, ItemPart]]) -> Iterator[tuple[str, ItemPart]]:
    for before, item in both:
        if before.id != item.id:
            yield before.id, item

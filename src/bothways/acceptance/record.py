"""What is kept of every scenario and property that ran: all that a report may need, in plain JSON.

`Record.model_dump(mode="json")` and `Record.model_validate` are the way there and back.
"""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, JsonValue, TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from bothways.acceptance.verdict import Verdict

Way = Literal["to_target", "to_source"]
_JSON: TypeAdapter[JsonValue] = TypeAdapter(JsonValue)


class Kind(StrEnum):
    """Where evidence comes from."""

    SCENARIO = "scenario"
    PROPERTY = "property"
    MANUAL = "manual"


class Status(StrEnum):
    """How a step ended, in Cucumber's words."""

    PASSED = "passed"
    FAILED = "failed"
    UNDEFINED = "undefined"
    AMBIGUOUS = "ambiguous"
    SKIPPED = "skipped"


class Kept(BaseModel):
    """The base of all that is kept: an unknown key is an error."""

    model_config = ConfigDict(extra="forbid")


class Comparison(Kept):
    """One thing that was compared: what should have been seen, and what was."""

    what: str
    expected: JsonValue
    actual: JsonValue
    held: bool


class Attachment(Kept):
    """Something to look at beside a step, such as the timeline of requests."""

    title: str
    content: JsonValue


class Crossing(Kept):
    """A value of `property` was seen on the side that it was not edited on."""

    property: str
    direction: Way


class StepRecord(Kept):
    """One step as it ran. `type` is given, when or then; `line` is its line in the feature."""

    keyword: str
    type: str
    text: str
    line: int
    table: list[list[str]] | None = None
    docstring: str | None = None
    status: Status = Status.SKIPPED
    seconds: float = 0.0
    error: str = ""
    comparisons: list[Comparison] = []
    attachments: list[Attachment] = []


class Record(Kept):
    """One piece of evidence.

    `id` is a scenario's place, `file:line` (of the example's row in an outline), and pytest's name of a property
    test. `tags` are without their "@" and include those of feature, rule, scenario and examples. `comparisons`
    counts what was compared, `exercised` what a property test did. `reason` says why the verdict isn't PASS;
    `expected` and `seen` stand for the comparison `failed_check` that didn't hold. `test` is pytest's name.
    """

    id: str
    kind: Kind
    name: str
    file: str
    line: int
    feature: str = ""
    rule: str = ""
    tags: frozenset[str] = frozenset()
    example: dict[str, str] = {}
    steps: list[StepRecord] = []
    attachments: list[Attachment] = []
    crossings: list[Crossing] = []
    not_asked: list[str] = []
    comparisons: int = 0
    exercised: dict[str, int] = {}
    verdict: Verdict = Verdict.UNPROVEN
    reason: str = ""
    expected: JsonValue = None
    seen: JsonValue = None
    failed_check: str = ""
    test: str = ""
    seconds: float = 0.0


def written(record: Record) -> str:
    """A record as JSON. Half a character, which an engine's error may hold and JSON can't, becomes a question mark."""
    try:
        return record.model_dump_json()
    except PydanticSerializationError:
        loose = json.dumps(record.model_dump(mode="json"), ensure_ascii=False)
        return loose.encode(errors="replace").decode()


def plain(value: Any) -> JsonValue:
    """`value` as JSON can hold it; what JSON has no form for becomes its text."""
    try:
        return _JSON.validate_python(value, strict=True)
    except ValidationError:
        loose: JsonValue = json.loads(json.dumps(value, default=str))
        return loose

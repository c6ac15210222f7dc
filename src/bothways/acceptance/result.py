"""`result.json`: what a run comes to, for scripts. Its JSON Schema is `schemas/result.schema.json`."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue
from pydantic.json_schema import GenerateJsonSchema

from bothways.acceptance.record import Kind
from bothways.acceptance.verdict import RunVerdict, Verdict
from bothways.mapping import Basis


class Part(BaseModel):
    """Frozen; later versions may add keys."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)


class ChecklistPart(Part):
    """The document. Blank names are ""; `target_bound_to` says what stands in for an unnamed target."""

    title: str
    file: str
    sha256: str
    source_system: str
    target_system: str
    target_bound_to: str


class RunPart(Part):
    """This run. `started` is UTC; `only` lists the items that were asked for, all if empty.

    `attempt` counts the runs whose results took each other's place, `previous_statement` is the SHA-256 digest
    of what was signed for the one before.
    """

    seed: int
    engine: str
    reference: bool
    profile: str
    started: str
    seconds: float
    versions: dict[str, str]
    only: list[str]
    interrupted: bool
    attempt: int = 1
    previous_statement: str | None = None


class SystemPart(Part):
    """A system of the run. `compared_with_live` is when it was last compared with the real one, or null."""

    name: str
    contract: str
    compared_with_live: str | None


class Environment(Part):
    """Where the integration was tested."""

    kind: Literal["simulated"]
    systems: list[SystemPart]


class Input(Part):
    """A file that the run read."""

    path: str
    sha256: str


class EvidencePart(Part):
    """One scenario or property. `location` is file:line; `reason` says why the verdict isn't PASS."""

    id: str
    kind: Kind
    name: str
    location: str
    verdict: Verdict
    comparisons: int
    rules: list[str]
    reason: str


class LimitationPart(Part):
    """What a system's API can't do, why, and what that means for the business."""

    id: str
    side: str
    reason: str
    consequence: str


class WaiverPart(Part):
    """Who accepted what, why, and until when; `unwaived` is the verdict that it covers."""

    reason: str
    approver: str
    expires: str
    workaround: str
    ticket: str
    unwaived: Verdict


class ItemPart(Part):
    """One line of the checklist."""

    id: str
    key: str
    kind: str
    text: str
    line: int
    basis: Basis
    verdict: Verdict
    reason: str
    limitations: list[LimitationPart]
    waiver: WaiverPart | None
    evidence: list[EvidencePart]


class RulePart(Part):
    """One rule of synchronisation; `evidence` are ids."""

    id: str
    verdict: Verdict
    evidence: list[str]


class Failure(Part):
    """Something that was refuted. `fingerprint` is the same whatever the seed; `command` repeats it."""

    fingerprint: str
    item: str | None
    evidence: str
    name: str
    step: str
    message: str
    expected: JsonValue
    seen: JsonValue
    seed: int
    command: str


class FindingPart(Part):
    """Something odd about the checklist or the suite."""

    code: str
    severity: str
    file: str
    line: int | None
    message: str
    advice: str


class Result(Part):
    """A whole run."""

    schema_: Literal[1] = Field(1, alias="schema")
    verdict: RunVerdict
    headline: str
    checklist: ChecklistPart
    run: RunPart
    environment: Environment
    inputs: list[Input]
    items: list[ItemPart]
    rules: list[RulePart]
    failures: list[Failure]
    findings: list[FindingPart]
    calibration: dict[str, JsonValue] | None

    def to_json(self) -> str:
        """The text of `result.json`."""
        return self.model_dump_json(by_alias=True, indent=2) + "\n"


class Untitled(GenerateJsonSchema):
    """A schema without titles that repeat names."""

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002
        """A field's name says it all."""
        return False


def json_schema() -> dict[str, Any]:
    """The JSON Schema of `result.json`."""
    schema = Result.model_json_schema(mode="serialization", schema_generator=Untitled)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}

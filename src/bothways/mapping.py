"""The mapping: what a checklist leaves open, as typed data without behaviour.

A checklist names two systems, their datatypes and (sometimes) their properties. The mapping binds them to
connectors and says the rest: paths, merge strategies, constants, policies, and what an API can't do.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from bothways.transform import checked, loss

Name = Annotated[str, StringConstraints(min_length=1)]


class Strict(BaseModel):
    """Frozen, and every unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Type(StrEnum):
    """How a value is compared and carried ("Values" in the sync rules)."""

    STRING = "string"
    INTEGER = "integer"
    FLOAT = "float"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    LIST = "list"
    DATETIME = "datetime"
    MONEY = "money"
    OBJECT = "object"


class Access(StrEnum):
    """What an API lets a client do with a field."""

    WRITABLE = "writable"
    CREATE_ONLY = "create_only"
    READ_ONLY = "read_only"


class Merge(StrEnum):
    """How edits of one property meet: the latest wins (S08), or differences add up (S14)."""

    LATEST = "latest"
    COUNTER = "counter"


class Direction(StrEnum):
    """Which way edits of a property are meant to cross."""

    BOTH = "both"
    TO_TARGET = "to_target"
    TO_SOURCE = "to_source"


class Basis(StrEnum):
    """Whether the checklist lists a property or only the mapping does."""

    STATED = "stated"
    ASSUMED = "assumed"


class Deletes(StrEnum):
    """What a deletion does to its partner (S19)."""

    KEEP = "keep"
    PROPAGATE = "propagate"


class Start(StrEnum):
    """What makes a source record cross for the first time (S06)."""

    EVERY = "every"
    WHEN = "when"
    LINK_REQUIRED = "link_required"


class FieldSpec(Strict):
    """One field of a datatype on the generic contract, as its schema states it."""

    type: Type
    access: Access = Access.WRITABLE
    counter: bool = False


class DatatypeSpec(Strict):
    """A datatype of a system. `fields` maps dotted paths to what they hold; empty where the contract fixes them.

    With `share` off it is read, never written (S22).
    """

    fields: dict[Name, FieldSpec] = {}
    share: bool = True


class System(Strict):
    """One application with an API.

    `name` is the checklist's spelling ("" where it leaves the system unnamed), `bound_to` what stands in for an
    unnamed one and `why`, `label` what features call it, `contract` the connector's name. `granularity_ms` is the
    finest time that its record times tell apart (S09). `currency` is the only one it can hold, if so. With `share`
    off it is read, never written (S22).
    """

    name: str
    label: Name
    contract: Name
    bound_to: str = ""
    why: str = ""
    granularity_ms: int = Field(1, ge=1)
    currency: str | None = None
    share: bool = True
    datatypes: dict[Name, DatatypeSpec]

    @property
    def granularity(self) -> timedelta:
        """The finest time that this system's record times tell apart."""
        return timedelta(milliseconds=self.granularity_ms)


class Side(Strict):
    """One datatype of one system in a flow; `system` is a key of `Mapping.systems`."""

    system: Name
    datatype: Name

    def __str__(self) -> str:
        return f"{self.system}.{self.datatype}"

    def __eq__(self, other: object) -> bool:
        """As pydantic has it, without asking which fields there are: sides are compared all the time."""
        if not isinstance(other, Side):
            return NotImplemented
        return self.datatype == other.datatype and self.system == other.system

    def __hash__(self) -> int:
        return hash((self.system, self.datatype))


class Item(Strict):
    """One field of the objects in a list property: its native path and type."""

    path: Name
    type: Type = Type.STRING


class End(Strict):
    """A property as one side holds it.

    `path` is dotted and native. `values` renames values, `fields` the fields of an object or of money, `items`
    those of the objects in a list, all from the entity's word to the native one. `only` lists the values (in the
    entity's words) that the API can write after creation; without it, all. `stored_as` says that another datatype
    of the same system shows the same stored value and is the one that is read and written; `at_creation` is the
    path of this value in the creation that it appears with (see `Flow.appears_with`).
    """

    path: Name
    access: Access = Access.WRITABLE
    values: dict[str, str] = {}
    fields: dict[str, str] = {}
    items: dict[str, Item] = {}
    only: tuple[str, ...] = ()
    stored_as: Name | None = None
    at_creation: Name | None = None

    @model_validator(mode="before")
    @classmethod
    def _shorthand(cls, raw: Any) -> Any:
        return {"path": raw} if isinstance(raw, str) else raw


class Limitation(Strict):
    """What a system's API can't do, why, and what that means for the business.

    `side` is where the edit is made that doesn't arrive.
    """

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+$")]
    side: Annotated[str, StringConstraints(pattern=r"^(source|target)$")]
    reason: Name
    consequence: Name


class Resolves(Strict):
    """Items of a list name records of another datatype by a property; the target wants their ids instead.

    Each item's `item` field equals `property` of a `datatype` record; `target_path` in the native item receives
    the id of that record's link in `target_datatype`.
    """

    item: Name
    datatype: Name
    property: Name
    target_datatype: Name
    target_path: Name


class Transform(Strict):
    """What becomes of a source value in the target, where it doesn't cross as it is.

    `expression` is one of the checklists' language (see `bothways.transform`), `type` is the type of what it makes.
    """

    expression: Annotated[Any, AfterValidator(checked)]
    type: Type


class Property(Strict):
    """A property that a flow keeps in sync. `name` is what people call it and the entity's name for it.

    `type` is that of the source's value, which is the entity's.
    """

    name: Name
    type: Type
    source: End
    target: End
    transform: Transform | None = None
    merge: Merge = Merge.LATEST
    direction: Direction = Direction.BOTH
    basis: Basis = Basis.STATED
    redact: bool = False
    limitations: tuple[Limitation, ...] = ()
    resolves: Resolves | None = None

    @model_validator(mode="after")
    def _fits_its_transform(self) -> Property:
        if self.transform is None:
            return self
        if self.direction is not Direction.TO_TARGET and (lost := loss(self.transform.expression)):
            raise ValueError(f"direction has to be to_target: on the way {lost}")
        if self.merge is Merge.COUNTER or self.resolves or self.target.at_creation or self.target.stored_as:
            raise ValueError("a value that is transformed is stored once, and is no counter and no reference")
        return self


class Criterion(Strict):
    """Two dotted paths whose equal values say that two records are the same thing (S02)."""

    source: Name
    target: Name
    fold_case: bool = False


class Constant(Strict):
    """What a creation in the target needs and the source has no property for.

    Exactly one: `value` as it is, `source` a path of the source record, `lookup` something the connector finds.
    """

    value: Any = None
    source: Name | None = None
    lookup: Name | None = None


class Flow(Strict):
    """One section of the checklist: source side to target side.

    `appears_with` names the target datatype whose creation brings this one into being, under the same id.
    `condition` is a JMESPath expression over the source record. `connected` maps paths of the source record to the
    datatypes they refer to. `mark` names the constants by which our own creations are known in the target (S32).
    """

    section: int = Field(ge=1)
    source: Side
    target: Side
    start: Start = Start.EVERY
    condition: str | None = None
    creates: bool = True
    appears_with: Name | None = None
    connected: dict[Name, Name] = {}
    criteria: tuple[Criterion, ...] = ()
    constants: dict[Name, Constant] = {}
    mark: tuple[Name, ...] = ()
    properties: tuple[Property, ...] = ()
    limitations: tuple[Limitation, ...] = ()


class BulkLimit(Strict):
    """The most that a cycle, or a rolling day, may write: `max(factor x linked records, count)` (S21)."""

    factor: float = Field(0.5, ge=0)
    day_factor: float = Field(1.0, ge=0)
    count: int = Field(100, ge=0)


class Policies(Strict):
    """What holds for every flow."""

    deletes: Deletes = Deletes.KEEP
    full_sync: bool = True
    full_scan_hours: float = Field(24, gt=0)
    bulk_limit: BulkLimit = BulkLimit()


class Mapping(Strict):
    """A whole mapping. The order of `systems` settles ties (S09)."""

    schema_: int = Field(1, alias="schema", ge=1, le=1)
    checklist: Name
    systems: dict[Name, System]
    flows: tuple[Flow, ...]
    policies: Policies = Policies()

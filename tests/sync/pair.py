"""The smallest mapping: a left and a right system with one flow, and records to tell the core about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from bothways.mapping import Mapping, Side
from bothways.sync.connectors import Record
from bothways.sync.merging import found
from bothways.sync.model import Entity, Member, Ref
from bothways.sync.observe import acknowledge, observe
from bothways.sync.shape import Shape

NOON = datetime(2024, 10, 1, 12, tzinfo=UTC)
LEFT, RIGHT = Ref("left", "Thing", "l1"), Ref("right", "Item", "r1")
LEFT_SIDE, RIGHT_SIDE = Side(system="left", datatype="Thing"), Side(system="right", datatype="Item")
NAME, COUNT = "left.Thing.name", "left.Thing.count"
TEXT = {"name": "name", "type": "string", "source": "name", "target": "title"}
PART = Ref("right", "Part", RIGHT.id)
STOCK: dict[str, Any] = {
    "name": "count",
    "type": "integer",
    "source": "count",
    "target": {"path": "stock", "at_creation": "part.stock"},
    "merge": "counter",
}
"""The stock of the part, which a creation of its item can carry."""


def at(minutes: float) -> datetime:
    """So many minutes past noon."""
    return NOON + timedelta(minutes=minutes)


def pair(*properties: dict[str, Any], flow: dict[str, Any] | None = None, **more: Any) -> Shape:
    """Two systems with a name and a counter in common, unless other properties are given."""
    count = {"name": "count", "type": "integer", "source": "count", "target": "stock", "merge": "counter"}
    system = {"name": "", "label": "a system", "contract": "rest"}
    flows = {
        "section": 1,
        "source": {"system": "left", "datatype": "Thing"},
        "target": {"system": "right", "datatype": "Item"},
        "properties": list(properties) or [TEXT, count],
    }
    raw = {
        "schema": 1,
        "checklist": "checklist.rst",
        "systems": {
            "left": system | {"datatypes": {"Thing": {}}} | more.pop("left", {}),
            "right": system | {"datatypes": {"Item": {}}} | more.pop("right", {}),
        },
        "flows": [flows | (flow or {})],
        **more,
    }
    return Shape(Mapping.model_validate(raw))


def with_a_part(*properties: dict[str, Any], first: dict[str, Any] | None = None, **flow: Any) -> Shape:
    """The pair with its name alone, or that row, and a part that appears with the right one's record."""
    raw = pair(first or TEXT).mapping.model_dump(mode="json", by_alias=True)
    raw["systems"]["right"]["datatypes"]["Part"] = {}
    twin = {
        "section": 2,
        "source": {"system": "left", "datatype": "Thing"},
        "target": {"system": "right", "datatype": "Part"},
        "appears_with": "Item",
        "properties": list(properties),
    }
    raw["flows"].append(twin | flow)
    return Shape(Mapping.model_validate(raw))


def record(ref: Ref, minutes: float | None, **fields: Any) -> Record:
    """A record as its system shows it, modified so many minutes past noon."""
    moment = None if minutes is None else at(minutes)
    return Record(ref.id, fields, modified_at=moment, stamp=moment, version=str(minutes))


def alone(shape: Shape, ref: Ref = LEFT, minutes: float | None = 0, id: int = 1, **fields: Any) -> Entity:
    """An entity of one record, just seen."""
    return observe(shape, Entity(id), ref, record(ref, minutes, **fields), at(minutes or 0))


def linked(shape: Shape, **fields: Any) -> Entity:
    """Both records, linked by a creation at noon: the left one's fields, the right one's as they were sent."""
    entity = found(shape, alone(shape, **fields))
    shown, numbers = {}, {}
    for slot in shape.slots[RIGHT_SIDE]:
        version = entity.versions[slot.properties[0]]
        shown[slot.path], numbers[slot.path] = version.value, version.number
    return acknowledge(shape, entity, RIGHT, numbers, record(RIGHT, 0, **shown), NOON)


def seen(shape: Shape, entity: Entity, ref: Ref, minutes: float | None, **fields: Any) -> Entity:
    """The entity after a record was read that was modified so many minutes past noon."""
    return observe(shape, entity, ref, record(ref, minutes, **fields), at(minutes or 60))


def member(entity: Entity, ref: Ref) -> Member:
    """A record of an entity that has it."""
    found = entity.member(ref)
    assert found is not None
    return found


def edited(shape: Shape, **fields: Any) -> Entity:
    """A linked pair of which the left record was renamed five minutes past noon, or changed otherwise."""
    return seen(shape, linked(shape, name="Cup", count=10), LEFT, 5, **{"name": "Mug", "count": 10} | fields)

"""Which entity a record that the engine made belongs to."""

from __future__ import annotations

from collections.abc import Sequence

from properties.entities import Entities, Entity
from properties.history import Member, Picture
from properties.layout import Record, Side


def made_for(
    entities: Entities, made: Member, record: Record, pictures: Sequence[Picture], *, unanswered: bool
) -> Entity | None:
    """By the record that it came with, else by its key in one of the pictures, else by the values it carries; of
    several, one that still lacks such a record, and gave it the most values. Its source may be gone by now if an
    answer was lost (`unanswered`), and another have its key: only by asking again can the engine find out what became
    of the creation (S24).
    """
    side, id_ = made
    bringing = entities.layout.comes_with(side)
    if bringing is not None and entities.known((bringing, id_)):
        return entities.of((bringing, id_))
    flows = [flow for flow in entities.layout.flows if flow.target == side]
    found = [e for flow in flows for picture in pictures for e in entities.keyed(flow, record, picture)]
    known = {entity: _known_values(entities, entity, side, record) for entity in entities}
    blank = not found and all(place.read(record) is None for _, place in entities.layout.places_on(side))
    if not found:
        found = [e for e in entities if any(e.on(flow.source) for flow in flows) and (known[e] or blank)]
    if unanswered:
        found += [e for e in entities if any(e.lost(flow.source) for flow in flows) and (known[e] or blank)]
    return min(found, key=lambda entity: (bool(entity.on(side)), -known[entity]), default=None)


def _known_values(entities: Entities, entity: Entity, side: Side, record: Record) -> int:
    """How many values of the record, views too, somebody once gave the entity."""
    return sum(
        (value := place.read(record)) is not None and entity.registers[prop.key].knows(value)
        for prop in entities.layout.properties.values()
        for place in prop.places
        if place.side == side and prop.key in entity.registers
    )

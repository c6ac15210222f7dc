"""What the state has to say to people: what doesn't cross and why, and where each value comes from (S25, S30)."""

from __future__ import annotations

import json
from collections import Counter
from itertools import groupby
from typing import Any

from bothways.sync.cycle import uncrossed
from bothways.sync.model import Edit, Entity, Ref
from bothways.sync.observe import orphans, side_of, supplier
from bothways.sync.shape import Shape
from bothways.sync.store import Store


def status(shape: Shape, store: Store) -> dict[str, Any]:
    """Everything that asks for a person's attention, as plain JSON.

    `uncrossed`: edits that a system can't take. `failing`: what is tried again, with the reason. `orphans`: records
    whose partner is gone. `collisions`: records of different entities that share a merge key. `unknown`: writes
    without an outcome. `last_cycle`: updates, requests, creations and writes held by the bulk-change limit.
    """
    found: dict[str, Any] = {"uncrossed": [], "failing": [], "orphans": [], "collisions": []}
    for entity in store.notable():
        found["uncrossed"] += _uncrossed(shape, entity)
        found["failing"] += _failing(entity)
        found["orphans"] += [_place(member.ref) for member in orphans(shape, entity)]
    for (space, value), shared in groupby(store.shared_keys(), key=lambda row: row[:2]):
        refs = [ref for _, _, ref in shared]
        if _collide(space, refs):
            found["collisions"] += [{**_place(ref), "criterion": space, "value": value} for ref in refs]
    last = store.note("last_cycle")
    return found | {
        "unknown": [{"write": intent.send.subject, "tries": intent.tries} for intent in store.intents()],
        "cursors": _cursors(shape, store),
        "linked": store.linked(),
        "cycles": int(store.note("cycles") or 0),
        "last_cycle": json.loads(last) if last else None,
    }


def _collide(space: str, refs: list[Ref]) -> bool:
    """Whether records that share a key could be the same thing: a source and others, or several of one side."""
    source, _, reference = space.partition(":")
    sides = Counter(str(side_of(ref)) for ref in refs)
    return bool(reference) and (source in sides or max(sides.values()) > 1)


def _cursors(shape: Shape, store: Store) -> list[dict[str, Any]]:
    """Where listing each side goes on, and when it was last listed whole."""
    known = [(side, store.cursor(side)) for side in shape.sides]
    return [
        {
            "system": side.system,
            "datatype": side.datatype,
            "cursor": cursor.value,
            "scanned_at": cursor.scanned_at.isoformat(),
        }
        for side, cursor in known
        if cursor is not None
    ]


def _place(ref: Ref) -> dict[str, str]:
    return {"system": ref.system, "datatype": ref.datatype, "id": ref.id}


def _uncrossed(shape: Shape, entity: Entity) -> list[dict[str, Any]]:
    listed = []
    for ref, path, reason in uncrossed(shape, entity):
        name = supplier(entity, shape.slot(side_of(ref), path))
        value = entity.versions[name].value if name in entity.versions else None
        named = {"property": shape.names.get(name, name), "path": path, "value": value, "reason": reason}
        listed.append({**_place(ref), **named})
    return listed


def _failing(entity: Entity) -> list[dict[str, Any]]:
    refs = {str(member.ref): member.ref for member in entity.members}
    first = entity.members[0].ref
    return [
        {**_place(refs.get(subject, first)), "concerns": subject, "reason": t.reason, "tries": t.tries}
        for subject, t in entity.troubles.items()
    ]


def explain(shape: Shape, store: Store, ref: Ref, property_name: str | None = None) -> dict[str, Any]:
    """For each value that a record's entity holds: the edit it came from, and those that it beat (S30).

    Raises `LookupError` for a record that the state doesn't know.
    """
    number = store.entities_of([ref]).get(ref)
    if number is None:
        raise LookupError(f"{ref} is not known here")
    entity = store.entities([number])[number]
    redacted = {prop.name for flow in shape.mapping.flows for prop in flow.properties if prop.redact}
    explained = {}
    for name, version in entity.versions.items():
        called = shape.names.get(name, name)
        if property_name in (None, called, name):
            hide = called in redacted
            explained[called] = {
                **_edit(version.edit, hide=hide),
                "beat": [_edit(beaten, hide=hide) for beaten in version.beat],
            }
    return {"members": [{**_place(m.ref), "live": m.live} for m in entity.members], "properties": explained}


def _edit(edit: Edit, *, hide: bool) -> dict[str, Any]:
    return {
        "value": "(redacted)" if hide else edit.value,
        "edited_at": edit.at.isoformat() if edit.at else None,
        "where": str(edit.origin),
        "why": edit.why,
    }

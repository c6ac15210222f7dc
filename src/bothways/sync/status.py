"""What the state has to say to people: what doesn't cross and why, and where each value comes from (S25, S30)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from bothways.sync.cycle import uncrossed
from bothways.sync.members import orphans, side_of, supplier
from bothways.sync.model import Edit, Entity, Ref
from bothways.sync.redaction import REDACTED, Redaction
from bothways.sync.shape import Shape
from bothways.sync.store import Store


def status(shape: Shape, store: Store) -> dict[str, Any]:
    """Everything that asks for a person's attention, as plain JSON.

    `uncrossed`: edits that a system can't take. `failing`: what is tried again, with the reason. `orphans`: records
    whose partner is gone. `collisions`: records of different entities that share a merge key. `unknown`: writes
    without an outcome. `last_cycle`: updates, requests, creations and writes held by the bulk-change limit.
    Redacted values, and reasons that may quote them, are hidden.
    """
    redaction = Redaction(shape.mapping)
    found: dict[str, Any] = {"uncrossed": [], "failing": [], "orphans": [], "collisions": []}
    for entity in store.notable():
        found["uncrossed"] += _uncrossed(shape, entity, redaction)
        found["failing"] += _failing(entity)
        found["orphans"] += [_place(member.ref) for member in orphans(shape, entity)]
    for (space, value), shared in groupby(store.shared_keys(), key=lambda row: row[:2]):
        refs = [ref for _, _, ref in shared]
        if _collide(space, refs):
            hidden = any(_hides_key(shape, redaction, ref, space) for ref in refs)
            shown = {"criterion": space, "value": REDACTED if hidden else value}
            found["collisions"] += [_place(ref) | shown for ref in refs]
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


def _hides_key(shape: Shape, redaction: Redaction, ref: Ref, space: str) -> bool:
    paths = [key.path for key in shape.keys(side_of(ref)) if key.space == space]
    return any(redaction.hides(ref.system, ref.datatype, path) for path in paths)


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


def _uncrossed(shape: Shape, entity: Entity, redaction: Redaction) -> list[dict[str, Any]]:
    listed = []
    for ref, path, reason in uncrossed(shape, entity):
        name = supplier(entity, shape.slot(side_of(ref), path))
        value = entity.versions[name].value if name in entity.versions else None
        told = {"value": value, "reason": reason}
        told = {what: redaction.at(ref.system, ref.datatype, path, text) for what, text in told.items()}
        listed.append({**_place(ref), "property": shape.names.get(name, name), "path": path, **told})
    return listed


def _failing(entity: Entity) -> list[dict[str, Any]]:
    return [
        {**_place(_concerned(entity, subject)), "concerns": subject, "reason": t.reason, "tries": t.tries}
        for subject, t in entity.troubles.items()
    ]


def _concerned(entity: Entity, subject: str) -> Ref:
    """The record that is troubled, as a whole or at a path; the first where one is to be created."""
    refs = [member.ref for member in entity.members]
    return next((ref for ref in refs if subject == str(ref) or subject.startswith(f"{ref} ")), refs[0])


def explain(shape: Shape, store: Store, ref: Ref, property_name: str | None = None) -> dict[str, Any]:
    """For each value that a record's entity holds: the edit it came from, and those that it beat (S30). Of several
    properties of one name, all but the first go by their place.

    Raises `LookupError` for a record that the state doesn't know.
    """
    number = store.entities_of([ref]).get(ref)
    if number is None:
        raise LookupError(f"{ref} is not known here")
    entity = store.entities([number])[number]
    hidden, explained = set(_hidden(shape)), dict[str, Any]()
    for name, version in entity.versions.items():
        called = shape.names.get(name, name)
        if property_name in (None, called, name):
            hide = name in hidden
            explained[name if called in explained else called] = {
                **_edit(version.edit, hide=hide),
                "beat": [_edit(beaten, hide=hide) for beaten in version.beat],
            }
    return {"members": [{**_place(m.ref), "live": m.live} for m in entity.members], "properties": explained}


def _hidden(shape: Shape) -> Iterator[str]:
    """The properties of which a place is redacted."""
    redaction = Redaction(shape.mapping)
    for side, slots in shape.slots.items():
        for slot in slots:
            if redaction.hides(side.system, side.datatype, slot.path):
                yield from slot.properties


def _edit(edit: Edit, *, hide: bool) -> dict[str, Any]:
    return {
        "value": REDACTED if hide else edit.value,
        "edited_at": edit.at.isoformat() if edit.at else None,
        "where": str(edit.origin),
        "why": edit.why,
    }

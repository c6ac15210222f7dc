"""Entities as compact JSON and back: what the state keeps of them."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from bothways.sync.codecs import Value
from bothways.sync.connectors import Kind, Write
from bothways.sync.model import Edit, Entity, Member, Ref, Shown, Trouble, Version
from bothways.sync.plan import Send

LONGEST_KEY = 200
"""Characters of a key that are stored as they are: an index entry has no room for more than some thousand bytes."""


def dumps(content: Any) -> str:
    """JSON without blanks, and in ASCII: no database takes every character that JSON can hold."""
    return _encoder.encode(content)


_encoder = json.JSONEncoder(separators=(",", ":"), check_circular=False)


def entity_to_json(entity: Entity) -> str:
    held = {version.number: version.value for version in entity.versions.values()}
    origins = _Origins()
    versions = {name: _version(version, origins) for name, version in entity.versions.items()}
    return dumps(
        {
            "n": entity.numbers,
            "m": [_member(member, held) for member in entity.members],
            "v": versions,
            "o": [[_time(at), origin, why] for at, origin, why in origins],
            "t": {subject: [t.reason, t.tries, _time(t.due)] for subject, t in entity.troubles.items()},
        }
    )


def entity_from_json(number: int, text: str) -> Entity:
    raw = json.loads(text)
    origins = [(_to_time(at), Ref(*ref), why) for at, ref, why in raw["o"]]
    versions = {name: _to_version(version, origins) for name, version in raw["v"].items()}
    held = {version.number: version.value for version in versions.values()}
    return Entity(
        id=number,
        members=[_to_member(member, held) for member in raw["m"]],
        versions=versions,
        troubles={
            subject: Trouble(reason, tries, datetime.fromisoformat(due))
            for subject, (reason, tries, due) in raw["t"].items()
        },
        numbers=raw["n"],
    )


def _time(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _to_time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


Held = dict[int, Value]
"""What the versions of an entity hold, by number."""


def _shown(shown: Shown, held: Held) -> Any:
    """What a slot shows is mostly the text of its version: that is stored once."""
    if isinstance(shown.value, str) and held.get(shown.of) == shown.value:
        return shown.of
    return [shown.value, shown.of]


def _to_shown(raw: Any, held: Held) -> Shown:
    return Shown(held[raw], raw) if isinstance(raw, int) else Shown(*raw)


def _member(member: Member, held: Held) -> dict[str, Any]:
    full = {
        "r": list(member.ref),
        "v": member.version,
        "x": _time(member.stamp),
        "m": None if member.modified_at == member.stamp else _time(member.modified_at),
        "c": _time(member.created_at),
        "g": _time(member.gone_at),
        "s": {path: _shown(shown, held) for path, shown in member.slots.items()},
        "o": sorted(member.read_only),
        "u": member.unreadable,
        "f": sorted(member.starts),
        "e": member.extras,
        "k": member.keys,
    }
    return {name: value for name, value in full.items() if value not in (None, [], {})}


def _to_member(raw: dict[str, Any], held: Held) -> Member:
    stamp = _to_time(raw.get("x"))
    return Member(
        ref=Ref(*raw["r"]),
        version=raw.get("v"),
        stamp=stamp,
        modified_at=_to_time(raw["m"]) if "m" in raw else stamp,
        created_at=_to_time(raw.get("c")),
        gone_at=_to_time(raw.get("g")),
        slots={path: _to_shown(shown, held) for path, shown in raw.get("s", {}).items()},
        read_only=frozenset(raw.get("o", ())),
        unreadable=raw.get("u", {}),
        starts=frozenset(raw.get("f", ())),
        extras=raw.get("e", {}),
        keys=raw.get("k", {}),
    )


Origin = tuple[datetime | None, Ref, str]
"""When and where an edit was made, and what decided about it."""


class _Origins(dict[Origin, int]):
    """Those of an entity's edits, by their place in a list: most edits have theirs in common with others."""

    def place(self, edit: Edit) -> int:
        return self.setdefault((edit.at, edit.origin, edit.why), len(self))


def _version(version: Version, origins: _Origins) -> list[Any]:
    edits = (version.edit, *version.beat)
    return [version.number, *([edit.value, origins.place(edit)] for edit in edits)]


def _to_version(raw: list[Any], origins: list[Origin]) -> Version:
    number, *edits = raw
    edit, *beat = (Edit(value, *origins[place]) for value, place in edits)
    return Version(number, edit, tuple(beat))


def send_to_json(send: Send) -> str:
    write = send.write
    return dumps(
        {
            "system": send.system,
            "numbers": send.numbers,
            "kind": write.kind,
            "datatype": write.datatype,
            "key": write.key,
            "id": write.id,
            "body": write.body,
            "version": write.version,
            "batch": write.batch,
        }
    )


def send_from_json(text: str) -> Send:
    raw = json.loads(text)
    write = Write(
        Kind(raw["kind"]),
        raw["datatype"],
        raw["key"],
        id=raw["id"],
        body=raw["body"],
        version=raw["version"],
        batch=raw.get("batch", ""),
    )
    return Send(raw["system"], write, raw["numbers"])


def indexed(key: str) -> str:
    """A key as every database can index it: escaped as in JSON, and what is too long ends in its hash."""
    text = dumps(key)[1:-1]
    if len(text) <= LONGEST_KEY:
        return text
    return f"{text[:LONGEST_KEY]}#{hashlib.sha256(text.encode()).hexdigest()}"

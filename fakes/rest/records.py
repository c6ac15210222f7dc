"""The records of a REST system: how they are made, changed and deleted, whoever asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fakes.clock import SystemClock, iso_milliseconds
from fakes.rest.fields import SYSTEM_FIELDS, Datatype, Field, Invalid, Path
from fakes.store import Store, Table

Values = dict[Path, Any]
Json = dict[str, Any]


class Missing(Exception):
    """There never was such a record."""


class Deleted(Exception):
    """The record was deleted."""


class NotCounted(Exception):
    """The counter can't be adjusted by that: it is empty, or would leave its bounds."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record, never changed in place. `shown` is what the API shows, so that showing costs nothing."""

    id: str
    values: Values
    version: int
    created: datetime
    updated: datetime
    shown: Json

    @property
    def etag(self) -> str:
        """The entity tag of this version."""
        return f'"v{self.version}"'


class Records:
    """All records of one system. `announce` hears of every change: datatype, `created`, `updated` or
    `deleted`, id.
    """

    def __init__(
        self, store: Store, clock: SystemClock, announce: Callable[[Datatype, str, str], None]
    ) -> None:
        self._store = store
        self._clock = clock
        self._announce = announce

    def table(self, datatype: Datatype) -> Table[Record]:
        """The records of one datatype."""
        return self._store.tables[datatype.name]

    def get(self, datatype: Datatype, id: str) -> Record:
        """A live record. Raises Missing, Deleted."""
        table = self.table(datatype)
        record = table.rows.get(id)
        if record is None:
            raise Deleted(id) if id in table.graves else Missing(id)
        return record

    def create(self, datatype: Datatype, body: Json, *, by_api: bool = True) -> Record:
        """Make a record of `body`. Raises Invalid."""
        given = _given(datatype, body, {})
        if by_api:
            _check_access(given, {"read_only"})
        values: Values = dict.fromkeys(datatype.fields)
        values.update(_taken(given))
        now = self._clock.now()
        record = _record(self._store.ids(), values, 1, now, now)
        return self._put(datatype, record, "created")

    def patch(self, datatype: Datatype, record: Record, body: Json) -> Record:
        """Merge `body` into a record (RFC 7396). Raises Invalid."""
        given = _given(datatype, body, record.values)
        _check_access(given, {"read_only", "create_only"})
        return self._change(datatype, record, _taken(given))

    def edit(self, datatype: Datatype, record: Record, changes: Mapping[str, Any]) -> Record:
        """Set dotted paths, as a person does, who may go into an object or a list. Raises Invalid."""
        given: dict[Field, Any] = {}
        for dotted, value in changes.items():
            field, rest = _field_at(datatype, tuple(dotted.split(".")))
            present = given.get(field, record.values[field.path])
            given[field] = _set_within(present, rest, value, dotted)
        return self._change(datatype, record, _taken(given))

    def adjust(self, datatype: Datatype, record: Record, field: Field, delta: int) -> Record:
        """Add `delta` to a counter. Raises NotCounted."""
        present = record.values[field.path]
        if present is None:
            raise NotCounted(f"{field.name} is empty: nothing is counted")
        result = present + delta
        if (field.minimum is not None and result < field.minimum) or (
            field.maximum is not None and result > field.maximum
        ):
            raise NotCounted(f"{field.name} would become {result}")
        return self._change(datatype, record, {field.path: result})

    def delete(self, datatype: Datatype, record: Record) -> None:
        """Delete a record; its tombstone stays."""
        now = self._clock.now()
        grave = _record(record.id, {}, record.version + 1, record.created, now)
        grave.shown["deleted_at"] = grave.shown["updated_at"]
        self.table(datatype).bury(record.id, grave, now)
        self._announce(datatype, "deleted", record.id)

    def _change(self, datatype: Datatype, record: Record, changes: Values) -> Record:
        values = {**record.values, **changes}
        changed = _record(record.id, values, record.version + 1, record.created, self._clock.now())
        return self._put(datatype, changed, "updated")

    def _put(self, datatype: Datatype, record: Record, event: str) -> Record:
        self.table(datatype).put(record.id, record, record.updated)
        self._announce(datatype, event, record.id)
        return record


def _record(id: str, values: Values, version: int, created: datetime, updated: datetime) -> Record:
    shown: Json = {"id": id}
    for path, value in values.items():
        here = shown
        for step in path[:-1]:
            here = here.setdefault(step, {})
        here[path[-1]] = value
    shown["created_at"] = iso_milliseconds(created)
    shown["updated_at"] = iso_milliseconds(updated)
    shown["version"] = version
    return Record(id, values, version, created, updated, shown)


def _given(datatype: Datatype, body: Json, present: Values, at: Path = ()) -> dict[Field, Any]:
    """The fields that a nested body speaks of, merged with what is there. Raises Invalid for any other
    member.
    """
    given: dict[Field, Any] = {}
    for name, value in body.items():
        path = (*at, name)
        if field := datatype.fields.get(path):
            given[field] = _merged(present.get(path), value) if field.type in {"object", "money"} else value
        elif path in datatype.prefixes and value is None:
            given.update((f, None) for p, f in datatype.fields.items() if p[: len(path)] == path)
        elif path in datatype.prefixes and isinstance(value, dict):
            given.update(_given(datatype, value, present, path))
        else:
            why = (
                "is set by the system" if name in SYSTEM_FIELDS and not at else "is no field that takes this"
            )
            raise Invalid(".".join(path), why)
    return given


def _merged(present: Any, patch: Any) -> Any:
    """RFC 7396 for one value."""
    if not isinstance(patch, dict):
        return patch
    result = dict(present) if isinstance(present, dict) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = _merged(result.get(name), value)
    return result


def _taken(given: dict[Field, Any]) -> Values:
    return {field.path: field.taken(value) for field, value in given.items()}


def _check_access(given: dict[Field, Any], closed: set[str]) -> None:
    for field in given:
        if field.access in closed:
            raise Invalid(field.name, f"is {field.access.replace('_', '-')}")


def _field_at(datatype: Datatype, path: Path) -> tuple[Field, Path]:
    for length in range(len(path), 0, -1):
        if field := datatype.fields.get(path[:length]):
            return field, path[length:]
    raise Invalid(".".join(path), f"{datatype.name} has no such field")


def _set_within(present: Any, rest: Path, value: Any, dotted: str) -> Any:
    """A copy of `present` with `value` at `rest`; None removes a member of an object."""
    if not rest:
        return value
    step, below = rest[0], rest[1:]
    if isinstance(present, list) and step.isdecimal() and int(step) < len(present):
        index = int(step)
        return [*present[:index], _set_within(present[index], below, value, dotted), *present[index + 1 :]]
    if present is None or isinstance(present, dict):
        result = dict(present or {})
        result[step] = _set_within(result.get(step), below, value, dotted)
        if result[step] is None:
            del result[step]
        return result
    raise Invalid(dotted, f"there is nothing to set at {step!r}")

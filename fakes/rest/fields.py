"""The datatypes of a REST system: what its records hold, and which values it takes."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from fakes.clock import iso_milliseconds

SYSTEM_FIELDS = ("id", "created_at", "updated_at", "version")
"""Every record has these, and nobody sets them."""

DECIMAL = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
Path = tuple[str, ...]


class Invalid(Exception):
    """A value that the system won't take. `at` is a dotted path."""

    def __init__(self, at: str, why: str) -> None:
        super().__init__(f"{at}: {why}" if at else why)
        self.at = at
        self.why = why


@dataclass(frozen=True, slots=True)
class Field:
    """One property of a record. `access` is writable, create_only or read_only; a counter can be adjusted,
    within `minimum` and `maximum`; `rewrite` names what the system makes of a value that it is given.
    """

    path: Path
    type: str
    access: str = "writable"
    counter: bool = False
    minimum: int | None = None
    maximum: int | None = None
    rewrite: str | None = None

    @property
    def name(self) -> str:
        """The dotted path."""
        return ".".join(self.path)

    def taken(self, value: Any) -> Any:
        """`value` as the system keeps it. Raises Invalid."""
        if value is None:
            return None
        kept = _TYPES[self.type](value)
        if kept is _REFUSED:
            raise Invalid(self.name, f"{value!r:.60} is not of type {self.type}")
        return kept if self.rewrite is None else REWRITES[self.rewrite](kept)


@dataclass(frozen=True, slots=True)
class Datatype:
    """One kind of record. `segment` is its place in the URL; `prefixes` are the paths that lead to nested
    fields.
    """

    name: str
    segment: str
    fields: dict[Path, Field]
    prefixes: frozenset[Path]
    references: Mapping[str, Any] = field(default_factory=dict)

    def schema(self) -> dict[str, Any]:
        """The datatype as `GET /` shows it."""
        shown = {
            f.name: {"type": f.type, "access": f.access, "counter": f.counter} for f in self.fields.values()
        }
        return {"path": f"/{self.segment}", "fields": shown, "references": dict(self.references)}


def datatype(name: str, spec: Mapping[str, Any]) -> Datatype:
    """A datatype from its plain description. Raises ValueError for an unknown type, access or rewrite."""
    fields: dict[Path, Field] = {}
    for dotted, options in spec.get("fields", {}).items():
        if dotted in SYSTEM_FIELDS:
            continue
        known = {"access", "counter", "minimum", "maximum", "rewrite"}
        chosen = {option: value for option, value in options.items() if option in known}
        made = Field(tuple(dotted.split(".")), options["type"], **chosen)
        if made.type not in _TYPES or made.access not in _ACCESS or (made.rewrite or "trim") not in REWRITES:
            raise ValueError(f"{name}.{dotted}: {dict(options)} names an unknown type, access or rewrite")
        fields[made.path] = made
    prefixes = frozenset(path[:n] for path in fields for n in range(1, len(path)))
    if overlap := prefixes & fields.keys():
        raise ValueError(f"{name}: {'.'.join(min(overlap))} is a field and holds fields")
    segment = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    return Datatype(name, segment, fields, prefixes, spec.get("references", {}))


_ACCESS = {"writable", "create_only", "read_only"}
_REFUSED = object()


def _string(value: Any) -> Any:
    return value if isinstance(value, str) else _REFUSED


def _integer(value: Any) -> Any:
    return value if isinstance(value, int) and not isinstance(value, bool) else _REFUSED


def _float(value: Any) -> Any:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return value if number and math.isfinite(value) else _REFUSED


def _decimal(value: Any) -> Any:
    return value if isinstance(value, str) and DECIMAL.fullmatch(value) else _REFUSED


def _boolean(value: Any) -> Any:
    return value if isinstance(value, bool) else _REFUSED


def _list(value: Any) -> Any:
    return value if isinstance(value, list) else _REFUSED


def _object(value: Any) -> Any:
    return value if isinstance(value, dict) else _REFUSED


def _datetime(value: Any) -> Any:
    """A moment, kept in UTC with milliseconds; a finer one or one without a zone is refused."""
    if not isinstance(value, str):
        return _REFUSED
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None or moment.microsecond % 1000:
            return _REFUSED
        return iso_milliseconds(moment.astimezone(UTC))
    except (ValueError, OverflowError):
        return _REFUSED


def _money(value: Any) -> Any:
    if not isinstance(value, dict) or value.keys() != {"amount", "currency"}:
        return _REFUSED
    amount, currency = value["amount"], value["currency"]
    sound = _decimal(amount) is not _REFUSED and isinstance(currency, str) and CURRENCY.fullmatch(currency)
    return value if sound else _REFUSED


_TYPES: dict[str, Callable[[Any], Any]] = {
    "string": _string,
    "integer": _integer,
    "float": _float,
    "decimal": _decimal,
    "boolean": _boolean,
    "list": _list,
    "object": _object,
    "datetime": _datetime,
    "money": _money,
}


def _cents(value: Any) -> Any:
    if isinstance(value, dict):
        return {**value, "amount": _cents(value["amount"])}
    return f"{Decimal(value):.2f}"


REWRITES: dict[str, Callable[[Any], Any]] = {
    "trim": lambda value: value.strip(),
    "lower": lambda value: value.lower(),
    "cents": _cents,
    "paragraph": lambda value: value if not value or value.startswith("<p>") else f"<p>{value}</p>",
}
"""What some systems make of what they are given: their rendering of the value, no edit of it."""

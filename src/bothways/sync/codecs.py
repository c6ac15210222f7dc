"""Between a side's native fields and the entity's values: lift, lower, and when two values are the same.

An entity's value is plain JSON in the source's words, so that it can be stored and shown as it is. Its type says
what it may hold and when two of them are the same ("Values, before anything else" in the sync rules).
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Context, Decimal, InvalidOperation
from typing import Any

from bothways.mapping import End, Type

Value = Any
"""JSON: None, bool, int, float, str, list or dict. Decimals are strings, so that their scale travels along."""


class Unrepresentable(ValueError):
    """A value that a type or a side can't hold. It is refused with this reason, never bent (S15)."""


def empty(value: Value) -> bool:
    """Null, absent, `""` and `[]` are empty. 0 and false are values."""
    return value is None or value in ("", [])


# -- dotted paths in nested JSON -------------------------------------------------------------------


def pick(fields: Mapping[str, Any], path: str) -> Any:
    """The native value at a dotted `path`, None where any part of it is absent."""
    here: Any = fields
    for part in path.split("."):
        if not isinstance(here, Mapping):
            return None
        here = here.get(part)
    return here


def nest(flat: Mapping[str, Any]) -> dict[str, Any]:
    """`{"a.b": 1, "a.c": 2}` as `{"a": {"b": 1, "c": 2}}`."""
    nested: dict[str, Any] = {}
    for path, value in flat.items():
        *parents, last = path.split(".")
        here = nested
        for part in parents:
            here = here.setdefault(part, {})
        here[last] = value
    return nested


# -- native to entity and back ---------------------------------------------------------------------


def lift(kind: Type, end: End, native: Any) -> Value:
    """The entity's value for what a side shows. Raises `Unrepresentable`."""
    if empty(native):
        return None
    if end.values:
        return _renamed({there: here for here, there in end.values.items()}, native)
    if end.fields:
        fields = _object(native)
        return _checked(kind, {here: pick(fields, there) for here, there in end.fields.items()})
    if end.items:
        return [
            {name: _checked(item.type, pick(_object(one), item.path)) for name, item in end.items.items()}
            for one in _list(native)
        ]
    return _checked(kind, native)


def lower(kind: Type, end: End, value: Value) -> Any:
    """The native value that a side is to show. Raises `Unrepresentable`."""
    if empty(value):
        return None
    if end.values:
        return _renamed(end.values, value)
    checked = _checked(kind, value)
    if end.fields:
        return nest({there: checked.get(here) for here, there in end.fields.items()})
    if end.items:
        return [
            nest({item.path: _checked(item.type, one.get(name)) for name, item in end.items.items()})
            for one in checked
        ]
    return checked


def _renamed(names: Mapping[str, str], value: Value) -> str:
    renamed = names.get(value) if isinstance(value, str) else None
    if renamed is None:
        raise Unrepresentable(f"{value!r} is none of {', '.join(sorted(names))}")
    return renamed


def _checked(kind: Type, value: Any) -> Value:
    return None if empty(value) else _CHECKS[kind](value)


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise Unrepresentable(f"{value!r} is no text")
    return value


def _integer(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise Unrepresentable(f"{value!r} is no integer")
    return value


def _float(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise Unrepresentable(f"{value!r} is no finite number")
    return value


def number(value: Any) -> Decimal:
    """A decimal (a string, or an integer) as a number. Raises `Unrepresentable`; a binary float is none."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Unrepresentable(f"{value!r} is no decimal")
    try:
        parsed = Decimal(value)
    except InvalidOperation:
        raise Unrepresentable(f"{value!r} is no decimal") from None
    if not parsed.is_finite():
        raise Unrepresentable(f"{value!r} is no finite number")
    return parsed


def _decimal(value: Any) -> str:
    number(value)
    return str(value)


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Unrepresentable(f"{value!r} is neither true nor false")
    return value


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise Unrepresentable(f"{value!r} is no list")
    return value


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Unrepresentable(f"{value!r} is no object")
    return value


def _money(value: Any) -> dict[str, Any] | None:
    fields = _object(value)
    amount, currency = fields.get("amount"), fields.get("currency")
    if empty(amount):
        return None
    return {"amount": _decimal(amount), "currency": _string(currency)}


_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d)(?:[.,](\d+))?)?)?\s*(Z|z|[+-]\d\d:?\d\d)?$", re.ASCII
)


def instant(text: str) -> datetime:
    """The instant that an ISO 8601 text names; missing parts are zeros, a missing zone is UTC.

    Raises `Unrepresentable`, also for a fraction finer than a microsecond, which would be bent.
    """
    match = _TIME.match(text.strip())
    if match is None:
        raise Unrepresentable(f"{text!r} is no date and time")
    date, minutes, seconds, fraction, zone = match.groups()
    fraction = (fraction or "").rstrip("0")
    if len(fraction) > 6:
        raise Unrepresentable(f"{text!r} is finer than a microsecond")
    whole = f"{date}T{minutes or '00:00'}:{seconds or '00'}.{fraction:0<6}{(zone or '+00:00').upper()}"
    try:
        return datetime.fromisoformat(whole).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Unrepresentable(f"{text!r} is no date and time") from None


def _datetime(value: Any) -> str:
    moment = instant(_string(value))
    return moment.isoformat(timespec="microseconds" if moment.microsecond else "seconds").replace(
        "+00:00", "Z"
    )


_CHECKS: dict[Type, Callable[[Any], Value]] = {
    Type.STRING: _string,
    Type.INTEGER: _integer,
    Type.FLOAT: _float,
    Type.DECIMAL: _decimal,
    Type.BOOLEAN: _boolean,
    Type.LIST: _list,
    Type.DATETIME: _datetime,
    Type.MONEY: _money,
    Type.OBJECT: _object,
}


# -- sameness --------------------------------------------------------------------------------------


def same(kind: Type, end: End, one: Value, other: Value) -> bool:
    """Whether two values of a property are the same value. A change of scale alone is no edit; nor is order."""
    if empty(one) or empty(other):
        return empty(one) and empty(other)
    if kind is Type.DECIMAL:
        return number(one) == number(other)
    if kind is Type.MONEY:
        same_amount = number(one["amount"]) == number(other["amount"])
        return same_amount and bool(one["currency"] == other["currency"])
    if kind is Type.LIST:
        types = {name: item.type for name, item in end.items.items()}
        return sorted(_form(one, types), key=repr) == sorted(_form(other, types), key=repr)
    if kind is Type.OBJECT:
        return bool(_filled(one) == _filled(other))
    return bool(one == other)


def _form(items: list[Any], types: Mapping[str, Type]) -> list[Any]:
    """The list's items in a form that compares by value: decimals by number, empty fields left out."""
    return [
        [
            (name, _comparable(types[name], one.get(name)))
            for name in sorted(types)
            if not empty(one.get(name))
        ]
        if types
        else _filled(one)
        for one in items
    ]


def _comparable(kind: Type, value: Value) -> Any:
    return _filled(value) if kind is not Type.DECIMAL else _trimmed(number(value))


def _trimmed(exact: Decimal) -> Decimal:
    """Without trailing zeros, every digit kept: the default context would round after 28."""
    return exact.normalize(Context(prec=len(exact.as_tuple().digits)))


def _filled(value: Value) -> Value:
    if isinstance(value, dict):
        return {name: _filled(inner) for name, inner in sorted(value.items()) if not empty(inner)}
    return value


def key_form(value: Any, *, fold_case: bool = False) -> str:
    """A merge key's form for comparing: NFC, trimmed, case-folded where the mapping says so. "" never matches."""
    if empty(value) or isinstance(value, dict | list):
        return ""
    text = unicodedata.normalize("NFC", str(value)).strip()
    return unicodedata.normalize("NFC", text.casefold()) if fold_case else text

"""When two values are the same, in the oracle's own words ("Values" in the sync rules).

Shares no code with the engine: a mistake made once must not hide itself.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

Canonical = Any
"""A hashable form; two values are the same if and only if these are equal. `None` is every empty value."""


def is_empty(value: object) -> bool:
    """Null, absent, `""` and `[]` are empty; 0 and false are values."""
    return value is None or value == "" or (isinstance(value, list | dict) and not value)


def canonical(value: object, type_: str) -> Canonical:
    """The form of a `type_` value that its renderings share (S15, S16): trimmed, unwrapped, scale left out.

    A value that doesn't have the type keeps its own form, so that it equals nothing that does.
    """
    if is_empty(value):
        return None
    try:
        return _FORMS.get(type_, _other)(value)
    except (ValueError, InvalidOperation, AttributeError, TypeError):
        return ("not", type_, repr(value))


def key_form(value: object, *, fold_case: bool) -> str | None:
    """A merge key as S02 compares it: NFC, trimmed, folded where the mapping says so; None never matches."""
    if is_empty(value):
        return None
    text = unicodedata.normalize("NFC", str(value)).strip()
    return (text.casefold() if fold_case else text) or None


def _text(value: object) -> Canonical:
    text = str(value).strip()
    if text.startswith("<p>") and text.endswith("</p>"):
        text = text.removeprefix("<p>").removesuffix("</p>").strip()
    return text or None


def _number(value: object) -> Canonical:
    if isinstance(value, bool):
        raise TypeError("a boolean is no number")
    number = Decimal(repr(value) if isinstance(value, float) else str(value))
    if not number.is_finite():
        raise ValueError("no number")
    return number


def _money(value: object) -> Canonical:
    if not isinstance(value, Mapping):
        raise TypeError("money is an object")
    return None if is_empty(value.get("amount")) else (_number(value["amount"]), value.get("currency"))


def _instant(value: object) -> Canonical:
    moment = datetime.fromisoformat(str(value))
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def _boolean(value: object) -> Canonical:
    if not isinstance(value, bool):
        raise TypeError("not a boolean")
    return ("boolean", value)


def _list(value: object) -> Canonical:
    """Order is not compared: systems return lists as they please."""
    if not isinstance(value, list):
        raise TypeError("not a list")
    return tuple(sorted((_other(item) for item in value), key=repr)) or None


def _other(value: object) -> Canonical:
    if isinstance(value, Mapping):
        filled = {name: _other(part) for name, part in value.items() if not is_empty(part)}
        return tuple(sorted(filled.items(), key=repr)) or None
    if isinstance(value, list):
        return _list(value)
    return value


_FORMS = {
    "string": _text,
    "integer": _number,
    "float": _number,
    "decimal": _number,
    "money": _money,
    "datetime": _instant,
    "boolean": _boolean,
    "list": _list,
    "object": _other,
}

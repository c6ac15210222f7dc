"""A value in the features' words, in a system's native shape, and as it is compared.

Words: `12.50`, `12.50 USD`, `city: Oslo, country code: NO`, and `;` between the items of a list. Compared is plain
JSON in which empty is None and numbers are canonical texts, so that 10.0 equals 10.00 ("Values" in the sync rules).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from bothways.mapping import End, Item, Type

Native = Any  # JSON as a system's API shows it
Compared = Any  # JSON in which equal values are equal


def dig(record: Mapping[str, Any], path: str) -> Native:
    """What stands at a dotted path, None where nothing does."""
    found: Any = record
    for part in path.split("."):
        if not isinstance(found, Mapping):
            return None
        found = found.get(part)
    return found


def plant(record: dict[str, Any], path: str, value: Native) -> None:
    """Put a value at a dotted path, making the objects on the way."""
    *parents, last = path.split(".")
    for part in parents:
        record = record.setdefault(part, {})
    record[last] = value


def native(type_: Type, end: End, words: str) -> Native:
    """The value that `words` mean, as the field `end` of a system holds it."""
    if type_ is Type.MONEY:
        amount, currency = words.split(" ")
        return {_renamed(end, "amount"): amount, _renamed(end, "currency"): currency}
    if type_ is Type.OBJECT:
        return {_renamed(end, name): text for name, text in _members(words).items()}
    if type_ is Type.LIST:
        parts = [part.strip() for part in words.split(";")]
        return [_native_item(end.items, part) for part in parts] if end.items else parts
    return _scalar(type_, end.values.get(words, words))


def compared(type_: Type, end: End, value: Native) -> Compared:
    """A native value as it is compared, in the entity's words; None for null, absent, "" and []."""
    if value is None or value in ("", [], {}):
        return None
    if type_ is Type.MONEY:
        amount = dig(value, _renamed(end, "amount"))
        return None if amount is None else f"{_number(amount)} {dig(value, _renamed(end, 'currency'))}"
    if type_ is Type.OBJECT:
        words = {native_name: name for name, native_name in end.fields.items()}
        members = {words.get(name, name): text or None for name, text in value.items()}
        known = {name: text for name, text in members.items() if not end.fields or name in end.fields}
        return {name: text for name, text in sorted(known.items()) if text is not None} or None
    if type_ is Type.LIST and end.items:
        return [_compared_item(end.items, item) for item in value]
    if type_ in (Type.DECIMAL, Type.FLOAT):
        return _number(value)
    if type_ is Type.DATETIME:
        return datetime.fromisoformat(value).astimezone(UTC).isoformat()
    return {native_word: word for word, native_word in end.values.items()}.get(str(value), value)


def moment(value: Native) -> Compared:
    """A text that says a time as that time in UTC, whatever its form; anything else as it is."""
    try:
        return datetime.fromisoformat(value).astimezone(UTC).isoformat()
    except (TypeError, ValueError):
        return value


def _renamed(end: End, name: str) -> str:
    return end.fields.get(name, name)


def _members(words: str) -> dict[str, str]:
    """`city: Oslo, country code: NO` as {"city": "Oslo", "country_code": "NO"}."""
    pairs = (part.split(":", 1) for part in words.split(","))
    return {name.strip().replace(" ", "_"): text.strip() for name, text in pairs}


def _native_item(items: Mapping[str, Item], words: str) -> dict[str, Native]:
    native_item: dict[str, Native] = {}
    for name, text in _members(words).items():
        plant(native_item, items[name].path, _scalar(items[name].type, text))
    return native_item


def _compared_item(items: Mapping[str, Item], value: Mapping[str, Any]) -> dict[str, Compared]:
    return {
        name: compared(item.type, End(path=item.path), dig(value, item.path)) for name, item in items.items()
    }


def _scalar(type_: Type, words: str) -> Native:
    if type_ is Type.INTEGER:
        return int(words)
    if type_ is Type.FLOAT:
        return float(words)
    if type_ is Type.BOOLEAN:
        return bool(json.loads(words))
    return words


def _number(value: Native) -> str:
    return format(Decimal(str(value)).normalize(), "f")

"""Values under test: every one written is unique, so that a value names its edit; some are hard to carry."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

EPOCH = datetime(2024, 3, 31, 0, 30, tzinfo=UTC)
"""Half an hour before the clocks of Europe change."""

TEXTS: tuple[Callable[[int], str], ...] = (
    lambda n: f"text {n}",
    lambda n: f"  padded {n} ",
    lambda n: f"UPPER and lower {n}",
    lambda n: f"Ame\u0301lie {n}",
    lambda n: f"Amélie {n}",
    lambda n: f"👩\u200d🔧 {n} 🇳🇴",
    lambda n: f"\u05e9\u05dc\u05d5\u05dd {n} \u0645\u0631\u062d\u0628\u0627",
    lambda n: f"{n} " + "long " * 30 + "end",
    lambda n: f"<b>{n}</b> & \"quoted\" 'text' \\ {{}}",
    lambda n: f"a\u0323\u0302 {n} z\u0301\u0300",
)


def unique(type_: str, number: int, flavour: int = 0) -> Any:
    """A value of a type, in the entity's words, that no other number gives. `flavour` chooses among kinds."""
    match type_:
        case "string":
            return TEXTS[flavour % len(TEXTS)](number)
        case "integer":
            return (number, 2**53 + number, -number)[flavour % 3]
        case "float":
            return (number + 0.5, number + 0.1, number * 1e-7)[flavour % 3]
        case "decimal":
            return decimal(number, flavour)
        case "money":
            return {"amount": (f"{number}.10", f"{number}.00")[flavour % 2], "currency": "USD"}
        case "boolean":
            return bool(number % 2)
        case "datetime":
            zone = ("Z", "+00:00", "+02:00", "-05:30")[flavour % 4]
            return _moment(number, zone)
        case "list":
            return [[f"item {number}"], [f"b {number}", f"a {number}"]][flavour % 2]
        case "object":
            return {"first": f"one {number}", "second": f"two {number}"}
    raise ValueError(f"no values of type {type_}")


def decimal(number: int, flavour: int = 0) -> str:
    """A decimal as JSON carries it: with cents, with trailing zeros, with none, or with many digits."""
    return (f"{number}.25", f"{number}.100", f"{number}", f"{number}0123456789012345678901.25")[flavour % 4]


def _moment(number: int, zone: str) -> str:
    shift = {"Z": 0, "+00:00": 0, "+02:00": 120, "-05:30": -330}[zone]
    local = EPOCH + timedelta(seconds=number, minutes=shift)
    return local.replace(tzinfo=None).isoformat(timespec="milliseconds") + zone

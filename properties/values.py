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
    """A value of a type, in the entity's words, that no other number gives; `flavour` chooses among kinds.

    Only a boolean can't be unique. Raises KeyError for an unknown type.
    """
    kinds = _KINDS[type_]
    return kinds[flavour % len(kinds)](number)


def _moment(number: int, zone: str) -> str:
    shift = {"Z": 0, "+00:00": 0, "+02:00": 120, "-05:30": -330}[zone]
    local = EPOCH + timedelta(seconds=number, minutes=shift)
    return local.replace(tzinfo=None).isoformat(timespec="milliseconds") + zone


_KINDS: dict[str, tuple[Callable[[int], Any], ...]] = {
    "string": TEXTS,
    "integer": (lambda n: n, lambda n: 2**53 + n, lambda n: -n),
    "float": (lambda n: n + 0.5, lambda n: n + 0.1, lambda n: n * 1e-7),
    "decimal": (
        lambda n: f"{n}.25",
        lambda n: f"{n}.100",
        lambda n: f"{n}",
        lambda n: f"{n}0123456789012345678901.25",
    ),
    "money": (
        lambda n: {"amount": f"{n}.10", "currency": "USD"},
        lambda n: {"amount": f"{n}.00", "currency": "USD"},
    ),
    "boolean": (lambda n: bool(n % 2),),
    "datetime": (
        lambda n: _moment(n, "Z"),
        lambda n: _moment(n, "+00:00"),
        lambda n: _moment(n, "+02:00"),
        lambda n: _moment(n, "-05:30"),
    ),
    "list": (lambda n: [f"item {n}"], lambda n: [f"b {n}", f"a {n}"]),
    "object": (lambda n: {"first": f"one {n}", "second": f"two {n}"},),
}

"""What systems make of a value they are given: trimmed, lower-cased, rounded, wrapped, a time written shorter (S16)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from bothways.sync.codecs import empty, pick
from bothways.sync.connectors.times import moment

_PARAGRAPH = re.compile(r"\s*<p>(.*)</p>\s*", re.DOTALL | re.IGNORECASE)


def renders(written: Any, shown: Any) -> bool:
    """Whether `shown` is `written`, or a system's rendering of it. Members that were not written don't count."""
    if empty(written) or empty(shown):
        return empty(written) and empty(shown)
    if isinstance(written, Mapping):
        return all(renders(value, pick(shown, path)) for path, value in written.items())
    if isinstance(written, list):
        same_length = isinstance(shown, list) and len(written) == len(shown)
        return same_length and all(map(renders, written, shown))
    if isinstance(written, bool) or isinstance(shown, bool):
        return written is shown
    if isinstance(written, int | float) or isinstance(shown, int | float):
        return _rounds(str(written), str(shown))
    if not (isinstance(written, str) and isinstance(shown, str)):
        return False
    return _plain(written) == _plain(shown) or _rounds(written, shown) or _at_once(written, shown)


def _plain(text: str) -> str:
    wrapped = _PARAGRAPH.fullmatch(text)
    return (wrapped[1] if wrapped else text).strip().casefold()


def _rounds(written: str, shown: str) -> bool:
    try:
        exact, kept = Decimal(written), Decimal(shown)
        return exact == kept or abs(exact - kept) * 2 <= Decimal(1).scaleb(_scale(kept))
    except (InvalidOperation, TypeError):
        return False


def _at_once(written: str, shown: str) -> bool:
    at = moment(written)
    return at is not None and at == moment(shown)


def _scale(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0

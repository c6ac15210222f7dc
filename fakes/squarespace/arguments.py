"""The arguments of a request or a screen, taken one by one: what is missing, unknown or out of shape is
refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from fakes.squarespace.refusals import invalid, missing

DECIMAL = re.compile(r"-?\d{1,15}(\.\d+)?", re.ASCII)
Json = dict[str, Any]


class Arguments:
    """A JSON object whose members are all in `known`. Every method raises Refusal for a value it can't take,
    and gives None for a member that is absent or null.
    """

    def __init__(self, body: Any, known: Iterable[str], *, at: str = "") -> None:
        if not isinstance(body, dict):
            raise invalid(f"{at or 'the body'} must be a JSON object")
        self._at = f"{at}." if at else ""
        if odd := sorted(body.keys() - set(known)):
            raise invalid(f"{self._at}{odd[0]} can't be given here")
        self.body = body

    def __contains__(self, name: str) -> bool:
        return name in self.body

    def require(self, *names: str) -> None:
        """Refuse a body in which any of `names` is absent, null or empty text."""
        for name in names:
            if self.body.get(name) in (None, ""):
                raise missing(self._at + name)

    def text(self, name: str, longest: int | None = None) -> str | None:
        """A text of at most `longest` characters."""
        value = self.body.get(name)
        if value is not None and not isinstance(value, str):
            raise invalid(f"{self._at}{name} must be a text")
        if value is not None and longest is not None and len(value) > longest:
            raise invalid(f"{self._at}{name} is longer than {longest} characters")
        return value

    def choice(self, name: str, allowed: Iterable[str]) -> str | None:
        """One of the texts in `allowed`."""
        value = self.text(name)
        if value is not None and value not in set(allowed):
            raise invalid(f"{self._at}{name} must be one of {', '.join(allowed)}")
        return value

    def flag(self, name: str) -> bool | None:
        """True or false."""
        value = self.body.get(name)
        if value is not None and not isinstance(value, bool):
            raise invalid(f"{self._at}{name} must be true or false")
        return value

    def whole(self, name: str, least: int) -> int | None:
        """A whole number of `least` or more."""
        value = self.body.get(name)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            raise invalid(f"{self._at}{name} must be a whole number from {least} on")
        return value

    def rows(self, name: str) -> list[Any] | None:
        """A list."""
        value = self.body.get(name)
        if value is not None and not isinstance(value, list):
            raise invalid(f"{self._at}{name} must be a list")
        return value

    def texts(self, name: str) -> tuple[str, ...] | None:
        """A list of texts."""
        value = self.rows(name)
        if value is None:
            return None
        if any(not isinstance(item, str) for item in value):
            raise invalid(f"{self._at}{name} must be a list of texts")
        return tuple(value)

    def object(self, name: str, known: Iterable[str]) -> Arguments | None:
        """A JSON object with members of `known`."""
        value = self.body.get(name)
        return None if value is None else Arguments(value, known, at=self._at + name)

    def money(self, name: str, currency: str, decimals: int | None) -> str | None:
        """The value of an amount in `currency`, padded to `decimals` where given; finer ones are refused."""
        amount = self.object(name, ("currency", "value"))
        if amount is None:
            return None
        amount.require("currency", "value")
        value = amount.text("value") or ""
        if amount.text("currency") != currency:
            raise invalid(f"{self._at}{name}.currency must be {currency}")
        if not DECIMAL.fullmatch(value):
            raise invalid(f"{self._at}{name}.value must be a decimal number as a text")
        if decimals is None:
            return value
        padded = Decimal(value).quantize(Decimal(1).scaleb(-decimals))
        if padded != Decimal(value):
            raise invalid(f"{self._at}{name}.value has more than {decimals} decimals")
        return str(padded)

    def moment(self, name: str) -> datetime | None:
        """A time with a zone, cut to milliseconds."""
        value = self.text(name)
        return None if value is None else moment(value, self._at + name)


def moment(text: str, name: str) -> datetime:
    """An ISO 8601 time with a zone, in UTC, cut to milliseconds. Raises Refusal."""
    try:
        value = datetime.fromisoformat(text)
        if value.tzinfo is None:
            raise ValueError
        return value.astimezone(UTC).replace(microsecond=value.microsecond // 1000 * 1000)
    except (ValueError, OverflowError):
        raise invalid(f"{name} must be an ISO 8601 time in UTC") from None

"""What the engine does, told on standard error: one event a line, for people on a terminal, else as JSON."""

from __future__ import annotations

import sys
from collections.abc import Collection, MutableMapping
from typing import Any, TextIO

import structlog
from structlog.typing import FilteringBoundLogger, Processor

HIDDEN = "…"


def logger(secrets: Collection[str], stream: TextIO | None = None) -> FilteringBoundLogger:
    """A logger of events in which no secret appears, wherever it comes from (S31)."""
    out = stream or sys.stderr
    drawn: Processor = (
        structlog.dev.ConsoleRenderer() if out.isatty() else structlog.processors.JSONRenderer()
    )
    log: FilteringBoundLogger = structlog.wrap_logger(
        structlog.PrintLogger(out),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _Hiding(secrets),
            drawn,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(0),
    )
    return log


class _Hiding:
    """Replaces every secret in an event by `…`."""

    def __init__(self, secrets: Collection[str]) -> None:
        self._secrets = sorted(filter(None, secrets), key=len, reverse=True)

    def __call__(self, _: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        for name, value in event.items():
            event[name] = self._hidden(value)
        return event

    def _hidden(self, value: Any) -> Any:
        if isinstance(value, str):
            for secret in self._secrets:
                value = value.replace(secret, HIDDEN)
            return value
        if isinstance(value, dict):
            return {self._hidden(name): self._hidden(held) for name, held in value.items()}
        if isinstance(value, list | tuple | set):
            return [self._hidden(held) for held in value]
        return value if value is None or isinstance(value, bool | int | float) else self._hidden(str(value))

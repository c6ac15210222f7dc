"""Requests and answers as the operations of a system see them, apart from the web server that carries
them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fakes.faults import Fault

MALFORMED = object()
"""Stands for a body that is not JSON."""


@dataclass(slots=True)
class Call:
    """One request. `body` is parsed JSON, None where there is none, MALFORMED where it can't be parsed.
    `fault` is the fault that the operation itself has to play.
    """

    method: str
    path: str
    params: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any = None
    fault: Fault | None = None

    def struck_by(self, kind: str) -> Fault | None:
        """The fault of this request, if it is of `kind`."""
        return self.fault if self.fault is not None and self.fault.kind == kind else None


@dataclass(slots=True)
class Answer:
    """One answer. `body` is JSON, None for none at all."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    media_type: str = "application/json"


class Refused(Exception):
    """A request that the system won't carry out, with the answer that says so."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status, answer.body)
        self.answer = answer


@dataclass(frozen=True, slots=True)
class Operation:
    """One line of a contract: what serves `method` on `path` (`{name}` stands for one segment).

    `lists` and `batches` say which faults can strike it. An operation is carried out whole or, when it raises
    Refused, not at all.
    """

    method: str
    path: str
    serve: Callable[[Call], Answer]
    lists: bool = False
    batches: bool = False


def parsed(body: bytes) -> Any:
    """A request's body as JSON: None for an empty one, MALFORMED for none that JSON allows (NaN included)."""
    if not body:
        return None
    try:
        return _decode(body.decode())
    except (ValueError, RecursionError):
        return MALFORMED


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


_decode = json.JSONDecoder(parse_constant=_refuse_constant).decode


def rendered(body: Any) -> bytes:
    """JSON as it is sent."""
    return b"" if body is None else _encode(body).encode()


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode

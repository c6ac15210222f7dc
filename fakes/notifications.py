"""Webhooks: what a system wants to tell its subscribers. Nothing is sent; a test delivers, or doesn't."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Subscription:
    """Somebody who wants to hear of `topics` at `url`. `secret` signs what they are told."""

    id: str
    url: str
    topics: tuple[str, ...]
    secret: str


@dataclass(frozen=True, slots=True)
class Notification:
    """One webhook that is due: `body` is what would be sent to `url`, byte for byte, under `headers`."""

    id: str
    topic: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    url: str = ""

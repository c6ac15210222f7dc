"""Notifications of a REST system, signed as Standard Webhooks (v1, symmetric) has it."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime

from fakes.http import rendered
from fakes.notifications import Notification, Subscription

EVENTS = ("created", "updated", "deleted")


def secret_from(text: str) -> str:
    """A signing secret made of opaque text: `whsec_` and 24 bytes in base64."""
    return "whsec_" + base64.b64encode(text.encode()[:24]).decode()


def signed(secret: str, id: str, timestamp: int, body: bytes) -> str:
    """The `webhook-signature` header: HMAC-SHA256 over `id.timestamp.body`. `secret` is `whsec_` and
    base64.
    """
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, f"{id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


def notification(
    subscription: Subscription, id: str, event: str, record_id: str, now: datetime
) -> Notification:
    """What `subscription` is told of one change. Times are seconds since 1970, by the system's own clock."""
    body = rendered({"type": event, "data": {"id": record_id}})
    timestamp = int(now.timestamp())
    headers = {
        "content-type": "application/json",
        "webhook-id": id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signed(subscription.secret, id, timestamp, body),
    }
    return Notification(id, event, body, headers, subscription.url)

"""Notifications of Squarespace: orders only, signed under the subscription's hexadecimal secret."""

from __future__ import annotations

import hashlib
import hmac

from fakes.http import rendered
from fakes.notifications import Notification, Subscription

TOPICS = ("order.create", "order.update")


def signed(secret: str, body: bytes) -> str:
    """The `Squarespace-Signature` header: lower-case hex HMAC-SHA256 of the raw body under the hex-decoded
    secret."""
    return hmac.new(bytes.fromhex(secret), body, hashlib.sha256).hexdigest()


def notification(
    subscription: Subscription, id: str, topic: str, order: str, update: str | None
) -> Notification:
    """What `subscription` is told of one order."""
    told = {"orderId": order} if update is None else {"orderId": order, "update": update}
    body = rendered({"id": id, "topic": topic, "data": told})
    headers = {
        "content-type": "application/json",
        "Squarespace-Signature": signed(subscription.secret, body),
    }
    return Notification(id, topic, body, headers, subscription.url)

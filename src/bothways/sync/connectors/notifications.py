"""Whether a notification comes from whom it claims to come from, and is new (S28). What it says is looked up anyway."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

TOLERANCE = timedelta(minutes=5)
"""How far a notification's time may be from ours: an older one may have been recorded and sent again."""

REMEMBERED = 10_000
"""How many notifications are told apart; one that comes back later only costs a look."""


def genuine(contract: str, headers: Mapping[str, str], body: bytes, secret: str, now: datetime) -> bool:
    """Whether a notification is signed with `secret` as the contract has it. Without a secret none is."""
    if not secret:
        return False
    if contract == "squarespace":
        return verify_squarespace(headers, body, secret)
    return verify_standard_webhook(headers, body, secret, now)


class Heard:
    """The notifications that have come, so that one that comes again is known."""

    def __init__(self) -> None:
        self._seen: OrderedDict[tuple[str, str], None] = OrderedDict()

    def is_new(self, system: str, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether this one has not come before. One without an id always counts as new."""
        id = _lower(headers).get("webhook-id") or _id_in(body)
        if not id:
            return True
        new = (system, id) not in self._seen
        self._seen[system, id] = None
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        return new


def verify_standard_webhook(headers: Mapping[str, str], body: bytes, secret: str, now: datetime) -> bool:
    """Whether a notification of a generic REST system is genuine and recent (Standard Webhooks, symmetric `v1`).

    `secret` is `whsec_` and base64. Each of several signatures, separated by spaces, may be the one: secrets rotate.
    """
    told = _lower(headers)
    try:
        at = int(told.get("webhook-timestamp", ""))
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except (ValueError, binascii.Error):
        return False
    signed = f"{told.get('webhook-id', '')}.{at}.".encode() + body
    right = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    recent = abs(now.timestamp() - at) <= TOLERANCE.total_seconds()
    signatures = told.get("webhook-signature", "").split()
    return recent and bool(key) and any(_same(signature, right) for signature in signatures)


def verify_squarespace(headers: Mapping[str, str], body: bytes, secret: str) -> bool:
    """Whether a notification of Squarespace is genuine: HMAC-SHA256 of its raw body under the hex-decoded `secret`.

    It carries no time: a repeated one is told by its `id`.
    """
    try:
        key = bytes.fromhex(secret)
    except ValueError:
        return False
    right = hmac.new(key, body, hashlib.sha256).hexdigest()
    return bool(key) and _same(_lower(headers).get("squarespace-signature", ""), right)


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): text for name, text in headers.items()}


def _same(given: str, right: str) -> bool:
    return hmac.compare_digest(given.encode(), right.encode())


def _id_in(body: bytes) -> str:
    try:
        told: Any = json.loads(body)
    except ValueError:
        return ""
    id = told.get("id") if isinstance(told, dict) else None
    return id if isinstance(id, str) else ""

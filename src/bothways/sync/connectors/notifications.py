"""Whether a notification comes from whom it claims to come from (S28). What it says is looked up all the same."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta

TOLERANCE = timedelta(minutes=5)
"""How far a notification's time may be from ours: an older one may have been recorded and sent again."""


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

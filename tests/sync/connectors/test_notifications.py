"""Notifications are verified by their signatures before anybody looks (S28)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import timedelta

import pytest

from bothways.sync.connectors.notifications import TOLERANCE, verify_squarespace, verify_standard_webhook
from fakes.notifications import Notification
from tests.sync.connectors.connected import TOKEN, Connected

SECRET = "F3F9B981C78E7A6187E42853F6CE2804177E98206164779423B02DEC981ACD6B"
BODY = b'{"id":"n1","topic":"order.create","data":{"orderId":"o1"}}'
SIGNATURE = "8403230c24b060de122936d911eb0187ff89f5bdbf20bc66beb9dcbeeb66b1c8"


def test_the_vector_of_squarespaces_contract() -> None:
    assert verify_squarespace({"Squarespace-Signature": SIGNATURE}, BODY, SECRET)
    assert verify_squarespace({"squarespace-signature": SIGNATURE}, BODY, SECRET.lower())


@pytest.mark.parametrize(
    ("headers", "body", "secret"),
    [
        ({"Squarespace-Signature": SIGNATURE}, BODY + b" ", SECRET),
        ({"Squarespace-Signature": SIGNATURE}, BODY, SECRET[:-2] + "00"),
        ({"Squarespace-Signature": SIGNATURE[:-1]}, BODY, SECRET),
        ({"Squarespace-Signature": "ü"}, BODY, SECRET),
        ({"Squarespace-Signature": ""}, BODY, SECRET),
        ({}, BODY, SECRET),
        ({"Squarespace-Signature": SIGNATURE}, BODY, "no hexadecimal"),
        ({"Squarespace-Signature": SIGNATURE}, BODY, ""),
    ],
)
def test_what_squarespace_did_not_sign_is_refused(headers: dict[str, str], body: bytes, secret: str) -> None:
    assert not verify_squarespace(headers, body, secret)


def test_an_empty_secret_signs_nothing(rest: Connected) -> None:
    forged = hmac.new(b"", BODY, hashlib.sha256).hexdigest()
    assert not verify_squarespace({"Squarespace-Signature": forged}, BODY, "")
    timestamp = str(int(rest.now().timestamp()))
    digest = hmac.new(b"", f"n1.{timestamp}.".encode() + BODY, hashlib.sha256).digest()
    headers = {
        "webhook-id": "n1",
        "webhook-timestamp": timestamp,
        "webhook-signature": "v1," + base64.b64encode(digest).decode(),
    }
    assert not verify_standard_webhook(headers, BODY, "whsec_", rest.now())


def test_a_shops_own_notifications_are_genuine(shop: Connected) -> None:
    secret = shop.system.subscribe("https://hook.test")
    shop.system.edit("Order", shop.system.create("Order", {}), {"customerEmail": "new@example.com"})
    told = shop.system.notifications
    assert len(told) == 2
    assert all(verify_squarespace(one.headers, one.body, secret) for one in told)


@pytest.fixture
def webhook(rest: Connected) -> tuple[Notification, str]:
    """A notification of a generic REST system, and the secret it is signed with."""
    hooks = {"url": "https://hook.test", "events": ["product.updated"]}
    connector = rest.connector
    answer = rest.run(connector._http.send("POST", "/webhooks", hooks))  # type: ignore[attr-defined]  # as anybody may
    rest.system.edit("Product", rest.system.create("Product", {}), {"name": "new"})
    [told] = rest.system.notifications
    return told, answer.body["secret"]


def test_a_systems_own_notifications_are_genuine(rest: Connected, webhook: tuple[Notification, str]) -> None:
    told, secret = webhook
    assert TOKEN not in secret
    assert verify_standard_webhook(told.headers, told.body, secret, rest.now())
    assert verify_standard_webhook(told.headers, told.body, secret, rest.now() + TOLERANCE)
    rotated = told.headers | {"webhook-signature": f"v1,c29tZQ== {told.headers['webhook-signature']}"}
    assert verify_standard_webhook(rotated, told.body, secret, rest.now())


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-id": "another"},
        {"webhook-timestamp": "1727769601"},
        {"webhook-timestamp": "soon"},
        {"webhook-timestamp": ""},
        {"webhook-signature": "v1,c29tZQ=="},
        {"webhook-signature": ""},
        {"webhook-signature": "v1a,ü"},
    ],
    ids=str,
)
def test_what_the_system_did_not_sign_is_refused(
    rest: Connected, webhook: tuple[Notification, str], change: dict[str, str]
) -> None:
    told, secret = webhook
    assert told.headers.keys() >= change.keys()
    assert told.headers != told.headers | change
    assert not verify_standard_webhook(told.headers | change, told.body, secret, rest.now())


def test_another_body_or_secret_is_refused(rest: Connected, webhook: tuple[Notification, str]) -> None:
    told, secret = webhook
    assert not verify_standard_webhook(told.headers, told.body + b" ", secret, rest.now())
    for other in ("whsec_", "", "whsec_!", "whsec_c29tZQ=="):
        assert not verify_standard_webhook(told.headers, told.body, other, rest.now())


@pytest.mark.parametrize("late", [timedelta(minutes=5, seconds=1), -timedelta(minutes=5, seconds=1)])
def test_an_old_notification_is_refused(
    rest: Connected, webhook: tuple[Notification, str], late: timedelta
) -> None:
    told, secret = webhook
    assert not verify_standard_webhook(told.headers, told.body, secret, rest.now() + late)

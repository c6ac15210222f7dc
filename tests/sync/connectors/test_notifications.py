"""Notifications are verified by their signatures before anybody looks (S28)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest

from bothways.sync.connectors import notifications
from bothways.sync.connectors.notifications import (
    TOLERANCE,
    Heard,
    genuine,
    verify_squarespace,
    verify_standard_webhook,
)
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
    ids=["id", "later", "no time", "timeless", "another", "unsigned", "odd"],
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


def test_a_header_is_found_however_it_is_written(rest: Connected, webhook: tuple[Notification, str]) -> None:
    told, secret = webhook
    shouted = {name.upper(): text for name, text in told.headers.items()}
    assert verify_standard_webhook(shouted, told.body, secret, rest.now())


def test_a_secret_that_is_not_quite_base64_signs_nothing(
    rest: Connected, webhook: tuple[Notification, str]
) -> None:
    told, secret = webhook
    assert not verify_standard_webhook(told.headers, told.body, secret + "\n", rest.now())


def test_a_notification_without_an_id_is_signed_as_such(rest: Connected) -> None:
    timestamp = str(int(rest.now().timestamp()))
    digest = hmac.new(b"some", f".{timestamp}.".encode() + BODY, hashlib.sha256).digest()
    headers = {
        "webhook-timestamp": timestamp,
        "webhook-signature": "v1," + base64.b64encode(digest).decode(),
    }
    assert verify_standard_webhook(headers, BODY, "whsec_c29tZQ==", rest.now())
    assert verify_standard_webhook(headers, BODY, "c29tZQ==", rest.now())
    del headers["webhook-signature"]
    assert not verify_standard_webhook(headers, BODY, "whsec_c29tZQ==", rest.now())


@pytest.mark.parametrize("late", [timedelta(minutes=5, seconds=1), -timedelta(minutes=5, seconds=1)])
def test_an_old_notification_is_refused(
    rest: Connected, webhook: tuple[Notification, str], late: timedelta
) -> None:
    told, secret = webhook
    assert not verify_standard_webhook(told.headers, told.body, secret, rest.now() + late)


# -- which contract it is verified by ------------------------------------------------------------------


def test_each_contract_has_its_own_signatures(rest: Connected, webhook: tuple[Notification, str]) -> None:
    told, secret = webhook
    assert genuine("rest", told.headers, told.body, secret, rest.now())
    assert genuine("another", told.headers, told.body, secret, rest.now())
    assert not genuine("squarespace", told.headers, told.body, secret, rest.now())
    long_ago = datetime(2000, 1, 1, tzinfo=UTC)
    assert not genuine("rest", told.headers, told.body, secret, long_ago)
    signed = {"Squarespace-Signature": SIGNATURE}
    assert genuine("squarespace", signed, BODY, SECRET, long_ago), "Squarespace's tell no time"
    assert not genuine("rest", signed, BODY, SECRET, rest.now())


@pytest.mark.parametrize("contract", ["rest", "squarespace"])
def test_without_a_secret_nothing_is_genuine(contract: str, rest: Connected) -> None:
    assert genuine(contract, {"Squarespace-Signature": SIGNATURE}, BODY, "", rest.now()) is False


# -- which have come before ----------------------------------------------------------------------------


def test_a_notification_is_new_once_for_each_system() -> None:
    heard = Heard()
    assert [heard.is_new("a", {"Webhook-Id": id}, b"") for id in ("n1", "n2", "n1")] == [True, True, False]
    assert heard.is_new("b", {"webhook-id": "n1"}, b"")
    assert not heard.is_new("b", {"webhook-id": "n1"}, b"another body")


def test_a_notification_without_a_header_is_known_by_the_id_in_its_body() -> None:
    heard = Heard()
    assert [
        heard.is_new("shop", {}, body) for body in (b'{"id": "n1"}', b'{"id": "n2"}', b'{"id": "n1"}')
    ] == [
        True,
        True,
        False,
    ]
    assert not heard.is_new("shop", {"webhook-id": "n1"}, b'{"id": "n3"}'), "the header's counts more"


@pytest.mark.parametrize("body", [b"", b"no JSON", b"{}", b'["n1"]', b'{"id": 1}', b'{"id": null}'])
def test_what_has_no_id_is_always_new(body: bytes) -> None:
    heard = Heard()
    assert [heard.is_new("shop", {}, body) for _ in range(2)] == [True, True]
    assert heard.is_new("shop", {"webhook-id": ""}, body)


def test_only_so_many_are_remembered_and_the_oldest_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notifications, "REMEMBERED", 2)
    heard = Heard()

    def is_new(id: str) -> bool:
        return heard.is_new("shop", {"webhook-id": id}, b"")

    assert [is_new(id) for id in ("n1", "n2", "n1", "n2", "n3", "n2", "n3")] == [
        True,
        True,
        False,
        False,
        True,
        False,
        False,
    ]
    assert is_new("n1")

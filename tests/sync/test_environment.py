"""Addresses, tokens and secrets come from the environment alone, and what is missing there is named (S31)."""

from __future__ import annotations

import pytest

from bothways.errors import SyncError
from bothways.mapping import Mapping
from bothways.sync.environment import Access, access
from tests.sync.pair import pair

COMPLETE = {
    "BOTHWAYS_URL_LEFT": "https://left.test/api",
    "BOTHWAYS_TOKEN_LEFT": "token-of-left",
    "BOTHWAYS_URL_RIGHT": "http://right.test:8080",
    "BOTHWAYS_TOKEN_RIGHT": "token-of-right",
}


@pytest.fixture
def mapping() -> Mapping:
    return pair().mapping


def called(key: str) -> Mapping:
    """The pair with another key for its left system."""
    raw = pair().mapping.model_dump(mode="json", by_alias=True)
    raw["systems"][key] = raw["systems"].pop("left")
    raw["flows"][0]["source"]["system"] = key
    return Mapping.model_validate(raw)


def test_each_system_has_its_own_address_token_and_secret(mapping: Mapping) -> None:
    secret = {"BOTHWAYS_WEBHOOK_SECRET_RIGHT": "whsec_right", "BOTHWAYS_URL_OTHER": "no system of ours"}
    assert access(mapping, COMPLETE | secret) == {
        "left": Access("https://left.test/api", "token-of-left"),
        "right": Access("http://right.test:8080", "token-of-right", "whsec_right"),
    }


def test_without_a_webhook_secret_there_is_an_empty_one(mapping: Mapping) -> None:
    assert [each.webhook_secret for each in access(mapping, COMPLETE).values()] == ["", ""]


def test_all_that_is_missing_or_empty_is_named_at_once(mapping: Mapping) -> None:
    lacking = {"BOTHWAYS_URL_LEFT": "", "BOTHWAYS_TOKEN_RIGHT": "token"}
    with pytest.raises(SyncError) as refused:
        access(mapping, lacking)
    assert str(refused.value) == (
        "the environment lacks BOTHWAYS_URL_LEFT, BOTHWAYS_TOKEN_LEFT, BOTHWAYS_URL_RIGHT"
    )


@pytest.mark.parametrize(
    ("key", "suffix"),
    [
        ("shop2", "SHOP2"),
        ("web-shop", "WEB_SHOP"),
        ("web_shop.no", "WEB_SHOP_NO"),
        ("büro", "B_RO"),
        ("Zaz09", "ZAZ09"),
    ],
)
def test_a_variable_ends_in_the_key_in_upper_case_with_underscores_for_the_rest(
    key: str, suffix: str
) -> None:
    environ = {
        f"BOTHWAYS_URL_{suffix}": "https://shop.test",
        f"BOTHWAYS_TOKEN_{suffix}": "token",
        f"BOTHWAYS_WEBHOOK_SECRET_{suffix}": "secret",
    }
    found = access(called(key), COMPLETE | environ)
    assert found[key] == Access("https://shop.test", "token", "secret")


@pytest.mark.parametrize("name", ["BOTHWAYS_URL_LEFT", "BOTHWAYS_URL_RIGHT"])
@pytest.mark.parametrize(
    "url", ["shop", "ftp://shop.test", "https://", "http:shop", "https://x.test:port", "HTTP"]
)
def test_what_is_no_web_address_is_refused_by_the_name_of_its_variable(
    mapping: Mapping, name: str, url: str
) -> None:
    with pytest.raises(SyncError) as refused:
        access(mapping, COMPLETE | {name: url})
    assert str(refused.value) == f"{name} is no URL such as https://shop.example.com/api"


def test_an_address_stays_as_it_was_written(mapping: Mapping) -> None:
    written = "HTTPS://Shop.Test:443/a b/"
    assert access(mapping, COMPLETE | {"BOTHWAYS_URL_LEFT": written})["left"].url == written


def test_secrets_are_what_is_set_of_token_and_webhook_secret() -> None:
    assert Access("https://x.test", "token", "secret").secrets == ["token", "secret"]
    assert Access("https://x.test", "token").secrets == ["token"]
    assert Access("https://x.test", "").secrets == []


def test_neither_token_nor_secret_is_part_of_how_an_access_is_shown() -> None:
    assert repr(Access("https://x.test", "token-1", "secret-2")) == "Access(url='https://x.test')"

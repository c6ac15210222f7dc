"""The core as an integration under test: built from plain types, told to sync or notified, asked what it knows."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bothways.sync import Core, build
from fakes.mount import base_urls
from fakes.notifications import Notification
from tests.sync.shop import TOKENS, Shop

NewCore = Callable[[], Core]
SECRET = "F3F9B981C78E7A61"
SYSTEMS = ("webshop", "storefront")


@pytest.fixture
def new_core(shop: Shop, tmp_path: Path) -> NewCore:
    """Builds a core between the shop's systems, always on the same state."""

    def built() -> Core:
        return build(
            mapping=shop.mapping.model_dump(mode="json", by_alias=True),
            endpoints=base_urls(shop.systems),
            tokens=TOKENS,
            client=shop.client(),
            clock=shop.clock,
            state_dir=tmp_path,
        )

    return built


@pytest.fixture
def core(new_core: NewCore) -> Iterator[Core]:
    built = new_core()
    yield built
    asyncio.run(built.close())


def told(shop: Shop, system: str) -> tuple[Notification, str]:
    """What a system has to tell of a new order, and the secret that it signs that with."""
    secret = shop.systems[system].subscribe("https://hook.test")
    shop.systems[system].create("Order", {})
    return shop.systems[system].notifications[0], secret


def signed(body: bytes) -> dict[str, str]:
    """The headers of a genuine notification of the storefront."""
    return {"Squarespace-Signature": hmac.new(bytes.fromhex(SECRET), body, hashlib.sha256).hexdigest()}


def test_a_cycle_brings_to_one_system_what_the_other_has(core: Core, shop: Shop) -> None:
    shop.add_product("c1", stock=7)
    asyncio.run(core.sync())
    assert shop.quantity("c1") == 7
    assert [core.status()[figure] for figure in ("linked", "cycles", "failing")] == [1, 1, []]


def test_a_core_that_is_built_anew_goes_on_from_the_state_that_was_given_back(
    new_core: NewCore, shop: Shop
) -> None:
    shop.add_product("c1")
    first = new_core()
    asyncio.run(first.sync())
    asyncio.run(first.close())
    writes = shop.writes
    second = new_core()
    assert second.status()["linked"] == 1
    asyncio.run(second.sync())
    asyncio.run(second.close())
    assert shop.writes == writes


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_genuine_notification_is_a_reason_to_look_the_first_time_that_it_comes(
    core: Core, shop: Shop, system: str
) -> None:
    notification, secret = told(shop, system)
    for _ in range(2):
        asyncio.run(core.notified(system, notification.headers, notification.body, secret))
        assert core.status()["cycles"] == 1


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_forged_notification_is_no_reason_to_look(core: Core, shop: Shop, system: str) -> None:
    notification, secret = told(shop, system)
    asyncio.run(core.notified(system, notification.headers, notification.body + b" ", secret))
    assert core.status()["cycles"] == 0


def test_notifications_of_two_systems_are_two_though_they_have_the_same_id(core: Core, shop: Shop) -> None:
    notification, secret = told(shop, "webshop")
    asyncio.run(core.notified("webshop", notification.headers, notification.body, secret))
    body = json.dumps({"id": notification.id}).encode()
    asyncio.run(core.notified("storefront", signed(body), body, SECRET))
    assert core.status()["cycles"] == 2


def test_a_record_is_explained_whole_or_by_the_name_of_one_property(core: Core, shop: Shop) -> None:
    id = shop.add_product("c1", stock=7)
    asyncio.run(core.sync())
    whole = core.explain("webshop", "Product", id)
    sku = core.explain("webshop", "Product", id, "sku")
    assert len(whole["properties"]) > 1
    assert sku == whole | {"properties": {"sku": whole["properties"]["sku"]}}
    assert sku["properties"]["sku"]["where"] == f"webshop Product {id}"

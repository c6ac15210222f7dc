"""Notifications are verified and deduplicated, and only say: look (S28)."""

from __future__ import annotations

import asyncio
import io
import json
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest
from structlog.typing import FilteringBoundLogger

from bothways.acceptance.evidence import Evidence
from bothways.errors import SyncError
from bothways.mapping import Mapping
from bothways.sync.connectors import Setup, connect
from bothways.sync.environment import Access
from bothways.sync.listen import LARGEST, Listener
from bothways.sync.logs import logger
from bothways.sync.service import Consent, Service
from bothways.sync.store import Store
from bothways.sync.watching import Stop
from fakes.clock import SimulatedClock
from fakes.mount import base_urls
from fakes.notifications import Notification, Subscription
from fakes.rest.webhooks import notification as rest_notification
from fakes.rest.webhooks import secret_from
from fakes.squarespace.webhooks import notification as squarespace_notification
from tests.sync.shop import TOKENS, Shop

SECRETS = {"webshop": secret_from("opaque"), "storefront": "00ff10"}
LOG = logger([], io.StringIO())


@pytest.fixture
def told() -> list[str]:
    """One entry for each time that somebody was told to look."""
    return []


@pytest.fixture
def listener(mapping: Mapping, clock: SimulatedClock, told: list[str]) -> Listener:
    return listening(mapping, clock, lambda: told.append("look"))


def listening(
    mapping: Mapping, clock: SimulatedClock, look: Callable[[], None], log: FilteringBoundLogger = LOG
) -> Listener:
    accesses = {key: Access(f"https://{key}.test", "token", secret) for key, secret in SECRETS.items()}
    return Listener(mapping, accesses, look, clock.now, log)


@pytest.fixture
def out() -> io.StringIO:
    """What the listener `logging` logs."""
    return io.StringIO()


@pytest.fixture
def logging(mapping: Mapping, clock: SimulatedClock, out: io.StringIO) -> Listener:
    return listening(mapping, clock, lambda: None, logger([], out))


def events(out: io.StringIO) -> list[dict[str, Any]]:
    """The logged events, without the time at which each was written."""
    logged = [json.loads(line) for line in out.getvalue().splitlines()]
    return [{name: told for name, told in event.items() if name != "timestamp"} for event in logged]


def client(listener: Listener) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=listener.app), base_url="https://engine.test")


async def post(listener: Listener, system: str, notification: Notification) -> int:
    """The status of the listener's answer."""
    async with client(listener) as sender:
        answer = await sender.post(f"/{system}", content=notification.body, headers=notification.headers)
    return answer.status_code


def delivered(listener: Listener, system: str, *notifications: Notification) -> list[int]:
    async def post_all() -> list[int]:
        return [await post(listener, system, each) for each in notifications]

    return asyncio.run(post_all())


def subscribed(system: str) -> Subscription:
    return Subscription("s", "", (), SECRETS[system])


def from_webshop(clock: SimulatedClock, id: str) -> Notification:
    return rest_notification(subscribed("webshop"), id, "product.updated", "p1", clock.now())


def from_storefront(id: str) -> Notification:
    return squarespace_notification(subscribed("storefront"), id, "order.create", "o1", None)


def test_a_genuine_notification_says_look_once_however_often_it_comes(
    listener: Listener, clock: SimulatedClock, told: list[str]
) -> None:
    doubled = [from_webshop(clock, "n1"), from_webshop(clock, "n2"), from_webshop(clock, "n1")]
    assert delivered(listener, "webshop", *doubled) == [204, 204, 204]
    assert told == ["look", "look"]
    assert delivered(listener, "storefront", from_storefront("n1"), from_storefront("n1")) == [204, 204]
    assert told == ["look", "look", "look"]


def test_a_forged_notification_is_refused_and_nobody_looks(
    listener: Listener, clock: SimulatedClock, told: list[str]
) -> None:
    genuine = from_webshop(clock, "n1")
    forged = replace(genuine, body=genuine.body.replace(b"p1", b"p2"))
    assert forged != genuine
    assert delivered(listener, "webshop", forged, replace(genuine, headers={})) == [401, 401]
    assert delivered(listener, "storefront", replace(from_storefront("n1"), body=b"{}")) == [401]
    clock.advance(301)
    assert delivered(listener, "webshop", genuine) == [401]  # recorded, and sent again
    assert told == []


def test_what_is_no_notification_of_ours_is_refused(
    listener: Listener, clock: SimulatedClock, told: list[str]
) -> None:
    sizes = [Notification("n1", "", b" " * size) for size in (LARGEST, LARGEST + 1)]
    assert delivered(listener, "elsewhere", from_webshop(clock, "n1")) == [404]
    assert delivered(listener, "webshop/orders", from_webshop(clock, "n1")) == [404]
    assert delivered(listener, "webshop", *sizes) == [401, 413]
    assert told == []


def sent_in_parts(listener: Listener, notification: Notification, size: int) -> int:
    """The status for a notification whose body comes so many bytes at a time."""

    async def parts() -> AsyncIterator[bytes]:
        for start in range(0, len(notification.body), size):
            yield notification.body[start : start + size]

    async def send() -> int:
        async with client(listener) as sender:
            answer = await sender.post("/webshop", content=parts(), headers=notification.headers)
        return answer.status_code

    return asyncio.run(send())


def test_a_notification_may_come_in_parts(listener: Listener, clock: SimulatedClock, told: list[str]) -> None:
    assert sent_in_parts(listener, from_webshop(clock, "n1"), 7) == 204
    assert told == ["look"]
    assert sent_in_parts(listener, Notification("n2", "", b" " * (LARGEST + 1)), 1 << 16) == 413


def test_a_system_is_only_posted_to(listener: Listener) -> None:
    async def statuses() -> list[int]:
        async with client(listener) as sender:
            return [(await sender.request(method, "/webshop")).status_code for method in ("GET", "PUT")]

    assert asyncio.run(statuses()) == [405, 405]


def test_what_comes_is_logged_by_its_system_and_what_comes_again_is_not(
    logging: Listener, clock: SimulatedClock, out: io.StringIO
) -> None:
    genuine = from_webshop(clock, "n1")
    delivered(logging, "webshop", genuine, genuine, replace(genuine, headers={}))
    delivered(logging, "storefront", from_storefront("n1"))
    assert events(out) == [
        {"event": "notification", "level": "info", "system": "webshop"},
        {"event": "notification_refused", "level": "warning", "system": "webshop"},
        {"event": "notification", "level": "info", "system": "storefront"},
    ]


def test_without_a_secret_no_notification_is_genuine(mapping: Mapping, clock: SimulatedClock) -> None:
    accesses = {key: Access("https://x.test", "token") for key in mapping.systems}
    listener = Listener(mapping, accesses, lambda: pytest.fail("told to look"), clock.now, LOG)
    assert delivered(listener, "webshop", from_webshop(clock, "n1")) == [401]


async def listen(listener: Listener, host: str, port: int) -> None:
    async with listener.serving((host, port)):
        pass


def test_an_address_that_is_taken_is_refused_in_one_line(listener: Listener) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SyncError, match=f"^can't listen at 127.0.0.1:{port}: Address already in use"):
            asyncio.run(listen(listener, "127.0.0.1", port))


def test_an_address_is_refused_with_whatever_the_machine_says(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(address: tuple[str, int], *, family: int) -> socket.socket:
        raise OSError(f"no {address} of {family}")

    monkeypatch.setattr(socket, "create_server", refuse)
    with pytest.raises(SyncError) as refused:
        asyncio.run(listen(listener, "nowhere", 80))
    said = f"no ('nowhere', 80) of {int(socket.AF_INET)}"
    assert str(refused.value) == f"can't listen at nowhere:80: {said}"


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_notifications_are_taken_at_the_address_while_the_service_runs(
    logging: Listener, clock: SimulatedClock, out: io.StringIO, host: str
) -> None:
    ours = signal.getsignal(signal.SIGTERM)

    async def served() -> tuple[int, httpx.Response]:
        async with logging.serving((host, 0)), httpx.AsyncClient() as sender:
            assert signal.getsignal(signal.SIGTERM) is ours  # who serves, stops; the server doesn't
            port: int = events(out)[0]["port"]
            url = f"http://{f'[{host}]' if ':' in host else host}:{port}/webshop"
            due = from_webshop(clock, "n1")
            return port, await sender.post(url, content=due.body, headers=due.headers)

    port, answer = asyncio.run(served())
    assert (answer.status_code, "server" in answer.headers) == (204, False)
    assert events(out)[0] == {"event": "listening", "level": "info", "host": host, "port": port}
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((host, port))


def test_without_an_address_nothing_listens(logging: Listener, out: io.StringIO) -> None:
    async def served() -> int:
        async with logging.serving(None):
            return len(asyncio.all_tasks())

    assert asyncio.run(served()) == 1
    assert events(out) == []


def served_while(shop: Shop, state: str, told: Callable[[Listener], Awaitable[None]]) -> None:
    """A service that would look again in an hour, while somebody else does something."""

    async def run() -> None:
        stop, store = Stop(), Store(state)
        async with shop.client() as client:
            connectors = {
                key: connect(Setup(system, base_urls(shop.systems)[key], TOKENS[key], client, shop.clock))
                for key, system in shop.mapping.systems.items()
            }
            service = Service(shop.mapping, connectors, store, shop.clock, stop=stop, log=LOG)
            listener = listening(shop.mapping, shop.clock, service.look)
            serving = asyncio.create_task(service.forever(3600, Consent()))
            await told(listener)
            stop.ask()
            await serving
        store.close()

    asyncio.run(run())


async def until(condition: Callable[[], bool]) -> bool:
    """Whether the condition holds by the time that the service has had its turns."""
    for _ in range(20_000):
        if condition():
            return True
        await asyncio.sleep(0)
    return False


@pytest.mark.proves("S28")
def test_a_notification_brings_an_edit_across_long_before_the_next_cycle(
    shop: Shop, state: str, evidence: Evidence
) -> None:
    shop.add_product("a")
    shop.add_order("W1", "a")
    asyncio.run(shop.synchronise(state))
    shop.clock.advance(60)
    shop.storefront.subscribe("https://engine.test/storefront", secret=SECRETS["storefront"])
    (order,) = shop.storefront.ids("Order")

    def status() -> object:
        return shop.contents()["webshop Order"][0][1]["status"]

    async def cancel_and_tell(listener: Listener) -> None:
        listed = len(shop.webshop.log) + len(shop.storefront.log)
        await until(lambda: len(shop.webshop.log) + len(shop.storefront.log) >= listed + 5)
        shop.storefront.edit("Order", order, {"fulfillmentStatus": "CANCELED"})
        shop.clock.advance(60)
        for _ in range(2000):
            await asyncio.sleep(0)
        evidence.same("open", status(), "the webshop's status before the notification came")
        (due,) = shop.storefront.notifications
        evidence.same(204, await post(listener, "storefront", due), "the answer to the notification")
        evidence.holds(await until(lambda: status() == "cancelled"), "the edit has crossed", status())

    served_while(shop, state, cancel_and_tell)

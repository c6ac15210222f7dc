"""The systems can be reached in process, through respx and over loopback, and stray requests are not
forgotten.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta

import httpx
import pytest

from fakes.clock import START, SimulatedClock, SystemClock, WallClock
from fakes.faults import Fault
from fakes.log import RequestLog
from fakes.mount import base_urls, in_process, router, serve
from fakes.rest import RestSystem
from fakes.squarespace import SquarespaceSystem
from fakes.store import Ids
from fakes.system import System
from tests.fakes.api import Api

HEADERS = {"Authorization": "Bearer simulated"}
Asking = Callable[[httpx.AsyncClient], Coroutine[None, None, httpx.Response]]


def asked(client: httpx.AsyncClient, asking: Asking) -> httpx.Response:
    """One answer, and the client closed."""

    async def ask() -> httpx.Response:
        async with client:
            return await asking(client)

    return asyncio.run(ask())


def test_each_system_has_an_address_of_its_own(webshop: RestSystem, storefront: SquarespaceSystem) -> None:
    systems: dict[str, System] = {"webshop": webshop, "storefront": storefront}
    assert base_urls(systems) == {"webshop": "https://webshop.test", "storefront": "https://storefront.test"}
    transport = in_process(systems)
    shop, store = Api(webshop, transport), Api(storefront, transport)
    assert "datatypes" in shop.get("/").json()
    assert "storePages" in store.get("/1.0/commerce/store_pages").json()
    assert [len(webshop.log), len(storefront.log)] == [1, 1]
    shop.close()
    store.close()


def test_a_stray_request_fails_and_is_kept_even_if_the_engine_forgives(webshop: RestSystem) -> None:
    transport = in_process({"webshop": webshop})
    api = Api(webshop, transport)
    with pytest.raises(httpx.ConnectError, match=r"no host elsewhere\.test"):
        api.get("https://elsewhere.test/product")
    assert api.get("/product/1/2").status_code == 404
    assert api.send("PUT", "/product").status_code == 405
    assert transport.unmatched == [
        "GET https://elsewhere.test/product",
        "GET webshop/product/1/2",
        "PUT webshop/product",
    ]
    api.close()


def test_a_refused_request_is_no_stray(webshop: RestSystem) -> None:
    transport = in_process({"webshop": webshop})
    api = Api(webshop, transport)
    assert api.get("/product/unknown").status_code == 404
    assert transport.unmatched == []
    api.close()


def test_through_respx_an_engine_may_bring_its_own_client(webshop: RestSystem) -> None:
    with router({"webshop": webshop}):
        answer = asked(
            httpx.AsyncClient(), lambda client: client.get("https://webshop.test/", headers=HEADERS)
        )
    assert answer.status_code == 200
    assert len(webshop.log) == 1


def test_through_respx_a_stray_request_is_kept_too(webshop: RestSystem) -> None:
    transport = in_process({"webshop": webshop})
    with router({"webshop": webshop}, transport), pytest.raises(httpx.ConnectError):
        asked(httpx.AsyncClient(), lambda client: client.get("https://elsewhere.test/"))
    assert transport.unmatched == ["GET https://elsewhere.test/"]


def test_through_respx_a_slow_answer_times_out(webshop: RestSystem) -> None:
    webshop.faults.script(Fault("slow", seconds=10))
    client = httpx.AsyncClient(timeout=5, headers=HEADERS)
    with router({"webshop": webshop}), pytest.raises(httpx.ReadTimeout):
        asked(client, lambda client: client.get("https://webshop.test/"))
    assert webshop.clock.true.now() == START + timedelta(seconds=5)


def test_any_asgi_transport_loses_an_answer_as_a_timeout(webshop: RestSystem) -> None:
    webshop.faults.script(Fault("drop_after_commit"))
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app=webshop.app), headers=HEADERS)
    with pytest.raises(httpx.ReadTimeout):
        asked(client, lambda client: client.get("https://webshop.test/"))


def test_systems_of_one_run_may_count_their_requests_together(clock: SimulatedClock) -> None:
    log = RequestLog()
    own = SystemClock(clock)
    webshop = RestSystem("webshop", {}, own, token="t", ids=Ids(1), log=log)
    storefront = SquarespaceSystem("storefront", own, token="t", ids=Ids(2), log=RequestLog(log.numbers))
    transport = in_process({"webshop": webshop, "storefront": storefront})
    shop, store = Api(webshop, transport), Api(storefront, transport)
    shop.get("/")
    store.get("/1.0/commerce/inventory")
    shop.get("/")
    assert [exchange.number for exchange in webshop.log] == [1, 3]
    assert [exchange.number for exchange in storefront.log] == [2]
    shop.close()
    store.close()


def test_the_log_keeps_what_was_asked_and_answered_but_no_token(shop_api: Api, webshop: RestSystem) -> None:
    shop_api.post("/product", {"sku": "A"}, key="k", params={"a": ["1", "2"]})
    [exchange] = webshop.log
    assert (exchange.system, exchange.method, exchange.path) == ("webshop", "POST", "/product")
    assert (exchange.query, exchange.body, exchange.at) == ({"a": "1,2"}, {"sku": "A"}, START)
    assert exchange.headers["idempotency-key"] == "k"
    assert "authorization" not in exchange.headers
    assert "simulated" not in repr(exchange)
    assert (exchange.status, exchange.response) == (201, webshop.show("Product", webshop.ids("Product")[0]))
    assert webshop.log.writes == [exchange]


def test_served_on_loopback_a_system_answers_with_its_own_date_only(webshop: RestSystem) -> None:
    webshop.clock.offset = timedelta(hours=-1)
    with serve(webshop) as url:
        client = httpx.AsyncClient(base_url=url, headers=HEADERS, trust_env=False)
        answer = asked(client, lambda client: client.get("/"))
    assert url.startswith("http://127.0.0.1:")
    assert answer.headers.get_list("date") == ["Tue, 01 Oct 2024 07:00:00 GMT"]


def test_served_on_loopback_a_lost_answer_closes_the_connection(webshop: RestSystem) -> None:
    webshop.faults.script(Fault("drop_after_commit"))
    with serve(webshop) as url:
        client = httpx.AsyncClient(base_url=url, headers={**HEADERS, "Idempotency-Key": "k"}, trust_env=False)
        with pytest.raises(httpx.RemoteProtocolError, match="disconnected"):
            asked(client, lambda client: client.post("/product", json={}))
    assert len(webshop.ids("Product")) == 1


def test_served_on_loopback_a_slow_answer_really_takes_its_time() -> None:
    clock = WallClock(START, factor=100)
    webshop = RestSystem("webshop", {}, SystemClock(clock), token="simulated", ids=Ids(1))
    webshop.faults.script(Fault("slow", seconds=100))
    with serve(webshop) as url:
        client = httpx.AsyncClient(base_url=url, headers=HEADERS, trust_env=False, timeout=0.2)
        with pytest.raises(httpx.ReadTimeout):
            asked(client, lambda client: client.get("/"))

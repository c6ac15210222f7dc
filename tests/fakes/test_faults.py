"""Faults strike the requests they are meant for, do what they say, and are accounted for."""

from __future__ import annotations

import contextlib
from random import Random

import httpx
import pytest

from fakes.clock import SimulatedClock
from fakes.faults import KINDS, EngineKilled, Fault, drawn
from fakes.log import Exchange
from fakes.rest import RestSystem
from fakes.squarespace import SquarespaceSystem
from tests.fakes.api import Api


def test_a_lost_answer_is_a_timeout_after_the_commit(shop_api: Api, webshop: RestSystem) -> None:
    webshop.faults.script(Fault("drop_after_commit"))
    with pytest.raises(httpx.ReadTimeout):
        shop_api.post("/product", {"sku": "A"}, key="k")
    assert len(webshop.ids("Product")) == 1
    [exchange] = webshop.log
    assert (exchange.status, exchange.response, exchange.committed) == (None, None, True)
    assert exchange.fault == "drop_after_commit"
    assert shop_api.post("/product", {"sku": "A"}, key="k").status_code == 201
    assert len(webshop.ids("Product")) == 1


def test_a_lost_request_never_reaches_the_system(shop_api: Api, webshop: RestSystem) -> None:
    webshop.faults.script(Fault("timeout_before"))
    with pytest.raises(httpx.ReadTimeout):
        shop_api.post("/product", {}, key="k")
    assert webshop.ids("Product") == []
    assert webshop.log[0].committed is False


@pytest.mark.parametrize(("kind", "made"), [("error_before", 0), ("error_after", 1)])
def test_an_error_comes_before_or_after_the_commit(
    shop_api: Api, webshop: RestSystem, kind: str, made: int
) -> None:
    webshop.faults.script(Fault(kind, status=503))
    assert shop_api.post("/product", {}, key="k").status_code == 503
    assert len(webshop.ids("Product")) == made
    assert webshop.log[0].committed is (made == 1)


@pytest.mark.parametrize(("kind", "made"), [("kill_before", 0), ("kill_after", 1)])
def test_an_engine_dies_before_or_after_the_commit(
    shop_api: Api, webshop: RestSystem, kind: str, made: int
) -> None:
    webshop.faults.script(Fault(kind))
    with pytest.raises(EngineKilled):
        shop_api.post("/product", {}, key="k")
    assert len(webshop.ids("Product")) == made


def test_a_dying_engine_can_not_be_saved_by_catching_exceptions() -> None:
    assert not issubclass(EngineKilled, Exception)


def test_a_slow_answer_comes_in_the_end(shop_api: Api, webshop: RestSystem, clock: SimulatedClock) -> None:
    webshop.faults.script(Fault("slow", seconds=4))
    before = clock.now()
    assert shop_api.send("GET", "/product", timeout=5).status_code == 200
    assert (clock.now() - before).total_seconds() == 4


def test_a_slow_answer_is_lost_to_a_client_that_waits_less(
    shop_api: Api, webshop: RestSystem, clock: SimulatedClock
) -> None:
    webshop.faults.script(Fault("slow", seconds=6))
    before = clock.now()
    with pytest.raises(httpx.ReadTimeout):
        shop_api.send("GET", "/product", timeout=5)
    assert (clock.now() - before).total_seconds() == 5


def test_a_truncated_page_shows_half_and_says_it_is_all(shop_api: Api, webshop: RestSystem) -> None:
    ids = sorted(webshop.create("Product", {}) for _ in range(4))
    webshop.faults.script(Fault("truncated_page"))
    page = shop_api.get("/product").json()
    assert ([row["id"] for row in page["data"]], page["next_cursor"]) == (ids[:2], None)


def test_a_doubled_page_comes_twice(shop_api: Api, webshop: RestSystem) -> None:
    ids = sorted(webshop.create("Product", {}) for _ in range(3))
    webshop.faults.script(Fault("doubled_page", skip=1))
    pages = [shop_api.get("/product", limit=1).json()]
    while cursor := pages[-1]["next_cursor"]:
        pages.append(shop_api.get("/product", cursor=cursor, limit=1).json())
    shown = [row["id"] for page in pages for row in page["data"]]
    assert shown == [ids[0], ids[1], ids[1], ids[2]]


def test_a_stale_page_shows_records_as_they_were(
    shop_api: Api, webshop: RestSystem, clock: SimulatedClock
) -> None:
    edited = webshop.create("Product", {"sku": "old"})
    clock.advance(100)
    webshop.edit("Product", edited, {"sku": "new"})
    webshop.create("Product", {"sku": "unseen"})
    clock.advance(10)
    webshop.faults.script(Fault("stale_page", seconds=60))
    assert [row["sku"] for row in shop_api.get("/product").json()["data"]] == ["old"]
    assert {row["sku"] for row in shop_api.get("/product").json()["data"]} == {"new", "unseen"}


def test_a_dead_cursor_is_410(shop_api: Api, webshop: RestSystem) -> None:
    for _ in range(2):
        webshop.create("Product", {})
    webshop.faults.script(Fault("dead_cursor"))
    cursor = shop_api.get("/product", limit=1).json()["next_cursor"]
    assert shop_api.get("/product", cursor=cursor).status_code == 410
    assert shop_api.get("/product", cursor=cursor).status_code == 200


def test_a_partial_batch_leaves_out_every_second_part(shop_api: Api, webshop: RestSystem) -> None:
    webshop.faults.script(Fault("partial_batch"))
    parts = [{"method": "POST", "body": {"sku": str(n)}} for n in range(3)]
    answer = shop_api.post("/product/batch", parts, key="b")
    assert [part["status"] for part in answer.json()] == [201, 503, 201]
    assert len(webshop.ids("Product")) == 2


def test_a_fault_strikes_the_method_and_path_it_names(shop_api: Api, webshop: RestSystem) -> None:
    webshop.faults.script(Fault("error_before", method="GET", path="/product/*"))
    assert shop_api.get("/product").status_code == 200
    assert shop_api.patch("/product/x", {}, '"v1"').status_code == 404
    assert shop_api.get("/product/x").status_code == 500


def test_a_fault_lets_some_pass_and_strikes_as_often_as_it_says(shop_api: Api, webshop: RestSystem) -> None:
    fault = Fault("error_before", skip=1, times=2)
    webshop.faults.script(fault)
    statuses = []
    for expected in ([fault], [fault], [], []):
        statuses.append(shop_api.get("/product").status_code)
        assert webshop.faults.pending() == expected
    assert statuses == [200, 500, 500, 200]
    assert webshop.faults.happened == [fault, fault]


def test_a_fault_that_found_no_request_is_still_pending(shop_api: Api, webshop: RestSystem) -> None:
    faults = [Fault("partial_batch"), Fault("dead_cursor"), Fault("truncated_page")]
    webshop.faults.script(*faults)
    shop_api.get("/product/x")
    assert webshop.faults.pending() == faults
    assert webshop.faults.happened == []


def test_an_unknown_kind_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="no fault of kind 'earthquake'"):
        Fault("earthquake")


def test_drawn_faults_strike_about_as_often_as_asked_and_repeat_with_the_seed(
    shop_api: Api, webshop: RestSystem
) -> None:
    def struck(seed: int) -> list[int]:
        webshop.faults.source = drawn(Random(seed), [Fault("error_before"), Fault("dead_cursor")], 0.5)  # noqa: S311  # chance, not secrecy
        return [shop_api.get("/product").status_code for _ in range(100)]

    first = struck(1)
    assert first == struck(1) != struck(2)
    assert 10 < first.count(500) < 40  # half of those drawn fit no listing without a cursor


def test_a_hook_places_a_users_edit_before_a_request_is_served(shop_api: Api, webshop: RestSystem) -> None:
    id = webshop.create("Product", {"sku": "A"})

    def meanwhile(exchange: Exchange) -> None:
        if exchange.writes:
            webshop.edit("Product", id, {"sku": "edited"})

    webshop.faults.on_request.append(meanwhile)
    assert shop_api.patch(f"/product/{id}", {"sku": "B"}, '"v1"').status_code == 412


def test_a_hook_can_kill_the_engine_between_two_requests(shop_api: Api, webshop: RestSystem) -> None:
    def killed(exchange: Exchange) -> None:
        if exchange.number == 2:
            raise EngineKilled

    webshop.faults.on_request.append(killed)
    shop_api.post("/product", {}, key="k1")
    with pytest.raises(EngineKilled):
        shop_api.post("/product", {}, key="k2")
    assert len(webshop.ids("Product")) == len(webshop.log) == 1


@pytest.mark.parametrize("kind", sorted(KINDS.keys() - {"partial_batch"}))  # there is no batch to strike
def test_every_kind_of_fault_can_strike_a_storefront_too(
    store_api: Api, storefront: SquarespaceSystem, kind: str
) -> None:
    for _ in range(51):
        storefront.create("Sesamproducts", {})
    first = store_api.get("/1.0/commerce/inventory").json()
    cursor = {"cursor": first["pagination"]["nextPageCursor"]}
    storefront.faults.script(Fault(kind))
    with contextlib.suppress(httpx.ReadTimeout, EngineKilled):
        store_api.get("/1.0/commerce/inventory", **cursor)
    assert storefront.faults.pending() == []
    assert storefront.log[-1].fault == kind

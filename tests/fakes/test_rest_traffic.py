"""The generic REST contract, request by request: credentials, keys, pages, batches, throttling, webhooks."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from fakes.clock import SimulatedClock
from fakes.faults import Fault
from fakes.rest import RestSystem
from tests.fakes.api import Api


def listed(api: Api, **params: Any) -> list[dict[str, Any]]:
    """All records of a listing, page by page."""
    answer = api.get("/product", **params)
    rows = list(answer.json()["data"])
    while cursor := answer.json()["next_cursor"]:
        answer = api.get("/product", cursor=cursor, limit=params.get("limit", 100))
        rows += answer.json()["data"]
    return rows


# credentials


@pytest.mark.parametrize("authorization", ["", "Bearer wrong", "simulated"])
def test_a_request_without_the_token_is_401(shop_api: Api, authorization: str) -> None:
    answer = shop_api.send("GET", "/product", headers={"Authorization": authorization})
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


def test_a_datatype_without_a_right_to_it_is_403(shop_api: Api, webshop: RestSystem) -> None:
    webshop.forbidden.add("Product")
    assert shop_api.get("/product").status_code == 403
    assert shop_api.get("/customers-company").status_code == 200


def test_a_body_that_is_not_json_is_refused(shop_api: Api) -> None:
    headers = {"Idempotency-Key": "k", "Content-Type": "application/json"}
    for content in (b"", b"{", b'{"sku": NaN}', b"\xff", b"[]"):
        answer = shop_api.send("POST", "/product", headers=headers, content=content)
        assert answer.status_code == 400, content
    plain = headers | {"Content-Type": "text/plain"}
    assert shop_api.send("POST", "/product", headers=plain, content=b"{}").status_code == 415


def test_every_error_is_a_problem(shop_api: Api) -> None:
    for answer in (shop_api.get("/product/x"), shop_api.get("/a/b/c"), shop_api.send("PUT", "/product")):
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == answer.status_code
        assert answer.json()["title"]


def test_another_method_is_405_and_says_which_there_are(shop_api: Api) -> None:
    answer = shop_api.send("PUT", "/product/x")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, PATCH, DELETE")
    assert shop_api.send("HEAD", "/product").status_code == 405


# pages


def test_a_listing_goes_by_change_then_id(shop_api: Api, webshop: RestSystem, clock: SimulatedClock) -> None:
    first = [webshop.create("Product", {}) for _ in range(3)]
    clock.advance(1)
    webshop.edit("Product", first[0], {"sku": "moved"})
    assert [row["id"] for row in listed(shop_api)] == [*sorted(first[1:]), first[0]]


def test_records_that_share_a_time_are_all_listed_across_pages(shop_api: Api, webshop: RestSystem) -> None:
    ids = [webshop.create("Product", {}) for _ in range(7)]
    assert [row["id"] for row in listed(shop_api, limit=2)] == sorted(ids)


def test_a_page_has_as_many_records_as_asked_and_no_more_than_100(shop_api: Api, webshop: RestSystem) -> None:
    for _ in range(101):
        webshop.create("Product", {})
    assert len(shop_api.get("/product").json()["data"]) == 100
    assert len(shop_api.get("/product", limit=1).json()["data"]) == 1
    for limit in ("0", "101", "x", "-1", "²"):
        assert shop_api.get("/product", limit=limit).status_code == 400


def test_a_last_page_that_is_full_has_no_cursor(shop_api: Api, webshop: RestSystem) -> None:
    for _ in range(2):
        webshop.create("Product", {})
    assert shop_api.get("/product", limit=2).json()["next_cursor"] is None


def test_updated_since_includes_the_moment_itself(
    shop_api: Api, webshop: RestSystem, clock: SimulatedClock
) -> None:
    webshop.create("Product", {})
    clock.advance(1)
    late = webshop.create("Product", {})
    for since in ("2024-10-01T08:00:01Z", "2024-10-01T10:00:00.001+02:00"):
        assert [row["id"] for row in listed(shop_api, updated_since=since)] == [late]
    for wrong in (
        {"updated_since": "2024-10-01T08:00:01"},
        {"updated_since": "now"},
        {"include_deleted": "yes"},
    ):
        assert shop_api.get("/product", **wrong).status_code == 400


def test_a_record_that_moves_while_it_is_listed_comes_again(
    shop_api: Api, webshop: RestSystem, clock: SimulatedClock
) -> None:
    ids = sorted(webshop.create("Product", {}) for _ in range(4))
    page = shop_api.get("/product", limit=2).json()
    clock.advance(1)
    webshop.edit("Product", ids[0], {"sku": "moved"})
    rest = shop_api.get("/product", cursor=page["next_cursor"]).json()["data"]
    assert [row["id"] for row in rest] == [*ids[2:], ids[0]]


def test_tombstones_are_listed_on_demand_only(
    shop_api: Api, webshop: RestSystem, clock: SimulatedClock
) -> None:
    kept, gone = webshop.create("Product", {}), webshop.create("Product", {})
    clock.advance(1)
    webshop.delete("Product", gone)
    assert [row["id"] for row in listed(shop_api)] == [kept]
    tombstone = listed(shop_api, include_deleted="true", limit=1)[1]
    assert tombstone == {
        "id": gone,
        "created_at": "2024-10-01T08:00:00.000Z",
        "updated_at": "2024-10-01T08:00:01.000Z",
        "deleted_at": "2024-10-01T08:00:01.000Z",
        "version": 2,
    }


def test_a_cursor_excludes_filters(shop_api: Api, webshop: RestSystem) -> None:
    for _ in range(2):
        webshop.create("Product", {})
    cursor = shop_api.get("/product", limit=1).json()["next_cursor"]
    for filters in ({"updated_since": "2024-10-01T08:00Z"}, {"include_deleted": "true"}):
        assert shop_api.get("/product", cursor=cursor, **filters).status_code == 400
    assert shop_api.get("/product", cursor=cursor, limit=1).status_code == 200


@pytest.mark.parametrize("cursor", ["", "x", "bnVsbA", "W10", "W1siYSJdLHRydWVd", "W1sieCIsInkiXSwxXQ"])
def test_a_cursor_of_somebody_elses_is_refused(shop_api: Api, cursor: str) -> None:
    assert shop_api.get("/product", cursor=cursor).status_code == 400


# idempotency keys


def test_the_same_key_and_body_give_the_first_success_again(shop_api: Api, webshop: RestSystem) -> None:
    first = shop_api.post("/product", {"sku": "A", "name": "Cup"}, key="k")
    webshop.edit("Product", first.json()["id"], {"sku": "B"})
    again = shop_api.post("/product", {"name": "Cup", "sku": "A"}, key="k")
    assert (again.status_code, again.json(), again.headers["etag"]) == (201, first.json(), '"v1"')
    assert len(webshop.ids("Product")) == 1


def test_the_same_key_with_another_body_is_422(shop_api: Api, webshop: RestSystem) -> None:
    shop_api.post("/product", {"sku": "A"}, key="k")
    assert shop_api.post("/product", {"sku": "B"}, key="k").status_code == 422
    assert len(webshop.ids("Product")) == 1


def test_a_refused_request_leaves_its_key_free(shop_api: Api) -> None:
    assert shop_api.post("/product", {"sku": 1}, key="k").status_code == 400
    assert shop_api.post("/product", {"sku": "A"}, key="k").status_code == 201


def test_a_request_in_flight_is_409_until_it_is_answered(
    shop_api: Api, webshop: RestSystem, clock: SimulatedClock
) -> None:
    webshop.faults.script(Fault("slow", seconds=30))
    with pytest.raises(httpx.ReadTimeout):
        shop_api.post("/product", {"sku": "A"}, key="k", timeout=5)
    assert shop_api.post("/product", {"sku": "A"}, key="k").status_code == 409
    clock.advance(25)
    assert shop_api.post("/product", {"sku": "A"}, key="k").status_code == 201
    assert len(webshop.ids("Product")) == 1


@pytest.mark.parametrize(
    ("path", "body"),
    [("/product", {}), ("/product/batch", [{"method": "POST", "body": {}}])],
)
def test_a_key_is_required(shop_api: Api, path: str, body: object) -> None:
    assert shop_api.post(path, body).status_code == 400
    assert shop_api.system.ids("Product") == []


def test_an_adjustment_sent_again_counts_once(shop_api: Api, webshop: RestSystem) -> None:
    id = webshop.create("Product", {"stock_quantity": 5})
    path = f"/product/{id}/stock_quantity/adjustments"
    assert shop_api.post(path, {"delta": -2}, key="k").json()["stock_quantity"] == 3
    assert shop_api.post(path, {"delta": -2}, key="k").json()["stock_quantity"] == 3
    assert shop_api.post(path, {"delta": -2}, key="other").json()["stock_quantity"] == 1


def test_a_key_is_forgotten_after_its_time(shop_api: Api, webshop: RestSystem, clock: SimulatedClock) -> None:
    shop_api.post("/product", {"sku": "A"}, key="k")
    clock.advance(timedelta(hours=48).total_seconds() - 1)
    shop_api.post("/product", {"sku": "A"}, key="k")
    assert len(webshop.ids("Product")) == 1
    clock.advance(1)
    shop_api.post("/product", {"sku": "A"}, key="k")
    assert len(webshop.ids("Product")) == 2


# batches


def test_each_part_of_a_batch_stands_or_falls_alone(shop_api: Api, webshop: RestSystem) -> None:
    kept, gone, stale = (webshop.create("Product", {"sku": str(n)}) for n in range(3))
    parts = [
        {"method": "POST", "body": {"sku": "new"}},
        {"method": "PATCH", "id": kept, "if_match": '"v1"', "body": {"sku": "changed"}},
        {"method": "PATCH", "id": stale, "if_match": '"v9"', "body": {"sku": "never"}},
        {"method": "PATCH", "id": stale, "body": {"sku": "never"}},
        {"method": "POST", "body": {"sku": 1}},
        {"method": "DELETE", "id": gone, "if_match": '"v1"'},
        {"method": "DELETE", "id": "unknown", "if_match": '"v1"'},
    ]
    answer = shop_api.post("/product/batch", parts, key="b")
    assert answer.status_code == 207
    assert [part["status"] for part in answer.json()] == [201, 200, 412, 428, 400, 204, 404]
    assert answer.json()[1]["body"] == shop_api.get(f"/product/{kept}").json()
    assert answer.json()[5]["body"] is None
    skus = {webshop.show("Product", id)["sku"] for id in webshop.ids("Product")}  # type: ignore[index]  # live
    assert skus == {"new", "changed", "2"}


def test_a_batch_sent_again_is_carried_out_once(shop_api: Api, webshop: RestSystem) -> None:
    parts = [{"method": "POST", "body": {"sku": "A"}}]
    first = shop_api.post("/product/batch", parts, key="b")
    assert shop_api.post("/product/batch", parts, key="b").json() == first.json()
    assert len(webshop.ids("Product")) == 1


@pytest.mark.parametrize(
    "parts",
    [
        [],
        [{"method": "POST", "body": {}}] * 101,
        {"method": "POST", "body": {}},
        [{"method": "PUT", "body": {}}],
        [{"method": "PATCH", "body": {}}],
        [{"method": "DELETE", "id": "x", "if_match": 1}],
        ["x"],
    ],
)
def test_a_batch_is_1_to_100_parts_of_the_right_shape(shop_api: Api, parts: object) -> None:
    assert shop_api.post("/product/batch", parts, key="b").status_code == 400
    assert shop_api.system.ids("Product") == []


# throttling and time


def test_throttling_says_how_long_to_wait_decimals_allowed(shop_api: Api, webshop: RestSystem) -> None:
    webshop.faults.script(Fault("throttle", retry_after=1.5))
    answer = shop_api.get("/product")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "1.5")
    assert shop_api.get("/product").status_code == 200


def test_every_answer_has_the_date_of_the_systems_own_clock(
    shop_api: Api, webshop: RestSystem, clock: SimulatedClock
) -> None:
    webshop.clock.offset = timedelta(seconds=-30)
    clock.advance(1)
    for answer in (shop_api.get("/product"), shop_api.get("/nowhere/at/all"), shop_api.get("/product/x")):
        assert answer.headers["date"] == "Tue, 01 Oct 2024 07:59:31 GMT"
    assert shop_api.post("/product", {}, key="k").json()["created_at"] == "2024-10-01T07:59:31.000Z"


# webhooks


def subscribed(api: Api, *events: str) -> str:
    """A subscription; gives its secret."""
    answer = api.post("/webhooks", {"url": "https://engine.test/hook", "events": list(events)})
    assert answer.status_code == 201
    secret: str = answer.json()["secret"]
    return secret


def test_subscribers_hear_of_the_events_they_asked_for(shop_api: Api, webshop: RestSystem) -> None:
    subscribed(shop_api, "product.updated", "product.deleted")
    id = webshop.create("Product", {})
    webshop.edit("Product", id, {"sku": "A"})
    shop_api.delete(f"/product/{id}", '"v2"')
    bodies = [json.loads(notification.body) for notification in webshop.notifications]
    assert bodies == [
        {"type": "product.updated", "data": {"id": id}},
        {"type": "product.deleted", "data": {"id": id}},
    ]
    assert {notification.url for notification in webshop.notifications} == {"https://engine.test/hook"}


def test_a_notification_is_signed_as_standard_webhooks_has_it(shop_api: Api, webshop: RestSystem) -> None:
    secret = subscribed(shop_api, "product.created")
    webshop.create("Product", {})
    [notification] = webshop.notifications
    headers = notification.headers
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + notification.body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert (headers["webhook-id"], headers["webhook-timestamp"]) == (notification.id, "1727769600")


@pytest.mark.parametrize(
    "body",
    [
        {"url": "https://engine.test"},
        {"events": ["product.created"]},
        {"url": "https://engine.test", "events": []},
        {"url": "https://engine.test", "events": ["product.sold"]},
        {"url": "https://engine.test", "events": [1]},
        {"url": "https://engine.test", "events": ["product.created"], "more": 1},
    ],
)
def test_a_subscription_names_a_url_and_known_events(shop_api: Api, body: object) -> None:
    assert shop_api.post("/webhooks", body).status_code == 400

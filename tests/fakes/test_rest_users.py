"""What the users of a generic REST system do and see, beside its API."""

from __future__ import annotations

import pytest

from fakes.clock import SimulatedClock, SystemClock
from fakes.rest import RestSystem
from fakes.store import Ids
from tests.fakes.api import Api


def test_a_user_sees_what_the_api_shows(shop_api: Api, webshop: RestSystem) -> None:
    id = webshop.create("Product", {"sku": "A", "size": {"width": "1"}})
    assert webshop.show("Product", id) == shop_api.get(f"/product/{id}").json()


def test_what_a_user_is_shown_is_a_copy(webshop: RestSystem) -> None:
    given = {"tags": ["a"]}
    id = webshop.create("Product", given)
    given["tags"].append("b")
    shown = webshop.show("Product", id)
    assert shown is not None
    shown["tags"].append("c")
    assert webshop.show("Product", id) == {**shown, "tags": ["a"]}


def test_a_user_edits_by_dotted_path(webshop: RestSystem, clock: SimulatedClock) -> None:
    lines = [{"sku": "A", "quantity": 1}, {"sku": "B", "quantity": 2}]
    price = {"amount": "1", "currency": "USD"}
    id = webshop.create("Product", {"price": price, "tags": lines, "extra": {"a": 1, "b": 2}})
    clock.advance(1)
    changes = {
        "price.amount": "2.00",
        "tags.1.quantity": 5,
        "extra.a": None,
        "extra.c.d": 3,
        "size.width": "4",
    }
    webshop.edit("Product", id, changes)
    shown = webshop.show("Product", id)
    assert shown is not None
    assert shown["price"] == {"amount": "2.00", "currency": "USD"}
    assert shown["tags"] == [{"sku": "A", "quantity": 1}, {"sku": "B", "quantity": 5}]
    assert shown["extra"] == {"b": 2, "c": {"d": 3}}
    assert shown["size"] == {"width": "4", "height": None}
    assert (shown["version"], shown["updated_at"]) == (2, "2024-10-01T08:00:01.000Z")


def test_a_user_clears_a_field(webshop: RestSystem) -> None:
    id = webshop.create("Product", {"sku": "A"})
    webshop.edit("Product", id, {"sku": None})
    assert webshop.show("Product", id)["sku"] is None  # type: ignore[index]  # it is there


def test_a_user_may_set_what_the_api_may_not(webshop: RestSystem) -> None:
    id = webshop.create("Product", {"rank": 7})
    webshop.edit("Product", id, {"rank": 8, "made": "2024-01-01T00:00Z"})
    assert webshop.show("Product", id)["rank"] == 8  # type: ignore[index]  # it is there


@pytest.mark.parametrize(
    "changes", [{"sku": 5}, {"colour": "red"}, {"tags.1": "b"}, {"sku.x": 1}, {"version": 2}]
)
def test_a_screen_refuses_what_does_not_fit(webshop: RestSystem, changes: dict[str, object]) -> None:
    id = webshop.create("Product", {"sku": "A", "tags": ["a"]})
    before = webshop.show("Product", id)
    with pytest.raises(ValueError, match=next(iter(changes)).partition(".")[0]):
        webshop.edit("Product", id, changes)
    assert webshop.show("Product", id) == before


def test_a_record_that_is_not_there_is_shown_as_none(webshop: RestSystem) -> None:
    id = webshop.create("Product", {})
    webshop.delete("Product", id)
    assert webshop.show("Product", id) is None
    for missing in (id, "unknown"):
        with pytest.raises(KeyError):
            webshop.edit("Product", missing, {})
        with pytest.raises(KeyError):
            webshop.delete("Product", missing)


def test_an_unknown_datatype_is_named(webshop: RestSystem) -> None:
    with pytest.raises(ValueError, match="webshop has no 'Customer'; it has Product, Customers company"):
        webshop.create("Customer", {})


def test_ids_are_listed_oldest_first(webshop: RestSystem, clock: SimulatedClock) -> None:
    first, second, third = (webshop.create("Product", {}) for _ in range(3))
    clock.advance(1)
    webshop.edit("Product", first, {"sku": "A"})
    webshop.delete("Product", second)
    assert webshop.ids("Product") == [first, third]


def test_users_leave_no_trace_in_the_request_log(webshop: RestSystem) -> None:
    id = webshop.create("Product", {})
    webshop.edit("Product", id, {})
    webshop.show("Product", id)
    assert list(webshop.log) == []


def test_a_system_goes_back_to_a_snapshot_as_often_as_asked(shop_api: Api, webshop: RestSystem) -> None:
    kept = webshop.create("Product", {"sku": "A"})
    snapshot = webshop.snapshot()
    for _ in range(2):
        answer = shop_api.post("/product", {"sku": "B"}, key="k")
        webshop.edit("Product", kept, {"sku": "C"})
        webshop.delete("Product", kept)
        webshop.restore(snapshot)
        assert webshop.ids("Product") == [kept]
        assert webshop.show("Product", kept)["sku"] == "A"  # type: ignore[index]  # it is there
        assert shop_api.get("/product", include_deleted="true").json()["data"] == [
            webshop.show("Product", kept)
        ]
        assert answer.json()["sku"] == "B"
    assert shop_api.post("/product", {"sku": "other"}, key="k").status_code == 201


def test_the_same_seed_gives_the_same_ids() -> None:
    def made(seed: int) -> list[str]:
        clock = SystemClock(SimulatedClock())
        system = RestSystem("webshop", {"Product": {"fields": {}}}, clock, token="t", ids=Ids(seed))
        return [system.create("Product", {}) for _ in range(3)]

    assert made(1) == made(1)
    assert not set(made(1)) & set(made(2))


@pytest.mark.parametrize(
    "fields",
    [
        {"sku": {"type": "text"}},
        {"sku": {"type": "string", "access": "sometimes"}},
        {"sku": {"type": "string", "rewrite": "upside-down"}},
        {"sku": {"type": "string"}, "sku.first": {"type": "string"}},
    ],
)
def test_a_description_that_makes_no_sense_is_refused(fields: dict[str, dict[str, str]]) -> None:
    clock = SystemClock(SimulatedClock())
    with pytest.raises(ValueError, match="sku"):
        RestSystem("webshop", {"Product": {"fields": fields}}, clock, token="t", ids=Ids(1))


def test_what_is_not_imitated_stands_in_the_docstring(webshop: RestSystem) -> None:
    assert "required and unique fields" in webshop.not_imitated
    assert all(line in (RestSystem.__doc__ or "") for line in webshop.not_imitated)

"""The generic REST contract, record by record: what an engine may rely on when it reads and writes."""

from __future__ import annotations

import pytest

from fakes.clock import SimulatedClock
from fakes.rest import RestSystem
from tests.fakes.api import Api

PRICE = {"amount": "12.50", "currency": "USD"}


def created(api: Api, **fields: object) -> dict[str, object]:
    """A product made through the API."""
    answer = api.post("/product", fields, key="k1")
    assert answer.status_code == 201, answer.text
    record: dict[str, object] = answer.json()
    return record


def test_a_creation_gives_the_record_its_id_times_and_first_version(shop_api: Api) -> None:
    record = created(shop_api, sku="A", price=PRICE)
    assert record["id"]
    assert record["created_at"] == record["updated_at"] == "2024-10-01T08:00:00.000Z"
    assert (record["version"], record["sku"], record["price"], record["name"]) == (1, "A", PRICE, None)


def test_a_read_carries_the_version_as_etag(shop_api: Api) -> None:
    record = created(shop_api, sku="A")
    answer = shop_api.get(f"/product/{record['id']}")
    assert (answer.status_code, answer.headers["etag"]) == (200, '"v1"')
    assert answer.json() == record


def test_a_datatype_of_several_words_has_a_hyphenated_path(shop_api: Api, webshop: RestSystem) -> None:
    id = webshop.create("Customers company", {"name": "Acme"})
    assert shop_api.get(f"/customers-company/{id}").json()["name"] == "Acme"


def test_a_dotted_property_is_nested(shop_api: Api) -> None:
    record = created(shop_api, size={"width": "1.5", "height": "2.0"})
    answer = shop_api.patch(f"/product/{record['id']}", {"size": {"width": "3"}}, '"v1"')
    assert answer.json()["size"] == {"width": "3", "height": "2.0"}
    cleared = shop_api.patch(f"/product/{record['id']}", {"size": None}, '"v2"')
    assert cleared.json()["size"] == {"width": None, "height": None}


def test_an_update_is_a_merge_patch(shop_api: Api, clock: SimulatedClock) -> None:
    record = created(shop_api, sku="A", name="Cup", price=PRICE, extra={"a": 1, "b": {"c": 2, "d": 3}})
    clock.advance(1.5)
    change = {"name": None, "price": {"amount": "9.00"}, "extra": {"a": None, "b": {"c": 5}}}
    answer = shop_api.patch(f"/product/{record['id']}", change, '"v1"')
    shown = answer.json()
    assert shown["price"] == {"amount": "9.00", "currency": "USD"}
    assert (shown["sku"], shown["name"], shown["extra"]) == ("A", None, {"b": {"c": 5, "d": 3}})
    assert (shown["version"], answer.headers["etag"]) == (2, '"v2"')
    assert shown["updated_at"] == "2024-10-01T08:00:01.500Z"
    assert shown["created_at"] == record["created_at"]


def test_a_list_is_replaced_whole(shop_api: Api) -> None:
    record = created(shop_api, tags=["a", "b"])
    assert shop_api.patch(f"/product/{record['id']}", {"tags": ["c"]}, '"v1"').json()["tags"] == ["c"]


@pytest.mark.parametrize(("etag", "status"), [(None, 428), ('"v2"', 412), ("v1", 412)])
def test_a_write_needs_the_present_version(shop_api: Api, etag: str | None, status: int) -> None:
    record = created(shop_api, sku="A")
    path = f"/product/{record['id']}"
    assert shop_api.patch(path, {"sku": "B"}, etag).status_code == status
    assert shop_api.delete(path, etag).status_code == status
    assert shop_api.get(path).json() == record


def test_a_deleted_record_is_gone(shop_api: Api) -> None:
    path = f"/product/{created(shop_api)['id']}"
    assert shop_api.delete(path, '"v1"').status_code == 204
    assert shop_api.get(path).status_code == 410
    assert shop_api.patch(path, {}, '"v2"').status_code == 410
    assert shop_api.delete(path, '"v2"').status_code == 410


def test_a_record_that_never_was_is_not_found(shop_api: Api) -> None:
    assert shop_api.get("/product/unknown").status_code == 404
    assert shop_api.get("/customer").status_code == 404


@pytest.mark.parametrize(
    ("body", "at"),
    [
        ({"sku": 5}, "sku"),
        ({"sku": True}, "sku"),
        ({"stock_quantity": "5"}, "stock_quantity"),
        ({"stock_quantity": True}, "stock_quantity"),
        ({"stock_quantity": 1.5}, "stock_quantity"),
        ({"price": {"amount": 5, "currency": "USD"}}, "price"),
        ({"price": {"amount": "5", "currency": "usd"}}, "price"),
        ({"price": {"amount": "5"}}, "price"),
        ({"size": {"width": 1.5}}, "size.width"),
        ({"size": {"width": "1,5"}}, "size.width"),
        ({"size": {"depth": "1"}}, "size.depth"),
        ({"made": "2024-10-01T08:00:00"}, "made"),
        ({"made": "2024-10-01T08:00:00.0001Z"}, "made"),
        ({"tags": "a"}, "tags"),
        ({"weight": "1.5"}, "weight"),
        ({"weight": True}, "weight"),
        ({"active": 1}, "active"),
        ({"extra": []}, "extra"),
        ({"colour": "red"}, "colour"),
        ({"id": "x"}, "id"),
        ({"version": 3}, "version"),
        ({"rank": 1}, "rank"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_by_name(shop_api: Api, body: object, at: str) -> None:
    answer = shop_api.post("/product", body, key="k")
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    assert answer.json()["errors"][0]["field"] == at
    assert shop_api.system.ids("Product") == []


@pytest.mark.parametrize(
    "fields",
    [
        {"weight": 1.5},
        {"weight": -2},
        {"active": False},
        {"sku": ""},
        {"stock_quantity": 0},
        {"price": {"amount": "-0.50", "currency": "NOK"}},
        {"tags": []},
        {"extra": {"a": [1, {"b": None}]}},
    ],
)
def test_a_value_that_fits_is_kept_as_it_is(shop_api: Api, fields: dict[str, object]) -> None:
    record = created(shop_api, **fields)
    assert {name: record[name] for name in fields} == fields


def test_a_float_without_end_is_refused(shop_api: Api) -> None:
    headers = {"Idempotency-Key": "k", "Content-Type": "application/json"}
    answer = shop_api.send("POST", "/product", headers=headers, content=b'{"weight": 1e999}')
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "weight")


def test_a_moment_is_kept_in_utc_with_milliseconds(shop_api: Api) -> None:
    assert created(shop_api, made="2024-10-01T10:00+02:00")["made"] == "2024-10-01T08:00:00.000Z"


def test_a_create_only_field_is_refused_afterwards(shop_api: Api) -> None:
    record = created(shop_api, made="2024-10-01T08:00:00Z")
    answer = shop_api.patch(f"/product/{record['id']}", {"made": None}, '"v1"')
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "made")


@pytest.mark.parametrize(
    ("name", "given", "shown"),
    [
        ("slug", "Blue-Cup", "blue-cup"),
        ("code", " A 1\n", "A 1"),
        ("text", "Nice", "<p>Nice</p>"),
        ("text", "<p>Nice</p>", "<p>Nice</p>"),
        ("text", "", ""),
        ("text", None, None),
        ("rate", "2.5", "2.50"),
        ("rate", "12345678901234567890123456789012.345", "12345678901234567890123456789012.34"),
        ("cost", {"amount": "1", "currency": "USD"}, {"amount": "1.00", "currency": "USD"}),
    ],
)
def test_a_rewritten_field_shows_the_systems_rendering(
    shop_api: Api, webshop: RestSystem, name: str, given: object, shown: object
) -> None:
    record = created(shop_api, **{name: given})
    assert record[name] == shown
    webshop.edit("Product", str(record["id"]), {name: given})
    assert shop_api.get(f"/product/{record['id']}").json()[name] == shown


def test_a_big_integer_and_a_long_decimal_come_back_unchanged(shop_api: Api) -> None:
    record = created(shop_api, stock_quantity=2**60 + 1, size={"width": "0.1234567890123456789012345678"})
    assert record["stock_quantity"] == 2**60 + 1
    assert record["size"] == {"width": "0.1234567890123456789012345678", "height": None}


def test_a_counter_is_adjusted_by_a_difference(shop_api: Api) -> None:
    path = f"/product/{created(shop_api, stock_quantity=5)['id']}"
    answer = shop_api.post(f"{path}/stock_quantity/adjustments", {"delta": -2}, key="a")
    assert (answer.status_code, answer.json()["stock_quantity"]) == (200, 3)
    assert (answer.headers["etag"], shop_api.get(path).json()["version"]) == ('"v2"', 2)


@pytest.mark.parametrize(("present", "delta"), [(None, 1), (5, -6), (995, 6)])
def test_a_counter_keeps_its_bounds(shop_api: Api, present: int | None, delta: int) -> None:
    record = created(shop_api, stock_quantity=present)
    path = f"/product/{record['id']}"
    answer = shop_api.post(f"{path}/stock_quantity/adjustments", {"delta": delta}, key="a")
    assert answer.status_code == 409
    assert shop_api.get(path).json() == record


@pytest.mark.parametrize(
    "body", [{}, {"delta": "1"}, {"delta": 1.5}, {"delta": True}, {"delta": 1, "x": 1}, [1]]
)
def test_an_adjustment_is_one_whole_number(shop_api: Api, body: object) -> None:
    path = f"/product/{created(shop_api, stock_quantity=5)['id']}/stock_quantity/adjustments"
    assert shop_api.post(path, body, key="a").status_code == 400


def test_only_a_counter_can_be_adjusted(shop_api: Api) -> None:
    path = f"/product/{created(shop_api, sku='A')['id']}"
    assert shop_api.post(f"{path}/sku/adjustments", {"delta": 1}, key="a").status_code == 404


def test_the_schema_tells_types_access_counters_and_references(shop_api: Api) -> None:
    product = shop_api.get("/").json()["datatypes"]["Product"]
    assert (product["path"], product["references"]) == ("/product", {"supplier": "Customers company"})
    fields = product["fields"]
    assert fields["stock_quantity"] == {"type": "integer", "access": "writable", "counter": True}
    assert (fields["made"]["access"], fields["rank"]["access"]) == ("create_only", "read_only")
    assert "size.width" in fields

"""Products v2, one record per variant: siblings stay as they were, lost creations are found again (S12, S24)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bothways.errors import SystemDown
from bothways.sync.connectors import Done, Gone, Refused, Unknown
from fakes.faults import Fault
from tests.sync.connectors.connected import Connected
from tests.sync.connectors.shops import item, sibling, stock
from tests.sync.connectors.sides import made

PRODUCTS = "/v2/commerce/products"


def sold(shop: Connected, **more: Any) -> dict[str, Any]:
    """The body of a product as a mapping makes it."""
    return {
        "type": "PHYSICAL",
        "storePageId": shop.lookup("first_store_page"),
        "name": "Lamp",
        "description": "bright",
        "variants.sku": "L-1",
        "variants.pricing.basePrice": {"value": "12.50", "currency": "USD"},
        **more,
    }


def test_a_creation_makes_one_product_with_one_variant(shop: Connected) -> None:
    record = made(shop.write(shop.creation("Sesamproducts", sold(shop, **{"variants.sku": " L-1 "})))[0])
    assert shop.system.ids("Sesamproducts") == [record.id]
    assert record.fields["productId"] != record.id
    assert record.fields["variants"]["sku"] == "L-1"
    assert record.read_only == frozenset()
    [post] = shop.asked("POST")
    assert "idempotency-key" not in post.headers


@pytest.mark.parametrize(("quantity", "kept"), [(5, (False, 5)), (0, (False, 0)), (None, (True, 0))])
def test_a_creation_brings_its_stock(shop: Connected, quantity: int | None, kept: tuple[bool, int]) -> None:
    body = sold(shop, **{"variants.stock.quantity": quantity})
    assert stock(shop, made(shop.write(shop.creation("Sesamproducts", body))[0]).id) == kept


@pytest.mark.parametrize("sku", [None, "", "  "])
def test_a_creation_without_a_sku_is_refused_unsent(shop: Connected, sku: str | None) -> None:
    [refused] = shop.write(shop.creation("Sesamproducts", sold(shop, **{"variants.sku": sku})))
    assert isinstance(refused, Refused)
    assert "SKU" in refused.reason
    assert shop.asked("POST") == []


@pytest.mark.parametrize("kind", ["drop_after_commit", "error_after"])
@pytest.mark.parametrize("offset", [0, -7200, 7200])
def test_a_creation_without_an_answer_is_found_by_its_sku(
    connect: Callable[..., Connected], kind: str, offset: int
) -> None:
    shop = connect("squarespace", offset=offset)
    write = shop.creation("Sesamproducts", sold(shop, **{"variants.sku": " L-1 "}))
    for number in range(60):
        shop.system.create("Sesamproducts", {"variants": {"sku": f"L-1{number}"}})
    shop.system.faults.script(Fault(kind, method="POST"))
    sent = shop.now()
    assert isinstance(shop.write(write)[0], Unknown)
    shop.clock.advance(30)
    found = shop.find_created(write, sent)
    assert found is not None
    assert found.fields["variants"]["sku"] == "L-1"
    assert len(shop.asked("POST")) == 1
    assert "modifiedAfter" in shop.asked("GET")[1].query, "what is old is not looked through"


@pytest.mark.parametrize("offset", [0, -172_800])
def test_it_is_found_even_where_the_listing_loses_its_place(
    connect: Callable[..., Connected], offset: int
) -> None:
    shop = connect("squarespace", offset=offset)
    write = shop.creation("Sesamproducts", sold(shop))
    made(shop.write(write)[0])
    shop.clock.advance(1)
    for _ in range(60):
        shop.system.create("Sesamproducts", {})
    shop.system.faults.script(Fault("dead_cursor"))
    assert shop.find_created(write, shop.now()) is not None
    assert shop.system.faults.pending() == []


def test_a_creation_that_never_arrived_is_not_found(shop: Connected) -> None:
    write = shop.creation("Sesamproducts", sold(shop))
    nameless = shop.system.create("Sesamproducts", {"variants": {"sku": None}})
    shop.system.faults.script(Fault("timeout_before", method="POST"))
    assert isinstance(shop.write(write)[0], Unknown)
    assert shop.find_created(write, shop.now()) is None
    made(shop.write(write)[0])
    assert len(shop.system.ids("Sesamproducts")) == 2
    assert nameless in shop.system.ids("Sesamproducts")


def test_a_sku_that_is_taken_is_refused(shop: Connected) -> None:
    body = sold(shop)
    made(shop.write(shop.creation("Sesamproducts", body))[0])
    [refused] = shop.write(shop.creation("Sesamproducts", body))
    assert isinstance(refused, Refused)
    assert refused.reason.startswith("409 SKU_UNAVAILABLE: ")


def test_a_variant_is_updated_without_its_siblings(shop: Connected) -> None:
    id = shop.system.create("Sesamproducts", {"name": "Lamp", "variants": {"sku": "L-1"}})
    other = sibling(shop, id, sku="L-2", pricing={"basePrice": {"value": "3.00"}})
    before = shop.system.show("Sesamproducts", other)
    price = {"variants.pricing.basePrice": {"value": "9.00", "currency": "USD"}}
    record = made(shop.write(shop.update("Sesamproducts", id, {"variants.sku": "L-9", **price}))[0])
    assert record.fields["variants"]["sku"] == "L-9"
    assert record.fields["variants"]["pricing"]["basePrice"]["value"] == "9.00"
    assert shop.system.show("Sesamproducts", other) == before
    [write] = shop.asked("POST")
    assert write.body == {"sku": "L-9", "pricing": {"basePrice": {"value": "9.00", "currency": "USD"}}}


def test_a_sale_price_stays_when_the_base_price_changes(shop: Connected) -> None:
    pricing = {"basePrice": {"value": "9.00"}, "salePrice": {"value": "5.00"}, "onSale": True}
    id = shop.system.create("Sesamproducts", {"variants": {"pricing": pricing}})
    price = {"variants.pricing.basePrice": {"value": "8.00", "currency": "USD"}}
    record = made(shop.write(shop.update("Sesamproducts", id, price))[0])
    shown = record.fields["variants"]["pricing"]
    assert (shown["basePrice"]["value"], shown["salePrice"]["value"], shown["onSale"]) == (
        "8.00",
        "5.00",
        True,
    )


def test_an_update_of_both_changes_the_variant_and_its_product(shop: Connected) -> None:
    id = shop.system.create("Sesamproducts", {"name": "Lamp", "variants": {"sku": "L-1"}})
    record = made(shop.write(shop.update("Sesamproducts", id, {"name": "Lantern", "variants.sku": "L-2"}))[0])
    assert (record.fields["name"], record.fields["variants"]["sku"]) == ("Lantern", "L-2")
    assert [write.body for write in shop.asked("POST")] == [{"sku": "L-2"}, {"name": "Lantern"}]
    assert shop.asked()[-1].method == "POST", "the answer shows the product: no need to read it"


def test_a_refused_variant_leaves_the_product_alone(shop: Connected) -> None:
    shop.system.create("Sesamproducts", {"variants": {"sku": "TAKEN"}})
    id = shop.system.create("Sesamproducts", {"name": "Lamp", "variants": {"sku": "L-1"}})
    [refused] = shop.write(shop.update("Sesamproducts", id, {"name": "Lantern", "variants.sku": "TAKEN"}))
    assert isinstance(refused, Refused)
    assert (shop.system.show("Sesamproducts", id) or {})["name"] == "Lamp"


def test_what_several_variants_share_is_read_only(shop: Connected) -> None:
    id = shop.system.create("Sesamproducts", {"name": "Lamp"})
    alone = shop.read("Sesamproducts", id)[id]
    other = sibling(shop, id)
    for record in [
        *shop.latest("Sesamproducts")[0].values(),
        *shop.read("Sesamproducts", id, other).values(),
    ]:
        assert {"name", "description", "type"} <= record.read_only
        assert not any(path.startswith("variants") for path in record.read_only)
    assert alone.read_only == frozenset()
    [refused] = shop.write(shop.update("Sesamproducts", id, {"name": "Lantern"}))
    assert isinstance(refused, Refused)
    assert "shared" in refused.reason
    assert shop.asked("POST") == []


def test_stock_is_not_changed_through_the_product(shop: Connected) -> None:
    id = item(shop)
    for write in (
        shop.update("Sesamproducts", id, {"variants.stock.quantity": 9}),
        shop.adjustment("Sesamproducts", id, "variants.stock.quantity", 1),
    ):
        assert isinstance(shop.write(write)[0], Refused)
    assert shop.asked() == []


def test_a_variant_is_deleted_with_its_product_or_without_its_siblings(shop: Connected) -> None:
    id = item(shop)
    other = sibling(shop, id)
    for each, path in ((id, f"variants/{id}"), (other, PRODUCTS)):
        assert shop.write(shop.deletion("Sesamproducts", each)) == [Done()]
        assert path in shop.asked("DELETE")[-1].path
    assert shop.system.ids("Sesamproducts") == []
    assert shop.write(shop.deletion("Sesamproducts", id)) == [Gone()]


def test_a_variant_removed_from_a_product_that_stays_is_gone(shop: Connected) -> None:
    id = item(shop)
    other = sibling(shop, id)
    shop.pages("Sesamproducts")
    shop.system.delete("Sesamproducts", other)
    assert shop.write(shop.update("Sesamproducts", other, {"variants.sku": "X"})) == [Gone()]
    assert list(shop.read("Sesamproducts", id, other)) == [id]


# -- which product a variant belongs to ----------------------------------------------------------------


def test_products_learnt_from_a_listing_are_read_at_once(shop: Connected) -> None:
    ids = [item(shop) for _ in range(60)]
    shop.pages("Sesamproducts")
    before = len(shop.asked())
    assert sorted(shop.read("Sesamproducts", *ids)) == sorted(ids)
    assert [exchange.path.count(",") for exchange in shop.asked()[before:]] == [49, 9]


def test_unknown_products_are_scanned_for_once(shop: Connected) -> None:
    ids = [item(shop) for _ in range(60)]
    assert list(shop.read("Sesamproducts", ids[0])) == [ids[0]]
    asked = len(shop.asked())
    assert list(shop.read("Sesamproducts", ids[0])) == [ids[0]]
    assert len(shop.asked()) == asked + 1


def test_what_the_inventory_lacks_is_gone_without_a_scan(shop: Connected) -> None:
    item(shop)
    assert shop.read("Sesamproducts", "never-was") == {}
    assert shop.asked("GET", PRODUCTS) == []


def test_a_short_listing_is_no_proof_that_a_variant_is_gone(shop: Connected) -> None:
    id = item(shop)
    shop.system.faults.script(Fault("truncated_page"))
    with pytest.raises(SystemDown, match=id):
        shop.read("Sesamproducts", id)
    assert shop.system.faults.pending() == []
    assert list(shop.read("Sesamproducts", id)) == [id]


def test_a_scan_that_loses_its_place_starts_again(shop: Connected) -> None:
    first = item(shop)
    shop.clock.advance(1)
    for _ in range(60):
        item(shop)
    shop.system.faults.script(Fault("dead_cursor"))
    assert list(shop.read("Sesamproducts", first)) == [first]
    assert shop.system.faults.pending() == []


def test_the_first_store_page_is_asked_for_once(shop: Connected) -> None:
    page = shop.lookup("first_store_page")
    assert shop.lookup("first_store_page") == page
    assert len(shop.asked()) == 1
    assert shop.asked()[0].response["storePages"][0]["id"] == page

"""Variants of a Squarespace shop, request by request: what is asked, and what is made of each answer (S12, S24)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bothways.errors import SystemDown
from bothways.sync.connectors import Done, Gone, Kind, Outcome, Partly, Record, Refused, Unknown, Write
from tests.sync.connectors.scripted import LOST, Scripted
from tests.sync.connectors.shop_rows import (
    AHEAD,
    MISSING,
    NO,
    dated,
    listing,
    product,
    sold,
    stocked,
    variant,
)

EIGHT = datetime(2024, 10, 1, 8, 0, tzinfo=UTC)
PRODUCTS = "/v2/commerce/products"
INVENTORY = "/1.0/commerce/inventory"
OWN = f"{PRODUCTS}/p%2F1/variants/v%2F1"
"""Where the variant of `LAMP` is written, its product at `WHOLE`."""

WHOLE = f"{PRODUCTS}/p%2F1"
LAMP = product(variant("v/1"), id="p/1")
PAIR = product(variant("v/1"), variant("v2"), id="p/1")
LATER = product(variant("v/1", sku="later"), id="p/1", name="later")
"""What the product shows when somebody has edited it meanwhile."""

REFUSED = Refused("400 INVALID_REQUEST_ERROR: no")
LOOKED_FOR = Refused("404 VARIANT_NOT_FOUND: no")
UNKNOWN = Unknown("no answer (ReadTimeout: lost)")


def knowing(known: dict[str, Any], *answers: Any) -> Scripted:
    """A script whose product is known from a listing, which is not counted."""
    script = Scripted("squarespace", listing("products", known), *answers)
    script.pages("Sesamproducts")
    script.asked.clear()
    return script


def shown(*rows: Any) -> tuple[int, Any]:
    """The answer to a reading of products."""
    return 200, {"products": list(rows)}


def creation(**body: Any) -> Write:
    return Write(Kind.CREATE, "Sesamproducts", "k", body={"name": "Lamp", "variants.sku": " S-1\t", **body})


def update(body: dict[str, Any], id: str | None = "v/1") -> Write:
    return Write(Kind.UPDATE, "Sesamproducts", "k", id, body)


def deletion(id: str | None = "v/1") -> Write:
    return Write(Kind.DELETE, "Sesamproducts", "k", id)


# -- listing and reading -------------------------------------------------------------------------------


def test_each_variant_is_a_record_with_its_products_fields_beside_it() -> None:
    script = Scripted("squarespace", dated(listing("products", LAMP, PAIR)))
    [page] = script.pages("Sesamproducts")
    assert page.records == [
        sold(LAMP, ahead=AHEAD),
        sold(PAIR, 0, ahead=AHEAD),
        sold(PAIR, 1, ahead=AHEAD),
    ]
    assert page.records[2].read_only == {"id", "name", "createdOn", "modifiedOn"}


@pytest.mark.parametrize(
    ("stock", "seen"),
    [
        ({"quantity": 5, "unlimited": True}, {"quantity": None, "unlimited": True}),
        ({"quantity": 5, "unlimited": False}, {"quantity": 5, "unlimited": False}),
        ({"quantity": 5}, {"quantity": 5}),
        (None, None),
    ],
    ids=str,
)
def test_unlimited_stock_of_a_variant_is_no_quantity(stock: Any, seen: Any) -> None:
    [page] = Scripted("squarespace", listing("products", product(variant(stock=stock)))).pages(
        "Sesamproducts"
    )
    assert page.records[0].fields["variants"] == variant(stock=seen)


def test_variants_of_known_products_are_read_by_product() -> None:
    script = Scripted("squarespace", listing("products", PAIR, product(variant("v3"), id="p3")), shown(PAIR))
    script.pages("Sesamproducts")
    assert script.read("Sesamproducts", "v2", "v/1") == {"v/1": sold(PAIR, 0), "v2": sold(PAIR, 1)}
    assert script.lines[1:] == [f"GET {WHOLE}"]


def test_only_what_is_asked_for_is_read() -> None:
    assert list(knowing(PAIR, shown(PAIR)).read("Sesamproducts", "v2")) == ["v2"]


def test_unknown_variants_are_counted_then_scanned_for_until_all_are_found() -> None:
    script = Scripted(
        "squarespace",
        (200, {"inventory": [stocked("v/1"), stocked("v3")]}),
        listing("products", PAIR, following="c1"),
        listing("products", product(variant("v3"), id="p3"), following="c2"),
        shown(PAIR, product(variant("v3"), id="p3")),
    )
    assert list(script.read("Sesamproducts", "v3", "v/1")) == ["v/1", "v3"]
    assert script.lines == [
        f"GET {INVENTORY}/v%2F1,v3",
        f"GET {PRODUCTS}",
        f"GET {PRODUCTS}?cursor=c1",
        f"GET {PRODUCTS}/p3,p%2F1",
    ]


def test_what_has_no_stock_is_not_scanned_for() -> None:
    script = Scripted("squarespace", (404, MISSING))
    assert script.read("Sesamproducts", "v/1") == {}
    assert script.lines == [f"GET {INVENTORY}/v%2F1"]


def test_a_variant_with_stock_whose_product_is_not_listed_is_told_by_name() -> None:
    found = 200, {"inventory": [stocked("v8"), stocked("v7"), stocked("v/1")]}
    script = Scripted("squarespace", found, listing("products", LAMP))
    with pytest.raises(SystemDown) as down:
        script.read("Sesamproducts", "v7", "v8", "v/1")
    assert str(down.value) == "the oddity doesn't list the product of variant v7"


# -- creating ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stock", "sent"),
    [
        ({}, {}),
        ({"variants.stock.quantity": 5}, {"stock": {"quantity": 5}}),
        ({"variants.stock.quantity": 0}, {"stock": {"quantity": 0}}),
        ({"variants.stock.quantity": None}, {"stock": {"unlimited": True}}),
        ({"variants.stock.location": "here"}, {"stock": {"unlimited": True}}),
    ],
    ids=str,
)
def test_a_creation_makes_a_product_of_one_variant(stock: dict[str, Any], sent: Any) -> None:
    script = Scripted("squarespace", (201, LAMP))
    assert script.write(creation(**stock)) == [Done(sold(LAMP))]
    assert script.lines == [f"POST {PRODUCTS}"]
    assert script.bodies == [{"name": "Lamp", "variants": [{"sku": " S-1\t", **sent}]}]
    assert script.header("Idempotency-Key") == [None]


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (LOST, UNKNOWN),
        ((400, NO), REFUSED),
        ((404, MISSING), LOOKED_FOR),
        ((201, None), Unknown("the creation was answered without the product")),
        ((201, product()), Unknown("the creation was answered without the product")),
        ((201, PAIR), Done(sold(PAIR, 0))),
    ],
    ids=["lost", "refused", "missing", "silent", "empty", "two"],
)
def test_what_an_answer_to_a_creation_means(answer: Any, outcome: Outcome) -> None:
    assert Scripted("squarespace", answer).write(creation()) == [outcome]


@pytest.mark.parametrize("sku", [None, "", " \t", 5])
def test_a_creation_that_could_not_be_found_again_is_refused_unsent(sku: Any) -> None:
    why = "without a SKU it couldn't be found again if the answer to its creation were lost"
    assert Scripted("squarespace").write(creation(**{"variants.sku": sku})) == [Refused(why)]


def test_a_lost_creation_is_looked_for_by_sku_among_what_changed_since_the_day_before() -> None:
    other, ours = product(variant("v2", sku="S-11"), id="p2"), product(variant("v1", sku="S-1 "))
    script = Scripted("squarespace", listing("products", other, ours, following="c"))
    assert script.find_created(creation(), EIGHT) == sold(ours)
    times = "modifiedAfter=2024-09-30T08%3A00%3A00.000Z&modifiedBefore=2025-10-02T08%3A00%3A00.000Z"
    assert script.lines == [f"GET {PRODUCTS}?{times}"]


def test_a_creation_that_was_never_carried_out_is_not_found() -> None:
    nameless = product(variant("v2", sku=None), id="p2")
    script = Scripted("squarespace", listing("products", nameless, following="c"), listing("products", LAMP))
    assert script.find_created(creation(), EIGHT) is None


# -- updating ------------------------------------------------------------------------------------------


def test_what_is_the_variants_own_is_written_there_and_its_product_read() -> None:
    answer = variant("v/1", sku="ours", stock={"quantity": 1, "unlimited": True})
    script = knowing(LAMP, (200, answer), shown(LATER))
    stock = {"quantity": None, "unlimited": True}
    assert script.write(update({"variants.sku": "ours", "variants.pricing.base": 1})) == [
        Done(sold(LATER, sku="ours", stock=stock))
    ]
    assert script.lines == [f"POST {OWN}", f"GET {WHOLE}"]
    assert script.bodies[0] == {"sku": "ours", "pricing": {"base": 1}}
    assert script.header("Idempotency-Key") == [None, None]


def test_what_is_the_products_is_written_there_and_the_answer_shows_it() -> None:
    script = knowing(LAMP, (200, LATER))
    assert script.write(update({"name": "ours", "seo.title": "x"})) == [Done(sold(LATER))]
    assert script.lines == [f"POST {WHOLE}"]
    assert script.bodies == [{"name": "ours", "seo": {"title": "x"}}]


def test_an_update_of_both_shows_the_variant_as_its_own_answer_did() -> None:
    script = knowing(LAMP, (200, variant("v/1", sku="ours")), (200, LATER))
    assert script.write(update({"variants.sku": "ours", "name": "x"})) == [Done(sold(LATER, sku="ours"))]
    assert script.lines == [f"POST {OWN}", f"POST {WHOLE}"]
    assert script.bodies == [{"sku": "ours"}, {"name": "x"}]


@pytest.mark.parametrize("answer", [None, variant("another"), ["odd"], {"sku": "ours"}], ids=str)
def test_an_answer_that_does_not_show_the_variant_leaves_it_as_it_is_read(answer: Any) -> None:
    script = knowing(LAMP, (200, answer), shown(LATER))
    assert script.write(update({"variants.sku": "ours"})) == [Done(sold(LATER))]


def test_an_answer_that_does_not_show_the_product_leaves_it_to_be_read() -> None:
    script = knowing(LAMP, (204, None), shown(LATER))
    assert script.write(update({"name": "x"})) == [Done(sold(LATER))]
    script = knowing(LAMP, (200, variant("v/1", sku="ours")), (204, None), shown(LATER))
    assert script.write(update({"name": "x", "variants.sku": "ours"})) == [Done(sold(LATER, sku="ours"))]


def test_a_variant_whose_product_has_grown_is_shown_by_its_id() -> None:
    grown = product(variant("v0"), variant("v/1"), id="p/1")
    assert knowing(LAMP, (200, grown)).write(update({"name": "x"})) == [Done(sold(grown, 1))]


def test_a_product_is_not_taken_for_its_variant_though_they_share_an_id() -> None:
    twin = product(variant("v/1"), id="v/1")
    assert knowing(twin, (200, twin)).write(update({"name": "x"})) == [Done(sold(twin))]


BOTH = {"variants.sku": "ours", "name": "x", "url": "y"}
OURS = variant("v/1", sku="ours")


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        ([LOST], UNKNOWN),
        ([(400, NO)], REFUSED),
        ([(404, MISSING), shown(LAMP)], LOOKED_FOR),
        ([(404, NO), (404, NO)], Gone()),
        ([(200, OURS), LOST], UNKNOWN),
        (
            [(200, OURS), (400, NO), shown(LATER)],
            Partly(sold(LATER, sku="ours"), frozenset({"variants.sku"}), REFUSED.reason),
        ),
        (
            [(200, OURS), (404, MISSING), shown(LAMP), shown(LATER)],
            Partly(sold(LATER, sku="ours"), frozenset({"variants.sku"}), LOOKED_FOR.reason),
        ),
        ([(200, OURS), (404, NO), (404, NO), shown(LATER)], Gone()),
        ([(200, OURS), (400, NO), (404, NO)], Gone()),
        ([(200, OURS), (204, None), (404, NO)], Gone()),
    ],
    ids=[
        "lost",
        "refused",
        "still there",
        "gone",
        "the product's lost",
        "the product's refused",
        "the product's still there",
        "the product's gone",
        "gone since it was refused",
        "gone since it was written",
    ],
)
def test_what_the_answers_to_an_update_mean(answers: list[Any], outcome: Outcome) -> None:
    script = knowing(LAMP, *answers)
    assert script.write(update(BOTH)) == [outcome]
    assert len(script.asked) == len(answers)


def test_a_variant_that_nobody_knows_is_looked_for_before_it_is_written() -> None:
    script = Scripted("squarespace", (404, MISSING))
    assert script.write(update({"name": "x"})) == [Gone()]
    assert script.lines == [f"GET {INVENTORY}/v%2F1"]
    found = 200, {"inventory": [stocked("v/1")]}
    script = Scripted("squarespace", found, listing("products", LAMP), shown(LAMP), (200, LATER))
    assert script.write(update({"name": "x"})) == [Done(sold(LATER))]


def test_what_several_variants_share_is_refused_unsent_and_their_own_is_not() -> None:
    script = knowing(PAIR)
    assert script.write(update({"url": "y", "name": "x", "variants.sku": "ours"})) == [
        Refused("name is shared with the product's other variants")
    ]
    assert script.asked == []
    script = knowing(PAIR, (200, OURS), shown(PAIR))
    assert script.write(update({"variants.sku": "ours"})) == [Done(sold(PAIR, 0, sku="ours"))]


def test_a_variant_that_is_left_alone_may_change_what_was_shared() -> None:
    script = knowing(PAIR, listing("products", LAMP), (200, LATER))
    script.pages("Sesamproducts")
    assert script.write(update({"name": "x"})) == [Done(sold(LATER))]


@pytest.mark.parametrize("path", ["variants.stock", "variants.stock.quantity"])
def test_the_stock_of_a_variant_there_is_is_not_written(path: str) -> None:
    why = "the stock of an existing variant is adjusted through the Inventory"
    script = knowing(LAMP, (200, OURS), shown(LAMP))
    assert script.write(update({"name": "x", path: 1})) == [Refused(why)]
    assert script.write(update({"variants.stocked": 1})) == [Done(sold(LAMP, sku="ours"))]


def test_stock_is_not_adjusted_here() -> None:
    adjustment = Write(Kind.ADJUST, "Sesamproducts", "k", "v/1", {"variants.stock.quantity": 1})
    assert Scripted("squarespace").write(adjustment) == [Refused("stock is adjusted through the Inventory")]


@pytest.mark.parametrize("write", [update({"name": "x"}, None), deletion(None)], ids=["update", "deletion"])
def test_a_variant_that_is_not_named_is_gone(write: Write) -> None:
    script = Scripted("squarespace", (404, MISSING))
    assert script.write(write) == [Gone()]
    assert script.lines == [f"GET {INVENTORY}/"]


# -- deleting ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("row", "path"), [(LAMP, WHOLE), (PAIR, OWN)], ids=["alone", "one of two"])
def test_a_variant_is_deleted_with_its_product_where_it_is_the_only_one(row: Any, path: str) -> None:
    script = knowing(row, shown(row), (204, None))
    assert script.write(deletion()) == [Done()]
    assert script.lines == [f"GET {WHOLE}", f"DELETE {path}"]
    assert script.bodies == [None, None]


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        ([(404, NO)], Gone()),
        ([shown()], Gone()),
        ([shown(LAMP), LOST], UNKNOWN),
        ([shown(LAMP), (400, NO)], REFUSED),
        ([shown(LAMP), (404, MISSING), shown(LAMP)], LOOKED_FOR),
        ([shown(LAMP), (404, NO), (404, NO)], Gone()),
    ],
    ids=["gone", "not shown", "lost", "refused", "still there", "gone since"],
)
def test_what_the_answers_to_a_deletion_mean(answers: list[Any], outcome: Outcome) -> None:
    script = knowing(LAMP, *answers)
    assert script.write(deletion()) == [outcome]
    assert len(script.asked) == len(answers)


def test_a_record_shows_a_variants_write_when_it_shows_all_of_it() -> None:
    connector = Scripted("squarespace").connector
    write = update({"variants.sku": "S-v/1", "name": " Lamp"})
    assert connector.shows(write, sold(LAMP))
    assert not connector.shows(write, sold(LATER))
    assert not connector.shows(write, Record("v/1", {"name": "Lamp"}))

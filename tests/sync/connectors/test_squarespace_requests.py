"""Stock and orders of a Squarespace shop, request by request: what is asked, and what is made of each answer."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from bothways.errors import SyncError
from bothways.sync.codecs import Unrepresentable
from bothways.sync.connectors import Done, Gone, Kind, Outcome, Record, Refused, Unknown, Write
from bothways.sync.connectors.squarespace.orders import completed
from tests.sync.connectors.scripted import LOST, Scripted
from tests.sync.connectors.shop_rows import MISSING, NO, order, ordered, stocked

INVENTORY = "/1.0/commerce/inventory"
ORDERS = "/1.0/commerce/orders"
LATER = hashlib.sha256(b"k 1").hexdigest()
"""The key of a write's second request."""

REFUSED = Refused("400 INVALID_REQUEST_ERROR: no")
LOOKED_FOR = Refused("404 VARIANT_NOT_FOUND: no")
UNKNOWN = Unknown("no answer (ReadTimeout: lost)")


def quantity(of: int | None, kind: Kind = Kind.UPDATE, id: str | None = "v1") -> Write:
    return Write(kind, "Inventory", "k", id, {"quantity": of})


def found(*rows: Any) -> tuple[int, Any]:
    return 200, {"inventory": list(rows)}


def left(row: dict[str, Any], **more: Any) -> Done:
    """What a write to an item left behind."""
    return Done(Record(row["variantId"], row | more))


# -- stock ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("write", "operations"),
    [
        (quantity(None), [("k", {"setUnlimitedOperations": ["v1"]})]),
        (quantity(1), [("k", {"setFiniteOperations": [{"variantId": "v1", "quantity": 1}]})]),
        (
            quantity(0),
            [
                ("k", {"setFiniteOperations": [{"variantId": "v1", "quantity": 1}]}),
                (LATER, {"decrementOperations": [{"variantId": "v1", "quantity": 1}]}),
            ],
        ),
    ],
    ids=["unlimited", "one", "none"],
)
def test_stock_is_set_and_then_read(write: Write, operations: list[Any]) -> None:
    answers = [(204, None)] * len(operations)
    script = Scripted("squarespace", *answers, found(stocked(quantity=9)))
    assert script.write(write) == [left(stocked(), quantity=write.body["quantity"])]
    assert script.lines == [f"POST {INVENTORY}/adjustments"] * len(operations) + [f"GET {INVENTORY}/v1"]
    assert list(zip(script.header("Idempotency-Key"), script.bodies, strict=True))[:-1] == operations


@pytest.mark.parametrize(
    ("difference", "operation"),
    [(4, ("incrementOperations", 4)), (1, ("incrementOperations", 1)), (-1, ("decrementOperations", 1))],
)
def test_stock_is_counted_up_or_down_and_not_read(difference: int, operation: tuple[str, int]) -> None:
    script = Scripted("squarespace", (204, None))
    assert script.write(quantity(difference, Kind.ADJUST)) == [Done()]
    name, by = operation
    assert script.bodies == [{name: [{"variantId": "v1", "quantity": by}]}]
    assert script.lines == [f"POST {INVENTORY}/adjustments"]
    assert script.header("Idempotency-Key") == ["k"]


def test_a_difference_of_nothing_is_done_unsent() -> None:
    script = Scripted("squarespace")
    assert script.write(quantity(0, Kind.ADJUST)) == [Done()]
    assert script.asked == []


@pytest.mark.parametrize(
    ("answers", "outcome", "asked"),
    [
        ([LOST], UNKNOWN, 1),
        ([(204, None), LOST], UNKNOWN, 2),
        ([(400, NO)], REFUSED, 1),
        ([(204, None), (400, NO)], REFUSED, 2),
        ([(404, MISSING), found(stocked())], LOOKED_FOR, 2),
        ([(404, MISSING), (404, MISSING)], Gone(), 2),
        ([(409, MISSING), (404, MISSING)], Gone(), 2),
        ([(404, NO), (404, NO)], Gone(), 2),
        ([(204, None), (204, None), (404, NO)], Gone(), 3),
    ],
    ids=str,
)
def test_what_a_shops_no_to_stock_means(answers: list[Any], outcome: Outcome, asked: int) -> None:
    script = Scripted("squarespace", *answers)
    assert script.write(quantity(0)) == [outcome]
    assert len(script.asked) == asked


@pytest.mark.parametrize(
    "write",
    [
        quantity(1, Kind.CREATE),
        quantity(1, Kind.DELETE),
        Write(Kind.UPDATE, "Inventory", "k", "v1", {"quantity": 1, "sku": "X"}),
        Write(Kind.ADJUST, "Inventory", "k", "v1", {}),
    ],
    ids=["creation", "deletion", "more", "less"],
)
def test_nothing_but_a_quantity_is_written(write: Write) -> None:
    script = Scripted("squarespace")
    assert script.write(write) == [Refused("the Inventory API changes quantities and nothing else")]
    assert script.asked == []


def test_stock_of_nothing_in_particular_is_refused_or_gone() -> None:
    assert Scripted("squarespace", (404, MISSING)).write(quantity(1, id=None)) == [LOOKED_FOR]
    script = Scripted("squarespace", (204, None), (404, MISSING))
    assert script.write(quantity(1, id=None)) == [Gone()]
    assert script.lines[-1] == f"GET {INVENTORY}/"


# -- orders --------------------------------------------------------------------------------------------


def fulfilment(id: str | None = "o/1") -> Write:
    return Write(Kind.UPDATE, "Order", "k", id, {"fulfillmentStatus": "FULFILLED"})


IMPORT = Write(
    Kind.CREATE,
    "Order",
    "k",
    body={"grandTotal.currency": "USD", "lineItems": [{"quantity": 2, "unitPricePaid": {"value": "1.5"}}]},
)


def test_an_order_is_imported_under_its_key() -> None:
    script = Scripted("squarespace", (201, order()))
    assert script.write(IMPORT) == [Done(ordered(order()))]
    assert script.lines == [f"POST {ORDERS}"]
    assert script.header("Idempotency-Key") == ["k"]
    assert script.bodies == [
        {
            "fulfillments": [],
            "grandTotal": {"currency": "USD"},
            "lineItems": [{"quantity": 2, "unitPricePaid": {"currency": "USD", "value": "1.5"}}],
            "subtotal": {"currency": "USD", "value": "3.0"},
        }
    ]


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (LOST, UNKNOWN),
        ((500, NO), Unknown("500 INVALID_REQUEST_ERROR: no")),
        ((400, NO), REFUSED),
        ((404, MISSING), LOOKED_FOR),
        ((201, None), Unknown("the order was answered without its content")),
    ],
    ids=str,
)
def test_what_an_answer_to_an_import_means(answer: Any, outcome: Outcome) -> None:
    assert Scripted("squarespace", answer).write(IMPORT) == [outcome]


def test_an_order_that_has_no_sum_is_refused_unsent() -> None:
    script = Scripted("squarespace")
    lines = [{"quantity": 1, "unitPricePaid": {"value": "ten"}}]
    assert script.write(Write(Kind.CREATE, "Order", "k", body={"lineItems": lines})) == [
        Refused("the order can't be summed up: 'ten' is no decimal")
    ]
    assert script.asked == []


def test_an_open_order_is_fulfilled_and_read_again() -> None:
    before, after = order("o/1"), order("o/1", note="edited")
    script = Scripted("squarespace", (200, before), (204, None), (200, after))
    assert script.write(fulfilment()) == [Done(ordered(after | {"fulfillmentStatus": "FULFILLED"}))]
    own = f"{ORDERS}/o%2F1"
    assert script.lines == [f"GET {own}", f"POST {own}/fulfillments", f"GET {own}"]
    assert script.bodies == [None, {"shouldSendNotification": False, "shipments": []}, None]
    assert script.header("Idempotency-Key") == [None] * 3


FULFILLED = order("o/1", fulfillmentStatus="FULFILLED")


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        ([(404, NO)], Gone()),
        ([(200, FULFILLED)], Done(ordered(FULFILLED))),
        ([(200, order("o/1")), LOST], UNKNOWN),
        ([(200, order("o/1")), (400, NO)], REFUSED),
        ([(200, order("o/1")), (404, MISSING), (200, order("o/1"))], LOOKED_FOR),
        ([(200, order("o/1")), (404, NO), (404, NO)], Gone()),
        ([(200, order("o/1")), (204, None), (404, NO)], Gone()),
    ],
    ids=str,
)
def test_what_the_answers_to_a_fulfilment_mean(answers: list[Any], outcome: Outcome) -> None:
    script = Scripted("squarespace", *answers)
    assert script.write(fulfilment()) == [outcome]
    assert len(script.asked) == len(answers)


def test_an_order_that_is_not_named_is_gone() -> None:
    script = Scripted("squarespace", (404, NO))
    assert script.write(fulfilment(None)) == [Gone()]
    assert script.lines == [f"GET {ORDERS}/"]


@pytest.mark.parametrize(
    "write",
    [
        Write(Kind.UPDATE, "Order", "k", "o1", {"fulfillmentStatus": "CANCELED"}),
        Write(Kind.UPDATE, "Order", "k", "o1", {"fulfillmentStatus": "FULFILLED", "note": "x"}),
        Write(Kind.DELETE, "Order", "k", "o1", {"fulfillmentStatus": "FULFILLED"}),
    ],
    ids=["cancelled", "more", "deleted"],
)
def test_an_order_is_not_changed_otherwise(write: Write) -> None:
    why = "the Orders API can fulfil an order, but neither edit, cancel, reopen nor delete it"
    assert Scripted("squarespace").write(write) == [Refused(why)]


def test_each_order_is_read_once_and_the_missing_are_left_out() -> None:
    script = Scripted("squarespace", (404, NO), (200, order("o/1")))
    assert script.read("Order", "gone", "o/1", "gone") == {"o/1": ordered(order("o/1"))}
    assert script.lines == [f"GET {ORDERS}/gone", f"GET {ORDERS}/o%2F1"]
    with pytest.raises(SyncError) as refused:
        Scripted("squarespace", (400, NO)).read("Order", "o1")
    assert str(refused.value) == "the oddity doesn't show order o1: 400 INVALID_REQUEST_ERROR: no"


# -- what an import requires ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "subtotal"),
    [
        (None, "0"),
        ([], "0"),
        ([("12.50", 2)], "25.00"),
        ([("0.1", 3), ("0.2", 1)], "0.5"),
        ([("1E+2", 1)], "100"),
        ([("-1.00", "2")], "-2.00"),
        ([("99999999999.99", 3)], "299999999999.97"),
    ],
)
def test_a_subtotal_is_the_exact_sum_of_its_lines(lines: list[Any] | None, subtotal: str) -> None:
    items = lines and [{"unitPricePaid": {"value": price}, "quantity": count} for price, count in lines]
    made = completed({"grandTotal": {"currency": "EUR"}, "lineItems": items})
    assert made["subtotal"] == {"currency": "EUR", "value": subtotal}


def test_a_subtotal_without_lines_or_currency_is_nothing_of_none() -> None:
    assert completed({}) == {"fulfillments": [], "subtotal": {"currency": None, "value": "0"}}


@pytest.mark.parametrize(
    "line",
    [{"quantity": 1}, {"unitPricePaid": {"value": "1"}}, {"quantity": 1, "unitPricePaid": {"value": 1.5}}],
)
def test_a_line_without_a_number_has_no_sum(line: dict[str, Any]) -> None:
    with pytest.raises(Unrepresentable):
        completed({"lineItems": [line]})


def test_every_amount_has_the_orders_currency_unless_it_names_its_own() -> None:
    made = completed(
        {
            "grandTotal": {"currency": "EUR", "value": "9"},
            "fulfillments": [{"shipped": True}],
            "note": "value",
            "discountLines": [
                {"amount": {"value": "1"}},
                {"amount": {"value": "2", "currency": "USD"}},
                "odd",
            ],
            "shipping": {"price": {"value": None}},
        }
    )
    assert made == {
        "grandTotal": {"currency": "EUR", "value": "9"},
        "fulfillments": [{"shipped": True}],
        "note": "value",
        "discountLines": [
            {"amount": {"currency": "EUR", "value": "1"}},
            {"amount": {"currency": "USD", "value": "2"}},
            "odd",
        ],
        "shipping": {"price": {"currency": "EUR", "value": None}},
        "subtotal": {"currency": "EUR", "value": "0"},
    }

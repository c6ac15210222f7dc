"""What Squarespace shows, takes and refuses, as far as the oracle must know it. Keys are datatypes and their paths."""

from __future__ import annotations

import re
from decimal import Decimal

DERIVED = {
    "Inventory": {"descriptor", "isUnlimited"},
    "Sesamproducts": {"url", "urlSlug"},
    "Order": {"fulfillments", "fulfilledOn"},
}
"""What follows, on Squarespace, from the fields that a client writes."""

SHOWN_TWICE = {
    "Inventory": {"sku": "variants.sku", "quantity": "variants.stock"},
    "Sesamproducts": {"variants.sku": "sku", "variants.stock": "quantity"},
}
"""Squarespace shows a variant's SKU and stock in two datatypes; a write to one shows in the other."""

SHOWN_AT = {"Inventory": "/inventory", "Sesamproducts": "/products", "Order": "/orders"}
"""Where Squarespace shows what a record says; elsewhere it only names it."""

SHARED_BY_VARIANTS = {("Sesamproducts", path) for path in ("name", "description", "type")}
"""A product's fields belong to all of its variants: read-only while there are several (S12)."""

REQUIRED = {
    "Sesamproducts": ("name", "variants.pricing.basePrice"),
    "Order": ("externalOrderReference", "lineItems", "grandTotal.value", "grandTotal.currency"),
}
"""What a record on Squarespace can't be without."""

LONGEST = {("Sesamproducts", "name"): 200, ("Sesamproducts", "variants.sku"): 60}
CURRENCIES = {("Order", "grandTotal.currency"): re.compile(r"[A-Z]{3}", re.ASCII)}
"""Where Squarespace takes nothing but the code of a currency."""
TOO_MUCH = Decimal(10) ** 15
"""The least amount of money that Squarespace doesn't take."""
FINAL = {("Order", "fulfillmentStatus"): "CANCELED"}
"""What the API can't change to anything else."""
UNIQUE = {("Sesamproducts", "variants.sku")}
"""What no two records of a Squarespace shop may share."""
KEYLESS = {"Sesamproducts", "Inventory"}
"""What is made without an idempotency key: a creation without an answer is found by looking, or not at all."""

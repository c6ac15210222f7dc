"""Why Squarespace refuses something, in its own terms."""

from __future__ import annotations

SUBTYPES = {
    "MISSING_ARGUMENT": 400,
    "INVALID_ARGUMENT": 400,
    "CONCURRENT_MODIFICATION": 409,
    "INSUFFICIENT_STOCK": 409,
    "STOCK_NOT_TRACKED": 409,
    "STOCK_EXCEEDS_MAX": 409,
    "URL_SLUG_UNAVAILABLE": 409,
    "SKU_UNAVAILABLE": 409,
    "INVENTORY_ITEM_NOT_FOUND": 404,
    "PRODUCT_VARIANT_NOT_FOUND": 404,
    "STORE_PAGE_NOT_FOUND": 404,
    "MISSING_SCOPE": 403,
}
"""The status that each comes with."""
TYPES = {
    400: "INVALID_REQUEST_ERROR",
    401: "AUTHORIZATION_ERROR",
    402: "WEBSITE_EXPIRED",
    403: "AUTHORIZATION_ERROR",
    404: "INVALID_REQUEST_ERROR",
    405: "METHOD_NOT_ALLOWED",
    409: "CONFLICT",
    429: "TOO_MANY_REQUESTS",
    503: "SERVICE_UNAVAILABLE",
}


class Refusal(Exception):
    """A request, or a merchant's edit, that the shop won't carry out.

    `status` overrides the subtype's own: a variant that a path names is not found (404), one that a body
    names makes the body wrong (400).
    """

    def __init__(self, subtype: str | None, message: str, *, status: int | None = None) -> None:
        super().__init__(message)
        self.subtype = subtype
        self.message = message
        self.status = status or (SUBTYPES[subtype] if subtype else 400)


def invalid(message: str) -> Refusal:
    """An argument that can't be taken."""
    return Refusal("INVALID_ARGUMENT", message)


def missing(name: str) -> Refusal:
    """An argument that isn't there."""
    return Refusal("MISSING_ARGUMENT", f"{name} is required")

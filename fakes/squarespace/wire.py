"""How the shop's records look on the wire."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fakes.clock import iso_milliseconds
from fakes.squarespace.arguments import Json
from fakes.squarespace.catalogue import Catalogue, Product, StorePage, Variant
from fakes.squarespace.order_book import Line, Order
from fakes.squarespace.switches import Switches


@dataclass(frozen=True, slots=True)
class Wire:
    """Shows records as the API does, under the switches."""

    catalogue: Catalogue
    switches: Switches

    @property
    def currency(self) -> str:
        """The shop's currency."""
        return self.catalogue.currency

    def time(self, moment: datetime) -> str:
        """ISO 8601 in UTC: `2024-10-01T08:00:05.25Z`, `2024-10-01T08:00Z`."""
        text = iso_milliseconds(moment)
        if not self.switches.trims_times:
            return text
        return text.removesuffix("Z").rstrip("0").removesuffix(":00.").rstrip(".") + "Z"

    def money(self, value: str | None) -> Json | None:
        """An amount in the shop's currency."""
        return None if value is None else {"currency": self.currency, "value": value}

    def rows(self, rows: Sequence[Any], id: str) -> list[Any] | None:
        """A list of the record with `id`; an empty one may be null."""
        if rows:
            return list(rows)
        switch = self.switches.empty_lists
        null = switch == "null" or (switch == "both" and sum(id.encode()) % 2 == 0)
        return None if null else []

    def store_page(self, page: StorePage) -> Json:
        """A store page."""
        return {"id": page.id, "title": page.title, "isEnabled": True}

    def item(self, variant: Variant) -> Json:
        """A variant as an Inventory item."""
        return {
            "variantId": variant.id,
            "sku": variant.sku,
            "descriptor": self.descriptor(variant),
            "isUnlimited": variant.unlimited,
            "quantity": variant.quantity,
        }

    def descriptor(self, variant: Variant) -> str:
        """`Name [Small, Red]`."""
        name = self.catalogue.products.rows[variant.product].name
        chosen = [value for value in variant.attributes.values() if value]
        return f"{name} [{', '.join(chosen)}]" if chosen else name

    def product(self, product: Product) -> Json:
        """A product with its variants."""
        return {
            "id": product.id,
            "type": product.type,
            "storePageId": product.page.id,
            "name": product.name,
            "description": product.description,
            "url": f"/{product.page.slug}/p/{product.slug}",
            "urlSlug": product.slug,
            "tags": self.rows(product.tags, product.id),
            "isVisible": product.visible,
            "variantAttributes": self.rows(product.attributes, product.id),
            "variants": [self.variant(variant) for variant in self.catalogue.variants_of(product)],
            "images": self.rows((), product.id),
            "createdOn": self.time(product.created),
            "modifiedOn": self.time(product.modified),
        }

    def variant(self, variant: Variant) -> Json:
        """A variant as part of its product."""
        return {
            "id": variant.id,
            "sku": variant.sku,
            "pricing": {
                "basePrice": self.money(variant.base_price),
                "salePrice": self.money(variant.sale_price),
                "onSale": variant.on_sale,
            },
            "stock": {"quantity": variant.quantity, "unlimited": variant.unlimited},
            "attributes": dict(variant.attributes),
        }

    def order(self, order: Order) -> Json:
        """An order."""
        return {
            "id": order.id,
            "orderNumber": order.number,
            "createdOn": self.time(order.created),
            "modifiedOn": self.time(order.modified),
            "channelName": order.channel,
            "externalOrderReference": order.reference,
            "customerEmail": order.email,
            "billingAddress": order.billing_address,
            "shippingAddress": order.shipping_address,
            "fulfillmentStatus": order.status,
            "lineItems": [self.line(line) for line in order.lines],
            "fulfillments": self.rows(order.fulfillments, order.id),
            "internalNotes": self.rows(order.notes, order.id),
            "subtotal": self.money(order.subtotal),
            "shippingTotal": self.money(order.shipping),
            "discountTotal": self.money(order.discount),
            "taxTotal": self.money(order.tax),
            "refundedTotal": self.money(order.refunded),
            "grandTotal": self.money(order.total),
        }

    def line(self, line: Line) -> Json:
        """A line of an order."""
        return {
            "id": line.id,
            "variantId": line.variant,
            "sku": line.sku,
            "productName": line.name,
            "quantity": line.quantity,
            "unitPricePaid": self.money(line.price),
        }

    def view(self, variant: Variant) -> Json:
        """A variant with its product's fields beside it: one record of Sesamproducts."""
        product = self.catalogue.products.rows[variant.product]
        shown = self.variant(variant)
        return {
            "id": variant.id,
            "productId": product.id,
            "name": product.name,
            "description": product.description,
            "type": product.type,
            "variants": {part: shown[part] for part in ("sku", "pricing", "stock")},
            "createdOn": self.time(product.created),
            "modifiedOn": self.time(product.modified),
        }

"""The shop's products, their variants and their stock: how they change, whoever asks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from fakes.clock import SystemClock
from fakes.squarespace.arguments import Arguments, Json
from fakes.squarespace.refusals import Refusal, invalid, missing
from fakes.squarespace.switches import Switches
from fakes.store import Store, Table

PRODUCT_TYPES = ("PHYSICAL", "SERVICE", "GIFT_CARD", "DIGITAL")
PRODUCT_UPDATE = ("name", "description", "urlSlug", "tags", "isVisible", "variantAttributes")
PRODUCT_CREATION = ("type", "storePageId", "variants", *PRODUCT_UPDATE)
VARIANT_UPDATE = ("sku", "pricing", "attributes")
VARIANT_CREATION = ("stock", *VARIANT_UPDATE)
SLUG = re.compile(r"[a-z0-9-]+", re.ASCII)
PRICING = ("basePrice", "salePrice", "onSale")


@dataclass(frozen=True, slots=True)
class StorePage:
    """A page of the shop that products stand on."""

    id: str
    title: str
    slug: str


@dataclass(frozen=True, slots=True)
class Product:
    """A product. `variants` are ids, `attributes` the names by which variants differ."""

    id: str
    type: str
    page: StorePage
    name: str
    description: str
    slug: str
    tags: tuple[str, ...]
    visible: bool
    attributes: tuple[str, ...]
    variants: tuple[str, ...]
    created: datetime
    modified: datetime


@dataclass(frozen=True, slots=True)
class Variant:
    """What is sold. Prices are decimal text in the shop's currency; `changed` is never shown."""

    id: str
    product: str
    sku: str
    base_price: str
    sale_price: str | None
    on_sale: bool
    quantity: int
    unlimited: bool
    attributes: Mapping[str, str]
    created: datetime
    changed: datetime


class Catalogue:
    """All products of one shop."""

    def __init__(
        self,
        store: Store,
        clock: SystemClock,
        currency: str,
        switches: Switches,
        pages: tuple[StorePage, ...],
    ) -> None:
        self._store = store
        self._clock = clock
        self.currency = currency
        self.switches = switches
        self.pages = pages

    @property
    def products(self) -> Table[Product]:
        """Products by id, placed by their modification."""
        return self._store.tables["products"]

    @property
    def variants(self) -> Table[Variant]:
        """Variants by id, placed by their creation."""
        return self._store.tables["variants"]

    def product(self, id: str) -> Product:
        """A product. Raises Refusal."""
        if id not in self.products.rows:
            raise Refusal(None, f"there is no product {id}", status=404)
        return self.products.rows[id]

    def variant(self, id: str, product: str | None = None) -> Variant:
        """A variant, of `product` if that is given. Raises Refusal."""
        variant = self.variants.rows.get(id)
        if variant is None or product not in (None, variant.product):
            raise Refusal("PRODUCT_VARIANT_NOT_FOUND", f"there is no variant {id}")
        return variant

    def variants_of(self, product: Product) -> list[Variant]:
        """A product's variants, as they were when it was what `product` says."""
        rows, before = self.variants.rows, self.variants.before
        present = [rows[id] for id in product.variants if id in rows]
        if self.products.rows.get(product.id) is product:
            return present
        then = (variant if variant.changed <= product.modified else before[variant.id] for variant in present)
        return [variant for variant in then if variant is not None]

    def create(self, body: Json) -> Product:
        """A product with its variants, from the body of a creation. Raises Refusal."""
        asked = Arguments(body, PRODUCT_CREATION)
        asked.require("type", "storePageId", "name", "variants")
        kind = asked.choice("type", PRODUCT_TYPES) or ""
        page = self._page(asked.text("storePageId") or "")
        attributes = asked.texts("variantAttributes") or ()
        now = self._clock.now()
        blank = Product("", kind, page, "", "", "", (), True, attributes, (), now, now)
        product = self._updated(blank, asked)
        if not product.slug:
            product = replace(product, slug=self._free_slug(product.name))
        product = replace(product, id=self._store.ids())
        variants = [self._new_variant(product, part) for part in asked.rows("variants") or []]
        if not variants:
            raise missing("variants")
        self._check_distinct(variants)
        self._store.indexes["slug"][product.slug] = product.id
        for variant in variants:
            self._put_variant(variant)
        return self._put_product(replace(product, variants=tuple(variant.id for variant in variants)))

    def update(self, product: Product, body: Json) -> Product:
        """Change what `body` names, and nothing else. Raises Refusal."""
        changed = self._updated(product, Arguments(body, PRODUCT_UPDATE))
        slugs = self._store.indexes["slug"]
        del slugs[product.slug]
        slugs[changed.slug] = product.id
        return self._put_product(replace(changed, modified=self._clock.now()))

    def delete(self, product: Product) -> None:
        """Delete a product with its variants and their stock."""
        for id in product.variants:
            self._drop_variant(self.variants.rows[id])
        del self._store.indexes["slug"][product.slug]
        self.products.drop(product.id)

    def add_variant(self, product: Product, body: Any) -> Variant:
        """One more variant of a product. Raises Refusal."""
        variant = self._new_variant(product, body)
        self._check_distinct([variant])
        self._put_variant(variant)
        self._put_product(
            replace(product, variants=(*product.variants, variant.id), modified=self._clock.now())
        )
        return variant

    def update_variant(self, variant: Variant, body: Any) -> Variant:
        """Change what `body` names; stock is not among it. Raises Refusal."""
        if isinstance(body, dict) and "stock" in body:
            raise invalid("stock is changed through inventory adjustments only")
        product = self.products.rows[variant.product]
        changed = self._variant_updated(product, variant, Arguments(body, VARIANT_UPDATE))
        self._check_distinct([changed])
        self._put_variant(replace(changed, changed=self._clock.now()))
        self._touch(product)
        return self.variants.rows[variant.id]

    def remove_variant(self, variant: Variant) -> None:
        """Delete a variant. Raises Refusal for the last one of a product."""
        product = self.products.rows[variant.product]
        if product.variants == (variant.id,):
            raise Refusal(None, "a product keeps at least one variant", status=409)
        self._drop_variant(variant)
        left = tuple(id for id in product.variants if id != variant.id)
        self._put_product(replace(product, variants=left, modified=self._clock.now()))

    def set_stock(self, variants: Iterable[Variant]) -> None:
        """Let variants have the stock that they carry here."""
        now = self._clock.now()
        for variant in variants:
            self._put_variant(replace(variant, changed=now))
            if self.switches.stock_touches_product:
                self._touch(self.products.rows[variant.product])

    # rules

    def _updated(self, product: Product, asked: Arguments) -> Product:
        """The product with what `asked` names, rewritten as the shop does."""
        if "name" in asked:
            asked.require("name")
            product = replace(product, name=asked.text("name", 200) or "")
        if "description" in asked:
            product = replace(product, description=self._wrapped(asked.text("description") or ""))
        if "urlSlug" in asked:
            product = replace(product, slug=self._slug(product, asked))
        if "tags" in asked:
            product = replace(product, tags=asked.texts("tags") or ())
        if "isVisible" in asked:
            product = replace(product, visible=asked.flag("isVisible") or False)
        if "variantAttributes" in asked:
            product = replace(product, attributes=asked.texts("variantAttributes") or ())
        return product

    def _slug(self, product: Product, asked: Arguments) -> str:
        asked.require("urlSlug")
        slug = (asked.text("urlSlug") or "").lower()
        if not SLUG.fullmatch(slug):
            raise invalid("urlSlug takes letters, digits and hyphens")
        if self._store.indexes["slug"].get(slug, product.id) != product.id:
            raise Refusal("URL_SLUG_UNAVAILABLE", f"{slug!r} is another product's")
        return slug

    def _new_variant(self, product: Product, body: Any) -> Variant:
        asked = Arguments(body, VARIANT_CREATION, at="variants[]")
        asked.require("pricing")
        if self.switches.sku_required:
            asked.require("sku")
        now = self._clock.now()
        blank = Variant(self._store.ids(), product.id, "", "", None, False, 0, False, {}, now, now)
        variant = self._variant_updated(product, blank, asked)
        if not variant.base_price:
            raise missing("pricing.basePrice")
        stock = asked.object("stock", ("quantity", "unlimited"))
        if stock is None:
            return variant
        quantity = stock.whole("quantity", 0) or 0
        if quantity > self.switches.max_stock:
            raise Refusal("STOCK_EXCEEDS_MAX", f"no more than {self.switches.max_stock} can be in stock")
        unlimited = stock.flag("unlimited") or False
        return replace(variant, quantity=0 if unlimited else quantity, unlimited=unlimited)

    def _variant_updated(self, product: Product, variant: Variant, asked: Arguments) -> Variant:
        if "sku" in asked:
            if self.switches.sku_required:
                asked.require("sku")
            sku = (asked.text("sku") or "").strip()
            if len(sku) > 60:
                raise invalid("a SKU has at most 60 characters")
            variant = replace(variant, sku=sku)
        if "attributes" in asked:
            chosen = asked.object("attributes", product.attributes)
            attributes = {} if chosen is None else {name: chosen.text(name) or "" for name in chosen.body}
            variant = replace(variant, attributes=attributes)
        pricing = asked.object("pricing", PRICING)
        return variant if pricing is None else self._priced(variant, pricing)

    def _priced(self, variant: Variant, pricing: Arguments) -> Variant:
        decimals = 2 if self.switches.pads_money else None
        if "basePrice" in pricing:
            pricing.require("basePrice")
            price = pricing.money("basePrice", self.currency, decimals) or ""
            variant = replace(variant, base_price=price)
        if "salePrice" in pricing:
            variant = replace(variant, sale_price=pricing.money("salePrice", self.currency, decimals))
        if "onSale" in pricing:
            variant = replace(variant, on_sale=pricing.flag("onSale") or False)
        return variant

    def _check_distinct(self, variants: list[Variant]) -> None:
        taken = self._store.indexes["sku"]
        skus = [variant.sku for variant in variants if variant.sku]
        for variant in variants:
            if variant.sku and (
                taken.get(variant.sku, variant.id) != variant.id or skus.count(variant.sku) > 1
            ):
                raise Refusal("SKU_UNAVAILABLE", f"{variant.sku!r} is another variant's")

    def _wrapped(self, description: str) -> str:
        plain = description and not description.lstrip().startswith("<")
        return f"<p>{description}</p>" if plain and self.switches.wraps_description else description

    def _page(self, id: str) -> StorePage:
        for page in self.pages:
            if page.id == id:
                return page
        raise Refusal("STORE_PAGE_NOT_FOUND", f"there is no store page {id}", status=400)

    def _free_slug(self, name: str) -> str:
        base = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "product"
        slug, taken = base, self._store.indexes["slug"]
        while slug in taken:
            number = self._store.numbers[f"slug {base}"] = self._store.numbers.get(f"slug {base}", 1) + 1
            slug = f"{base}-{number}"
        return slug

    # what is kept

    def _put_product(self, product: Product) -> Product:
        self.products.put(product.id, product, product.modified)
        return product

    def _touch(self, product: Product) -> None:
        self._put_product(replace(product, modified=self._clock.now()))

    def _put_variant(self, variant: Variant) -> None:
        self._forget_sku(variant.id)
        if variant.sku:
            self._store.indexes["sku"][variant.sku] = variant.id
        self.variants.put(variant.id, variant, variant.created)

    def _drop_variant(self, variant: Variant) -> None:
        self._forget_sku(variant.id)
        self.variants.drop(variant.id)

    def _forget_sku(self, id: str) -> None:
        known = self.variants.rows.get(id)
        if known is not None and known.sku:
            del self._store.indexes["sku"][known.sku]

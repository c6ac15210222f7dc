"""The parts of sentences: what they take in, and where they end."""

from __future__ import annotations

from typing import Any

import pytest

from steps.wording import sentence


@pytest.mark.parametrize(
    ("pattern", "words", "said"),
    [
        ("{record:New}", "an Inventory", {"record": "Inventory"}),
        ("{record:New}", "another Custom Webshop Product", {"record": "Custom Webshop Product"}),
        (
            "{record:New} linked with {partner:New} {details:Details}",
            'a Shop Product linked with an Item whose sku is "A-1" and unit price is empty',
            {"record": "Shop Product", "partner": "Item", "details": {"sku": "A-1", "unit price": None}},
        ),
        (
            "{record:The} shows {name:Property} {value:Value}",
            'the other Item shows variants.pricing.basePrice.value "is not to be had"',
            {"record": "other Item", "name": "variants.pricing.basePrice.value", "value": "is not to be had"},
        ),
        (
            "{record:The} shows {name:Property} {value:Value}",
            'the Item shows description ""',
            {"record": "Item", "name": "description", "value": ""},
        ),
        (
            "{pause:Someone} changes {record:Owner} {name:Property} to {value:Value}",
            "at the same moment someone changes the Sesamproducts' e-mail to \"it's\"",
            {"pause": 0.0, "record": "Sesamproducts", "name": "e-mail", "value": "it's"},
        ),
        ("{label:Name} {times:Times}", "storefront 12 times", {"label": "storefront", "times": 12}),
    ],
)
def test_a_sentence_says(pattern: str, words: str, said: dict[str, Any]) -> None:
    assert sentence(pattern).parse_arguments(words) == said


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("{record:New}", "a Shop Product linked with an Item"),
        ("{record:New}", 'a Shop Product whose sku is "A-1"'),
        ("{record:The} shows {name:Property} {value:Value}", 'the Item shows sku exactly as "A-1"'),
        ("{record:The} shows {name:Property} {value:Value}", 'the Item still shows sku "A-1"'),
    ],
)
def test_a_sentence_is_not_taken_for_a_shorter_one(pattern: str, words: str) -> None:
    assert not sentence(pattern).is_matching(words)

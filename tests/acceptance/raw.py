"""An integration with a known fault: it writes every value as it is, whatever its data type should make of it."""

from __future__ import annotations

from typing import Any

from bothways.sync import build as build_core


def build(*, mapping: dict[str, Any], **rest: Any) -> Any:
    """The core, on a mapping without transformations."""
    for flow in mapping["flows"]:
        for prop in flow["properties"]:
            prop["transform"] = None
    return build_core(mapping=mapping, **rest)

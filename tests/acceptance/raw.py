"""An integration with a known fault: what a data type should take out of a text, it leaves there."""

from __future__ import annotations

from typing import Any

from bothways.sync import build as build_core


def build(*, mapping: dict[str, Any], **rest: Any) -> Any:
    """The core, on a mapping that asks for nothing to be taken out."""
    for flow in mapping["flows"]:
        for prop in flow["properties"]:
            match prop["transform"]:
                case {"expression": ["replace", _, "", _]}:
                    prop["transform"] = None
    return build_core(mapping=mapping, **rest)

"""A comparison on one line."""

from __future__ import annotations

from bothways.acceptance.record import Comparison
from bothways.acceptance.report.shown import value


def told(comparison: Comparison) -> str:
    """`what: value`, or what was expected and what was seen."""
    if comparison.held and comparison.expected == comparison.actual:
        return f"{comparison.what}: {value(comparison.actual)}"
    return f"{comparison.what}: expected {value(comparison.expected)}, saw {value(comparison.actual)}"

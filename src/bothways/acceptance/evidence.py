"""What a scenario or a property test compares, and what it has seen: the fixture `evidence`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bothways.acceptance.record import Attachment, Comparison, Crossing, StepRecord, Way, plain


class ComparisonError(AssertionError):
    """A comparison that didn't hold."""

    def __init__(self, comparison: Comparison, difference: str) -> None:
        self.comparison = comparison
        super().__init__(f"{comparison.what}: {difference}")


class Evidence:
    """The comparisons, crossings and attachments of one test.

    A comparison counts when it is made in a Then step, or in a test that has no steps.
    """

    def __init__(self) -> None:
        self.step: StepRecord | None = None
        self.comparisons = 0
        self.failed: Comparison | None = None
        self.crossings: list[Crossing] = []
        self.excused: list[str] = []
        self.attachments: list[Attachment] = []
        self.counts: dict[str, int] = {}

    def same(self, expected: object, actual: object, what: str) -> None:
        """Compare two values. Raises AssertionError that names the first difference.

        As `==`, but true is not 1.
        """
        difference = first_difference(expected, actual)
        self._keep(what, expected, actual, difference)

    def holds(self, condition: bool, what: str, seen: object = None) -> None:
        """The same for a condition; `seen` is what it was judged by."""
        if seen is None:
            self._keep(what, True, condition, "" if condition else "does not hold")
        else:
            self._keep(what, True, seen, "" if condition else f"does not hold, saw {seen!r}")

    def faultless(self, found: Sequence[str], what: str) -> None:
        """The same for all that was found wrong with something: expected is nothing, the first is told as it is."""
        self._keep(what, [], list(found), found[0] if found else "")

    def crossed(self, property_name: str, direction: Way) -> None:
        """A value of the property was seen on the side that it came to."""
        crossing = Crossing(property=property_name, direction=direction)
        if crossing not in self.crossings:
            self.crossings.append(crossing)

    def not_asked(self, rule_or_reason: str) -> None:
        """What follows can only be seen on the core's own surface, and this engine has none."""
        self.excused.append(rule_or_reason)

    def exercised(self, counts: Mapping[str, int]) -> None:
        """How often a property test did what; one that never did the thing proves nothing."""
        self.counts.update(counts)

    def note(self, title: str, content: object) -> None:
        """Keep `content` (JSON) to be looked at beside the step."""
        kept = self.attachments if self.step is None else self.step.attachments
        kept.append(Attachment(title=title, content=plain(content)))

    def _keep(self, what: str, expected: object, actual: object, difference: str) -> None:
        comparison = Comparison(
            what=what, expected=plain(expected), actual=plain(actual), held=not difference
        )
        if self.step is not None:
            self.step.comparisons.append(comparison)
        if self.step is None or self.step.type == "then":
            self.comparisons += 1
        if difference:
            self.failed = comparison
            raise ComparisonError(comparison, difference)


def first_difference(expected: Any, actual: Any, place: str = "") -> str:
    """Where two values first differ, and how; "" where they don't."""
    if isinstance(expected, Mapping) and isinstance(actual, Mapping):
        return _first_in_mapping(expected, actual, place)
    if isinstance(expected, list | tuple) and isinstance(actual, list | tuple):
        return _first_in_sequence(expected, actual, place)
    if expected == actual and isinstance(expected, bool) is isinstance(actual, bool):
        return ""
    return f"expected {expected!r}, saw {actual!r}{_at(place)}"


def _first_in_mapping(expected: Mapping[Any, Any], actual: Mapping[Any, Any], place: str) -> str:
    for key in [*expected, *(key for key in actual if key not in expected)]:
        inner = f"{place}.{key}" if place else str(key)
        if key not in actual:
            return f"expected {expected[key]!r}, saw nothing at {inner}"
        if key not in expected:
            return f"expected nothing, saw {actual[key]!r} at {inner}"
        if difference := first_difference(expected[key], actual[key], inner):
            return difference
    return ""


def _first_in_sequence(expected: Sequence[Any], actual: Sequence[Any], place: str) -> str:
    for number, (left, right) in enumerate(zip(expected, actual, strict=False)):
        if difference := first_difference(left, right, f"{place}[{number}]"):
            return difference
    if len(expected) != len(actual):
        return f"expected {len(expected)} entries, saw {len(actual)}{_at(place)}"
    return ""


def _at(place: str) -> str:
    return f" at {place}" if place else ""

"""Across and back, a value is unchanged or has the canonical form of its type (S15): the lens laws on the core's
codecs. The whole path through both APIs is in `test_whole_path`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import assume, example, given

from bothways.acceptance.evidence import Evidence
from bothways.mapping import End, Type
from bothways.sync.codecs import Unrepresentable, lift, lower
from properties.comparison import canonical
from properties.hard_values import ANY, HARD, REFUSED

ENDS = {
    "as it is": End(path="x"),
    "renamed": End(path="x", fields={"first": "row", "second": "chair"}),
    "in other words": End(path="x", fields={"amount": "value", "currency": "currency"}),
}
SHAPES = [*((kind, "as it is") for kind in HARD), ("object", "renamed"), ("money", "in other words")]
TO_THE_LETTER = {"string", "integer", "float", "decimal", "boolean", "list"}
"""Types whose every value is its own canonical form: scale, blanks, marks and all."""

Law = Callable[[Any], None]


def _natives(kind: str, end: End) -> Callable[[Law], Callable[[], None]]:
    """Runs a law on what a side may show: every hard value, and any others."""

    def shown(value: Any) -> Any:
        return {end.fields.get(name, name): part for name, part in value.items()} if end.fields else value

    def on(law: Law) -> Callable[[], None]:
        tried: Callable[[], None] = given(ANY[kind].map(shown))(law)
        for value in HARD[kind]:
            tried = example(shown(value))(tried)
        return tried

    return on


def _lifted(kind: str, end: End, native: Any) -> Any:
    try:
        return lift(Type(kind), end, native)
    except Unrepresentable:
        assume(False)


@pytest.mark.proves("S15")
@pytest.mark.parametrize(("kind", "shape"), SHAPES)
def test_what_is_read_and_written_back_is_unchanged(kind: str, shape: str, evidence: Evidence) -> None:
    end = ENDS[shape]

    @_natives(kind, end)
    def law(native: Any) -> None:
        again = lower(Type(kind), end, _lifted(kind, end, native))
        if kind in TO_THE_LETTER and native not in ("", []):
            evidence.same(native, again, f"{kind} {shape}, written back")
        else:
            evidence.same(_form(kind, end, native), _form(kind, end, again), f"{kind} {shape}, written back")

    law()


@pytest.mark.proves("S15")
@pytest.mark.parametrize(("kind", "shape"), SHAPES)
def test_what_is_written_is_read_and_writing_it_again_changes_nothing(
    kind: str, shape: str, evidence: Evidence
) -> None:
    end = ENDS[shape]

    @_natives(kind, end)
    def law(native: Any) -> None:
        value = _lifted(kind, end, native)
        written = lower(Type(kind), end, value)
        evidence.same(value, lift(Type(kind), end, written), f"{kind} {shape}, read again")
        again = lower(Type(kind), end, lift(Type(kind), end, written))
        evidence.same(written, again, f"{kind} {shape}, written again")

    law()


@pytest.mark.proves("S15")
@pytest.mark.parametrize("kind", REFUSED)
def test_what_a_type_cannot_hold_is_refused_with_a_reason(kind: str, evidence: Evidence) -> None:
    for native in REFUSED[kind]:
        with pytest.raises(Unrepresentable) as refused:
            lift(Type(kind), End(path="x"), native)
        evidence.holds(
            len(str(refused.value)) > 0, f"{native!r} is refused with a reason", str(refused.value)
        )


def _form(kind: str, end: End, native: Any) -> str:
    words = {there: here for here, there in end.fields.items()}
    if isinstance(native, dict):
        native = {words.get(name, name): part for name, part in native.items()}
    return repr(canonical(native, kind))

"""Property cells and the dependencies behind them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothways.checklist.model import Dependency
from bothways.checklist.properties import read_property
from tests.checklist.strategies import PATHS, UNHURRIED, dependencies


def on(value: str, path: str) -> Dependency:
    return Dependency("source", value, path)


@pytest.mark.parametrize(
    ("cell", "path", "found"),
    [
        ("email", "email", []),
        (" variants.pricing.basePrice.value ", "variants.pricing.basePrice.value", []),
        ("$ref.a_b.C9", "$ref.a_b.C9", []),
        ("", "", []),
        ("rank (Dependant on having wd:Q5 in Kinds)", "rank", [on("wd:Q5", "Kinds")]),
        ("(Dependant on having wd:Q5 in Kinds)", "", [on("wd:Q5", "Kinds")]),
        ("rank (Dependant on having  in Rank)", "rank", [on("", "Rank")]),
        ("rank (Dependant on having x in )", "rank", [on("x", "")]),
        ("rank (Dependant on having  in )", "rank", [on("", "")]),
        ("rank (Dependant on having made in Oslo in Town)", "rank", [on("made in Oslo", "Town")]),
        ("rank (Dependant on having a (b) in Kinds)", "rank", [on("a (b)", "Kinds")]),
        (
            "rank (Dependant on having a in A)(Dependant on having b in B)",
            "rank",
            [on("a", "A"), on("b", "B")],
        ),
        ("rank (Dependant on having a in ADependant on having b in B)", "rank", [on("a", "A"), on("b", "B")]),
        (
            "rank (Dependant on having a in A), (Dependant on having b in B)",
            "rank",
            [on("a", "A"), on("b", "B")],
        ),
        ("rank(Dependant on having a in A", "rank", [on("a", "A")]),
        ("rank (Dependent on having a in A)", "rank", [on("a", "A")]),
    ],
)
def test_a_path_and_its_dependencies(cell: str, path: str, found: list[Dependency]) -> None:
    assert read_property(cell, "source") == (path, tuple(found), None)


@pytest.mark.parametrize("cell", ["first name", "price-net", "a/b", "rank (if paid)"])
def test_what_is_no_path_is_kept_whole_and_called_odd(cell: str) -> None:
    assert read_property(cell, "target") == (cell, (), f"not a property: {cell}")


def test_a_dependency_that_cannot_be_read_is_kept_with_its_cell() -> None:
    cell = "rank (Dependant on having nothing more)"

    assert read_property(cell, "source")[:2] == (cell, ())


@UNHURRIED
@given(PATHS, dependencies("source"), st.sampled_from(["", " ", ", "]))
def test_dependencies_run_together_come_apart_again(path: str, held: list[Dependency], between: str) -> None:
    texts = [f"(Dependant on having {each.value} in {each.path})" for each in held]

    assert read_property(f"{path} {between.join(texts)}", "source") == (path, tuple(held), None)

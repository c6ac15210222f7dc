"""How many cycles a mapping may need before it is quiet (S17)."""

from __future__ import annotations

from typing import Any

import pytest

from bothways.mapping import Mapping
from steps.cycles import longest_chain


def mapping(*flows: tuple[str, str], connected: dict[str, str] | None = None) -> Mapping:
    """A mapping with these flows, from a datatype of one system to one of the other."""
    datatypes: dict[str, Any] = {name: {} for pair in flows for name in pair}
    parents = connected or {}
    system = {"label": "it", "contract": "rest", "datatypes": datatypes}
    return Mapping.model_validate(
        {
            "checklist": "some.rst",
            "systems": {"here": {**system, "name": "Here"}, "there": {**system, "name": "There"}},
            "flows": [
                {
                    "section": number,
                    "source": {"system": "here", "datatype": source},
                    "target": {"system": "there", "datatype": target},
                    "connected": {"parent": parents[source]} if source in parents else {},
                }
                for number, (source, target) in enumerate(flows, start=1)
            ],
        }
    )


@pytest.mark.parametrize(
    ("flows", "chain"),
    [
        ([("A", "X")], 1),
        ([("A", "X"), ("A", "X")], 1),
        ([("A", "X"), ("B", "Y")], 1),
        ([("A", "X"), ("A", "Y"), ("A", "Z")], 2),
        ([("A", "X"), ("A", "Y"), ("B", "Y"), ("B", "Z")], 4),
    ],
)
def test_an_edit_travels_along_flows_that_share_a_datatype(flows: list[tuple[str, str]], chain: int) -> None:
    assert longest_chain(mapping(*flows)) == chain


def test_a_record_waits_for_the_one_that_it_refers_to() -> None:
    assert longest_chain(mapping(("A", "X"), ("B", "Y"), connected={"B": "A"})) == 2

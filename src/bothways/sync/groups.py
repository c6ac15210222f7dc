"""Places that show one property, and merge keys by which records find each other: grouped as rows and criteria join
them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from bothways.mapping import Criterion, Flow, Side

Place = tuple[Side, str]
"""A path on a side."""


class Groups:
    """Places that show one property, merged as rows join them; a group is known by its first place."""

    def __init__(self) -> None:
        self._parent: dict[Place, Place] = {}
        self._age: dict[Place, int] = {}

    def first(self, place: Place) -> Place:
        self._parent.setdefault(place, place)
        self._age.setdefault(place, len(self._age))
        while self._parent[place] != place:
            place = self._parent[place]
        return place

    def union(self, one: Place, other: Place) -> None:
        older, younger = sorted((self.first(one), self.first(other)), key=self._age.__getitem__)
        self._parent[younger] = older


def key_place(side: Side, path: str, criterion: Criterion) -> Place:
    """Keys that match in any case are other keys than those that don't."""
    return side, f"{path} in any case" if criterion.fold_case else path


def key_ends(flow: Flow, criterion: Criterion) -> tuple[Place, Place]:
    """The two places that a criterion compares."""
    return key_place(flow.source, criterion.source, criterion), key_place(
        flow.target, criterion.target, criterion
    )


def keyed(flows: Iterable[Flow]) -> Groups:
    """The places of merge keys, grouped by the criteria that connect them."""
    group = Groups()
    for flow in flows:
        for criterion in flow.criteria:
            group.union(*key_ends(flow, criterion))
    return group


def crowded(flows: Iterable[Flow], group: Groups) -> set[Place]:
    """The groups of key places in which one side has several."""
    places = {place for flow in flows for criterion in flow.criteria for place in key_ends(flow, criterion)}
    counts = Counter((group.first(place), place[0]) for place in places)
    return {first for (first, _), count in counts.items() if count > 1}

"""What follows from a new record: by which flows it crosses, and whether a scenario can tell what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bothways.checklist.model import Side
from bothways.checklist.scaffold.draft import Flow


class Consequences:
    """The flows that creating records of some sides sets going, directly or through others."""

    def __init__(self, flows: Sequence[Flow]) -> None:
        self._flows = [flow for flow in flows if not flow.missing]

    def starts(self, side: Side) -> bool:
        """Whether flows start at a side, so that its records cross by themselves."""
        return any(flow.source == side for flow in self._flows)

    def of_new(self, *made: Side, alone: Flow | None = None) -> list[Flow]:
        """The flows by which new records of these sides create others, with those that are made for them to refer to.

        Of the flow `alone` the references stay empty.
        """
        sides = list(dict.fromkeys(made))
        for side in sides:  # grows while it is walked
            new = [*self._referred(side, alone), *(flow.target for flow in self._crossing(side, alone))]
            sides += [one for one in dict.fromkeys(new) if one not in sides]
        return [flow for side in sides for flow in self._crossing(side, alone)]

    def told(self, *made: Side, alone: Flow | None = None) -> bool:
        """Whether whatever is created can be told from what nobody explains: by its values."""
        return all(flow.rows for flow in self.of_new(*made, alone=alone))

    def single(self, flow: Flow, *made: Side) -> bool:
        """Whether a new source record leads to one target record, and nothing else to another."""
        following = self.of_new(*made, flow.source)
        makers = {(one.source, one.target) for one in following if one.target == flow.target}
        return makers == {(flow.source, flow.target)} and all(one.target != flow.source for one in following)

    def _crossing(self, side: Side, alone: Flow | None) -> Iterator[Flow]:
        """Each pair of sides once: a flow that is listed twice is one."""
        found = {
            (flow.source, flow.target): flow
            for flow in reversed(self._flows)
            if flow.source == side and flow.creates and flow.source != flow.target
        }
        yield from (flow for flow in found.values() if flow is not alone)

    def _referred(self, side: Side, alone: Flow | None) -> Iterator[Side]:
        for flow in self._flows:
            if flow.source == side and flow.connected and flow is not alone:
                yield Side(side.system, next(iter(flow.connected.values())))

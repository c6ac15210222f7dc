"""What people and the integration did, in order: the picture beside a scenario's steps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from fakes.log import Exchange
from fakes.system import System


class Timeline:
    """Notes people's edits and the beginnings of cycles between the requests that the systems' logs hold.

    `lanes` are the systems' labels by key, in the order in which they are drawn.
    """

    def __init__(self, systems: Mapping[str, System], lanes: Mapping[str, str]) -> None:
        self._lanes = dict(lanes)
        self._logs = {id(system.log): system.log for system in systems.values()}.values()
        self._noted: list[tuple[int, dict[str, Any]]] = []

    def edit(self, system: str, text: str) -> None:
        """Someone who uses `system` has done something."""
        self._note({"kind": "edit", "system": system, "text": text})

    def cycle(self) -> None:
        """A cycle begins."""
        self._note({"kind": "cycle"})

    def told(self) -> dict[str, Any]:
        """`{lanes: {system: label}, marks: [{kind: cycle} | {kind: edit, system, text} | {kind: read or write,
        system, number, at, text, status, fault, committed, body}]}`; only a write has its body."""
        marks = [(number, 1, mark) for number, mark in self._noted]
        marks += [(exchange.number, 0, _request(exchange)) for log in self._logs for exchange in log]
        in_order: Iterator[tuple[int, int, dict[str, Any]]] = iter(sorted(marks, key=lambda mark: mark[:2]))
        return {"lanes": self._lanes, "marks": [mark for *_, mark in in_order]}

    def _note(self, mark: dict[str, Any]) -> None:
        so_far = max((log[-1].number for log in self._logs if log), default=0)
        self._noted.append((so_far, mark))


def _request(exchange: Exchange) -> dict[str, Any]:
    return {
        "kind": "write" if exchange.writes else "read",
        "system": exchange.system,
        "number": exchange.number,
        "at": exchange.at.isoformat(),
        "text": f"{exchange.method} {exchange.path}",
        "status": exchange.status,
        "fault": exchange.fault,
        "committed": exchange.committed,
        **({"body": exchange.body} if exchange.writes else {}),
    }

"""The account of a document being read: which element each line belongs to, and what was odd."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bothways.checklist.findings import finding
from bothways.checklist.model import Finding


class Account:
    """Filled while a document is read. A line is claimed once."""

    def __init__(self) -> None:
        self._owners: dict[int, str] = {}
        self._findings: list[Finding] = []

    def own(self, lines: Iterable[int], owner: str) -> None:
        """Say which element those lines belong to."""
        for line in lines:
            self._owners[line] = owner

    def find(self, code: str, line: int, message: str) -> None:
        """Report something odd about an element at that line."""
        self._findings.append(finding(code, line, message))

    def not_understood(self, lines: Iterable[tuple[int, str]]) -> None:
        """Report lines that belong to no element: each is a finding of its own."""
        for number, line in lines:
            self.own([number], "finding")
            self.find("not-understood", number, f"not understood: {line.strip()}")

    @property
    def lines(self) -> Mapping[int, str]:
        return dict(sorted(self._owners.items()))

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(sorted(self._findings, key=lambda found: found.line))

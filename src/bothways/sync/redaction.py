"""Which values nobody is to read in a report: those of properties that the mapping marks as `redact`."""

from __future__ import annotations

from typing import Any

from bothways.mapping import Mapping

REDACTED = "(redacted)"


class Redaction:
    """Hides values by the property's name, or by where they stand."""

    def __init__(self, mapping: Mapping) -> None:
        secret = [(flow, prop) for flow in mapping.flows for prop in flow.properties if prop.redact]
        self._names = {prop.name for _, prop in secret}
        self._places = {
            (side.system, side.datatype, end.path)
            for flow, prop in secret
            for side, end in ((flow.source, prop.source), (flow.target, prop.target))
        }

    def named(self, name: str, value: Any) -> Any:
        """The value of a property, or that it is not to be read."""
        return REDACTED if name in self._names and value is not None else value

    def at(self, system: str, datatype: str, path: str, value: Any) -> Any:
        """The same for a value at a native path."""
        return REDACTED if self.hides(system, datatype, path) and value is not None else value

    def hides(self, system: str, datatype: str, path: str) -> bool:
        """Whether nobody is to read what stands at a native path."""
        return (system, datatype, path) in self._places

"""Every error that bothways raises on purpose.

BothwaysError
  InputError               bad input: one line with file and place, exit code 3
    ChecklistError         a document that is not a checklist, or can't be read
    MappingError           a mapping that is no mapping, or contradicts itself
    FeatureError           a feature that can't be read, or a tag that names no item
  SyncError                a cycle that could not run
    SystemDown             a system that doesn't answer
    CredentialsRefused     a system that refuses our credentials
    StateError             a state that can't be used (newer version, full disk, held by another)
    Stopped                a cycle that ended early because somebody asked
  IntegrationError         an integration under test that does what no integration may
    CycleFailed            a cycle, or a start, that ended with an error
    Strayed                a request, or a connection, to what is no part of the test
"""

from __future__ import annotations

from pathlib import Path


class BothwaysError(Exception):
    """The root: anything a caller may want to catch as "bothways says no"."""


class InputError(BothwaysError):
    """Bad input. `str()` is the one line that a person reads: `file:line: message`."""

    def __init__(self, file: str | Path, line: int | None, message: str) -> None:
        self.file = str(file)
        self.line = line
        self.message = message
        place = self.file if line is None else f"{self.file}:{line}"
        super().__init__(f"{place}: {message}")


class ChecklistError(InputError):
    """A document that can't be read as a checklist."""


class MappingError(InputError):
    """A mapping that can't be read, or contradicts itself."""


class FeatureError(InputError):
    """A feature that can't be compiled, or carries a tag that names no item."""


class SyncError(BothwaysError):
    """A cycle that could not run. Nothing is lost: the next one takes up where it stopped."""


class SystemDown(SyncError):
    """A system doesn't answer, or answers that it is out of order."""


class CredentialsRefused(SyncError):
    """A system refuses the token it was given (401, 402, 403)."""


class StateError(SyncError):
    """The state can't be used: of a newer version, on a full disk, or held by another engine."""


class Stopped(SyncError):
    """Somebody asked the engine to stop, and it did so between two calls."""


class IntegrationError(BothwaysError):
    """The integration under test does what no integration may."""


class CycleFailed(IntegrationError):
    """The integration ended a cycle, or its start, with an error of its own, which is the cause."""


class CycleEndless(CycleFailed):
    """A cycle was waited for, and had no end."""


class Strayed(IntegrationError):
    """The integration asked for something outside the simulated systems and their contracts."""

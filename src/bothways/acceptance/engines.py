"""Naming an integration under test: `core`, `python:…`, `command:…`, `url:…` or `watch`."""

from __future__ import annotations

import importlib
import shlex
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx

from bothways.acceptance.contained import contained, named
from bothways.acceptance.guarded import Guarded, Patience, guarded, staying
from bothways.errors import InputError

CORE = "core"
_ALIASES = {CORE: "python:bothways.sync:build"}
FORMS = "core, python:MODULE:FACTORY, command:ARGV, url:URL or watch[:SECONDS]"
QUIET_SECONDS = 2.0
"""How long an integration that runs by itself must have written nothing to count as settled, unless it's said."""


@dataclass(frozen=True)
class Engine:
    """An integration as the command line names it. `kind` says how it is run, `rest` what is run.

    `patience` is shared by all that wait for its cycles.
    """

    spec: str
    kind: str
    rest: str
    patience: Patience = field(default_factory=Patience, compare=False)

    @property
    def reference(self) -> bool:
        """Whether it is our own core, the reference engine."""
        return self.spec == CORE

    @property
    def in_process(self) -> bool:
        """Whether it runs in this process; to any other the simulated systems are served."""
        return self.kind == "python"

    @property
    def keeps_running(self) -> bool:
        """Whether it is there before a scenario and after it, with whatever it remembers."""
        return self.kind in ("url", "watch")

    @property
    def label(self) -> str:
        """What people call it."""
        return "core (reference engine)" if self.reference else self.spec

    def factory(self) -> Callable[..., Guarded]:
        """The factory of a `python` engine, guarded. Raises `InputError` if it can't be imported, or is none."""
        if not self.in_process:
            raise self._refused("it runs in a process of its own, and this needs one in ours: python:…")
        module_name, _, name = self.rest.partition(":")
        try:
            with contained(), staying():
                factory = getattr(importlib.import_module(module_name), name)
        except (ImportError, AttributeError) as error:
            raise self._refused(str(error)) from None
        except Exception as error:
            raise self._refused(f"{module_name} can't be imported: {named(error)}") from None
        if not callable(factory):
            raise self._refused(f"{name} can't be called")
        return guarded(factory, self.patience)

    @property
    def arguments(self) -> list[str]:
        """The program of a `command` engine and its arguments."""
        return shlex.split(self.rest)

    @property
    def quiet_seconds(self) -> float:
        """How long a `watch` engine must have written nothing."""
        return float(self.rest or QUIET_SECONDS)

    def find(self) -> None:
        """Make sure that it is there, as far as that can be told without running it. Raises `InputError`."""
        if self.in_process:
            self.factory()
        elif self.kind == "command" and shutil.which(self.arguments[0]) is None:
            raise self._refused(f"there is no program {self.arguments[0]}")

    def _refused(self, why: str) -> InputError:
        return InputError("--engine", None, f"{self.spec}: {why}")


def parse(spec: str) -> Engine:
    """Read a SPEC. Raises `InputError` for one of no known form."""
    kind, _, rest = _ALIASES.get(spec, spec).partition(":")
    if kind not in _READ or not _READ[kind](rest):
        raise InputError("--engine", None, f"'{spec}' is no integration: use {FORMS}")
    return Engine(spec, kind, rest)


def _is_command(rest: str) -> bool:
    try:
        return bool(shlex.split(rest))
    except ValueError:
        return False


def _is_url(rest: str) -> bool:
    try:
        url = httpx.URL(rest)
    except httpx.InvalidURL:
        return False
    return url.scheme in ("http", "https") and bool(url.host)


def _is_time(rest: str) -> bool:
    return not rest or (rest.replace(".", "", 1).isascii() and rest.replace(".", "", 1).isdecimal())


_READ: dict[str, Callable[[str], bool]] = {
    "python": lambda rest: all(rest.partition(":")),
    "command": _is_command,
    "url": _is_url,
    "watch": _is_time,
}

"""Naming an integration under test: `core`, or `python:MODULE:FACTORY`."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bothways.errors import InputError

CORE = "core"
_ALIASES = {CORE: "python:bothways.sync:build"}
_FORMS = "core, or python:MODULE:FACTORY"


@dataclass(frozen=True)
class Engine:
    """An integration as the command line names it. `kind` says how it is run, `rest` what is run."""

    spec: str
    kind: str
    rest: str

    @property
    def reference(self) -> bool:
        """Whether it is our own core, the reference engine."""
        return self.spec == CORE

    @property
    def label(self) -> str:
        """What people call it."""
        return "core (reference engine)" if self.reference else self.spec

    def factory(self) -> Callable[..., Any]:
        """The factory of a `python` engine. Raises `InputError` if it can't be imported."""
        module_name, _, name = self.rest.partition(":")
        try:
            factory = getattr(importlib.import_module(module_name), name)
        except (ImportError, AttributeError) as error:
            raise InputError("--engine", None, f"{self.spec}: {error}") from None
        if not callable(factory):
            raise InputError("--engine", None, f"{self.spec}: {name} can't be called")
        return factory  # type: ignore[no-any-return]  # what an outsider wrote is only known by being called


def parse(spec: str) -> Engine:
    """Read a SPEC. Raises `InputError` for one of no known form."""
    kind, _, rest = _ALIASES.get(spec, spec).partition(":")
    if kind != "python" or not all(rest.partition(":")):
        raise InputError("--engine", None, f"'{spec}' is no integration: use {_FORMS}")
    return Engine(spec, kind, rest)

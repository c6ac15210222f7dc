"""Somebody who types commands, with both systems served on loopback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from bothways.cli import main
from fakes.mount import serve
from tests.sync.shop import TOKENS, Shop


@dataclass
class Console:
    """Commands for one shop, one state and one mapping."""

    shop: Shop
    environment: dict[str, str]
    state: str
    mapping: Path

    def run(self, *arguments: str, **environment: str) -> Result:
        """One command and what came of it."""
        return CliRunner().invoke(main, arguments, env=self.environment | environment)

    def sync(self, *options: str, **environment: str) -> Result:
        return self.run("sync", *self._sync_options, *options, **environment)

    @property
    def _sync_options(self) -> list[str]:
        return ["--mapping", str(self.mapping), "--state", self.state]

    def json(self, command: str, *arguments: str) -> Any:
        """What a command that asks the state tells a script."""
        result = self.run(command, *arguments, "--state", self.state, "--json")
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    def start(self, *options: str) -> subprocess.Popen[str]:
        """`bothways sync` in a process of its own, which logs to its `stderr`."""
        command = [sys.executable, "-c", "from bothways.cli import main; main()", "sync", *self._sync_options]
        return subprocess.Popen(  # noqa: S603  # our own words
            [*command, *options], env=os.environ | self.environment, stderr=subprocess.PIPE, text=True
        )


def logged(engine: subprocess.Popen[str]) -> Iterator[dict[str, Any]]:
    """The events that the engine logs, until it ends."""
    assert engine.stderr is not None
    for line in engine.stderr:
        yield json.loads(line)


def first(engine: subprocess.Popen[str], event: str) -> dict[str, Any]:
    """The first event of this name."""
    for told in logged(engine):
        if told["event"] == event:
            return told
    raise AssertionError(f"the engine ended without {event}")


@contextmanager
def opened(shop: Shop, state: str, mapping: Path) -> Iterator[Console]:
    """A console while the systems are served."""
    with serve(shop.webshop) as webshop, serve(shop.storefront) as storefront:
        environment = {
            "BOTHWAYS_URL_WEBSHOP": webshop,
            "BOTHWAYS_TOKEN_WEBSHOP": TOKENS["webshop"],
            "BOTHWAYS_URL_STOREFRONT": storefront,
            "BOTHWAYS_TOKEN_STOREFRONT": TOKENS["storefront"],
            "COLUMNS": "200",
        }
        yield Console(shop, environment, state, mapping)

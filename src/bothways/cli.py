"""The command `bothways`."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import click

from bothways.errors import InputError, SyncError

COULD_NOT_RUN = 3

COMMANDS = {
    "parse": "bothways.checklist.commands",
    "lint": "bothways.checklist.commands",
    "scaffold": "bothways.checklist.scaffold.commands",
    "run": "bothways.acceptance.commands",
    "trace": "bothways.acceptance.commands",
    "portfolio": "bothways.acceptance.portfolio.commands",
    "serve": "bothways.acceptance.explore.commands",
    "replay": "bothways.acceptance.replay_command",
    "keygen": "bothways.acceptance.signoff.commands",
    "sign": "bothways.acceptance.signoff.commands",
    "verify": "bothways.acceptance.signoff.commands",
    "gate": "bothways.acceptance.gate_command",
    "calibrate": "bothways.acceptance.calibrate_command",
    "sync": "bothways.sync.commands",
    "status": "bothways.sync.commands",
    "explain": "bothways.sync.commands",
    "retry": "bothways.sync.commands",
    "reconcile": "bothways.sync.commands",
}
"""Where each command is defined, under its own name; imported when it is asked for, for some take a second."""


class Group(click.Group):
    """Ends bad input and bad arguments with one line and exit code 3, an interruption with 130."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - the signature is click's
        """All of them, in the order in which a person needs them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as above
        """The command, imported now."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(COMMANDS[cmd_name]), cmd_name)
        return command

    def main(self, *args: Any, **extra: Any) -> Any:
        """As click's, with our exit codes."""
        try:
            return super().main(*args, **(extra | {"standalone_mode": False}))
        except click.ClickException as error:
            sys.exit(_refused(error.format_message()))
        except (InputError, SyncError) as error:
            sys.exit(_refused(str(error)))
        except (click.Abort, KeyboardInterrupt):
            sys.exit(130)


def _refused(line: str) -> int:
    click.echo(f"bothways: {line}", err=True)
    return COULD_NOT_RUN


@click.group(cls=Group)
@click.version_option(package_name="bothways")
def main() -> None:
    """Prove what a dataflow checklist says, line by line."""

"""The command `bothways`."""

from __future__ import annotations

import sys
from typing import Any

import click

from bothways.acceptance.commands import run, trace
from bothways.acceptance.gate_command import gate
from bothways.acceptance.replay_command import replay
from bothways.acceptance.signoff.commands import keygen, sign, verify
from bothways.checklist.commands import lint, parse
from bothways.checklist.scaffold.commands import scaffold
from bothways.errors import InputError, SyncError
from bothways.sync.commands import explain, reconcile, retry, status, sync

COULD_NOT_RUN = 3


class Group(click.Group):
    """Ends bad input and bad arguments with one line and exit code 3, an interruption with 130."""

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


for command in (
    parse,
    lint,
    scaffold,
    run,
    trace,
    sync,
    status,
    explain,
    retry,
    reconcile,
    keygen,
    sign,
    verify,
    gate,
    replay,
):
    main.add_command(command)

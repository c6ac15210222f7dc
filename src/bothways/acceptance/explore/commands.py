"""The command `bothways serve`."""

from __future__ import annotations

import importlib
import json
import sys
import threading
from pathlib import Path

import click

from bothways.acceptance import project
from bothways.acceptance.address import FIXED, Address
from bothways.acceptance.drafted import project_of


@click.command()
@click.argument("checklist", type=click.Path(path_type=Path), default=project.DEFAULT_CHECKLIST)
@click.option("--mapping", type=click.Path(path_type=Path), help="Another mapping than the checklist's.")
@click.option("--host", default=Address.host, show_default=True, help="What to listen on.")
@click.option(
    "--public-url", default=FIXED, show_default=True, metavar="URL", help="The first system's address."
)
@click.option("--json", "as_json", is_flag=True, help="Tell the addresses as JSON.")
def serve(*, checklist: Path, mapping: Path | None, host: str, public_url: str, as_json: bool) -> None:
    """Run the simulated systems of CHECKLIST alone, with a page that shows records, requests and faults live.

    Each system answers at a port of its own, the page at the next. Nothing is kept. Ends with Ctrl-C.
    """
    with project_of(Path(), checklist, mapping) as read:
        sys.path.insert(0, str(read.root.resolve()))  # the simulated systems are modules of the project
        serving = importlib.import_module("bothways.acceptance.explore.serving")
        with serving.served(read.mapping, Address(host, public_url)) as at:
            if as_json:
                systems = {key: {"url": url, "token": at.tokens[key]} for key, url in at.urls.items()}
                click.echo(json.dumps({"page": at.page, "systems": systems}))
            else:
                for key, url in at.urls.items():
                    click.echo(f"the {read.mapping.systems[key].label:<12} {url}  token: {at.tokens[key]}")
                click.echo(f"records, requests and faults, live: {at.page}  (Ctrl-C ends it)")
            sys.stdout.flush()
            threading.Event().wait()

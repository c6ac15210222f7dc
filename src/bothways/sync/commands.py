"""The commands that run the core and ask its state, for `bothways.cli` to mount."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import sqlalchemy as sql

from bothways import mapping_file
from bothways.errors import StateError, Stopped, SyncError
from bothways.mapping import Mapping
from bothways.sync import screen
from bothways.sync.environment import access
from bothways.sync.listen import Listener
from bothways.sync.logs import logger
from bothways.sync.model import Ref
from bothways.sync.plan import Send
from bothways.sync.reconcile import reconcile as reconcile_systems
from bothways.sync.redaction import Redaction
from bothways.sync.retry import retry_all
from bothways.sync.service import Consent, Exit, Service, connected
from bothways.sync.shape import Shape
from bothways.sync.status import explain as explain_record
from bothways.sync.status import status as status_of
from bothways.sync.store import Store
from bothways.sync.watching import Stop, WallClock

UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0}


class Duration(click.ParamType[float]):
    """`30s`, `5m` or `1h`, in seconds."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """As click's. Fails for anything but a positive number and a unit."""
        if isinstance(value, float):
            return value
        matched = re.fullmatch(r"(\d+(?:\.\d+)?)([smh])", str(value))
        if matched is None or not float(matched[1]):
            self.fail(f"{value!r} is no duration such as 30s, 5m or 1h", param, ctx)
        return float(matched[1]) * UNITS[matched[2]]


class Address(click.ParamType[tuple[str, int]]):
    """`HOST:PORT`."""

    name = "host:port"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, int]:
        """As click's. Fails for anything but a host and a port."""
        if isinstance(value, tuple):
            return value
        host, _, port = str(value).rpartition(":")
        if not host or not port.isdecimal() or int(port) > 65535:
            self.fail(f"{value!r} is no HOST:PORT such as 127.0.0.1:8080", param, ctx)
        return host.strip("[]"), int(port)


mapping_option = click.option(
    "--mapping", "mapping_path", type=click.Path(path_type=Path), required=True, metavar="FILE"
)
state_option = click.option(
    "--state",
    metavar="URL",
    default="sqlite:///bothways.sqlite",
    show_default=True,
    help="Where the state is kept: sqlite:///FILE or postgresql://…",
)
json_option = click.option("--json", "as_json", is_flag=True, help="For scripts: JSON on standard output.")


@click.command()
@mapping_option
@state_option
@click.option("--once", is_flag=True, help="One cycle. It is what happens without --every, too.")
@click.option("--every", type=Duration(), help="A cycle every 30s, 5m, 1h …, until SIGTERM.")
@click.option("--dry-run", is_flag=True, help="Read, plan and print; change neither system nor state.")
@click.option("--allow-bulk", is_flag=True, help="Lift the bulk-change limit for the first cycle.")
@click.option("--rebase-counters", is_flag=True, help="Let the first cycle take counters as they are now.")
@click.option("--listen", type=Address(), metavar="HOST:PORT", help="Take notifications; needs --every.")
@json_option
def sync(
    *,
    mapping_path: Path,
    state: str,
    once: bool,
    every: float | None,
    dry_run: bool,
    allow_bulk: bool,
    rebase_counters: bool,
    listen: tuple[str, int] | None,
    as_json: bool,
) -> None:
    """Keep the systems of a mapping in sync.

    Each system's address and token are read from the environment: BOTHWAYS_URL_<SYSTEM>, BOTHWAYS_TOKEN_<SYSTEM>,
    and BOTHWAYS_WEBHOOK_SECRET_<SYSTEM> for --listen. Ends with 0 if all is in sync, 1 if the bulk-change limit
    holds writes back, 2 if records are failing, 3 if it could not run, 130 if it was stopped.
    """
    if every is not None and (once or dry_run):
        raise click.UsageError("--every goes with neither --once nor --dry-run")
    if listen is not None and every is None:
        raise click.UsageError("--listen needs --every: a notification may get lost")
    mapping = mapping_file.load(mapping_path)
    consent = Consent(allow_bulk, rebase_counters)
    sys.exit(
        asyncio.run(_sync(mapping, state, every, consent, dry_run=dry_run, listen=listen, as_json=as_json))
    )


async def _sync(
    mapping: Mapping,
    state: str,
    every: float | None,
    consent: Consent,
    *,
    dry_run: bool,
    listen: tuple[str, int] | None,
    as_json: bool,
) -> Exit:
    stop = Stop()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.ask)
    accesses = access(mapping, os.environ)
    clock, log = WallClock(stop), logger([s for system in accesses.values() for s in system.secrets])
    async with connected(mapping, accesses, clock) as connectors:
        with _opened(state) as store:
            service = Service(mapping, connectors, store, clock, stop=stop, log=log)
            try:
                if dry_run:
                    planned = await service.engine.rehearse(rebase_counters=consent.rebase_counters)
                    _print_planned(planned, mapping, as_json=as_json)
                    return Exit.CLEAN
                if every is None:
                    end, figures = await service.once(consent)
                    if as_json:
                        screen.print_json(figures)
                    return end
                listener = Listener(mapping, accesses, service.look, clock.now, log)
                async with listener.serving(listen):
                    return await service.forever(every, consent)
            except Stopped as stopped:
                log.info("stopped", reason=str(stopped))
                return Exit.INTERRUPTED


def _print_planned(planned: list[Send], mapping: Mapping, *, as_json: bool) -> None:
    rows = screen.planned(planned, Redaction(mapping))
    if as_json:
        screen.print_json({"planned": rows})
    else:
        screen.print_planned(rows)


@click.command()
@state_option
@json_option
def status(*, state: str, as_json: bool) -> None:
    """Show what doesn't cross and why, what is tried again, and how the last cycle went."""
    with _known(state) as (store, shape):
        found = status_of(shape, store)
    if as_json:
        screen.print_json(found)
    else:
        screen.print_status(found)


@click.command()
@click.argument("system")
@click.argument("datatype")
@click.argument("id")
@click.argument("property_name", metavar="[PROPERTY]", required=False)
@state_option
@json_option
def explain(
    *, system: str, datatype: str, id: str, property_name: str | None, state: str, as_json: bool
) -> None:
    """Show which edit each value of a record comes from, when and where it was made, and what it beat."""
    with _known(state) as (store, shape):
        try:
            found = explain_record(shape, store, Ref(system, datatype, id), property_name)
        except LookupError as error:
            raise SyncError(str(error.args[0])) from None
    if property_name is not None and not found["properties"]:
        raise SyncError(f"{system} {datatype} {id} has no property {property_name!r}")
    if as_json:
        screen.print_json(found)
    else:
        screen.print_explanation(found)


@click.command()
@state_option
@json_option
def retry(*, state: str, as_json: bool) -> None:
    """Let the next cycle try again what failed, without waiting for its time."""
    with _known(state) as (store, shape), store.lock():
        count = retry_all(shape, store, WallClock(Stop()).now())
    if as_json:
        screen.print_json({"retried": count})
    else:
        click.echo(f"{count} will be tried again in the next cycle")


@click.command()
@mapping_option
@click.option("--csv", "as_csv", is_flag=True, help="For spreadsheets: CSV on standard output.")
@json_option
def reconcile(*, mapping_path: Path, as_csv: bool, as_json: bool) -> None:
    """Compare both sides of every flow as they are, whatever keeps them in sync. Writes nothing.

    Records are matched by the mapping's merge criteria. Ends with 0 if both sides are alike, else with 1.
    """
    if as_csv and as_json:
        raise click.UsageError("--csv and --json exclude each other")
    mapping = mapping_file.load(mapping_path)
    compared = asyncio.run(_reconcile(mapping))
    if as_json:
        screen.print_json({"flows": [flow.as_json() for flow in compared]})
    elif as_csv:
        screen.print_differences_as_csv(compared)
    else:
        screen.print_differences(compared)
    sys.exit(any(flow.differs for flow in compared))


async def _reconcile(mapping: Mapping) -> Any:
    async with connected(mapping, access(mapping, os.environ), WallClock(Stop())) as connectors:
        return await reconcile_systems(Shape(mapping), connectors)


@contextmanager
def _opened(state: str) -> Iterator[Store]:
    store = Store(state)
    try:
        yield store
    finally:
        store.close()


@contextmanager
def _known(state: str) -> Iterator[tuple[Store, Shape]]:
    """A state that a cycle has used, and the mapping that it used. Raises `StateError` where there is none."""
    try:
        url = sql.make_url(state)
    except sql.exc.ArgumentError:
        url = None  # the store says so
    if url is not None and url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        raise StateError(f"there is no state at {state}")
    with _opened(state) as store:
        mapping = store.note("mapping")
        if mapping is None:
            raise StateError("no cycle has used this state yet")
        yield store, Shape(Mapping.model_validate_json(mapping))

"""The core over loopback: `python -m benchmarks.core_life RECORDS EDITED [--singly] [--state URL]`, figures as JSON."""

from __future__ import annotations

import asyncio
import json
import tempfile
from pathlib import Path

import click
import httpx

from benchmarks.board import TOKEN, Board, life
from benchmarks.pair import mapping
from bothways.mapping import Mapping
from bothways.sync.connectors import Setup, connect, rest
from bothways.sync.engine import Engine
from bothways.sync.store import Store


@click.command()
@click.argument("records", type=int)
@click.argument("edited", type=int)
@click.option("--singly", is_flag=True, help="Without the contract's batch operation.")
@click.option("--repeat", default=1, help="Quiet and edited cycles; the best counts.")
@click.option("--state", help="URL of the state; a SQLite file of its own without.")
def main(records: int, edited: int, *, singly: bool, repeat: int, state: str | None) -> None:
    """Measure a first, a quiet and an edited cycle."""
    if singly:
        rest.LARGEST_BATCH = 1
    with Board() as board, tempfile.TemporaryDirectory() as folder, asyncio.Runner() as runner:
        file = Path(folder) / "state.sqlite"
        store = Store(state or f"sqlite:///{file}")
        client = httpx.AsyncClient(timeout=60)
        mapped = Mapping.model_validate(mapping())
        connectors = {
            name: connect(Setup(system, board.urls[name], TOKEN, client, board.clock))
            for name, system in mapped.systems.items()
        }
        engine = Engine(mapped, connectors, store, board.clock)
        figures = life(board, lambda: runner.run(engine.cycle(allow_bulk=True)), records, edited, repeat)
        runner.run(client.aclose())
        store.close()
        if state is None:
            figures["state_bytes_a_pair"] = file.stat().st_size / records
    click.echo(json.dumps(figures))


if __name__ == "__main__":
    main()

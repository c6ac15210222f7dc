"""The commands that run the core, each between two systems that stand in for the connectors."""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bothways.cli import main
from bothways.errors import SyncError
from bothways.mapping import Mapping
from bothways.sync.connectors import Clock, Kind, Page, Write
from bothways.sync.engine import Engine
from bothways.sync.environment import Access
from bothways.sync.plan import Send
from tests.sync.pair import LEFT, RIGHT, TEXT, pair, record
from tests.sync.under_way import Showing

SECRET = {"name": "mail", "type": "string", "source": "mail", "target": "contact", "redact": True}
KEYED = {"criteria": [{"source": "name", "target": "title"}]}
ENVIRONMENT = {
    "BOTHWAYS_URL_LEFT": "https://left.test",
    "BOTHWAYS_TOKEN_LEFT": "token-of-left",
    "BOTHWAYS_WEBHOOK_SECRET_LEFT": "whsec-of-left",
    "BOTHWAYS_URL_RIGHT": "https://right.test",
    "BOTHWAYS_TOKEN_RIGHT": "token-of-right",
    "COLUMNS": "120",
}
ACCESSES = {
    "left": Access("https://left.test", "token-of-left", "whsec-of-left"),
    "right": Access("https://right.test", "token-of-right"),
}


class Acting(Showing):
    """A system at which something happens whenever it is listed."""

    def __init__(self) -> None:
        super().__init__()
        self.happens: list[Callable[[], Any]] = []

    async def changes(self, datatype: str, cursor: str | None) -> AsyncIterator[Page]:
        if self.happens and asyncio.iscoroutine(coming := self.happens.pop(0)()):
            await coming
        for _ in range(5):
            await asyncio.sleep(0)  # a signal has its turn
        async for page in super().changes(datatype, cursor):
            yield page


class Desk:
    """Somebody who types commands. `mapping`, `accesses` and `clock` are what the connectors were made from."""

    def __init__(self, folder: Path, mapping: Mapping) -> None:
        self.left, self.right = Acting(), Acting()
        self.written = mapping
        self._folder = folder
        (folder / "mapping.yaml").write_text(mapping.model_dump_json(by_alias=True), encoding="utf-8")

    @asynccontextmanager
    async def connected(
        self, mapping: Mapping, accesses: dict[str, Access], clock: Clock
    ) -> AsyncIterator[dict[str, Showing]]:
        self.mapping, self.accesses, self.clock = mapping, accesses, clock
        yield {"left": self.left, "right": self.right}

    def run(self, command: str, *options: str, **environment: str) -> Result:
        arguments = [command, "--mapping", str(self._folder / "mapping.yaml"), *options]
        return CliRunner().invoke(main, arguments, env=ENVIRONMENT | environment)

    def sync(self, *options: str, **environment: str) -> Result:
        """On a new state in memory."""
        return self.run("sync", "--state", "sqlite://", *options, **environment)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    desk = Desk(tmp_path, pair(TEXT, SECRET, flow=KEYED).mapping)
    monkeypatch.setattr("bothways.sync.commands.connected", desk.connected)
    return desk


def logged(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stderr.splitlines()]


def terminated(number: int = signal.SIGTERM) -> Callable[[], None]:
    return lambda: signal.raise_signal(number)


# -- sync, once


def test_a_cycle_runs_between_the_connectors_of_the_environment(desk: Desk) -> None:
    assert desk.sync().exit_code == 0
    assert (desk.mapping, desk.accesses) == (desk.written, ACCESSES)
    assert abs((desk.clock.now() - datetime.now(UTC)).total_seconds()) < 60
    assert desk.left.asked == [("Thing", None)]
    assert desk.right.asked == [("Item", None)]


def test_figures_are_printed_as_json_only_when_asked_for(desk: Desk) -> None:
    plain, scripted = desk.sync(), desk.sync("--json")
    assert plain.stdout == ""
    figures = json.loads(scripted.stdout)
    assert figures.pop("seconds") >= 0
    assert figures == {"updates": 0, "created": 0, "requests": 2, "held": 0, "failing": 0}
    (event,) = logged(scripted)
    assert (event["event"], event["requests"]) == ("cycle", 2)


def test_a_cycle_with_failures_ends_with_2(desk: Desk) -> None:
    desk.left.pages["Thing"] = [Page([record(LEFT, 0, name="Cup", mail="ada")], "next")]
    assert desk.sync().exit_code == 2  # nobody knows what became of the creation


@pytest.mark.parametrize("option", ["--allow-bulk", "--rebase-counters"])
def test_what_a_person_allows_reaches_the_engine(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, option: str
) -> None:
    allowed: list[set[str]] = []
    cycle = Engine.cycle

    async def remember(engine: Engine, **consent: bool) -> Any:
        allowed.append({name for name, given in consent.items() if given})
        return await cycle(engine, **consent)

    monkeypatch.setattr(Engine, "cycle", remember)
    desk.sync()
    desk.sync(option)
    assert allowed == [set(), {option.removeprefix("--").replace("-", "_")}]


@pytest.mark.parametrize("command", ["sync", "reconcile"])
def test_a_system_without_access_ends_with_3_and_one_line(desk: Desk, command: str) -> None:
    result = desk.run(command, BOTHWAYS_TOKEN_RIGHT="")
    assert (result.exit_code, result.stderr) == (
        3,
        "bothways: the environment lacks BOTHWAYS_TOKEN_RIGHT\n",
    )


# -- a dry run

PLANNED = [
    Send("right", Write(Kind.CREATE, "Item", key="k", body={"title": "Cup", "contact": "ada"})),
    Send("left", Write(Kind.UPDATE, "Thing", key="", id="l1", body={"name": "Mug"})),
]


@pytest.fixture
def rehearsed(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether counters were to be rebased, each time that a cycle was rehearsed."""
    rebased: list[bool] = []

    async def rehearse(_: Engine, *, rebase_counters: bool) -> list[Send]:
        rebased.append(rebase_counters)
        return PLANNED

    monkeypatch.setattr(Engine, "rehearse", rehearse)
    return rebased


def test_a_dry_run_tells_scripts_what_would_be_written_but_for_hidden_values(
    desk: Desk, rehearsed: list[bool]
) -> None:
    result = desk.sync("--dry-run", "--json")
    assert (result.exit_code, rehearsed) == (0, [False])
    place = {"system": "right", "datatype": "Item", "id": None, "kind": "create"}
    planned = json.loads(result.stdout)["planned"]
    assert planned[0] == place | {"body": {"title": "Cup", "contact": "(redacted)"}}
    assert [row["id"] for row in planned] == [None, "l1"]


def test_a_dry_run_tells_people_what_would_be_written(desk: Desk, rehearsed: list[bool]) -> None:
    result = desk.sync("--dry-run", "--rebase-counters")
    assert (result.exit_code, rehearsed) == (0, [True])
    assert "contact: (redacted)" in result.stdout
    assert "2 would be written" in result.stdout
    assert (desk.left.requests, desk.right.requests) == (0, 0)


# -- sync, until somebody asks


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_a_cycle_at_a_safe_point_with_130(desk: Desk, number: int) -> None:
    desk.left.happens = [terminated(number)]
    result = desk.sync("--json")
    assert (result.exit_code, result.stdout) == (130, "")
    (event,) = logged(result)
    assert (event["event"], event["level"]) == ("stopped", "info")
    assert event["reason"] == "stopped at a safe point; the next cycle takes up from here"
    assert desk.right.requests == 0


def test_a_signal_ends_a_pause_that_a_system_asked_for(desk: Desk) -> None:
    async def pause() -> None:
        terminated()()
        await desk.clock.sleep(3600)

    desk.left.happens = [pause]
    assert desk.sync().exit_code == 130


class Ear:
    """Stands in for the listener; remembers what it was given and where it was to listen."""

    made: Ear

    def __init__(self, *given: Any) -> None:
        self.mapping, self.accesses, self.look, self.now, self.log = given
        Ear.made = self

    @asynccontextmanager
    async def serving(self, address: tuple[str, int] | None) -> AsyncIterator[None]:
        self.address = address
        yield
        self.log.info("silent")


def told_to_look() -> None:
    Ear.made.look()


@pytest.fixture
def _listening(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bothways.sync.commands.Listener", Ear)


@pytest.mark.usefixtures("_listening")
def test_a_service_cycles_when_told_to_look_until_a_signal_comes(desk: Desk) -> None:
    desk.left.happens = [told_to_look, terminated()]
    result = desk.sync("--every", "1h", "--listen", "[::1]:80")
    assert result.exit_code == 0  # as its last whole cycle
    assert [event["event"] for event in logged(result)] == ["cycle", "stopped", "silent"]
    ear = Ear.made
    assert (ear.address, ear.mapping, ear.accesses) == (("::1", 80), desk.written, ACCESSES)
    assert abs((ear.now() - datetime.now(UTC)).total_seconds()) < 60


@pytest.mark.usefixtures("_listening")
def test_a_service_that_is_not_to_listen_has_no_address(desk: Desk) -> None:
    desk.left.happens = [terminated()]
    assert desk.sync("--every", "1h").exit_code == 0
    assert Ear.made.address is None


@pytest.mark.usefixtures("_listening")
def test_what_a_person_allows_holds_for_a_services_first_cycle(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    bulk: list[bool] = []

    async def cycle(_: Engine, *, allow_bulk: bool, rebase_counters: bool) -> Any:
        bulk.append(allow_bulk)
        assert not rebase_counters
        terminated()()
        raise SyncError("401 for token-of-left and whsec-of-left")

    monkeypatch.setattr(Engine, "cycle", cycle)
    result = desk.sync("--every", "30s", "--allow-bulk")
    assert (result.exit_code, bulk) == (3, [True])
    failed, silent = logged(result)
    assert (failed["event"], failed["again_in"]) == ("could_not_run", 30.0)
    assert failed["reason"] == "401 for … and …"  # no secret is logged (S31)
    assert silent["event"] == "silent"


# -- reconcile


def test_both_sides_are_compared_as_the_connectors_show_them(desk: Desk) -> None:
    desk.left.pages["Thing"] = [Page([record(LEFT, 0, name="Cup", mail="ada")], "next")]
    desk.right.pages["Item"] = [Page([record(RIGHT, 0, title="Cup", contact="bob")], "next")]
    result = desk.run("reconcile", "--json")
    assert result.exit_code == 1
    (flow,) = json.loads(result.stdout)["flows"]
    assert (flow["source"]["count"], flow["target"]["count"], flow["matched"]) == (1, 1, 1)
    assert flow["differences"][0]["source"] == "(redacted)"
    assert (desk.mapping, desk.accesses) == (desk.written, ACCESSES)
    assert abs((desk.clock.now() - datetime.now(UTC)).total_seconds()) < 60
    asyncio.run(desk.clock.sleep(0))
    desk.right.pages["Item"] = [Page([record(RIGHT, 0, title="Cup", contact="ada")], "next")]
    assert desk.run("reconcile").exit_code == 0

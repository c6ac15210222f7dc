"""The integration under test, in this process."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from respx.mocks import HTTPCoreMocker

from bothways.acceptance import engines, guarded
from bothways.acceptance.subjects import Bench, InProcess, open_subject
from bothways.acceptance.trial import NotAsked, Unproven
from bothways.errors import CycleEndless, CycleFailed, Strayed
from bothways.mapping_file import load
from fakes.clock import SimulatedClock, SystemClock
from fakes.notifications import Notification
from fakes.rest import RestSystem
from fakes.store import Ids
from tests.acceptance.suite import LIBRARY

Given = dict[str, Any]


class Probe:
    """An engine that does what a test tells it to, and remembers what it was given."""

    told: Callable[[Probe], Any]
    built: list[Given]

    def __init__(self, **given: Any) -> None:
        self.given = given
        Probe.built.append(given)

    async def sync(self) -> None:
        await Probe.told(self)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    clock = SimulatedClock()
    mapping = load(LIBRARY / "mappings/library_kiosk.yaml")
    systems = {
        key: RestSystem(
            key,
            {name: datatype.model_dump(mode="json") for name, datatype in system.datatypes.items()},
            SystemClock(clock),
            token=f"token-{key}",
            ids=Ids(key),
        )
        for key, system in mapping.systems.items()
    }
    return Bench(mapping, systems, clock, tmp_path / "state")


@pytest.fixture
def mount(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Callable[..., InProcess]:
    """Mount a probe that does this in each cycle."""
    monkeypatch.setattr(Probe, "built", [], raising=False)
    monkeypatch.setattr(engines.Engine, "factory", lambda self: guarded.guarded(Probe, self.patience))
    bench.state_dir.mkdir()

    def mounted(told: Callable[[Probe], Any]) -> InProcess:
        monkeypatch.setattr(Probe, "told", staticmethod(told), raising=False)
        subject = open_subject(engines.parse("python:a:probe"), bench)
        assert isinstance(subject, InProcess)
        return subject

    return mounted


async def nothing(_: Probe) -> None:
    """A cycle without work."""


def test_an_engine_is_given_plain_things_only(mount: Callable[..., InProcess], bench: Bench) -> None:
    subject = mount(nothing)
    [given] = Probe.built
    assert set(given) == {"mapping", "endpoints", "tokens", "client", "clock", "state_dir"}
    assert given["endpoints"] == {"library": "https://library.test", "kiosk": "https://kiosk.test"}
    assert given["tokens"] == {"library": "token-library", "kiosk": "token-kiosk"}
    assert type(given["mapping"]) is dict
    assert given["mapping"]["schema"] == 1
    assert given["clock"].now() == bench.clock.now()
    assert given["state_dir"] == bench.state_dir
    assert isinstance(given["client"], httpx.AsyncClient)
    subject.close()


@pytest.mark.parametrize("own_client", [False, True])
def test_its_client_and_any_it_makes_itself_reach_the_systems(
    mount: Callable[..., InProcess], bench: Bench, own_client: bool
) -> None:
    statuses: list[int] = []

    async def ask(probe: Probe) -> None:
        headers = {"Authorization": f"Bearer {probe.given['tokens']['library']}"}
        url = f"{probe.given['endpoints']['library']}/book"
        if own_client:
            async with httpx.AsyncClient() as client:
                statuses.append((await client.get(url, headers=headers)).status_code)
        else:
            statuses.append((await probe.given["client"].get(url, headers=headers)).status_code)

    subject = mount(ask)
    subject.sync()
    subject.close()
    assert statuses == [200]
    assert [exchange.path for exchange in bench.systems["library"].log] == ["/book"]


def test_an_exception_is_a_failed_cycle_with_its_cause(mount: Callable[..., InProcess]) -> None:
    async def burst(_: Probe) -> None:
        raise KeyError("links")

    subject = mount(burst)
    with pytest.raises(CycleFailed, match="a cycle ended with an error: KeyError: 'links'") as failed:
        subject.sync()
    assert isinstance(failed.value.__cause__, KeyError)
    subject.close()


def test_a_cycle_without_end_is_ended(
    mount: Callable[..., InProcess], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guarded, "CYCLE_SECONDS", 0.05)

    async def wait(probe: Probe) -> None:
        while True:
            await probe.given["clock"].sleep(1)

    subject = mount(wait)
    with pytest.raises(CycleFailed, match="a cycle had no end"):
        subject.sync()
    subject.close()


def test_a_new_engine_finds_the_state_unless_it_was_lost(
    mount: Callable[..., InProcess], bench: Bench
) -> None:
    async def remember(_: Probe) -> None:
        (bench.state_dir / "notes").write_text("1")

    subject = mount(remember)
    subject.sync()
    subject.restart()
    assert len(Probe.built) == 2
    assert (bench.state_dir / "notes").exists()
    subject.forget()
    assert len(Probe.built) == 3
    assert list(bench.state_dir.iterdir()) == []
    subject.close()


def test_what_no_system_serves_is_told_at_the_end(mount: Callable[..., InProcess]) -> None:
    async def stray(probe: Probe) -> None:
        with pytest.raises(httpx.ConnectError):
            await probe.given["client"].get("https://elsewhere.test/")

    subject = mount(stray)
    subject.sync()
    with pytest.raises(Strayed, match=r"GET https://elsewhere\.test/"):
        subject.close()


@pytest.mark.parametrize("forgiven", [(), (ZeroDivisionError,)])
def test_a_simulated_system_that_breaks_is_not_the_engines_fault(
    mount: Callable[..., InProcess],
    bench: Bench,
    monkeypatch: pytest.MonkeyPatch,
    forgiven: tuple[type[Exception], ...],
) -> None:
    monkeypatch.setattr(bench.systems["library"], "admit", lambda _: 1 / 0)

    async def ask(probe: Probe) -> None:
        with contextlib.suppress(*forgiven):
            await probe.given["client"].get("https://library.test/book")

    subject = mount(ask)
    with contextlib.nullcontext() if forgiven else pytest.raises(Unproven):
        subject.sync()
    with pytest.raises(Unproven, match="a simulated system broke: ZeroDivisionError"):
        subject.close()


def test_an_engine_that_has_no_cycle_is_at_fault(mount: Callable[..., InProcess]) -> None:
    subject = mount(nothing)
    subject._engine = object()
    with pytest.raises(CycleFailed, match="AttributeError"):
        subject.sync()
    subject.close()


def test_an_engine_that_doesnt_start_leaves_nothing_behind(
    mount: Callable[..., InProcess], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Probe, **__: Any) -> None:
        raise ValueError("no licence")

    monkeypatch.setattr(Probe, "__init__", refuse)
    with pytest.raises(CycleFailed, match="the integration doesn't start: ValueError: no licence"):
        mount(nothing)
    assert HTTPCoreMocker.routers == []


def test_an_engine_that_never_starts_leaves_nothing_behind(
    mount: Callable[..., InProcess], monkeypatch: pytest.MonkeyPatch
) -> None:
    def ring(_: Probe, **__: Any) -> None:
        raise CycleEndless("a start had no end after 60 s")

    monkeypatch.setattr(Probe, "__init__", ring)
    with pytest.raises(CycleEndless, match=r"^a start had no end after 60 s$"):
        mount(nothing)
    assert HTTPCoreMocker.routers == []


def test_an_engine_without_an_account_of_itself_gives_none(mount: Callable[..., InProcess]) -> None:
    subject = mount(nothing)
    assert subject.status() is None
    assert subject.explain("library", "Book", "1", "title") is None
    subject.close()


async def promised() -> dict[str, Any]:
    return {}


@pytest.mark.parametrize(("status", "gives"), [(promised, "coroutine"), (lambda: "all well", "str")])
def test_an_account_is_a_dict(
    mount: Callable[..., InProcess], monkeypatch: pytest.MonkeyPatch, status: Any, gives: str
) -> None:
    subject = mount(nothing)
    monkeypatch.setattr(Probe, "status", staticmethod(status), raising=False)
    with pytest.raises(CycleFailed, match=f"^status gives no dict, but {gives}$"):
        subject.status()
    subject.close()


def interrupt() -> dict[str, Any]:
    raise KeyboardInterrupt


def test_giving_an_account_ends_no_run(
    mount: Callable[..., InProcess], monkeypatch: pytest.MonkeyPatch
) -> None:
    subject = mount(nothing)
    monkeypatch.setattr(Probe, "status", staticmethod(interrupt), raising=False)
    with pytest.raises(CycleFailed, match=r"^status ended with an error: .*: KeyboardInterrupt$"):
        subject.status()
    subject.close()


def test_a_callback_that_ends_the_loop_is_a_failed_cycle(mount: Callable[..., InProcess]) -> None:
    async def call(_: Probe) -> None:
        asyncio.get_running_loop().call_soon(sys.exit, "no licence")
        await asyncio.sleep(0)

    subject = mount(call)
    with pytest.raises(CycleFailed, match=r"^a cycle ended with an error: .*: SystemExit: no licence$"):
        subject.sync()
    subject.close()


def test_an_engine_that_closes_in_error_has_failed(mount: Callable[..., InProcess]) -> None:
    async def close() -> None:
        raise ValueError("no pool")

    subject = mount(nothing)
    subject._engine = guarded.Guarded(SimpleNamespace(sync=close, close=close), guarded.Patience())
    with pytest.raises(CycleFailed, match=r"^closing ended with an error: ValueError: no pool$"):
        subject.close()
    assert HTTPCoreMocker.routers == []


def test_an_engine_goes_back_to_the_state_that_was_put_aside(
    mount: Callable[..., InProcess], bench: Bench
) -> None:
    subject = mount(nothing)
    with pytest.raises(LookupError):
        subject.go_back()
    (bench.state_dir / "old").write_text("1")
    subject.keep()
    (bench.state_dir / "old").write_text("2")
    (bench.state_dir / "new").write_text("2")
    subject.go_back()
    assert {path.name: path.read_text() for path in bench.state_dir.iterdir()} == {"old": "1"}
    assert len(Probe.built) == 3
    subject.close()


def test_a_notification_is_handed_over_as_it_came(mount: Callable[..., InProcess]) -> None:
    come: list[tuple[Any, ...]] = []

    async def take(*what: Any) -> None:
        come.append(what)

    subject = mount(nothing)
    sent = Notification("n1", "book.updated", b"{}", {"webhook-id": "n1"})
    with pytest.raises(NotAsked):
        subject.notified("library", sent, "secret")
    subject._engine.notified = take
    subject.notified("library", sent, "secret")
    assert come == [("library", {"webhook-id": "n1"}, b"{}", "secret")]
    subject.close()


def test_nothing_is_left_running(mount: Callable[..., InProcess]) -> None:
    subject = mount(nothing)
    subject.close()
    assert Probe.built[0]["client"].is_closed
    assert HTTPCoreMocker.routers == []


def test_only_the_core_is_the_reference_engine() -> None:
    core = engines.parse("core")
    assert (core.reference, core.label) == (True, "core (reference engine)")
    assert core.rest.startswith("bothways.sync:")
    other = engines.parse("python:bothways.sync:build")
    assert (other.reference, other.label) == (False, "python:bothways.sync:build")

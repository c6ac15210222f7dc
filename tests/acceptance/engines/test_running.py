"""Integrations that are there before a scenario and after it: a service that is asked, one that runs by itself."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from bothways.acceptance import address, outside
from bothways.acceptance.guarded import IN_A_ROW
from bothways.acceptance.subjects import Bench, Subject
from bothways.acceptance.trial import NotAsked, Unproven
from bothways.errors import CycleEndless, CycleFailed, InputError
from fakes.notifications import Notification

Opened = Callable[[str], Subject]


class Service(ThreadingHTTPServer):
    """Answers `POST /NAME` with the status that `knows` has for it, and remembers what it was asked."""

    def __init__(self, knows: dict[str, int]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.knows, self.asked = knows, list[str]()

    @property
    def spec(self) -> str:
        return f"url:http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: Service

    def do_POST(self) -> None:
        name = self.path.removeprefix("/")
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.asked.append(name)
        self.send_response(self.server.knows.get(name, 404))
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"as is")

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@contextlib.contextmanager
def service(**knows: int) -> Iterator[Service]:
    with Service(knows) as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def free_ports(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fixed ports may be taken on the machine that runs our own tests."""
    monkeypatch.setattr(outside, "FIXED", "")


def test_a_service_is_asked_for_each_cycle_and_to_forget_before_the_first(opened: Opened) -> None:
    with service(sync=200, forget=204) as running:
        opened(running.spec).sync()
        assert running.asked == ["forget", "sync"]


def test_a_service_that_isnt_there_doesnt_start(opened: Opened) -> None:
    with service() as running:
        spec = running.spec
    with pytest.raises(CycleFailed, match=r"POST http://127\.0\.0\.1:\d+/forget"):
        opened(spec)


@pytest.mark.parametrize("late", [httpx.ReadTimeout, httpx.ConnectTimeout, httpx.WriteTimeout])
def test_what_has_no_answer_has_no_end_and_is_tried_a_few_times_only(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, late: type[httpx.TimeoutException]
) -> None:
    def no_answer(*_: object, **__: object) -> httpx.Response:
        raise late("")

    with service(sync=200, forget=204) as running:
        subject = opened(running.spec)
        monkeypatch.setattr(httpx.Client, "post", no_answer)
        for demand in (subject.sync, subject.forget):
            for _ in range(IN_A_ROW):
                with pytest.raises(
                    CycleEndless, match=r"^POST http://.*/(sync|forget) had no answer after 120 s$"
                ):
                    demand()
            with pytest.raises(
                Unproven, match=r"^not tried: the \d requests to (sync|forget) before had no end$"
            ):
                demand()


@pytest.mark.parametrize("status", [301, 404, 500])
def test_a_cycle_has_failed_unless_it_is_answered_as_done(opened: Opened, status: int) -> None:
    with service(sync=status) as running:
        subject = opened(running.spec)
        with pytest.raises(CycleFailed, match=f"^sync was answered with {status}: as is$"):
            subject.sync()


def test_what_a_service_doesnt_know_is_not_asked_of_it(opened: Opened) -> None:
    with service(sync=200) as running:
        subject = opened(running.spec)
        for demand in (subject.restart, subject.forget, subject.sync_beside_another):
            with pytest.raises(NotAsked):
                demand()
        for demand in (subject.keep, subject.go_back):
            with pytest.raises(NotAsked):
                demand()
        with pytest.raises(NotAsked):
            subject.notified("webshop", Notification("n1", "product.updated", b"{}"), "secret")


def test_a_service_may_take_notifications(opened: Opened) -> None:
    with service(sync=200, notified=204) as running:
        opened(running.spec).notified("webshop", Notification("n1", "product.updated", b"{}"), "secret")
        assert running.asked == ["forget", "notified"]


def test_a_service_may_be_started_again(opened: Opened, bench: Bench) -> None:
    with service(sync=200, restart=200) as running:
        opened(running.spec).restart(bench.mapping)
        assert running.asked == ["forget", "restart"]


@contextlib.contextmanager
def reading(bench: Bench, subject: Subject, systems: tuple[str, ...], writes: int) -> Iterator[None]:
    """An integration that runs by itself: reads these systems again and again, and writes so many times."""
    urls, over = subject._urls, threading.Event()  # type: ignore[attr-defined]
    headers = {name: {"Authorization": f"Bearer {bench.systems[name].token}"} for name in systems}

    def run() -> None:
        left = writes
        with httpx.Client(trust_env=False) as client:
            while not over.wait(0.02):
                for name in systems:
                    path = "/book" if name == "library" else "/entry"
                    client.get(urls[name] + path, headers=headers[name])
                    if left:
                        client.post(urls[name] + path, headers=headers[name], json={})
                        left -= 1

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def test_what_runs_by_itself_has_settled_when_it_has_read_both_and_written_nothing_for_a_while(
    opened: Opened, bench: Bench
) -> None:
    subject = opened("watch:0.3")
    with reading(bench, subject, ("library", "kiosk"), writes=3):
        subject.sync()
    sent = sorted((one for system in bench.systems.values() for one in system.log), key=lambda one: one.at)
    last = max(one.at for one in sent if one.writes)
    assert (sent[-1].at - last).total_seconds() >= 0.2


@pytest.mark.parametrize(("systems", "writes"), [(("library",), 0), (("library", "kiosk"), 10_000)])
def test_what_never_reads_one_side_or_never_stops_writing_has_not_settled(
    opened: Opened, bench: Bench, monkeypatch: pytest.MonkeyPatch, systems: tuple[str, ...], writes: int
) -> None:
    monkeypatch.setattr(outside, "CYCLE_SECONDS", 0.8)
    subject = opened("watch:0.3")
    with (
        reading(bench, subject, systems, writes),
        pytest.raises(CycleFailed, match="the integration hasn't settled after 1 s"),
    ):
        subject.sync()


def test_what_runs_by_itself_cant_be_started_again_or_robbed(opened: Opened) -> None:
    subject = opened("watch")
    for demand in (subject.restart, subject.forget, subject.sync_beside_another):
        with pytest.raises(NotAsked):
            demand()


def test_an_integration_elsewhere_is_told_the_public_address() -> None:
    public = address.Address("0.0.0.0", "http://bench.example:8700")  # noqa: S104 - nothing listens
    assert (public.port(0), public.port(1)) == (8700, 8701)
    assert public.url("http://0.0.0.0:8701") == "http://bench.example:8701"


@pytest.mark.parametrize("url", ["bench", "http://bench", "http://bench:1/path", "http://[", "http://b:x"])
def test_a_public_address_without_port_is_refused(url: str) -> None:
    with pytest.raises(InputError, match=r"^--public-url: '.*' is not like http://HOST:PORT$"):
        address.Address(public_url=url)

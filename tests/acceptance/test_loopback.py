"""The guard that keeps a suite on its machine."""

from __future__ import annotations

import socket
from collections.abc import Callable

import pytest

from bothways.acceptance.loopback import Guard
from bothways.errors import Strayed


@pytest.fixture
def guard() -> Guard:
    """A guard of our own, told by hand of what the interpreter would tell it."""
    one = Guard()
    one.closed = True
    return one


@pytest.mark.parametrize(
    ("event", "arguments"),
    [
        ("socket.connect", (None, ("192.0.2.1", 80))),
        ("socket.connect", (None, ("2001:db8::1", 80, 0, 0))),
        ("socket.sendto", (None, ("192.0.2.1", 53))),
        ("socket.bind", (None, ("", 80))),
        ("socket.bind", (None, ("0.0.0.0", 80))),  # noqa: S104 - that is the point
        ("socket.getaddrinfo", ("elsewhere.test", 80, 0, 0, 0)),
        ("socket.getaddrinfo", (b"elsewhere.test", 80, 0, 0, 0)),
        ("socket.gethostbyname", ("elsewhere.test",)),
    ],
)
def test_what_leaves_the_machine_is_refused_and_remembered(
    guard: Guard, event: str, arguments: tuple[object, ...]
) -> None:
    with pytest.raises(Strayed, match="was reached for, beyond the simulated systems"):
        guard(event, arguments)
    assert len(guard.attempts) == 1
    with pytest.raises(Strayed):
        guard.open()
    guard.open()


@pytest.mark.parametrize(
    ("event", "arguments"),
    [
        ("socket.connect", (None, ("127.0.0.1", 80))),
        ("socket.connect", (None, ("127.8.8.8", 80))),
        ("socket.connect", (None, ("::1", 80, 0, 0))),
        ("socket.connect", (None, "/run/some.sock")),
        ("socket.bind", (None, (1234, 5))),
        ("socket.sendmsg", (None, None)),
        ("socket.getaddrinfo", ("localhost", 80, 0, 0, 0)),
        ("socket.getaddrinfo", (None, 80, 0, 0, 0)),
        ("open", ("192.0.2.1", "r", 0)),
    ],
)
def test_what_stays_on_the_machine_is_let_through(
    guard: Guard, event: str, arguments: tuple[object, ...]
) -> None:
    guard(event, arguments)
    guard.open()


def test_an_open_guard_lets_everything_through(guard: Guard) -> None:
    guard.open()
    guard("socket.connect", (None, ("192.0.2.1", 80)))
    assert guard.attempts == []


def datagram() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as one:
        one.sendto(b"x", ("192.0.2.1", 53))


def connection() -> None:
    with socket.socket() as one:
        one.connect_ex(("192.0.2.1", 80))


@pytest.mark.parametrize("reach", [datagram, connection, lambda: socket.gethostbyname("elsewhere.test")])
def test_this_very_suite_is_guarded(reach: Callable[[], object]) -> None:
    from bothways.acceptance.loopback import guard as of_this_process  # noqa: PLC0415 - not the fixture

    with pytest.raises(Strayed):
        reach()
    of_this_process().attempts.clear()

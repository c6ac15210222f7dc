"""Keeps a suite on this machine, and remembers who tried to leave it.

An engine that catches every exception would catch a refusal too, so a refusal alone proves nothing. An audit hook
sees what patched socket classes miss: `connect_ex`, datagrams, name look-ups, sockets made in C.
"""

from __future__ import annotations

import ipaddress
import sys
from functools import cache
from typing import Any

from bothways.errors import Strayed

_REACHING = frozenset({"socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg"})
_LOOKING_UP = frozenset({"socket.getaddrinfo", "socket.gethostbyname"})


class Guard:
    """While `closed`, refuses every address beyond loopback, and keeps it in `attempts`.

    `allowed` are hosts that the person who runs the test has named.
    """

    def __init__(self) -> None:
        self.closed = False
        self.allowed: set[str] = set()
        self.attempts: list[str] = []

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Called by the interpreter for every audit event. Raises `Strayed`."""
        if not self.closed:
            return
        host: object = None
        if event in _REACHING:
            host = arguments[1][0] if isinstance(arguments[1], tuple) else None
        elif event in _LOOKING_UP:
            host = arguments[0].decode(errors="replace") if isinstance(arguments[0], bytes) else arguments[0]
        if isinstance(host, str) and host not in self.allowed and not _is_loopback(host):
            self.attempts.append(host)
            raise Strayed(_told(host))

    def open(self) -> None:
        """Let everything through again. Raises `Strayed` if anything was refused."""
        self.closed = False
        attempts, self.attempts = self.attempts, []
        if attempts:
            raise Strayed(", ".join(_told(host) for host in dict.fromkeys(attempts)))


@cache
def guard() -> Guard:
    """The one guard of this process: an audit hook can't be taken away again."""
    one = Guard()
    sys.addaudithook(one)
    return one


def _told(host: str) -> str:
    return f"'{host}' was reached for, beyond the simulated systems"


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False

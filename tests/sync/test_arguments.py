"""What the core's commands take for a duration and an address, and how they refuse the rest."""

from __future__ import annotations

from typing import Any

import click
import pytest

from bothways.sync.commands import Address, Duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30s", 30.0),
        ("5m", 300.0),
        ("1h", 3600.0),
        ("1.5m", 90.0),
        ("0.5s", 0.5),
        ("100h", 360_000.0),
        (7.5, 7.5),
    ],
)
def test_a_duration_is_a_number_and_a_unit(text: Any, seconds: float) -> None:
    assert Duration().convert(text, None, None) == seconds


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        *(
            (text, f"'{text}'")
            for text in ("", "s", "5", "0s", "0.0h", "-5s", "5 s", "5S", "5d", "1.s", ".5s", "5s!", "!5s")
        ),
        (5, "5"),
    ],
)
def test_what_is_no_duration_is_refused_where_it_stands(text: Any, shown: str) -> None:
    refused(Duration(), text, f"{shown} is no duration such as 30s, 5m or 1h")


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("127.0.0.1:8080", ("127.0.0.1", 8080)),
        ("localhost:0", ("localhost", 0)),
        ("XX:65535", ("XX", 65535)),
        ("[::1]:80", ("::1", 80)),
        ("::1:80", ("::1", 80)),
        (("::", 1), ("::", 1)),
    ],
)
def test_an_address_is_a_host_and_a_port(text: Any, address: tuple[str, int]) -> None:
    assert Address().convert(text, None, None) == address


@pytest.mark.parametrize(
    ("text", "shown"),
    [*((text, f"'{text}'") for text in ("", "h", ":80", "h:", "h:x", "h:-1", "h:65536", "80")), (80, "80")],
)
def test_what_is_no_address_is_refused_where_it_stands(text: Any, shown: str) -> None:
    refused(Address(), text, f"{shown} is no HOST:PORT such as 127.0.0.1:8080")


def refused(kind: click.ParamType[Any], text: Any, reason: str) -> None:
    """The value is refused for that reason, as that of its option in its command."""
    option, context = click.Option(["--some"]), click.Context(click.Command("some"))
    with pytest.raises(click.BadParameter) as refusal:
        kind.convert(text, option, context)
    assert refusal.value.message == reason
    assert (refusal.value.param, refusal.value.ctx) == (option, context)

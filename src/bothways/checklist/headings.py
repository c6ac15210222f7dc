"""Headings split into systems and datatypes: `<system> <datatype> to <system> <datatype>`, in which any
name may have several words, a system may be blank, and a system may be spelled otherwise than in the
title."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import takewhile

from bothways.checklist.model import Side

TO = re.compile(r"(?:^|(?<=\s))to(?=\s|$)")


def split_title(text: str) -> list[tuple[str, str]]:
    """The ways to read `<Source> to <Target> Dataflow` as two systems; none if it isn't such a title."""
    plain = text.strip()
    if not plain.endswith("Dataflow"):
        return []
    return [(source.strip(), target.strip()) for source, target in _parts(plain.removesuffix("Dataflow"))]


def split_heading(text: str, record_types: Iterable[tuple[str, str]]) -> tuple[str, str] | None:
    """The heading's two record types, leading blanks kept; None if it can't be told which "to" parts them.

    `record_types` are pairs that the section names elsewhere (table headers, statements).
    """
    parts = _parts(text)
    if len(parts) == 1:
        return parts[0]
    named = {(_plain(source), _plain(target)) for source, target in record_types}
    fitting = [part for part in parts if (_plain(part[0]), _plain(part[1])) in named]
    return fitting[0] if len(fitting) == 1 else None


def split_side(record_type: str, systems: Iterable[str]) -> Side | None:
    """The record type as system and datatype: a blank system if it starts with a blank, else the first of
    `systems` that it starts with, compared without blanks and case. A blank one fits a single word."""
    plain = record_type.strip()
    if record_type.startswith(" "):
        return Side("", plain)
    for system in systems:
        if side := _after(plain, folded(system)) if system else _alone(plain):
            return side
    return None


def common_start(record_types: Iterable[str]) -> list[str]:
    """The longest start, in whole words, that all record types share and that leaves each a datatype: one
    name or none. It takes two different record types to tell."""
    words = [record_type.split() for record_type in dict.fromkeys(record_types)]
    if len(words) < 2:
        return []
    shared = list(
        takewhile(lambda column: len(set(column)) == 1, zip(*(each[:-1] for each in words), strict=False))
    )
    return [" ".join(column[0] for column in shared)] if shared else []


def folded(name: str) -> str:
    """The name as systems are compared: without blanks and case."""
    return "".join(name.split()).casefold()


def _after(record_type: str, system: str) -> Side | None:
    for blank in re.finditer(r"\s+", record_type):
        if folded(record_type[: blank.start()]) == system:
            return Side(record_type[: blank.start()], record_type[blank.end() :])
    return None


def _alone(record_type: str) -> Side | None:
    return None if " " in record_type else Side("", record_type)


def _parts(text: str) -> list[tuple[str, str]]:
    """What stands before and after each word "to". One blank on either side belongs to the "to"."""
    return [(text[: match.start()].removesuffix(" "), text[match.end() :][1:]) for match in TO.finditer(text)]


def _plain(name: str) -> str:
    return " ".join(name.split())

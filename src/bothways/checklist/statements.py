"""The sentences of a checklist: which form a sentence has, and what it names."""

from __future__ import annotations

import re
from dataclasses import dataclass

A = r"(?:an?|An?) ?"

FORMS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(rf"{form}$"))
    for kind, form in (
        ("every", rf"Every (?P<source>.*?) will be synchronized with {A}(?P<target>.*)\."),
        ("when", rf"When {A}(?P<whole>.+?), it will be synchronized with {A}(?P<target>.*)\."),
        ("note", rf"(?P<whole>.+?), it will be synchronized with {A}(?P<target>.*)\."),
        (
            "link_required",
            rf"Before any synchronization can take place, a link between {A}(?P<source>.*?)"
            rf" and {A}(?P<target>.*) must be established\.",
        ),
        (
            "created_if_connected",
            rf"A new ?(?P<target>.*?) will be created from {A}(?P<source>.*?) if it is connected to"
            rf" {A}(?P<connected>.*) that is synchronized into ?(?P<into>.*)\.",
        ),
        (
            "merge_if_match",
            r"If a matching (?P<target>.*?) ?already exists, the (?P<source>.*?) ?will be merged"
            r" with the existing one\.",
        ),
        ("create_if_no_match", rf"If no matching (?P<target>.*?) ?is found, {A}new .*will be created\."),
        (
            "merge_criteria",
            rf"{A}(?P<source>.*?) will merge with {A}(?P<target>.*?) ?if one of the following"
            r" property combinations match:",
        ),
        (
            "stays_in_sync",
            rf"Once a link between {A}(?P<source>.*?) and {A}(?P<target>.*?) ?is established, it will"
            r" keep in sync between the two systems, regardless of where it is edited\.",
        ),
        (
            "properties",
            rf"The following properties are synchronized between {A}(?P<source>.*?) and {A}(?P<target>.*):",
        ),
    )
)
KINDS = tuple(kind for kind, _ in FORMS)


@dataclass(frozen=True)
class Sentence:
    """A sentence that has one of the forms. Names are as written, runs of blanks counted as one.

    `whole` (of `when`): source record type and condition, which only the heading can part.
    """

    kind: str
    source: str | None = None
    target: str | None = None
    whole: str = ""
    connected: tuple[str, ...] = ()
    into: str | None = None


def read_sentence(text: str) -> Sentence | None:
    """The sentence's form, or None where it has none of them."""
    plain = " ".join(text.split())
    for kind, form in FORMS:
        if match := form.match(plain):
            named = match.groupdict()
            return Sentence(
                kind,
                source=named.get("source"),
                target=named.get("target"),
                whole=named.get("whole") or "",
                connected=_alternatives(named.get("connected") or ""),
                into=named.get("into"),
            )
    return None


def _alternatives(text: str) -> tuple[str, ...]:
    """The members of "A", "A or B", "A, B, or C"."""
    return tuple(part for part in re.split(r", or |, | or ", text) if part)

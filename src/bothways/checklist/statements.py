"""The sentences of a checklist: which form a sentence has, and what it names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

A = r"[Aa]n?\b ?"
THEN = r"(?: |(?<= ))"
"""What parts a name from the word after it; a blank name leaves the blank before it to do so."""

X, Y = rf"(?P<source>.*?){THEN}", rf"(?P<target>.*?){THEN}"

FORMS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(rf"{form}$"))
    for kind, form in (
        ("every", rf"Every {X}will be synchronized with {A}(?P<target>.*)\."),
        ("when", rf"When {A}(?P<whole>.+?), it will be synchronized with {A}(?P<target>.*)\."),
        ("note", rf"(?P<whole>.+?), it will be synchronized with {A}(?P<target>.*)\."),
        (
            "link_required",
            rf"Before any synchronization can take place, a link between {A}{X}and {A}{Y}must be established\.",
        ),
        (
            "created_if_connected",
            rf"A new {Y}will be created from {A}{X}if it is connected to {A}(?P<connected>.*?){THEN}"
            r"that is synchronized into(?P<into>.*)\.",
        ),
        (
            "merge_if_match",
            rf"If a matching {Y}already exists, the {X}will be merged with the existing one\.",
        ),
        ("create_if_no_match", rf"If no matching {Y}is found, {A}new .*will be created\."),
        (
            "merge_criteria",
            rf"{A}{X}will merge with {A}{Y}if one of the following property combinations match:",
        ),
        (
            "stays_in_sync",
            rf"Once a link between {A}{X}and {A}{Y}is established, it will keep in sync between the two"
            r" systems, regardless of where it is edited\.",
        ),
        ("properties", rf"The following properties are synchronized between {A}{X}and {A}(?P<target>.*):"),
    )
)
LONGEST = 12
"""Over how many lines a sentence may be broken."""

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

    def speaks_of(self, source: str, target: str) -> bool:
        """Whether the record types that it names are these."""
        named = ((self.source, source), (self.target, target))
        return all(name is None or name.strip() == " ".join(expected.split()) for name, expected in named)


NO_FORM = Sentence("note")
"""What stands where no form fits."""


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
                into=None if named.get("into") is None else named["into"].strip(),
            )
    return None


def _alternatives(text: str) -> tuple[str, ...]:
    """The members of "A", "A or B", "A, B, or C"."""
    return tuple(part for part in re.split(r"(?:, or |, | or )(?:an? )?", text) if part)


def read_sentences(lines: Sequence[tuple[int, str]]) -> Iterator[tuple[Sequence[tuple[int, str]], Sentence]]:
    """The sentences of a paragraph's numbered lines: one a line, or broken over several. Lines that have no
    form are one note, up to the next that has one."""
    note: list[tuple[int, str]] = []
    at = 0
    while at < len(lines):
        length, sentence = _sentence_at(lines, at)
        if sentence is None:
            note.append(lines[at])
        else:
            if note:
                yield note, NO_FORM
            yield lines[at : at + length], sentence
            note = []
        at += length
    if note:
        yield note, NO_FORM


def _sentence_at(lines: Sequence[tuple[int, str]], at: int) -> tuple[int, Sentence | None]:
    """The sentence that starts at that line, and over how many lines it goes. None of the later ones may be a
    sentence by itself."""
    text = ""
    for length, (_, line) in enumerate(lines[at : at + LONGEST], 1):
        if length > 1 and read_sentence(line):
            break
        text = f"{text} {line}"
        if sentence := read_sentence(text):
            return length, sentence
    return 1, None

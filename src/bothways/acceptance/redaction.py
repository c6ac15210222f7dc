"""Keeping out of every output the values of properties that the mapping marks `redact` (S31)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from bothways.acceptance.record import Attachment, Comparison, Record, StepRecord
from bothways.mapping import Mapping, Property

HIDDEN = "▒▒▒"
SHORTEST = 3
"""Texts shorter than this say too little to be hidden wherever they stand; at their own path they are."""


@dataclass(frozen=True)
class Redaction:
    """What is to be hidden: these `texts` wherever they stand, and whatever stands at these `paths`."""

    texts: frozenset[str] = frozenset()
    paths: frozenset[tuple[str, ...]] = frozenset()

    @classmethod
    def of(cls, mapping: Mapping, records: Iterable[Record]) -> Redaction:
        """What `mapping` wants hidden, as far as `records` show it."""
        hidden = [prop for flow in mapping.flows for prop in flow.properties if prop.redact]
        names = sorted({prop.name for prop in hidden})
        paths = frozenset(tuple(path.split(".")) for prop in hidden for path in _paths(prop))
        if not names:
            return cls()
        texts = (text for record in records for text in _shown(record, names, paths))
        return cls(frozenset(form for text in texts for form in _forms(text)), paths)

    def record(self, record: Record) -> Record:
        """`record` without what is hidden."""
        if not self.paths:
            return record
        told = {
            name: self.json(getattr(record, name)) for name in ("name", "reason", "test", "expected", "seen")
        }
        example = {column: self.text(value) for column, value in record.example.items()}
        steps = [self._step(step) for step in record.steps]
        attachments = [self._attachment(attachment) for attachment in record.attachments]
        return record.model_copy(
            update={**told, "example": example, "steps": steps, "attachments": attachments}
        )

    def _step(self, step: StepRecord) -> StepRecord:
        told = {name: self.json(getattr(step, name)) for name in ("text", "table", "docstring", "error")}
        compared = [self._comparison(comparison) for comparison in step.comparisons]
        attachments = [self._attachment(attachment) for attachment in step.attachments]
        return step.model_copy(update={**told, "comparisons": compared, "attachments": attachments})

    def _comparison(self, comparison: Comparison) -> Comparison:
        told = {name: self.json(getattr(comparison, name)) for name in ("what", "expected", "actual")}
        return comparison.model_copy(update=told)

    def _attachment(self, attachment: Attachment) -> Attachment:
        return attachment.model_copy(update={"content": self.json(attachment.content)})

    def json(self, value: Any) -> Any:
        """A JSON value without what is hidden."""
        if isinstance(value, dict):
            masked = {self.text(key): self.json(member) for key, member in value.items()}
            for path in self.paths:
                _mask(masked, path)
            return masked
        if isinstance(value, list):
            return [self.json(member) for member in value]
        return self.text(value) if isinstance(value, str) else value

    def said(self, value: Any) -> Any:
        """A JSON value whose keys are another format's: only its texts are looked at."""
        if isinstance(value, dict):
            return {key: self.said(member) for key, member in value.items()}
        if isinstance(value, list):
            return [self.said(member) for member in value]
        return self.text(value) if isinstance(value, str) else value

    def text(self, text: str) -> str:
        """A text without what is hidden."""
        return self._pattern.sub(HIDDEN, text) if self.texts else text

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        longest_first = sorted(self.texts, key=len, reverse=True)
        return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")


def _paths(prop: Property) -> Iterator[str]:
    yield from (prop.name, prop.source.path, prop.target.path)
    yield from (path for end in (prop.source, prop.target) if (path := end.at_creation))


def _shown(record: Record, names: list[str], paths: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """Every text that a record shows of the hidden properties."""
    words = "|".join(map(re.escape, names))
    said = re.compile(rf'\b(?:{words})\b(?:\s+(?!and\b|empty\b)[\w\']+){{0,3}}\s+"([^"]*)"')
    named = re.compile(rf"^(?:the )?(?:{words})\b")
    about = any(value in names for value in record.example.values())
    for column, value in record.example.items():
        if value not in names and (about or column in names):
            yield value
    for step in record.steps:
        yield from said.findall(step.text)
        for comparison in step.comparisons:
            for side in (comparison.expected, comparison.actual):
                yield from _leaves(side) if named.search(comparison.what) else _at(side, names, paths)
    for attachment in (*record.attachments, *(kept for step in record.steps for kept in step.attachments)):
        yield from _at(attachment.content, names, paths)


def _at(value: Any, names: list[str], paths: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """The texts at one of `paths`, in `value` or anywhere inside it, and in reports `{property, value}`."""
    if isinstance(value, dict):
        for path in paths:
            yield from _leaves(_dig(value, path))
        if value.get("property") in names:
            yield from _leaves(value.get("value"))
    for member in _members(value):
        yield from _at(member, names, paths)


def _members(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _dig(value: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for member in _members(value):
        yield from _leaves(member)


def _forms(text: str) -> Iterator[str]:
    """How a text stands in other texts: as it is, in a `repr` or in JSON; and the parts of `a: b, c: d`."""
    parts = re.findall(r"[\w ]+: ([^,]+)", text)
    for part in (text, *parts):
        if len(part.strip()) >= SHORTEST:
            yield from {part, repr(part)[1:-1], json.dumps(part)[1:-1]}


def _mask(value: Any, path: tuple[str, ...]) -> None:
    *way, last = path
    holder = _dig(value, tuple(way))
    if isinstance(holder, dict) and holder.get(last) not in (None, "", [], {}):
        holder[last] = HIDDEN

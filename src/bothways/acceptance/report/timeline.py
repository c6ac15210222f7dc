"""A scenario's timeline as a picture: two systems, the integration between them, and what went from where to where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup, escape

from bothways.acceptance.record import Record
from bothways.acceptance.report.shown import visible
from bothways.acceptance.report.words import counted

TIMELINE = "timeline"
"""The title of the attachment that is drawn."""

_COLUMN = 22
_LEFT = 104
_TOP, _MIDDLE, _BOTTOM = 30, 66, 102
_HEIGHT = 118

SYMBOLS = Markup(
    '<svg width="0" height="0" aria-hidden="true" focusable="false"><defs>'
    '<symbol id="t-edit" overflow="visible"><path class="edit" d="M0-7 7 0 0 7-7 0Z"/></symbol>'
    '<symbol id="t-read" overflow="visible"><circle class="read" r="3.5"/></symbol>'
    '<symbol id="t-down" overflow="visible"><path class="write" d="M0-32V-8M-5-13 0-4 5-13Z"/></symbol>'
    '<symbol id="t-up" overflow="visible"><path class="write" d="M0 32V8M-5 13 0 4 5 13Z"/></symbol>'
    '<symbol id="t-fault" overflow="visible"><path class="fault" d="M-6-6 6 6M6-6-6 6"/></symbol>'
    "</defs></svg>"
)
"""What pictures are drawn with, once for a page."""


@dataclass(frozen=True)
class Mark:
    """One thing on a lane. `count` reads of one system in a row are drawn as one."""

    kind: str
    system: str
    text: str
    fault: str = ""
    count: int = 1


@dataclass
class Span:
    """What happens between the beginnings of two cycles; number 0 is what comes before the first."""

    number: int
    marks: list[Mark] = field(default_factory=list)


@dataclass(frozen=True)
class Timeline:
    """A timeline as it is drawn: the labels of the two systems by key, and the spans."""

    lanes: dict[str, str]
    spans: list[Span]

    def marks(self, *kinds: str) -> list[Mark]:
        """All marks of these kinds."""
        return [mark for span in self.spans for mark in span.marks if mark.kind in kinds]

    @property
    def summary(self) -> str:
        """What a person who can't see the picture is told."""
        reads = sum(mark.count for mark in self.marks("read"))
        parts = (
            counted(len(self.marks("edit")), "edit"),
            counted(self.spans[-1].number, "cycle"),
            counted(reads, "read"),
            counted(len(self.marks("write")), "write"),
        )
        return f"Timeline: {', '.join(parts)}"

    @property
    def told(self) -> list[str]:
        """Edits, writes and faults, one line each."""
        return list(self._told())

    def _told(self) -> Iterator[str]:
        for span in self.spans:
            for mark in span.marks:
                if mark.kind != "read" or mark.fault:
                    when = f"cycle {span.number}" if span.number else "before the first cycle"
                    yield f"{self.lanes[mark.system]}, {when}: {mark.text}"

    def svg(self) -> Markup:
        """The picture, for a page that has `SYMBOLS`."""
        columns = sum(max(1, len(span.marks)) for span in self.spans)
        width = _LEFT + (columns + 1) * _COLUMN
        parts = [
            f'<svg class="timeline" role="img" width="{width}" height="{_HEIGHT}" '
            f'viewBox="0 0 {width} {_HEIGHT}" aria-label="{escape(self.summary)}">',
            *self._bands(),
            f'<path class="lane" d="M{_LEFT - 12} {_TOP}H{width}M{_LEFT - 12} {_BOTTOM}H{width}"/>'
            f'<path class="lane own" d="M{_LEFT - 12} {_MIDDLE}H{width}"/>',
            *self._labels(),
            *self._drawn(),
            "</svg>",
        ]
        return Markup("").join(map(Markup, parts))

    def _labels(self) -> Iterator[str]:
        top, bottom = self.lanes.values()
        for label, y in ((top, _TOP), ("integration", _MIDDLE), (bottom, _BOTTOM)):
            yield f'<text x="0" y="{y + 4}">{escape(_cut(visible(label)))}</text>'

    def _bands(self) -> Iterator[str]:
        x = _LEFT
        for span in self.spans:
            width = max(1, len(span.marks)) * _COLUMN
            if span.number:
                yield f'<rect class="band" x="{x - 9}" y="2" width="{width - 3}" height="{_HEIGHT - 4}" rx="3"/>'
                yield f'<text class="cycle" x="{x - 5}" y="14">{span.number}</text>'
            x += width

    def _drawn(self) -> Iterator[str]:
        x = _LEFT
        top = next(iter(self.lanes))
        for span in self.spans:
            for place, mark in enumerate(span.marks):
                yield _drawn(mark, x + place * _COLUMN, upper=mark.system == top)
            x += max(1, len(span.marks)) * _COLUMN


def _drawn(mark: Mark, x: int, *, upper: bool) -> str:
    y = _TOP if upper else _BOTTOM
    symbol = {"edit": "edit", "read": "read", "write": "up" if upper else "down"}[mark.kind]
    use = f'<use href="#t-{symbol}" x="{x}" y="{y}"/>'
    if mark.fault:
        use += f'<use href="#t-fault" x="{x}" y="{y}"/>'
    if mark.kind == "read" and not mark.fault:
        return use
    return f"<g><title>{escape(mark.text)}</title>{use}</g>"


def of(record: Record) -> Timeline | None:
    """A record's timeline, None where it has none that can be read."""
    for attachment in record.attachments:
        content = attachment.content
        if attachment.title == TIMELINE and isinstance(content, dict):
            return _read(content)
    return None


def _read(content: dict[str, Any]) -> Timeline | None:
    lanes = content.get("lanes", {})
    if len(lanes) != 2:
        return None
    spans = [Span(0)]
    for told in content.get("marks", []):
        if told["kind"] == "cycle":
            spans.append(Span(spans[-1].number + 1))
        elif told["system"] in lanes:
            _add(spans[-1].marks, _mark(told))
    return Timeline(lanes, spans if spans[0].marks or len(spans) == 1 else spans[1:])


def _mark(told: dict[str, Any]) -> Mark:
    if told["kind"] == "edit":
        return Mark("edit", told["system"], visible(told["text"]))
    outcome = "no answer" if told["status"] is None else str(told["status"])
    if told["fault"]:
        outcome += f", {told['fault'].replace('_', ' ')}"
        outcome += ", carried out" if told["committed"] else ", not carried out"
    text = visible(f"{told['text']}: {outcome}")
    return Mark(told["kind"], told["system"], text, told["fault"] or "")


def _add(marks: list[Mark], mark: Mark) -> None:
    """Reads of one system in a row are one mark."""
    last = marks[-1] if marks else None
    if (
        last
        and last.kind == mark.kind == "read"
        and last.system == mark.system
        and not (last.fault or mark.fault)
    ):
        marks[-1] = Mark("read", mark.system, "", count=last.count + 1)
    else:
        marks.append(mark)


def _cut(label: str, longest: int = 13) -> str:
    return label if len(label) <= longest else f"{label[: longest - 1]}…"


def last_write(record: Record) -> str:
    """The write that may have done what a check didn't like: the last that carries what was seen, else the last."""
    for attachment in record.attachments:
        content = attachment.content
        if attachment.title == TIMELINE and isinstance(content, dict):
            marks: Any = content.get("marks", [])
            writes = [mark for mark in marks if mark["kind"] == "write"]
            carrying = [mark for mark in writes if _carries(mark.get("body"), record.seen)]
            chosen = (carrying or writes or [None])[-1]
            if chosen is not None:
                label: Any = content["lanes"]
                return visible(f"{label[chosen['system']]}: request {chosen['number']}, {_mark(chosen).text}")
    return ""


def _carries(body: Any, seen: Any) -> bool:
    if isinstance(body, dict):
        return any(_carries(member, seen) for member in body.values())
    if isinstance(body, list):
        return any(_carries(member, seen) for member in body)
    return seen not in (None, "") and bool(body == seen)

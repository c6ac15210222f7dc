"""The page itself: what a run came to, poured into the templates."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, Protocol

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from bothways.acceptance.conclude import Conclusion
from bothways.acceptance.record import Kind, Record
from bothways.acceptance.report import cover, power, timeline, words
from bothways.acceptance.report.shown import one_line, value, visible
from bothways.acceptance.result import Result
from bothways.acceptance.verdict import Judgement, Verdict

TIMELINES = 400
"""So many timelines of scenarios that passed are drawn; all of those that didn't."""
LONGEST = 20_000
"""An attachment is cut after so many characters."""
_BEGIN, _END = Markup("<!-- signatures -->"), Markup("<!-- end of signatures -->")


@dataclass(frozen=True)
class Section:
    """A section of the checklist with its judged lines."""

    number: int
    heading: str
    judgements: list[Judgement]


@dataclass(frozen=True)
class Shown:
    """An attachment as it is shown: as `lines`, or as `text`."""

    title: str
    lines: list[str]
    text: str


def to_html(conclusion: Conclusion, baseline: Result | None = None) -> str:
    """The report of a run, in one file; compared with `baseline` if there is one."""
    result, records = conclusion.result, conclusion.run.records
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            result=result,
            run=result.run,
            engine=conclusion.run.order.engine.label,
            generated=conclusion.project.checklist.generated,
            cover=cover.cover_of(conclusion, baseline),
            power=power.of(result),
            verdict_words=words.RUN_VERDICTS[result.verdict],
            verdict_sign=words.RUN_SIGNS[result.verdict],
            fingerprint=hashlib.sha256(result.to_json().encode()).hexdigest(),
            judgements=conclusion.judgements,
            sections=_sections(conclusion),
            features=[(feature, list(part)) for feature, part in groupby(_ordered(records), key=_feature)],
            anchors={record.id: f"e{number}" for number, record in enumerate(records, start=1)},
            numbers={record.id: f"E{number}" for number, record in enumerate(records, start=1)},
            names={record.id: record.name for record in records},
            timelines=_timelines(records),
            symbols=timeline.SYMBOLS,
            signatures=_BEGIN + _signatures([]) + _END,
        )
    )


class Signature(Protocol):
    """A signature as the table shows it; `signed_at` is ISO."""

    @property
    def name(self) -> str: ...
    @property
    def meaning(self) -> str: ...
    @property
    def signed_at(self) -> str: ...
    @property
    def keyid(self) -> str: ...


def signed(report: str, by: Sequence[Signature]) -> str:
    """A report with these signatures, and a line for each meaning that nobody has signed with yet."""
    before, rest = report.split(_BEGIN, 1)
    after = rest.split(_END, 1)[1]
    return f"{before}{_BEGIN}{_signatures(by)}{_END}{after}"


def unsigned(report: str) -> str:
    """A report as it was before anybody signed it: what is signed. Any text may be given."""
    return signed(report, []) if _BEGIN in report and _END in report.split(_BEGIN, 1)[1] else report


def _signatures(by: Sequence[Signature]) -> Markup:
    return Markup(_environment().get_template("signatures.html.j2").render(signatures=by))  # noqa: S704 - escaped


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("bothways.acceptance.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    environment.filters.update(
        attachments=_attachments,
        counted=words.counted,
        day=cover.day,
        moment=cover.moment,
        one_line=one_line,
        value=value,
    )
    environment.globals.update(words=words.VERDICTS, signs=words.SIGNS, rules=words.RULES)
    return environment


def _shown(content: Any) -> Any:
    """What every expression of a template passes through."""
    return visible(content) if isinstance(content, str) and not isinstance(content, Markup) else content


def _sections(conclusion: Conclusion) -> list[Section]:
    headings = {section.number: section.heading for section in conclusion.project.checklist.sections}
    parts = groupby(conclusion.judgements, key=lambda judgement: judgement.item.section)
    return [Section(number, headings[number], list(part)) for number, part in parts]


def _ordered(records: Sequence[Record]) -> list[Record]:
    return sorted(records, key=lambda record: (record.kind is not Kind.SCENARIO, record.file, record.line))


def _feature(record: Record) -> str:
    return record.feature or "Property tests"


def _timelines(records: Sequence[Record]) -> dict[str, timeline.Timeline | None]:
    """Of each record, its timeline, if it is to be drawn."""
    passed = [record.id for record in records if record.verdict is Verdict.PASS]
    left_out = set(passed[TIMELINES:])
    return {record.id: None if record.id in left_out else timeline.of(record) for record in records}


def _attachments(record: Record) -> list[Shown]:
    """What is kept beside a record, the timeline excepted."""
    kept = [*record.attachments, *(part for step in record.steps for part in step.attachments)]
    return [_attachment(part.title, part.content) for part in kept if part.title != timeline.TIMELINE]


def _attachment(title: str, content: Any) -> Shown:
    if isinstance(content, list) and all(isinstance(line, str) for line in content):
        return Shown(title, content, "")
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False, indent=1)
    return Shown(title, [], text[:LONGEST])


def write(conclusion: Conclusion, path: Path, baseline: Result | None = None) -> None:
    """Write the report."""
    path.write_text(to_html(conclusion, baseline), encoding="utf-8", errors="replace")

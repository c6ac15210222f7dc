"""A run in Markdown, for a pull request or a job's summary."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bothways.acceptance.conclude import Conclusion
from bothways.acceptance.items import limitations_of
from bothways.acceptance.report import words
from bothways.acceptance.report.cover import cover_of
from bothways.acceptance.report.shown import one_line, visible
from bothways.acceptance.result import Result
from bothways.acceptance.verdict import Verdict

_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+!|~@&:])")


def to_markdown(conclusion: Conclusion, baseline: Result | None = None) -> str:
    """The verdict, the counts, and what a reviewer must know."""
    return "\n".join(_lines(conclusion, baseline)) + "\n"


def _lines(conclusion: Conclusion, baseline: Result | None) -> Iterator[str]:
    cover, result = cover_of(conclusion, baseline), conclusion.result
    sign = words.RUN_SIGNS[result.verdict]
    yield f"## {sign} {words.RUN_VERDICTS[result.verdict]}: {text(cover.dataflow)}"
    yield f"\n{text(cover.sentence)}\n"
    yield "| " + " | ".join(words.VERDICTS[count.verdict] for count in cover.counts) + " |"
    yield "| " + " | ".join("---:" for _ in cover.counts) + " |"
    yield "| " + " | ".join(str(count.number) for count in cover.counts) + " |"
    engine = text(conclusion.run.order.engine.label)
    yield f"\n{engine}, between simulated systems, seed {result.run.seed}\n"
    for open_failure in cover.failures:
        failure = open_failure.failure
        yield f"- **Failed** {', '.join(open_failure.items)} {text(failure.name)}: {text(failure.message)}  "
        yield f"  Repeat: {code(failure.command)}"
    for judgement in conclusion.judgements:
        if judgement.verdict is Verdict.UNPROVEN:
            yield f"- **Not verified** {judgement.item.id} {text(judgement.item.text)}: {text(judgement.reason)}"
        if judgement.waiver:
            waiver = judgement.waiver
            yield (
                f"- **Excepted** {judgement.item.id} until {waiver.expires} by {text(waiver.approver)}: "
                f"{text(waiver.reason)}"
            )
    for finding in result.findings:
        if finding.code.startswith("waiver-"):
            yield f"- **Finding** {text(finding.message)}"
    if cover.changes and cover.changes.any:
        broke, mended = (
            ", ".join(item.id for item in part) for part in (cover.changes.broke, cover.changes.mended)
        )
        yield f"\nSince {cover.changes.since}: broken {broke or 'none'}; mended {mended or 'none'}"
    limitations = limitations_of(conclusion.project.mapping)
    if limitations:
        yield f"\n<details><summary>{words.counted(len(limitations), 'known limitation')}</summary>\n"
        for limitation in limitations:
            yield f"- {text(limitation.consequence)}"
        yield "\n</details>"


def text(raw: str) -> str:
    """`raw` on one line, as Markdown that shows it and means nothing: no markup, no link, no mention."""
    return _SPECIAL.sub(r"\\\1", one_line(visible(raw)))


def code(raw: str) -> str:
    """`raw` as code on one line."""
    shown = one_line(visible(raw))
    fence = "`" * (max(map(len, re.findall("`+", shown)), default=0) + 1)
    return f"{fence} {shown} {fence}" if "`" in shown else f"{fence}{shown}{fence}"

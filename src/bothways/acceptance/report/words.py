"""The words that readers of a report see for verdicts, rules and numbers."""

from __future__ import annotations

from collections.abc import Sequence

from bothways.acceptance.verdict import RunVerdict, Verdict

VERDICTS = {
    Verdict.PASS: "Verified",
    Verdict.FAIL: "Failed",
    Verdict.FLAKY: "Unstable",
    Verdict.UNPROVEN: "Not verified",
    Verdict.WAIVED: "Excepted",
    Verdict.NOT_ASKED: "Not asked",
}
SIGNS = {
    Verdict.PASS: "✓",
    Verdict.FAIL: "✕",
    Verdict.FLAKY: "≈",
    Verdict.UNPROVEN: "?",
    Verdict.WAIVED: "!",
    Verdict.NOT_ASKED: "–",
}
RUN_VERDICTS = {
    RunVerdict.ACCEPTED: "Accepted",
    RunVerdict.ACCEPTED_WITH_EXCEPTIONS: "Accepted with exceptions",
    RunVerdict.REJECTED: "Rejected",
    RunVerdict.INCOMPLETE: "Incomplete",
}
RUN_SIGNS = {
    RunVerdict.ACCEPTED: "✓",
    RunVerdict.ACCEPTED_WITH_EXCEPTIONS: "!",
    RunVerdict.REJECTED: "✕",
    RunVerdict.INCOMPLETE: "?",
}
RULES = {
    "S01": "Creation runs one way",
    "S02": "Merge before create",
    "S03": "Created means linked",
    "S04": "At most one",
    "S05": "The same thing twice",
    "S06": "Conditions",
    "S07": "Edits cross both ways",
    "S08": "The latest edit wins, per property",
    "S09": "Ties",
    "S10": "When it was edited",
    "S11": "Empty at merge, empty after",
    "S12": "Only what is listed is changed",
    "S13": "What can't cross is reported",
    "S14": "Counters add up",
    "S15": "Round trip",
    "S16": "The target's rewrites are no edits",
    "S17": "Quiet without edits",
    "S18": "Updates are counted",
    "S19": "Nothing is deleted",
    "S20": "No lost update",
    "S21": "Bulk-change limit",
    "S22": "Toggles",
    "S23": "Rate limits are waited out",
    "S24": "Unknown outcomes end in one",
    "S25": "One bad record stops only itself",
    "S26": "Crash anywhere",
    "S27": "Incremental reading misses nothing",
    "S28": "Notifications only say look",
    "S29": "Two at once",
    "S30": "Every value is explained",
    "S31": "Secrets stay secret",
    "S32": "Lost or older state",
}


def counted(number: int, noun: str, plural: str = "") -> str:
    """`1 cycle`, `2 cycles`."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def listed(parts: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last

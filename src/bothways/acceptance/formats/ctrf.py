"""A run as CTRF, the common test report format: one test for each item of the checklist."""

from __future__ import annotations

import json
from typing import Any

from bothways.acceptance.conclude import Conclusion
from bothways.acceptance.verdict import Judgement, Verdict

SPECIFICATION = "0.0.0"
_STATUSES = {
    Verdict.PASS: "passed",
    Verdict.FAIL: "failed",
    Verdict.FLAKY: "failed",
    Verdict.UNPROVEN: "failed",
    Verdict.WAIVED: "skipped",
}
"""An UNPROVEN item is failed: what wasn't verified must not look as if it could be passed over."""


def to_json(conclusion: Conclusion) -> str:
    """The report; each test says its verdict in our word as `rawStatus`."""
    headings = {section.number: section.heading for section in conclusion.project.checklist.sections}
    tests = [_test(judgement, headings) for judgement in conclusion.judgements]
    statuses = [test["status"] for test in tests]
    start = int(conclusion.run.started.timestamp() * 1000)
    report = {
        "reportFormat": "CTRF",
        "specVersion": SPECIFICATION,
        "results": {
            "tool": {"name": "bothways", "version": conclusion.result.run.versions["bothways"]},
            "summary": {
                "tests": len(tests),
                **{
                    status: statuses.count(status)
                    for status in ("passed", "failed", "pending", "skipped", "other")
                },
                "start": start,
                "stop": start + int(conclusion.run.seconds * 1000),
            },
            "tests": tests,
        },
    }
    return json.dumps(report, ensure_ascii=False, indent=1) + "\n"


def _test(judgement: Judgement, headings: dict[int, str]) -> dict[str, Any]:
    item, waiver = judgement.item, judgement.waiver
    told: dict[str, Any] = {
        "name": f"{item.id} {' '.join(item.text.split())}",
        "status": _STATUSES[judgement.verdict],
        "duration": int(sum(record.seconds for record in judgement.evidence) * 1000),
        "rawStatus": str(judgement.verdict),
        "suite": [f"{item.section} {' '.join(headings[item.section].split())}"],
        "extra": {"item": item.id, "key": item.key, "basis": str(item.basis)},
    }
    if judgement.verdict is Verdict.FLAKY:
        told["flaky"] = True
    if waiver:
        told["message"] = f"accepted until {waiver.expires} by {waiver.approver}: {waiver.reason}"
    elif judgement.reason:
        told["message"] = judgement.reason
    return told

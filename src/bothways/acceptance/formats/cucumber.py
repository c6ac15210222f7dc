"""A run as Cucumber JSON, as test-management tools import it, with their own ids from `ids.yaml`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any

from pydantic import RootModel, StringConstraints

from bothways.acceptance import strict_yaml
from bothways.acceptance.conclude import Conclusion
from bothways.acceptance.record import Record, Status, StepRecord
from bothways.acceptance.verdict import Verdict

IDS = Path("ids.yaml")
Tag = Annotated[str, StringConstraints(pattern=r"^@\S+$")]


class _File(RootModel[dict[Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{12}$")], Tag | list[Tag]]]):
    """An item's key, and what other tools know it by: `@PROJ-123`, `@TestCaseKey=PROJ-T1`, or several."""


def ids(root: Path) -> dict[str, list[str]]:
    """The tags for each item's key in the project's `ids.yaml`, which need not exist. Raises `InputError`."""
    if not (root / IDS).exists():
        return {}
    file, _ = strict_yaml.read(root / IDS, _File)
    return {key: [tags] if isinstance(tags, str) else tags for key, tags in file.root.items()}


def to_json(conclusion: Conclusion) -> str:
    """Every scenario with its steps, outlines expanded, tags kept; property tests as features of one step.

    What isn't proof is not green: where no step says so, one more does.
    """
    known = ids(conclusion.project.root)
    tags: dict[str, list[str]] = {}
    for judgement in conclusion.judgements:
        for record in judgement.evidence:
            tags.setdefault(record.id, []).extend(known.get(judgement.item.key, []))
    records = sorted(conclusion.run.records, key=lambda record: (record.file, record.line))
    features = [_feature(list(part), tags) for _, part in groupby(records, key=lambda record: record.file)]
    return json.dumps(features, ensure_ascii=False, indent=1) + "\n"


def _feature(records: list[Record], tags: dict[str, list[str]]) -> dict[str, Any]:
    first = records[0]
    name = first.feature or first.file
    return {
        "uri": first.file,
        "id": _slug(name),
        "keyword": "Feature",
        "name": name,
        "line": 1,
        "description": "",
        "tags": [],
        "elements": [_element(record, tags.get(record.id, []), _slug(name)) for record in records],
    }


def _element(record: Record, tags: list[str], feature: str) -> dict[str, Any]:
    every = dict.fromkeys([*(f"@{tag}" for tag in sorted(record.tags)), *tags])
    return {
        "id": f"{feature};{_slug(record.name)};{record.line}",
        "keyword": "Scenario",
        "type": "scenario",
        "name": record.name,
        "line": record.line,
        "description": "",
        "tags": [{"name": tag, "line": record.line} for tag in every],
        "steps": list(_steps(record)),
    }


def _steps(record: Record) -> Iterator[dict[str, Any]]:
    green = True
    for step in record.steps:
        green = green and step.status is Status.PASSED
        yield _step(record.file, step)
    if not record.steps or (green and record.verdict is not Verdict.PASS):
        yield {
            "keyword": "* ",
            "name": record.reason or record.name,
            "line": record.line,
            "match": {"location": record.id},
            "result": _result(record),
        }


def _step(file: str, step: StepRecord) -> dict[str, Any]:
    result: dict[str, Any] = {"status": str(step.status), "duration": int(step.seconds * 1_000_000_000)}
    if step.error:
        result["error_message"] = step.error
    told: dict[str, Any] = {
        "keyword": f"{step.keyword} ",
        "name": step.text,
        "line": step.line,
        "match": {"location": f"{file}:{step.line}"},
        "result": result,
    }
    if step.table:
        told["rows"] = [{"cells": row} for row in step.table]
    if step.docstring is not None:
        told["doc_string"] = {"value": step.docstring, "content_type": "", "line": step.line}
    return told


def _result(record: Record) -> dict[str, Any]:
    status = {
        Verdict.PASS: "passed",
        Verdict.FAIL: "failed",
        Verdict.FLAKY: "failed",
        Verdict.NOT_ASKED: "skipped",
    }.get(record.verdict, "undefined")
    told: dict[str, Any] = {"status": status, "duration": int(record.seconds * 1_000_000_000)}
    if status == "failed":
        told["error_message"] = record.reason
    return told


def _slug(text: str) -> str:
    return re.sub(r"\W+", "-", text.lower()).strip("-")

"""Writing a scaffold beside what people have made of an earlier one: nothing that a person changed is overwritten."""

from __future__ import annotations

import difflib
import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path

from bothways.checklist.model import Checklist
from bothways.checklist.scaffold.consequences import Consequences
from bothways.checklist.scaffold.draft import Draft
from bothways.checklist.scaffold.feature_text import feature_text, file_name
from bothways.checklist.scaffold.mapping_text import mapping_text
from bothways.checklist.scaffold.naming import slug
from bothways.errors import InputError

RECORD = "scaffold.json"
"""Beside the features: the digests of what was written, by which a person's edits are known."""


@dataclass
class Outcome:
    """What became of each file, by its path from the project's root.

    `differing` maps files that a person changed, and of which the checklist now asks for something else, to the
    difference.
    """

    written: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    differing: dict[str, str] = field(default_factory=dict)


def name_of(checklist: Path) -> str:
    """The name that the files of a checklist share: `a_b` for `a-b.rst`."""
    return slug(checklist.stem)[:100] or "checklist"


def texts(checklist: Checklist, checklist_path: str, name: str) -> dict[str, str]:
    """The files of a scaffold and their texts, by path from the project's root."""
    draft = Draft(checklist)
    files = {f"mappings/{name}.yaml": mapping_text(draft, checklist_path)}
    consequences = Consequences(draft.flows)
    for flow in draft.flows:
        if flow.section.statements:
            files[f"features/{name}/{file_name(flow)}"] = feature_text(draft, flow, consequences)
    if len(files) == 1:
        return files  # pytest-bdd refuses to bind a folder without scenarios
    files[f"features/{name}/test_{name}.py"] = (
        '"""Binds the features of this folder."""\n\n'
        f'from pytest_bdd import scenarios\n\nscenarios("{name}")\n'
    )
    return files


def scaffold(checklist: Checklist, checklist_path: str, name: str, root: Path) -> Outcome:
    """Write what the checklist asks for under `root`. Raises `InputError` for a folder that can't be written."""
    record = root / "features" / name / RECORD
    try:
        known: dict[str, str] = json.loads(record.read_text(encoding="utf-8")) if record.exists() else {}
        outcome = Outcome()
        for path, text in texts(checklist, checklist_path, name).items():
            _place(root / path, path, text, known, outcome)
        record.parent.mkdir(parents=True, exist_ok=True)
        record.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not the record of a scaffold"
        raise InputError(record, None, f"can't scaffold here: {reason}") from None
    return outcome


def _place(file: Path, path: str, text: str, known: dict[str, str], outcome: Outcome) -> None:
    present = file.read_text(encoding="utf-8") if file.exists() else None
    ours = present is None or _digest(present) == known.get(path)
    if present == text:
        outcome.kept.append(path)
    elif ours:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        outcome.written.append(path)
    elif known.get(path) == _digest(text):
        outcome.kept.append(path)  # a person changed it, and the checklist asks for nothing new
        return
    else:
        yours, wanted = (present or "").splitlines(keepends=True), text.splitlines(keepends=True)
        outcome.differing[path] = "".join(
            difflib.unified_diff(yours, wanted, f"{path} (yours)", f"{path} (wanted)")
        )
        return
    known[path] = _digest(text)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()

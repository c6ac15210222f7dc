"""A waiver excepts what it names, until it ends; one without effect is a finding."""

from __future__ import annotations

from pathlib import Path

import pytest

from bothways.acceptance.project import Project
from bothways.acceptance.verdict import RunVerdict, Verdict
from bothways.acceptance.waivers import NO_WAIVERS, Waivers, read, waivers_of
from bothways.errors import InputError
from tests.acceptance.recorded import concluded, failed, passed, turned

NAME = Path("waivers.yaml")


def written(library: Project, *entries: str) -> Waivers:
    text = "waivers:\n" + "".join(f"- {{reason: Known, approver: Ada, {entry}}}\n" for entry in entries)
    (library.root / NAME).write_text(text, encoding="utf-8")
    return read(NAME, library.root)


def key(library: Project, id: str) -> str:
    return next(item.key for item in library.items if item.id == id)


def test_a_waiver_excepts_a_failure_and_both_verdicts_are_kept(library: Project) -> None:
    waivers = written(library, f"item: {key(library, '1.1')}, expires: 2026-03-01, ticket: T-1")
    result = concluded(library, turned(passed(library), "1.1", failed), waivers).result
    item = next(item for item in result.items if item.id == "1.1")
    assert result.verdict is RunVerdict.ACCEPTED_WITH_EXCEPTIONS
    assert item.verdict is Verdict.WAIVED
    assert item.waiver is not None
    assert (item.waiver.unwaived, item.waiver.ticket) == (Verdict.FAIL, "T-1")
    assert not [finding for finding in result.findings if finding.code.startswith("waiver")]
    assert NAME.as_posix() in {part.path for part in result.inputs}


@pytest.mark.parametrize(
    ("id", "expires", "code"),
    [
        ("1.1", "2026-02-28", "waiver-expired"),
        ("1.2", "2027-01-01", "waiver-unused"),
        (None, "2027-01-01", "waiver-misfit"),
    ],
)
def test_a_waiver_without_effect_is_a_finding(
    library: Project, id: str | None, expires: str, code: str
) -> None:
    waivers = written(library, f"item: {key(library, id) if id else 'f' * 12}, expires: {expires}")
    result = concluded(library, turned(passed(library), "1.1", failed), waivers).result
    found = [(finding.code, finding.file, finding.line) for finding in result.findings]
    assert (code, "waivers.yaml", 2) in found
    assert result.verdict is RunVerdict.REJECTED


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("waivers:\n- }\n", 2, "broken YAML"),
        ("waivers:\n- {item: '1.1', reason: a, approver: b, expires: 2026-01-01}\n", 2, "waivers.0.item"),
        (
            "waivers:\n- item: aaaaaaaaaaaa\n  reason: ' '\n  approver: b\n  expires: 2026-01-01\n",
            3,
            "reason",
        ),
        ("waivers:\n- {item: aaaaaaaaaaaa, reason: a, approver: b}\n", 2, "expires"),
        ("waivers: []\nmore: 1\n", 2, "more"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, text: str, line: int, message: str) -> None:
    (tmp_path / NAME).write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message) as caught:
        read(NAME, tmp_path)
    assert caught.value.line == line


def test_one_item_is_waived_once(library: Project) -> None:
    entry = f"item: {key(library, '1.1')}, expires: 2027-01-01"
    with pytest.raises(InputError, match="waived twice, first on line 2") as caught:
        written(library, entry, entry)
    assert caught.value.line == 3


def test_a_project_need_not_have_waivers_but_must_have_those_it_names(tmp_path: Path) -> None:
    assert waivers_of(None, tmp_path) is NO_WAIVERS
    with pytest.raises(InputError, match="can't be read"):
        waivers_of(Path("other.yaml"), tmp_path)


def test_an_empty_file_waives_nothing(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text("", encoding="utf-8")
    assert waivers_of(None, tmp_path).waivers == ()

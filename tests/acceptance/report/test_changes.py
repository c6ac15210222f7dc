"""Two runs are compared by what their lines are, not by their numbers."""

from __future__ import annotations

from pathlib import Path

from bothways.acceptance.project import Project
from bothways.acceptance.report.changes import compare
from bothways.acceptance.report.page import to_html
from bothways.acceptance.result import ItemPart
from tests.acceptance.recorded import concluded, failed, passed, read, turned
from tests.acceptance.suite import CHECKLIST, Suite


def ids(items: list[ItemPart]) -> list[str]:
    return [item.id for item in items]


def test_what_broke_and_what_was_mended(library: Project) -> None:
    sound = concluded(library).result
    first_broken = concluded(library, turned(passed(library), "1.1", failed)).result
    both_broken = concluded(
        library, turned(turned(passed(library), "1.1", failed), "limitation-badge", failed)
    ).result
    broke = compare(first_broken, both_broken)
    assert (ids(broke.broke), broke.mended) == (["2.2", "2.3", "2.3.2"], [])
    assert [failure.item for failure in broke.new_failures] == ["2.2", "2.3.2"]
    mended = compare(both_broken, sound)
    assert (mended.broke, ids(mended.mended)) == ([], ["1.1", "2.2", "2.3", "2.3.2"])
    assert not compare(sound, sound).any


def test_a_line_whose_text_changed_is_gone_and_new(suite: Suite) -> None:
    before = concluded(read(suite.folder)).result
    suite.replace(
        CHECKLIST, "Every Library Book will be synchronized", "Every Library Book   will be synchronized"
    )
    assert not compare(before, concluded(read(suite.folder)).result).any
    suite.replace(CHECKLIST, "   * - shelf\n     - place", "   * - shelf\n     - position")
    changes = compare(before, concluded(read(suite.folder)).result)
    assert (ids(changes.removed), ids(changes.added)) == (["1.3.2"], ["1.3.2"])


def test_a_renumbered_line_is_the_same_line(library: Project) -> None:
    before = concluded(library).result
    moved = [item.model_copy(update={"id": f"9{item.id}"}) for item in before.items]
    changes = compare(before, before.model_copy(update={"items": moved}))
    assert [(old, item.id) for old, item in changes.moved][:2] == [("1.1", "91.1"), ("1.2", "91.2")]
    assert (changes.added, changes.removed, changes.broke) == ([], [], [])


def test_the_report_tells_it(library: Project) -> None:
    before = concluded(library).result
    after = concluded(library, turned(passed(library), "1.1", failed))
    assert "<strong>Broken:</strong> 1.1 Every Library Book" in to_html(after, before)
    assert "Nothing has changed since 1 March 2026, 12:00 UTC." in to_html(concluded(library), before)


def test_run_takes_a_baseline_and_refuses_what_is_none(suite: Suite) -> None:
    first = suite.run("--out", "before", "--only", "1.1")
    assert first.code == 2, first.err
    assert suite.run("--only", "1.1", "--baseline", "before/result.json").code == 2
    report = (suite.folder / "out/index.html").read_text(encoding="utf-8")
    assert "Nothing has changed since" in report
    refused = suite.run("--only", "1.1", "--baseline", str(Path("mappings/library_kiosk.yaml")))
    assert (refused.code, "not a result of a run" in refused.err) == (3, True)

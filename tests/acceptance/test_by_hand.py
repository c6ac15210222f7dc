"""What testers saw by hand, as evidence."""

from __future__ import annotations

import pytest

from bothways.acceptance.project import Project
from tests.acceptance.suite import Suite

ENTRY = """\
evidence:
  - item: {key}
    done: Looked a new book up at the kiosk
    tester: Ada Lovelace
    date: 2026-11-20
    verdict: {verdict}
    attachment: {attachment}
"""


STRANGER = "feedfeedfeed"


def key(library: Project, id: str) -> str:
    return next(item.key for item in library.items if item.id == id)


def told(key: str, verdict: str = "PASS", attachment: str = '""') -> str:
    return ENTRY.format(key=key, verdict=verdict, attachment=attachment)


def test_it_is_evidence_of_its_item_and_shown_as_such(suite: Suite, library: Project) -> None:
    suite.write("evidence/kiosk.png", "a picture")
    suite.write("evidence/manual.yaml", told(key(library, "1.1"), attachment="evidence/kiosk.png"))
    ended = suite.run()
    [piece] = [piece for piece in ended.item("1.1")["evidence"] if piece["kind"] == "manual"]
    assert (piece["verdict"], piece["location"]) == ("PASS", "evidence/manual.yaml:2")
    assert piece["name"].endswith("(seen by hand by Ada Lovelace on 2026-11-20)")
    assert "1 more proofs are what testers saw by hand" in ended.out
    report = (suite.folder / "out/index.html").read_text(encoding="utf-8")
    assert "Seen by hand" in report
    assert "evidence/kiosk.png" in report
    read = [one["path"] for one in ended.result["inputs"]]
    assert {"evidence/manual.yaml", "evidence/kiosk.png"} <= set(read)


def test_a_failure_seen_by_hand_rejects(suite: Suite, library: Project) -> None:
    suite.write("evidence/manual.yaml", told(key(library, "1.1"), "FAIL"))
    ended = suite.run()
    assert (ended.code, ended.result["verdict"], ended.item("1.1")["verdict"]) == (1, "REJECTED", "FAIL")
    [failure] = ended.result["failures"]
    assert failure["message"] == "it failed, seen by hand by Ada Lovelace on 2026-11-20"
    assert failure["command"] == "by hand, as evidence/manual.yaml:2 says"


def test_what_fits_no_line_is_a_finding_and_proves_nothing(suite: Suite) -> None:
    suite.write("evidence/manual.yaml", told(STRANGER))
    ended = suite.run()
    [finding] = [one for one in ended.result["findings"] if one["code"] == "manual-misfit"]
    assert (finding["file"], finding["line"]) == ("evidence/manual.yaml", 2)
    assert not any(piece["kind"] == "manual" for item in ended.result["items"] for piece in item["evidence"])


@pytest.mark.parametrize(
    ("text", "place", "why"),
    [
        (told(STRANGER, attachment="gone.png"), ":2", "there is no file gone.png"),
        (told(STRANGER, "UNPROVEN"), ":6", "evidence.0.verdict"),
        (told("no key"), ":2", "evidence.0.item"),
        ("evidence: 3\n", ":1", "evidence"),
    ],
)
def test_a_file_that_isnt_one_is_refused_before_anything_runs(
    suite: Suite, text: str, place: str, why: str
) -> None:
    suite.write("evidence/manual.yaml", text)
    ended = suite.run()
    assert ended.code == 3
    assert f"evidence/manual.yaml{place}: " in ended.err
    assert why in ended.err
    assert not (suite.folder / "out").exists()

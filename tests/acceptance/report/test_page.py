"""The report says what it must, in the order in which it is asked, and shows hostile text as text."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bothways.acceptance.project import Project
from bothways.acceptance.record import Attachment, Kind, Record
from bothways.acceptance.report.page import to_html
from bothways.acceptance.verdict import RunVerdict, Verdict
from bothways.acceptance.waivers import read as read_waivers
from tests.acceptance.recorded import concluded, failed, passed, read, turned, unproven
from tests.acceptance.suite import CHECKLIST, MAPPING, Suite

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\x1b[31m&amp;\u202egnp"
ELEMENTS = {"script", "img", "iframe", "object", "link", "form"}


class Page(HTMLParser):
    """What a browser would make of a page, as far as these tests care."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.headings: list[str] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self._open.append(tag)
        told = dict(attrs)
        self.ids += [value for name, value in attrs if name == "id" and value]
        if tag in ("a", "use"):
            self.targets.append(told["href"] or "")
        if tag == "h2":
            self.headings.append("")

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "style" not in self._open:
            self.text += data
        if "h2" in self._open:
            self.headings[-1] += data


def test_the_first_page_answers_in_the_order_of_the_questions(library: Project) -> None:
    page = Page(to_html(concluded(library)))
    assert page.headings[:12] == [
        "What was tested",
        "Requirements",
        "What users can rely on",
        "What will not work",
        "Assumed: please confirm",
        "Open failures",
        "Exceptions",
        "What was not tested",
        "Would the tests notice?",
        "Since the last run",
        "Signatures",
        "The checklist, line by line",
    ]


@pytest.mark.parametrize(
    ("change", "verdict", "word"),
    [
        (None, RunVerdict.ACCEPTED, "All 10 requirements of the checklist were verified."),
        (failed, RunVerdict.REJECTED, "Of 10 requirements, 1 failed"),
        (unproven, RunVerdict.INCOMPLETE, "Of 10 requirements, 1 were not verified"),
    ],
)
def test_it_opens_with_the_verdict(library: Project, change, verdict: RunVerdict, word: str) -> None:  # type: ignore[no-untyped-def]  # one of the changes above, or none
    records = turned(passed(library), "1.1", change) if change else passed(library)
    conclusion = concluded(library, records)
    text = Page(to_html(conclusion)).text
    assert conclusion.result.verdict is verdict
    assert word in text
    assert text.index(word) < text.index("What was tested")


def test_every_line_of_the_checklist_stands_there_with_its_verdict(library: Project) -> None:
    html = to_html(concluded(library, turned(passed(library), "1.1", failed)))
    for item in library.items:
        block = html.split(f'id="item-{item.id}"', 1)[1].split('<p class="is">', 1)
        assert item.text.split("\n")[0] in block[0].replace("&#39;", "'")
        expected = "Failed" if item.id == "1.1" else "Verified"
        assert re.match(rf'<span class="badge \w+"><b aria-hidden="true">.</b>{expected}</span>', block[1])


def test_every_link_leads_somewhere_on_the_page_and_none_leads_out(library: Project) -> None:
    page = Page(to_html(concluded(library, turned(passed(library), "1.1", failed))))
    assert len(page.ids) == len(set(page.ids))
    assert page.targets
    assert {target.removeprefix("#") for target in page.targets} <= set(page.ids)


def test_a_failure_comes_with_all_that_is_needed_to_repeat_it(library: Project) -> None:
    text = Page(to_html(concluded(library, turned(passed(library), "1.1", failed)))).text
    for needed in (
        '"Ada"',
        '"Ida"',
        "what is shown: expected 'Ada', saw 'Ida'",
        "kiosk: request 4, POST /Visitor: no answer, drop after commit, carried out",
        "bothways run checklists/library-kiosk.rst --only 1.1 --engine python:clerk:build --seed 0",
    ):
        assert needed in text.split("Exceptions")[0]


def test_a_known_limitation_says_its_consequence_and_whether_it_was_shown(library: Project) -> None:
    consequence = "A member who gets a new card keeps the old badge."
    shown = Page(to_html(concluded(library))).text
    unseen = Page(to_html(concluded(library, turned(passed(library), "limitation-badge", unproven)))).text
    assert consequence in shown
    assert "no scenario of this run has shown it" not in shown
    assert "no scenario of this run has shown it" in unseen


def test_what_the_simulated_systems_leave_out_is_repeated(suite: Suite) -> None:
    docstring = 'class R:\n    """A system.\n\n    Not imitated:\n    - moods\n    """\n\n    contract: str = "rest"\n'
    suite.write("fakes/rest.py", docstring)
    assert "moods" in Page(to_html(concluded(read(suite.folder)))).text


def test_hostile_text_is_text(suite: Suite) -> None:
    suite.add(CHECKLIST, f"\n\n{HOSTILE[:25]} is what it says.\n")
    suite.replace(MAPPING, "reason: A badge is printed once.", f"reason: {HOSTILE[:24]!r}")
    library = read(suite.folder)
    item = f"item: {library.items[0].key}, reason: '{HOSTILE[:24]}', approver: '<b>', expires: 2027-01-01"
    suite.write("waivers.yaml", f"waivers:\n- {{{item}}}\n")
    waivers = read_waivers(Path("waivers.yaml"), suite.folder)
    spoilt = {"name": HOSTILE, "example": {HOSTILE: HOSTILE}}
    records = [
        failed(record.model_copy(update=spoilt), HOSTILE + "x" * 100_000) if "1.1" in record.tags else record
        for record in passed(library)
    ]
    html = to_html(concluded(library, records, waivers))
    page = Page(html)
    assert not ELEMENTS & set(page.elements)
    assert "<b>" in page.text
    assert page.text.count("<script>alert(1)") >= 3
    assert "\x1b" not in html
    assert "\u202e" not in html
    assert "␛[31m" in page.text


def test_a_property_test_shows_what_it_exercised_and_its_counter_example(library: Project) -> None:
    history = "Scenario: a lost edit\n  When someone changes <title>"
    found = Record(
        id="properties/test_x.py::test_no_edit_is_lost",
        kind=Kind.PROPERTY,
        name="test_no_edit_is_lost",
        file="properties/test_x.py",
        line=3,
        tags=frozenset({"S20", "1.2"}),
        attachments=[Attachment(title="Counter-example", content=history)],
        exercised={"edits": 812, "crashes": 14},
        verdict=Verdict.FAIL,
        reason="an edit is lost",
    )
    text = Page(to_html(concluded(library, [*passed(library), found]))).text
    assert "Exercised: edits 812, crashes 14" in text
    assert history in text


def test_a_real_runs_counter_example_is_in_its_report(suite: Suite) -> None:
    lost = 'raise AssertionError("an edit is lost\\n\\nScenario: how it was lost")'
    suite.write(
        "properties/test_p.py", f'import pytest\n\n@pytest.mark.proves("1.1")\ndef test_p():\n    {lost}\n'
    )
    suite.write(
        "properties/conftest.py", 'from hypothesis import settings\n\nsettings.register_profile("quick")\n'
    )
    assert suite.run("--only", "1.1").code == 1
    text = Page((suite.folder / "out/index.html").read_text(encoding="utf-8")).text
    assert "First difference" in text
    assert "an edit is lost" in text
    assert "Scenario: how it was lost" in text


def test_it_says_whether_the_tests_would_notice_and_what_they_missed(library: Project) -> None:
    conclusion = concluded(library)
    proof = conclusion.judgements[0].evidence[0].id
    faults = [
        {"id": "F09", "live": True, "reason": "", "noticed": True, "by": [proof], "seconds": 1},
        {"id": "F13", "live": True, "reason": "", "noticed": False, "by": [], "seconds": 1},
        {
            "id": "F99",
            "live": False,
            "reason": "no such thing here",
            "noticed": False,
            "by": [],
            "seconds": 0,
        },
    ]
    told = {
        "suite_sha256": "",
        "clean": {"seeds": 3, "alarms": 0},
        "measured": "2026-02-28",
        "faults": faults,
    }
    measured = replace(conclusion, result=conclusion.result.model_copy(update={"calibration": told}))
    html = to_html(measured)
    assert "1 of 2 engines with one known fault each were noticed (28 February 2026)" in Page(html).text
    assert "Not noticed: F13." in Page(html).text
    assert "Out of date" not in Page(html).text
    stale = conclusion.result.model_copy(update={"calibration": told | {"stale": True}})
    assert "Out of date: the suite has changed since" in Page(to_html(replace(conclusion, result=stale))).text
    row = html.split('id="matrix"')[1].split('href="#item-1.1"')[1].split("</tr>")[0]
    assert "<td>F09</td>" in row
    assert "nobody has yet planted known faults" in Page(to_html(conclusion)).text


def test_a_hundred_sections_stay_below_five_megabytes(library: Project) -> None:
    records = passed(library)
    many = [
        record.model_copy(update={"id": f"{record.id}/{copy}", "tags": record.tags})
        for copy in range(3000 // len(records))
        for record in records
    ]
    assert len(many) > 2900
    assert len(to_html(concluded(library, many)).encode()) < 5_000_000

"""JUnit XML, as pipelines read it."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from tests.acceptance.suite import BOOKS, CHECKLIST, Suite


def cases(suite: Suite) -> dict[str, ET.Element]:
    """The test cases of the last run, by item."""
    root = ET.fromstring((suite.folder / "out/junit.xml").read_text(encoding="utf-8"))  # noqa: S314 - our own
    return {case.attrib["name"].split()[0]: case for case in root.iter("testcase")}


def test_each_item_is_a_case_with_its_key(suite: Suite) -> None:
    result = suite.run().result
    found = cases(suite)
    assert list(found) == [item["id"] for item in result["items"]]
    for item in result["items"]:
        properties = {
            each.attrib["name"]: each.attrib["value"] for each in found[item["id"]].iter("property")
        }
        assert properties["bothways.item"] == item["id"]
        assert properties["bothways.key"] == item["key"]
        assert "test_id" not in properties


def test_names_are_unique_across_sections_that_say_the_same(suite: Suite) -> None:
    text = (suite.folder / CHECKLIST).read_text(encoding="utf-8")
    section = text[text.index("Library Book to Kiosk Entry\n") : text.index("Library Member")]
    suite.write(CHECKLIST, text + "\n" + section)
    suite.run()
    root = ET.fromstring((suite.folder / "out/junit.xml").read_text(encoding="utf-8"))  # noqa: S314 - our own
    suites = list(root.iter("testsuite"))
    assert [suite.attrib["name"] for suite in suites] == [
        "1 Library Book to Kiosk Entry",
        "2 Library Member to Kiosk Visitor",
        "3 Library Book to Kiosk Entry",
    ]
    names = [(case.attrib["classname"], case.attrib["name"]) for case in root.iter("testcase")]
    assert len({name for _, name in names}) == len(names) == 15


@pytest.mark.parametrize(
    ("old", "new", "element", "type"),
    [
        ("Emma Hurt |", " |", "error", "UNPROVEN"),
        ('shows <property> "<value>"', 'shows <property> "x<value>"', "failure", "FAIL"),
    ],
)
def test_fail_is_a_failure_and_unproven_an_error_never_skipped(
    suite: Suite, old: str, new: str, element: str, type: str
) -> None:
    suite.replace(BOOKS, old, new)
    suite.run()
    case = cases(suite)["1.3.1"]
    [told] = case.findall(element)
    assert told.attrib["type"] == type
    assert "An edit of title crosses" in told.attrib["message"]
    assert f"{type} {BOOKS}:19 An edit of title crosses" in (told.text or "")
    assert not case.findall("skipped")


def test_counts_are_those_of_the_cases(suite: Suite) -> None:
    suite.replace(BOOKS, "Emma Hurt |", " |")
    suite.run()
    root = ET.fromstring((suite.folder / "out/junit.xml").read_text(encoding="utf-8"))  # noqa: S314 - our own
    first, second = root.iter("testsuite")
    assert {name: first.attrib[name] for name in ("tests", "failures", "errors", "skipped")} == {
        "tests": "5",
        "failures": "0",
        "errors": "3",
        "skipped": "0",
    }
    assert second.attrib["errors"] == "0"


def test_what_xml_cant_hold_is_replaced(suite: Suite) -> None:
    suite.replace(
        "clerk.py", "fields = {prop", 'raise ValueError("bell \\x07 & <tag>")\n        fields = {prop'
    )
    suite.run()
    assert "bell \ufffd & <tag>" in cases(suite)["1.1"].find("failure").attrib["message"]  # type: ignore[union-attr]

"""A run as JUnit XML: one test case for each item, one suite for each section."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby
from xml.etree import ElementTree as ET

from bothways.acceptance.conclude import Conclusion
from bothways.acceptance.verdict import Judgement, Verdict

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_xml(conclusion: Conclusion) -> str:
    """FAIL is a failure, UNPROVEN an error and never skipped, WAIVED skipped with its reason and expiry."""
    sections = {section.number: section.heading for section in conclusion.project.checklist.sections}
    root = ET.Element("testsuites", name=_text(conclusion.result.checklist.title))
    for number, of_section in groupby(conclusion.judgements, key=lambda judgement: judgement.item.section):
        name = f"{number} {sections[number]}"
        _counted(ET.SubElement(root, "testsuite", name=_text(name)), list(of_section), name)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _counted(suite: ET.Element, judgements: list[Judgement], section: str) -> None:
    for judgement in judgements:
        suite.append(_case(judgement, section))
    for attribute, element in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(attribute, str(len(suite.findall(f"testcase/{element}"))))
    suite.set("tests", str(len(judgements)))


def _case(judgement: Judgement, section: str) -> ET.Element:
    item = judgement.item
    seconds = sum(record.seconds for record in judgement.evidence)
    case = ET.Element(
        "testcase", classname=_text(section), name=_text(f"{item.id} {item.text}"), time=f"{seconds:.3f}"
    )
    properties = ET.SubElement(case, "properties")
    for name, value in (("item", item.id), ("key", item.key), ("basis", item.basis)):
        ET.SubElement(properties, "property", name=f"bothways.{name}", value=value)
    match judgement.verdict:
        case Verdict.FAIL | Verdict.FLAKY as verdict:
            _told(ET.SubElement(case, "failure", type=verdict), judgement)
        case Verdict.UNPROVEN:
            _told(ET.SubElement(case, "error", type="UNPROVEN"), judgement)
        case Verdict.WAIVED if judgement.waiver is not None:
            accepted = (
                f"{judgement.waiver.reason} (until {judgement.waiver.expires}, {judgement.waiver.approver})"
            )
            ET.SubElement(case, "skipped", type="WAIVED", message=_text(accepted))
    return case


def _told(element: ET.Element, judgement: Judgement) -> None:
    element.set("message", _text(judgement.reason))
    element.text = _text("\n".join(_lines(judgement)))


def _lines(judgement: Judgement) -> Iterable[str]:
    for record in judgement.evidence:
        if record.verdict is not Verdict.PASS:
            yield f"{record.verdict} {record.id} {record.name}: {record.reason}"


def _text(text: str) -> str:
    """`text` without the characters that XML can't hold."""
    return _NOT_XML.sub("\ufffd", text)

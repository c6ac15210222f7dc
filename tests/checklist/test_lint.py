"""What lint finds by comparing lines, and what it leaves alone."""

from __future__ import annotations

import pytest

from bothways.checklist.lint import lint
from bothways.checklist.model import Side
from bothways.checklist.parse import parse_text
from tests.checklist.documents import Document, Flow, Row
from tests.checklist.rendering import render

CONTACT, ORDER, LEAD = (Side("Acme CRM", name) for name in ("Contact", "Order", "Lead"))
CUSTOMER, SALE = (Side("Harbour Books", name) for name in ("Customer", "Sale"))
NAME = Row("name", "name", '"string"')


def found(*flows: Flow, source: str = "Acme CRM", target: str = "Harbour Books") -> list[tuple[str, str]]:
    """The findings about a document of those flows: code and message."""
    text, _, _ = render(Document(source, target, flows))
    return [(each.code, each.message) for each in lint(parse_text(text, "ours.rst"))]


def test_a_sound_checklist_has_no_findings() -> None:
    assert found(Flow(CONTACT, CUSTOMER, merges=True, criteria=(("name", "name"),), rows=(NAME,))) == []


def test_each_blank_name_in_the_title_is_an_unnamed_system() -> None:
    flow = Flow(Side("", "Contact"), Side("", "Customer"), rows=(NAME,))

    assert found(flow, source="", target="") == [
        ("unnamed-system", "the title names no source system"),
        ("unnamed-system", "the title names no target system"),
    ]


def test_a_document_without_sections_is_nothing_to_prove() -> None:
    assert found() == [("no-sections", "the document has no flow sections")]


def test_the_later_of_two_sections_alike_is_reported() -> None:
    flow = Flow(CONTACT, CUSTOMER, rows=(NAME,))

    assert found(flow, flow) == [
        (
            "repeated-section",
            "“Acme CRM Contact to Harbour Books Customer” is section 1 already (line 12)",
        )
    ]


def test_a_target_is_contested_by_different_sources_of_one_section_only() -> None:
    home, work = Row("home", "phone", '"string"'), Row("work", "phone", '"string"')

    assert found(Flow(CONTACT, CUSTOMER, rows=(home, NAME, work))) == [
        ("contested-target", "phone is fed by home, work")
    ]
    assert found(Flow(CONTACT, CUSTOMER, rows=(home, home))) == []
    assert found(Flow(CONTACT, CUSTOMER, rows=(home,)), Flow(LEAD, CUSTOMER, rows=(work,))) == []


def test_data_types_conflict_between_sections_if_they_mean_different_things() -> None:
    def typed(first: str, second: str) -> list[tuple[str, str]]:
        return found(
            Flow(CONTACT, CUSTOMER, rows=(Row("age", "age", first),)),
            Flow(LEAD, CUSTOMER, rows=(Row("years", "age", second),)),
        )

    assert typed('"integer"', '"string"') == [
        ("conflicting-data-types", 'age is "string" here and "integer" at line 27')
    ]
    assert typed('"integer"', '["integer", "_."]') == []
    assert [code for code, _ in typed('"integer"', "N/A")] == ["unavailable-data-type"]


def test_data_types_within_one_section_are_not_compared() -> None:
    assert found(Flow(CONTACT, CUSTOMER, rows=(NAME, Row("name", "name", '"list"')))) == []


def test_one_property_of_two_datatypes_may_have_two_types() -> None:
    flows = (
        Flow(CONTACT, CUSTOMER, rows=(Row("age", "age", '"integer"'),)),
        Flow(ORDER, SALE, rows=(Row("age", "age", '"string"'),)),
    )

    assert found(*flows) == []


def test_a_criterion_wants_both_its_properties_synchronised() -> None:
    def matched_on(source: str, target: str) -> list[tuple[str, str]]:
        return found(Flow(CONTACT, CUSTOMER, criteria=((source, target),), rows=(NAME,)))

    assert matched_on("tax_number", "vat") == [
        ("unsynchronised-criterion", "not synchronised: tax_number and vat")
    ]
    assert matched_on("name", "vat") == [("unsynchronised-criterion", "not synchronised: vat")]


def test_a_section_of_the_same_sides_may_synchronise_a_criterion() -> None:
    matched = Flow(CONTACT, CUSTOMER, criteria=(("tax", "tax"),), rows=(NAME,))
    listed = Flow(CONTACT, CUSTOMER, rows=(Row("tax", "tax", '"string"'),))

    assert [code for code, _ in found(matched, listed)] == ["repeated-section"]


def creations(*flows: Flow) -> list[tuple[str, str]]:
    codes = ("unsynchronised-connection", "circular-creation")
    return [(code, message) for code, message in found(*flows) if code in codes]


@pytest.mark.parametrize("named", ["Order", "Acme CRM Order", "AcmeCRM order"])
def test_a_connected_record_may_be_named_with_or_without_its_system(named: str) -> None:
    assert creations(Flow(CONTACT, CUSTOMER, connected=(named,)), Flow(ORDER, SALE)) == []


def test_a_connection_that_no_section_synchronises_is_reported_unless_another_is() -> None:
    assert creations(Flow(CONTACT, CUSTOMER, connected=("Parcel", "Truck")), Flow(ORDER, SALE)) == [
        ("unsynchronised-connection", "no section synchronises Parcel, Truck")
    ]
    assert creations(Flow(CONTACT, CUSTOMER, connected=("Parcel", "Order")), Flow(ORDER, SALE)) == []


def test_sections_that_wait_for_each_other_are_circular() -> None:
    waiting = (
        Flow(CONTACT, CUSTOMER, connected=("Order",)),
        Flow(ORDER, SALE, connected=("Lead",)),
        Flow(LEAD, CUSTOMER, connected=("Contact",)),
    )

    assert creations(*waiting) == [
        ("circular-creation", "Order (section 2) waits in turn"),
        ("circular-creation", "Lead (section 3) waits in turn"),
        ("circular-creation", "Contact (section 1) waits in turn"),
    ]


@pytest.mark.parametrize(
    "way_in",
    [
        Flow(LEAD, CUSTOMER),
        Flow(LEAD, CUSTOMER, connected=("Contact",), merges=True),
        Flow(LEAD, CUSTOMER, connected=("Contact",), criteria=(("name", "name"),)),
        Flow(LEAD, CUSTOMER, "link_required", connected=("Contact",)),
    ],
)
def test_one_way_into_a_circle_opens_it(way_in: Flow) -> None:
    circle = (Flow(CONTACT, CUSTOMER, connected=("Order",)), Flow(ORDER, SALE, connected=("Lead",)))

    assert creations(*circle, way_in) == []


def test_findings_come_by_line_with_severity_and_advice() -> None:
    text, _, _ = render(Document("Acme CRM", "", (Flow(CONTACT, Side("", "Customer")),) * 2))

    findings = lint(parse_text(text, "ours.rst"))

    assert [each.line for each in findings] == sorted(each.line for each in findings)
    assert all(each.advice and each.severity in ("error", "warning", "note") for each in findings)

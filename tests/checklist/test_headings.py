"""Titles and headings split into systems and datatypes."""

from __future__ import annotations

import pytest

from bothways.checklist.headings import common_start, split_heading, split_side, split_title
from bothways.checklist.model import Checklist, Side
from bothways.checklist.parse import parse_text


def checklist(title: str, *sections: tuple[str, str]) -> Checklist:
    """A document of that title, each section a heading and the header of its properties table ("" for none)."""
    lines = [title, "=" * max(len(title), 4), ""]
    for heading, header in sections:
        lines += [heading, "-" * len(heading)]
        if header:
            source, target, system = header.split("|")
            lines += [
                f"The following properties are synchronized between a {source} and a {target}:",
                "",
                ".. list-table::",
                "   :header-rows: 1",
                "",
                f"   * - {source} Property",
                f"     - {target} Property",
                f"     - {system} Data Type",
                "",
            ]
    return parse_text("\n".join(lines), "ours.rst")


def sides(read: Checklist) -> list[tuple[Side, Side]]:
    return [(section.source, section.target) for section in read.sections]


def unsplit(read: Checklist) -> list[int]:
    return [found.line for found in read.findings if found.code == "heading-without-split"]


@pytest.mark.parametrize(
    ("title", "systems"),
    [
        ("Acme CRM to Harbour Books Dataflow", ("Acme CRM", "Harbour Books")),
        ("Acme CRM to  Dataflow", ("Acme CRM", "")),
        (" to Harbour Books Dataflow", ("", "Harbour Books")),
        (" to  Dataflow", ("", "")),
    ],
)
def test_a_title_names_two_systems_of_which_either_may_be_blank(title: str, systems: tuple[str, str]) -> None:
    assert split_title(title) == [systems]


@pytest.mark.parametrize(
    "title", ["Acme CRM to Harbour Books", "Introduction", "Dataflow", "Tomato Dataflow"]
)
def test_other_headings_are_no_title(title: str) -> None:
    assert split_title(title) == []


def test_the_sections_tell_which_to_parts_a_title() -> None:
    title = "Point to Point to Harbour Books Dataflow"
    read = checklist(
        title,
        (
            "Point to Point Order to Harbour Books Sale",
            "Point to Point Order|Harbour Books Sale|Harbour Books",
        ),
    )

    assert (read.source_system, read.target_system) == ("Point to Point", "Harbour Books")
    assert sides(read) == [(Side("Point to Point", "Order"), Side("Harbour Books", "Sale"))]
    assert unsplit(read) == []


def test_a_title_that_nothing_parts_is_read_at_its_first_to_and_reported() -> None:
    read = checklist("Point to Point to Harbour Books Dataflow")

    assert (read.source_system, read.target_system) == ("Point", "Point to Harbour Books")
    assert unsplit(read) == [1]


def test_a_datatype_may_have_several_words() -> None:
    read = checklist(
        "Acme CRM to Harbour Books Dataflow",
        ("Acme CRM Customers company to Harbour Books Sale classification status", ""),
    )

    assert sides(read) == [
        (Side("Acme CRM", "Customers company"), Side("Harbour Books", "Sale classification status"))
    ]


def test_a_system_may_be_spelled_otherwise_than_in_the_title() -> None:
    read = checklist(
        "Acme CRM to Harbour Books Dataflow",
        ("AcmeCRM Contact to HARBOUR BOOKS Customer", "AcmeCRM Contact|HARBOUR BOOKS Customer|HARBOUR BOOKS"),
    )

    assert sides(read) == [(Side("AcmeCRM", "Contact"), Side("HARBOUR BOOKS", "Customer"))]


def test_a_blank_system_leaves_its_blank_behind() -> None:
    read = checklist(" to  Dataflow", (" Sale order to  Invoice line", " Sale order| Invoice line|"))

    assert sides(read) == [(Side("", "Sale order"), Side("", "Invoice line"))]
    assert unsplit(read) == []


def test_a_blank_third_column_says_that_the_target_is_blank() -> None:
    read = checklist(
        "Acme CRM to  Dataflow", ("Acme CRM Offer to Invoice line", "Acme CRM Offer|Invoice line|")
    )

    assert sides(read) == [(Side("Acme CRM", "Offer"), Side("", "Invoice line"))]
    assert unsplit(read) == []


def test_the_third_column_knows_the_target_better_than_the_title() -> None:
    read = checklist(
        "Acme CRM to Harbour Dataflow",
        (
            "Acme CRM Contact to Harbour Books Customer",
            "Acme CRM Contact|Harbour Books Customer|Harbour Books",
        ),
    )

    assert sides(read) == [(Side("Acme CRM", "Contact"), Side("Harbour Books", "Customer"))]


def test_a_source_unlike_the_title_is_what_all_sources_start_with() -> None:
    read = checklist(
        "Acme CRM to Harbour Books Dataflow",
        ("Old Acme Contact to Harbour Books Customer", ""),
        ("Old Acme Order to Harbour Books Sale", ""),
    )

    assert [side.system for side, _ in sides(read)] == ["Old Acme", "Old Acme"]


def test_a_section_about_a_third_system_is_split_by_the_names_that_the_document_knows() -> None:
    read = checklist(
        "Acme CRM to Harbour Books Dataflow",
        ("Acme CRM Contact to Quay Mail Person", "Acme CRM Contact|Quay Mail Person|Quay Mail"),
        ("Harbour Books Customer to Acme CRM Contact", ""),
        ("Quay Mail Person to Harbour Books Customer", ""),
    )

    assert sides(read) == [
        (Side("Acme CRM", "Contact"), Side("Quay Mail", "Person")),
        (Side("Harbour Books", "Customer"), Side("Acme CRM", "Contact")),
        (Side("Quay Mail", "Person"), Side("Harbour Books", "Customer")),
    ]


def test_what_cannot_be_split_is_kept_whole_and_reported() -> None:
    read = checklist(
        "Acme CRM to Harbour Books Dataflow",
        ("Elsewhere Sale status to Harbour Books Sale", ""),
        ("Acme CRM Deal and Harbour Books Sale", ""),
    )

    assert sides(read) == [
        (Side("", "Elsewhere Sale status"), Side("Harbour Books", "Sale")),
        (Side("", "Acme CRM Deal and Harbour Books Sale"), Side("", "")),
    ]
    assert unsplit(read) == [4, 6]


def test_the_tables_tell_which_to_parts_a_heading() -> None:
    named = [("Acme CRM Back to back", "Harbour Books Sale")]

    assert split_heading("Acme CRM Back to back to Harbour Books Sale", named) == named[0]
    assert split_heading("Acme CRM Back to back to Harbour Books Sale", []) is None


@pytest.mark.parametrize(
    ("record_type", "systems", "side"),
    [
        ("Acme CRM Contact", ["Acme CRM"], Side("Acme CRM", "Contact")),
        ("Acme CRM Contact", ["acmecrm"], Side("Acme CRM", "Contact")),
        ("Acme CRM", ["Acme CRM"], None),
        ("AcmeContact", ["Acme"], None),
        ("Contact", [""], Side("", "Contact")),
        ("Contact person", [""], None),
        (" Contact person", ["Contact"], Side("", "Contact person")),
    ],
)
def test_a_system_is_a_start_in_whole_words_that_leaves_a_datatype(
    record_type: str, systems: list[str], side: Side | None
) -> None:
    assert split_side(record_type, systems) == side


@pytest.mark.parametrize(
    ("record_types", "start"),
    [
        (["Old Acme Contact", "Old Acme Order"], ["Old Acme"]),
        (["Old Acme Contact", "Old Acme Contact"], []),
        (["Old Acme", "Old Acme Order"], ["Old"]),
        (["Acme Contact", "Quay Contact"], []),
        ([], []),
    ],
)
def test_the_common_start_takes_two_different_names_and_leaves_each_a_datatype(
    record_types: list[str], start: list[str]
) -> None:
    assert common_start(record_types) == start

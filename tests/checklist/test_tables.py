"""Tables of real documents: a header alone, lost cell markers, incomplete rows."""

from __future__ import annotations

from bothways.checklist.model import Checklist, Property
from bothways.checklist.parse import parse_text

HEAD = """\
Acme CRM to Harbour Books Dataflow
==================================

Acme CRM Contact to Harbour Books Customer
------------------------------------------
The following properties are synchronized between a Acme CRM Contact and a Harbour Books Customer:

.. list-table::
   :header-rows: 1

   * - Acme CRM Contact Property
     - Harbour Books Customer Property
     - Harbour Books Data Type
"""


def read(rows: str) -> Checklist:
    """The document above with those rows; the first stands on line 14."""
    return parse_text(HEAD + rows, "ours.rst")


def cells(checklist: Checklist) -> list[tuple[str, str, str]]:
    return [(row.source, row.target, row.data_type) for row in checklist.sections[0].properties]


def codes(checklist: Checklist) -> list[tuple[str, int]]:
    return [(found.code, found.line) for found in checklist.findings]


def test_a_header_alone_is_a_table_without_rows() -> None:
    checklist = read("\n\n")

    assert cells(checklist) == []
    assert codes(checklist) == []


def test_cells_are_data_not_markup() -> None:
    checklist = read('   * - name_\n     - |x|\n     - "string"\n')

    assert cells(checklist) == [("name_", "|x|", '"string"')]
    assert codes(checklist) == [("odd-property", 14)]


def test_rows_are_items_numbered_under_their_statement() -> None:
    checklist = read('   * - a\n     - b\n     - "string"\n   * - c\n     - d\n     - N/A\n')

    first, second = checklist.sections[0].properties
    assert isinstance(first, Property)
    assert (first.id, first.line, second.id, second.line) == ("1.1.1", 14, "1.1.2", 17)
    assert [item.id for item in checklist.items()] == ["1.1", "1.1.1", "1.1.2"]


def test_data_types_that_lost_their_cell_marker_end_no_table() -> None:
    rows = """\
   * - a
     - b
"string"
   * - c
     - d
["decimal", "_."]
   * - e
     - f
     - N/A
   * - g
     - h
"datetime-format","%Y-%m-%d","_."]

"""
    checklist = read(rows)

    assert cells(checklist) == [
        ("a", "b", '"string"'),
        ("c", "d", '["decimal", "_."]'),
        ("e", "f", "N/A"),
        ("g", "h", '"datetime-format","%Y-%m-%d","_."]'),
    ]
    assert codes(checklist) == [
        ("lost-cell-marker", 16),
        ("lost-cell-marker", 19),
        ("lost-cell-marker", 25),
        ("damaged-data-type", 25),
    ]


def test_a_lost_data_type_may_say_anything_next_to_its_row() -> None:
    checklist = read("   * - a\n     - b\nstring\n")

    assert cells(checklist) == [("a", "b", "string")]
    assert codes(checklist) == [("lost-cell-marker", 16), ("unreadable-data-type", 16)]


def test_a_lost_data_type_is_found_behind_a_blank_line_if_it_looks_like_one() -> None:
    assert cells(read('   * - a\n     - b\n\n"string"\n')) == [("a", "b", '"string"')]


def test_a_data_type_that_lost_its_marker_but_not_its_indent_is_a_cell() -> None:
    checklist = read('   * - a\n     - b\n       "string"\n')

    assert cells(checklist) == [("a", "b", '"string"')]
    assert codes(checklist) == [("lost-cell-marker", 16)]


def test_a_heading_right_after_a_short_row_is_no_data_type() -> None:
    checklist = read(
        "   * - a\n     - b\nAcme CRM Order to Harbour Books Sale\n------------------------------------\n"
    )

    assert len(checklist.sections) == 2
    assert codes(checklist) == [("incomplete-row", 14)]


def test_a_heading_with_a_blank_name_right_after_a_table_is_no_row() -> None:
    checklist = read(
        '   * - a\n     - b\n     - "string"\n\n Order to Harbour Books Sale\n----------------------------\n'
    )

    assert [section.heading for section in checklist.sections][1:] == ["Order to Harbour Books Sale"]


def test_a_cell_may_go_on_on_the_next_line() -> None:
    assert cells(read('   * - a\n     - b\n     - ["decimal",\n       "_."]\n')) == [
        ("a", "b", '["decimal", "_."]')
    ]


def test_incomplete_rows_are_kept_and_reported() -> None:
    checklist = read('   * - a\n     - b\n\n   * - c\n   * - d\n     - e\n     - "string"\n     - f\n')

    assert cells(checklist) == [("a", "b", ""), ("c", "", ""), ("d", "e", '"string" f')]
    assert codes(checklist) == [
        ("incomplete-row", 14),
        ("incomplete-row", 17),
        ("incomplete-row", 18),
        ("unreadable-data-type", 21),
    ]


def test_what_stands_between_rows_is_reported_line_by_line() -> None:
    checklist = read('   * - a\n     - b\n     - "string"\n\n      lost\n   * - c\n     - d\n     - N/A\n')

    assert cells(checklist) == [("a", "b", '"string"'), ("c", "d", "N/A")]
    assert codes(checklist) == [("not-understood", 18)]


def test_a_table_without_its_statement_is_reported() -> None:
    checklist = parse_text(HEAD.replace("The following properties", "Some properties"), "ours.rst")

    assert [code for code, _ in codes(checklist)] == ["leaked-note"] + ["not-understood"] * 5


def test_a_table_may_follow_its_statement_without_a_blank_line() -> None:
    checklist = parse_text(
        HEAD.replace(":\n\n.. list", ":\n.. list") + "   * - a\n     - b\n     - N/A\n", "ours.rst"
    )

    assert cells(checklist) == [("a", "b", "N/A")]
    assert codes(checklist) == []


def test_a_second_table_belongs_to_no_statement() -> None:
    table = HEAD[HEAD.index(".. list-table") :] + "   * - a\n     - b\n     - N/A\n\n"
    checklist = parse_text(HEAD + '   * - c\n     - d\n     - N/A\n\n"string"\n\n' + table, "ours.rst")

    assert cells(checklist) == [("c", "d", "N/A")]
    assert codes(checklist) == [("not-understood", line) for line in (18, 20, 21, 23, 24, 25, 26, 27, 28)]

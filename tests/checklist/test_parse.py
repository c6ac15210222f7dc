"""Documents as files: what can't be read says so in one line; what can is read whole."""

from __future__ import annotations

import pickle
import time
from pathlib import Path

import pytest

from bothways.checklist.model import Side
from bothways.checklist.parse import parse, parse_text
from bothways.errors import ChecklistError
from tests.checklist.documents import Document, Flow, Row
from tests.checklist.rendering import render

TITLE = "Acme CRM to Harbour Books Dataflow\n==================================\n"
FLOW = Flow(Side("Acme CRM", "Contact"), Side("Harbour Books", "Customer"))


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        (None, None, "can't be read: No such file or directory"),
        (b"", 1, "not a checklist: no title `<Source> to <Target> Dataflow`"),
        (b"Shopping list\n=============\n", 1, "not a checklist: no title `<Source> to <Target> Dataflow`"),
        (TITLE.encode() + b"\nGenerated: \xff\n", 4, "not UTF-8: byte 0xff"),
        (TITLE.encode("utf-16"), 1, "not UTF-8: byte 0xff"),
    ],
)
def test_bad_input_is_one_line_with_its_place(
    tmp_path: Path, content: bytes | None, line: int | None, message: str
) -> None:
    file = tmp_path / "bad.rst"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(ChecklistError) as refused:
        parse(file)

    assert (refused.value.file, refused.value.line, refused.value.message) == (str(file), line, message)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("path", ["", "\0", "/"])
def test_a_path_that_is_no_file_is_bad_input(path: str) -> None:
    with pytest.raises(ChecklistError, match="can't be read"):
        parse(path)


def test_a_byte_order_mark_is_no_part_of_the_title(tmp_path: Path) -> None:
    file = tmp_path / "marked.rst"
    file.write_bytes(b"\xef\xbb\xbf" + TITLE.encode())

    assert parse(file).title == "Acme CRM to Harbour Books Dataflow"


@pytest.mark.parametrize("heading", ["Introduction", "Introduction."])
def test_the_introduction_is_accounted_for_and_kept_out_of_the_sections(heading: str) -> None:
    read = parse_text(f"{TITLE}\n{heading}\n------------\n\nAbout these two.\n\nAnd more.\n", "ours.rst")

    assert read.sections == ()
    assert [line for line, owner in read.lines.items() if owner == "introduction"] == [4, 5, 7, 9]
    assert [found.code for found in read.findings] == ["short-underline"] * (heading != "Introduction")


@pytest.mark.parametrize("date", ["2024-03-01 08:15", "yesterday", "2024-13-01 08:15:00", ""])
def test_a_date_that_is_none_is_reported(date: str) -> None:
    read = parse_text(f"{TITLE}\nGenerated: {date}\n", "ours.rst")

    assert read.generated is None
    assert [(found.code, found.line) for found in read.findings] == [("not-understood", 4)]


def test_the_same_heading_twice_is_two_sections_with_keys_of_their_own() -> None:
    row = Row("name", "name", '"string"')
    text, _, _ = render(
        Document("Acme CRM", "Harbour Books", (Flow(FLOW.source, FLOW.target, rows=(row, row)),) * 2)
    )

    items = list(parse_text(text, "ours.rst").items())

    assert [item.section for item in items] == [1] * 5 + [2] * 5
    assert len({item.key for item in items}) == len(items)


def test_a_checklist_can_be_handed_to_another_process() -> None:
    read = parse_text(render(Document("Acme CRM", "Harbour Books", (FLOW,)))[0], "ours.rst")

    assert pickle.loads(pickle.dumps(read)) == read  # noqa: S301  # our own


def test_keys_hold_when_a_section_is_inserted_before() -> None:
    other = Flow(Side("Acme CRM", "Order"), Side("Harbour Books", "Sale"))
    before, _, _ = render(Document("Acme CRM", "Harbour Books", (FLOW,)))
    after, _, _ = render(Document("Acme CRM", "Harbour Books", (other, FLOW)))

    alone = [item.key for item in parse_text(before, "ours.rst").items()]
    moved = [item.key for item in parse_text(after, "ours.rst").items() if item.section == 2]

    assert moved == alone


def test_a_merge_statement_may_stand_alone_or_beside_the_next() -> None:
    text, _, _ = render(
        Document("Acme CRM", "Harbour Books", (Flow(FLOW.source, FLOW.target, merges=True, creates=True),))
    )

    kinds = [
        item.kind for item in parse_text(text.replace("If no match", "\nIf no match"), "ours.rst").items()
    ]

    assert kinds == [item.kind for item in parse_text(text, "ours.rst").items()]
    assert kinds == ["every", "merge_if_match", "create_if_no_match", "stays_in_sync", "properties"]


def test_a_condition_that_does_not_start_with_the_sections_source_is_kept_whole_and_reported() -> None:
    flow = Flow(FLOW.source, FLOW.target, "when", words="is of type Agent")
    text, _, _ = render(Document("Acme CRM", "Harbour Books", (flow,)))

    read = parse_text(text.replace("When a Acme CRM Contact is", "When a Stranger is"), "ours.rst")

    assert read.sections[0].statements[0].condition == "Stranger is of type Agent"


def test_a_document_of_six_kilobytes_is_read_in_eight_milliseconds() -> None:
    rows = tuple(Row(f"source.path{n}", f"target.path{n}", '["decimal", "_."]') for n in range(17))
    flow = Flow(FLOW.source, FLOW.target, merges=True, criteria=(("a", "b"),), rows=rows)
    text, _, _ = render(Document("Acme CRM", "Harbour Books", (flow,) * 3))
    assert len(text) > 6000
    parse_text(text, "ours.rst")

    def seconds() -> float:
        start = time.process_time()
        parse_text(text, "ours.rst")
        return time.process_time() - start

    assert min(seconds() for _ in range(20)) < 0.008

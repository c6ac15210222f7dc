"""The picture of a scenario: what went from where to where, in order, and what may have done the damage."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from itertools import count
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from bothways.acceptance.project import Project
from bothways.acceptance.record import Attachment, Record, plain
from bothways.acceptance.report import timeline
from fakes.clock import START
from fakes.log import Exchange, RequestLog
from steps.timeline import Timeline as Noted
from tests.acceptance.recorded import TIMELINE, passed


@pytest.fixture
def record(library: Project) -> Record:
    """A record with the hand-written timeline."""
    return passed(library)[0]


def with_timeline(record: Record, content: Any) -> Record:
    return record.model_copy(update={"attachments": [Attachment(title="timeline", content=content)]})


def drawn(record: Record) -> timeline.Timeline:
    told = timeline.of(record)
    assert told is not None
    return told


def test_it_is_said_in_words_for_those_who_cannot_see_it(record: Record) -> None:
    told = drawn(record)
    assert told.summary == "Timeline: 1 edit, 2 cycles, 3 reads, 1 write"
    assert told.told == [
        "library, before the first cycle: a new Library Member",
        "kiosk, cycle 1: POST /Visitor: no answer, drop after commit, carried out",
    ]


def test_marks_stand_on_the_lane_of_their_system_in_their_order(record: Record) -> None:
    svg = ET.fromstring(str(drawn(record).svg()))  # noqa: S314 - drawn by ourselves
    uses = [(use.get("href"), int(use.get("x") or 0), use.get("y")) for use in svg.iter("use")]
    assert [(symbol, y) for symbol, _, y in uses] == [
        ("#t-edit", "30"),
        ("#t-read", "30"),
        ("#t-read", "102"),
        ("#t-down", "102"),
        ("#t-fault", "102"),
    ]
    places = [x for _, x, _ in uses]
    assert places == sorted(places)
    assert len(svg.findall("rect")) == 2


@pytest.mark.parametrize("content", [{}, {"lanes": {"a": "a"}, "marks": []}, "text", None])
def test_what_is_no_timeline_is_not_drawn(record: Record, content: Any) -> None:
    assert timeline.of(with_timeline(record, content)) is None


def test_the_suspect_is_the_last_write_that_carries_what_was_seen(record: Record) -> None:
    content = copy.deepcopy(TIMELINE)
    last = content["marks"][-2] | {"number": 9, "text": "POST /Other", "body": {"label": "Bob"}}
    content["marks"].append(last)
    both = with_timeline(record, content)
    assert "request 4, POST /Visitor" in timeline.last_write(both.model_copy(update={"seen": "Ada"}))
    assert "request 9, POST /Other" in timeline.last_write(both.model_copy(update={"seen": "nobody"}))
    assert timeline.last_write(with_timeline(record, {"lanes": {}, "marks": []})) == ""


def test_hostile_labels_are_text(record: Record) -> None:
    content = TIMELINE | {"lanes": {"library": "<script>\x1b", "kiosk": 'k"><img src=x>'}}
    svg = str(drawn(with_timeline(record, content)).svg())
    assert "<script" not in svg
    assert "<img" not in svg
    assert "\x1b" not in svg
    ET.fromstring(svg)  # noqa: S314 - drawn by ourselves


@dataclass
class Logged:
    """As much of a simulated system as a timeline looks at."""

    log: RequestLog


def test_what_the_steps_note_is_drawn_in_the_order_in_which_it_happened(record: Record) -> None:
    numbers = count(1)
    library, kiosk = Logged(RequestLog(numbers)), Logged(RequestLog(numbers))
    noted = Noted({"library": library, "kiosk": kiosk}, {"library": "library", "kiosk": "kiosk"})  # type: ignore[dict-item]  # only its log is looked at
    noted.edit("library", "a new Book")
    noted.cycle()
    for system, method in ((library, "GET"), (kiosk, "POST")):
        name = "library" if system is library else "kiosk"
        system.log.append(Exchange(next(numbers), name, START, method, "/Book", status=200, body={"a": 1}))
    noted.edit("kiosk", "heading of the Entry changes")
    noted.cycle()
    told = drawn(with_timeline(record, plain(noted.told())))
    assert [[(mark.kind, mark.system) for mark in span.marks] for span in told.spans] == [
        [("edit", "library")],
        [("read", "library"), ("write", "kiosk"), ("edit", "kiosk")],
        [],
    ]

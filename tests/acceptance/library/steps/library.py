"""The few steps that a library and its kiosk need."""

from __future__ import annotations

from dataclasses import dataclass

from pytest_bdd import given, parsers, then, when

from bothways.acceptance.evidence import Evidence
from bothways.acceptance.subjects import Subject
from fakes.clock import SimulatedClock
from fakes.system import System

KIND = {
    "title": "Book",
    "shelf": "Book",
    "heading": "Entry",
    "place": "Entry",
    "card": "Member",
    "label": "Visitor",
}
OTHER = {"title": "heading", "shelf": "place", "label": "name"}
OTHER |= {theirs: ours for ours, theirs in OTHER.items()}
KIND["name"] = "Member"
PROPERTY = {"heading": "title", "place": "shelf", "label": "name"}
Systems = dict[str, System]


@dataclass
class Place:
    """One datatype, and the system that has it."""

    system: System
    datatype: str

    def only(self) -> tuple[str, dict[str, object]]:
        """Its one record."""
        [record] = self.system.ids(self.datatype)
        shown = self.system.show(self.datatype, record)
        assert shown is not None
        return record, shown


def place_of(systems: Systems, field: str) -> Place:
    datatype = KIND[field]
    return Place(systems["library" if datatype in ("Book", "Member") else "kiosk"], datatype)


@given(parsers.parse('a Book "{title}" on shelf "{shelf}"'))
def book(systems: Systems, title: str, shelf: str) -> None:
    systems["library"].create("Book", {"title": title, "shelf": shelf})


@given(parsers.parse('a Book "{title}" on shelf "{shelf}" that has crossed'))
def crossed_book(systems: Systems, subject: Subject, title: str, shelf: str) -> None:
    book(systems, title, shelf)
    subject.sync()


@given(parsers.parse('a Member "{name}" with card "{card}"'))
def member(systems: Systems, name: str, card: str) -> None:
    systems["library"].create("Member", {"name": name, "card": card})


@given(parsers.parse('a Member "{name}" with card "{card}" that has crossed'))
def crossed_member(systems: Systems, subject: Subject, name: str, card: str) -> None:
    member(systems, name, card)
    subject.sync()


@when(parsers.parse('someone changes its {field} to "{value}"'))
def change(systems: Systems, clock: SimulatedClock, field: str, value: str) -> None:
    clock.advance(60)
    place = place_of(systems, field)
    place.system.edit(place.datatype, place.only()[0], {field: value})


@when("the systems are synchronised")
def synchronise(subject: Subject, clock: SimulatedClock) -> None:
    clock.advance(60)
    subject.sync()


@then(parsers.parse('the kiosk shows one Entry "{heading}" in "{place}"'))
def one_entry(systems: Systems, evidence: Evidence, heading: str, place: str) -> None:
    _, shown = Place(systems["kiosk"], "Entry").only()
    evidence.same([heading, place], [shown["heading"], shown["place"]], "the Entry")


@then(parsers.parse('the kiosk shows one Visitor "{label}" with badge "{badge}"'))
def one_visitor(systems: Systems, evidence: Evidence, label: str, badge: str) -> None:
    _, shown = Place(systems["kiosk"], "Visitor").only()
    evidence.same([label, badge], [shown["label"], shown["badge"]], "the Visitor")
    evidence.crossed("name", "to_target")
    evidence.crossed("card", "to_target")


@then(parsers.parse('the other side shows {field} "{value}"'))
def other_side(systems: Systems, evidence: Evidence, field: str, value: str) -> None:
    _, shown = place_of(systems, OTHER[field]).only()
    evidence.same(value, shown[OTHER[field]], f"{field} on the other side")
    evidence.crossed(PROPERTY.get(field, field), "to_source" if field in PROPERTY else "to_target")


@then(parsers.parse('the library shows card "{card}" and the kiosk badge "{badge}"'))
def kept_apart(systems: Systems, evidence: Evidence, card: str, badge: str) -> None:
    evidence.same(card, Place(systems["library"], "Member").only()[1]["card"], "card")
    evidence.same(badge, Place(systems["kiosk"], "Visitor").only()[1]["badge"], "badge")


@then("the edit is reported as one that can't cross")
def reported(subject: Subject, evidence: Evidence) -> None:
    if subject.status() is None:
        evidence.not_asked("S13")

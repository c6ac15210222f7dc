"""A portfolio of generated checklists, and the verdict that each must come to: all of it follows from a seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import count
from random import Random

from bothways.checklist.model import Dependency, Side
from tests.checklist.documents import Document, Flow, Row
from tests.checklist.forms import FORMS
from tests.checklist.rendering import render

STRING = '"string"'
KNOWN_FAULT = '["replace", " ", "", "_."]'
"""What the integration under test can't do."""
SOUND_FORMS = [cell for cell in FORMS if '"now"' not in cell and '"",' not in cell]
SYSTEMS = [
    ("Acme CRM", "Harbour Books"),
    ("R&D 24/7", "Øst"),
    ("Alpha", "Alpha Base"),
    ("Acme", ""),
    ("Acme", "Acme"),
    ("", "Books"),
]
DATATYPES = ["Contact", "Sale order", "Prosjekt", "Work order line", "Äpfel", "Ledger entry", "Note", "Van"]
PATHS = [
    "name",
    "address.city",
    "$ref",
    "Emails.Value",
    "is",
    "to",
    "a_b",
    "variants.price.value",
    "id",
    "Tittel",
]


@dataclass(frozen=True)
class Planned:
    """A checklist's text and what a run of it must come to, with the kind of checklist that it is."""

    kind: str
    text: str
    verdict: str


def portfolio(seed: int, size: int) -> Iterator[Planned]:
    """So many checklists; every kind is among the first ones."""
    for number in range(size):
        random = Random(f"{seed}/{number}")  # noqa: S311 - checklists are no secrets
        kind = list(KINDS)[number] if number < len(KINDS) else random.choices(list(KINDS), WEIGHTS)[0]
        verdict, spoil = KINDS[kind]
        text = render(spoil(random, _sound(random)))[0]
        if kind == "no-title":
            text = text.replace(" Dataflow", " Workflow")
        if random.random() < 0.2:
            text = text.replace("\n", "\r\n")
        yield Planned(kind, text, verdict)


def _sound(random: Random) -> Document:
    source, target = random.choice(SYSTEMS)
    datatypes, paths = random.sample(DATATYPES, len(DATATYPES)), count(1)
    flows: list[Flow] = []
    for number in range(random.choices([1, 2, 3], [8, 2, 1])[0]):
        here, there = Side(source, datatypes[2 * number]), Side(target, datatypes[2 * number + 1])
        if source != target and random.random() < 0.2:  # as the webshop's orders
            there = Side(target, here.datatype)
        flows.append(_flow(random, here, there, flows, paths))
    if random.random() < 0.1:
        flows.append(flows[0])
    return Document(source, target, tuple(flows), short=random.random() < 0.1)


def _flow(random: Random, source: Side, target: Side, before: list[Flow], numbers: Iterator[int]) -> Flow:
    """A section of which all can be shown."""
    rows = [_row(random, next(numbers), STRING)]
    rows += [_row(random, next(numbers), random.choice(SOUND_FORMS)) for _ in range(random.randint(0, 3))]
    crossing = [flow.source.datatype for flow in before if flow.opening != "link_required"]
    has_criteria = random.random() < 0.4
    opening = random.choice(["every", "every", None, *(["link_required"] if has_criteria else [])])
    if (
        opening != "link_required" and random.random() < 0.2
    ):  # two properties that feed one, and one that stays in sync for sure
        rows += [replace(rows[0], source=f"other_{next(numbers)}"), _row(random, next(numbers), STRING)]
    return Flow(
        source,
        target,
        opening=opening,
        connected=tuple(random.sample(crossing, min(len(crossing), random.choice([0, 0, 1, 2])))),
        merges=has_criteria and random.random() < 0.5,
        creates=has_criteria and opening != "link_required" and random.random() < 0.5,
        criteria=((rows[0].source, rows[0].target),) if has_criteria else (),
        rows=tuple(rows),
    )


def _row(random: Random, number: int, data_type: str) -> Row:
    here, there = (f"{random.choice(PATHS)}_{number}" for _ in "ab")
    return Row(here, there, data_type, spilled=random.random() < 0.05)


# -- what keeps a checklist from being accepted ----------------------------------------------------


def _keep(_: Random, document: Document) -> Document:
    return document


def _changed(**change: object) -> Callable[[Random, Document], Document]:
    """One section says something else."""

    def spoil(random: Random, document: Document) -> Document:
        at = random.randrange(len(document.flows))
        flows = list(document.flows)
        flows[at] = replace(flows[at], **change)  # type: ignore[arg-type]  # whatever the plan says
        return replace(document, flows=tuple(flows))

    return spoil


def _with_row(row: Row, **change: object) -> Callable[[Random, Document], Document]:
    """One section has another row."""

    def spoil(random: Random, document: Document) -> Document:
        at = random.randrange(len(document.flows))
        rows = (*document.flows[at].rows, row)
        flows = list(document.flows)
        flows[at] = replace(flows[at], rows=rows, **change)  # type: ignore[arg-type]  # whatever the plan says
        return replace(document, flows=tuple(flows))

    return spoil


def _in_a_circle(_: Random, document: Document) -> Document:
    here, there = Side(document.source_system, "Egg"), Side(document.source_system, "Hen")
    rows = (Row("size", "size", STRING),)
    one = Flow(here, Side(document.target_system, "Ovum"), connected=("Hen",), rows=rows)
    other = Flow(there, Side(document.target_system, "Gallina"), connected=("Egg",), rows=rows)
    return replace(document, flows=(*document.flows, one, other))


DEPENDENT = Row("status", "state", STRING, (Dependency("source", "wd:Q1", "kind"),))
LINKED_ELSEWHERE = {
    "opening": "link_required",
    "criteria": (),
    "merges": False,
    "creates": False,
    "connected": (),
}

KINDS: dict[str, tuple[str, Callable[[Random, Document], Document]]] = {
    "sound": ("ACCEPTED", _keep),
    "condition-in-prose": ("INCOMPLETE", _changed(opening="when", words="is older than a year")),
    "leaked-note": ("INCOMPLETE", _changed(opening="note", words="left out for now until somebody asks")),
    "empty-table": ("INCOMPLETE", _changed(rows=())),
    "unreadable-type": ("INCOMPLETE", _with_row(Row("shape", "form", '["unheard-of", "_."]'))),
    "time-of-writing": (
        "INCOMPLETE",
        _with_row(Row("since", "age", '["datetime-diff", "day", "_.", ["now"]]')),
    ),
    "dependency": ("INCOMPLETE", _with_row(DEPENDENT)),
    "blank-property": ("INCOMPLETE", _with_row(Row("", "form", STRING))),
    "no-sections": ("INCOMPLETE", lambda _, document: replace(document, flows=())),
    "linked-elsewhere": ("INCOMPLETE", _changed(**LINKED_ELSEWHERE)),
    "unknown-connection": ("INCOMPLETE", _changed(connected=("Unicorn",), opening="every")),
    "circle": ("INCOMPLETE", _in_a_circle),
    "known-fault": ("REJECTED", _with_row(Row("phone", "phone", KNOWN_FAULT), opening="every", connected=())),
    "no-title": ("COULD_NOT_RUN", _keep),
}
"""The verdict of each kind, and what makes it of a sound checklist."""
WEIGHTS = [60 if kind == "sound" else 10 if kind == "known-fault" else 2.5 for kind in KINDS]

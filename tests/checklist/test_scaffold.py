"""From a checklist to a mapping and features: they fit together, and nobody's work is lost."""

from __future__ import annotations

import importlib
import tempfile
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from pytest_bdd.steps import StepFunctionContext, step_function_context_registry

from bothways.acceptance import project
from bothways.acceptance.project import Project
from bothways.checklist.model import Dependency, Side
from bothways.checklist.parse import parse_text
from bothways.checklist.scaffold.files import Outcome, scaffold
from bothways.mapping import Direction, Start, Transform, Type
from tests.checklist.crowded import crowded_documents
from tests.checklist.documents import Document, Flow, Row
from tests.checklist.rendering import render
from tests.checklist.strategies import UNHURRIED, documents

STEPS = Path(__file__).parents[2] / "steps"
CHECKLIST = "checklists/ours.rst"
BRIEFLY = settings(UNHURRIED, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


def written(document: Document, folder: Path) -> Outcome:
    """Scaffold a document in a folder, which gets the document too."""
    text, _, _ = render(document)
    (folder / "checklists").mkdir(exist_ok=True)
    (folder / CHECKLIST).write_text(text, encoding="utf-8")
    return scaffold(parse_text(text, CHECKLIST), CHECKLIST, "ours", folder)


def drafted(document: Document, folder: Path) -> Project:
    """The project that a document's scaffold is. Raises where mapping and features don't fit the checklist."""
    written(document, folder)
    return project.read(folder, Path(CHECKLIST))


@cache
def definitions() -> list[StepFunctionContext]:
    """Every step that features may use."""
    for path in STEPS.glob("[!_]*.py"):
        importlib.import_module(f"steps.{path.stem}")
    contexts = list(step_function_context_registry.values())
    return [one for one in contexts if one.step_func.__module__.startswith("steps.")]


def meanings(step: str) -> int:
    """How many steps a sentence could mean."""
    matching = (one.step_func.__code__ for one in definitions() if one.parser.is_matching(step))
    places = ((Path(code.co_filename), code.co_firstlineno) for code in matching)
    return len({place for place in places if place[0].parent == STEPS})  # however often they were imported


@BRIEFLY
@given(documents() | crowded_documents())
def test_any_scaffold_fits_its_checklist_and_every_sentence_has_one_meaning(document: Document) -> None:
    with tempfile.TemporaryDirectory() as folder:
        read = drafted(document, Path(folder))

    pickles = [pickle for pickle in read.pickles if pickle.steps]
    assert [pickle.defect for pickle in pickles if pickle.defect] == []
    assert {step: meanings(step) for pickle in pickles for step in pickle.steps if meanings(step) != 1} == {}
    named = {tag for pickle in read.pickles for tag in pickle.tags}
    assert {item.id for item in read.items} <= named, (
        "an item that no scenario, not even an empty one, is about"
    )


def contacts(*rows: Row, **more: object) -> Document:
    """Contacts of one system that are customers of another."""
    flow = {"source": Side("Alpha", "Contact"), "target": Side("Beta", "Customer"), "rows": rows} | more
    return Document("Alpha", "Beta", (Flow(**flow),))  # type: ignore[arg-type]  # what a test says


STRING = '"string"'


def test_words_and_tags_are_those_of_the_custom_webshop(tmp_path: Path) -> None:
    written(contacts(Row("mail", "email", STRING), Row("age", "years", '"integer"')), tmp_path)

    feature = (tmp_path / "features/ours/1_contact_to_customer.feature").read_text(encoding="utf-8")
    assert feature.startswith(
        """\
Feature: Alpha Contact to Beta Customer

  @1.1
  Rule: Every Alpha Contact will be synchronized with a Beta Customer

    @S01
    Scenario: A new Alpha Contact gets a Beta Customer
      When someone creates an Alpha Contact
      And the systems are synchronised
      Then there is one Beta Customer
      And the Beta Customer agrees with the Alpha Contact
      And nothing else has changed
"""
    )
    assert feature.endswith(
        """\
    @S07
    Scenario Outline: An edit of <property> in the Beta reaches the Alpha
      Given an Alpha Contact linked with a Beta Customer
      When someone changes the Beta Customer's <property> to "<value>"
      And the systems are synchronised
      Then the Alpha Contact shows <property> "<value>"
      And the Beta Customer still shows <property> "<value>"
      And nothing else has changed

      @1.3.1
      Examples: mail
        | property | value      |
        | mail     | first mail |

      @1.3.2
      Examples: age
        | property | value |
        | age      | 4711  |
"""
    )


def test_there_is_one_feature_for_each_section(tmp_path: Path) -> None:
    flow = Flow(Side("Alpha", "Contact"), Side("Beta", "Customer"), rows=(Row("a", "b", STRING),))
    other = Flow(Side("Alpha", "Sale"), Side("Beta", "Order"), rows=(Row("a", "b", STRING),))

    outcome = written(Document("Alpha", "Beta", (flow, other, flow)), tmp_path)

    assert outcome.written == [
        "mappings/ours.yaml",
        "features/ours/1_contact_to_customer.feature",
        "features/ours/2_sale_to_order.feature",
        "features/ours/3_contact_to_customer.feature",
        "features/ours/test_ours.py",
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (Row("name", "", STRING), "both properties"),
        (Row("name", "name", '["unheard-of", "_."]'), "a data type that can be read"),
        (Row("name", "name", '["datetime-diff", "day", "_.", ["now"]]'), "scenarios that say when they look"),
        (Row("name", "name", '["first", ["slice", 5, "_."]]'), "two values that"),
        (Row("mail", "email", '["split", "-", "_."]'), "one transformation: other rows of email have none"),
        (Row("name", "name", STRING, (Dependency("source", "wd:Q1", "kind"),)), "only where kind is wd:Q1"),
    ],
)
def test_a_row_that_says_more_than_a_mapping_can_is_left_to_a_person(
    tmp_path: Path, row: Row, reason: str
) -> None:
    read = drafted(contacts(Row("mail", "email", STRING), row), tmp_path)

    [gap] = [pickle for pickle in read.pickles if "1.3.2" in pickle.tags]
    assert (gap.name.startswith("FILL IN 1.3"), gap.steps, gap.defect) == (
        True,
        (),
        "a scenario without steps",
    )
    assert reason in gap.name
    assert [prop.name for prop in read.mapping.flows[0].properties] == ["mail"]


def test_a_transformed_property_is_shown_in_each_sides_own_form_and_crosses_back_if_it_can(
    tmp_path: Path,
) -> None:
    two_way, one_way = (
        Row("tags", "labels", '["split", " ", "_."]'),
        Row("no", "no", '["replace", " ", "", "_."]'),
    )
    read = drafted(contacts(two_way, one_way), tmp_path)

    tags, no = read.mapping.flows[0].properties
    assert tags.transform == Transform(expression=["split", " ", "_."], type=Type.LIST)
    assert (tags.direction, no.direction) == (Direction.BOTH, Direction.TO_TARGET)
    shown = {pickle.name: pickle.steps for pickle in read.pickles if {"1.3.1", "1.3.2"} & set(pickle.tags)}
    there, back, no_there, no_back = shown
    assert 'the Beta Customer shows tags "second; tags"' in shown[there]
    assert 'someone changes the Beta Customer\'s tags to "second; tags"' in shown[back]
    assert 'the Alpha Contact shows tags "second tags"' in shown[back]
    assert 'the Beta Customer shows no "secondno"' in shown[no_there]
    assert no_back == "An edit of no in the Beta stays there: each “ ” is lost"
    assert 'the Alpha Contact still shows no "second no"' in shown[no_back]


def test_nothing_stays_in_sync_both_ways_where_no_property_has_a_way_back(tmp_path: Path) -> None:
    read = drafted(contacts(Row("no", "no", '["replace", " ", "", "_."]')), tmp_path)

    [gap] = [pickle for pickle in read.pickles if "1.2" in pickle.tags]
    assert (gap.steps, gap.name) == ((), "FILL IN 1.2: the properties that stay in sync")


def test_without_any_way_to_a_link_everything_is_left_to_a_person(tmp_path: Path) -> None:
    read = drafted(contacts(Row("mail", "email", STRING), opening="link_required"), tmp_path)

    assert {pickle.name.split(": ", 1)[1] for pickle in read.pickles} == {"how a link comes about"}
    assert {item.id for item in read.items} == {tag for pickle in read.pickles for tag in pickle.tags}


def test_sections_that_wait_for_each_other_create_nothing(tmp_path: Path) -> None:
    rows = (Row("a", "b", STRING),)
    one = Flow(
        Side("A", "Sale"), Side("B", "Order"), connected=("Contact",), criteria=(("a", "b"),), rows=rows
    )
    other = Flow(
        Side("A", "Contact"), Side("B", "Person"), connected=("Sale",), criteria=(("a", "b"),), rows=rows
    )

    read = drafted(Document("A", "B", (one, other)), tmp_path)

    assert [flow.start for flow in read.mapping.flows] == [Start.LINK_REQUIRED] * 2
    assert any(
        "no new record of it ever does" in pickle.name and "1.2" in pickle.tags for pickle in read.pickles
    )


def test_fields_that_get_in_each_others_way_are_told_apart(tmp_path: Path) -> None:
    rows = (Row("a", "id", STRING), Row("a.b", "version.n", STRING), Row("$x", "a_", STRING))

    read = drafted(contacts(*rows), tmp_path)

    pairs = [(prop.source.path, prop.target.path) for prop in read.mapping.flows[0].properties]
    assert pairs == [("a_", "id_"), ("a.b", "version_.n"), ("$x", "a_")]


def test_one_property_that_is_fed_by_several_shows_the_first_that_is_filled(tmp_path: Path) -> None:
    rows = (Row("work", "mail", STRING), Row("home", "mail", STRING), Row("home", "other", STRING))

    read = drafted(contacts(*rows, Row("work", "mail", STRING)), tmp_path)

    assert [prop.name for prop in read.mapping.flows[0].properties] == ["work", "home", "home as other"]
    contested = [pickle for pickle in read.pickles if "1.3.2" in pickle.tags]
    assert [pickle.steps[0] for pickle in contested] == [
        "an Alpha Contact linked with a Beta Customer whose work is empty"
    ] * 2
    assert all("1.3.4" in pickle.tags for pickle in read.pickles if "1.3.1" in pickle.tags)


def test_records_that_are_linked_by_a_property_cant_show_what_comes_after_it(tmp_path: Path) -> None:
    rows = (Row("work", "mail", STRING), Row("home", "mail", STRING))
    linked = {"opening": "link_required", "criteria": (("work", "mail"),)}

    for more, shown in (((), False), ((("no", "no"),), True)):
        flow = linked | {"criteria": (("work", "mail"), *more)}
        read = drafted(contacts(*rows, Row("no", "no", STRING), **flow), tmp_path)
        contested = [pickle for pickle in read.pickles if "1.4.2" in pickle.tags]
        assert [bool(pickle.steps) for pickle in contested] == ([True, True] if shown else [False])
        if not shown:
            assert contested[0].name.endswith("how two records get linked while work is empty")


def test_what_a_person_changed_is_kept_and_the_difference_shown(tmp_path: Path) -> None:
    first, second = Row("mail", "email", STRING), Row("age", "years", '"integer"')
    feature = "features/ours/1_contact_to_customer.feature"
    written(contacts(first), tmp_path)
    (tmp_path / feature).write_text("# mine\n" + (tmp_path / feature).read_text(encoding="utf-8"))

    again = written(contacts(first), tmp_path)
    assert (again.written, again.differing) == ([], {})
    assert feature in again.kept

    changed = written(contacts(first, second), tmp_path)
    assert changed.written == ["mappings/ours.yaml"]
    assert "-# mine\n" in changed.differing[feature]
    assert "+        | age      | 4711  |\n" in changed.differing[feature]
    assert (tmp_path / feature).read_text(encoding="utf-8").startswith("# mine\n")

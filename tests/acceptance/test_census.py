"""The pickle census: what there is, apart from what pytest-bdd makes of it."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from bothways.acceptance.census import Pickle, check_tags, compile_feature, compile_folder
from bothways.errors import FeatureError


def pickles(folder: Path, text: str) -> list[Pickle]:
    """The pickles of a feature with this text."""
    file = folder / "a.feature"
    file.write_text(textwrap.dedent(text), encoding="utf-8")
    return compile_feature(file, "a.feature")


def test_a_pickle_has_the_tags_of_all_that_it_stands_in(tmp_path: Path) -> None:
    [one, two] = pickles(
        tmp_path,
        """\
        @1
        Feature: f
          Background:
            Given g
          @1.2
          Rule: r
            @S07
            Scenario Outline: an edit to <value>
              When v is <value>
              @1.3.1
              Examples: first
                | value |
                | x     |
              @1.3.2
              Examples: second
                | value |
                | y     |
        """,
    )
    assert one == Pickle(
        file="a.feature",
        line=13,
        template=8,
        name="an edit to x",
        feature="f",
        rule="r",
        row=0,
        tags={"1": 1, "1.2": 5, "S07": 7, "1.3.1": 10},
        example={"value": "x"},
        steps=("g", "v is x"),
    )
    assert (two.id, two.row, set(two.tags)) == ("a.feature:17", 1, {"1", "1.2", "S07", "1.3.2"})


@pytest.mark.parametrize(
    ("text", "line", "defect"),
    [
        ("", 1, "a feature file without a feature"),
        ("Feature: f", 1, "no scenarios"),
        ("Feature: f\n  Scenario: s", 2, "a scenario without steps"),
        ("Feature: f\n  Background:\n    Given g\n  Scenario: s", 4, "a scenario without steps"),
        ("Feature: f\n  Scenario Outline: s\n    Given <x>", 2, "an outline without examples"),
        ("Feature: f\n  Scenario Template: s\n    Given x", 2, "an outline without examples"),
        ("# language: no\nEgenskap: f\n  Scenariomal: s\n    Gitt x", 3, "an outline without examples"),
        ("Feature: f\n  Scenario: s\n    Given <x>\n    Examples:\n      | x |", 4, "examples without rows"),
        ("Feature: f\n  Scenario: s\n    Given <x>\n    Examples: only a name", 4, "examples without rows"),
        (
            "Feature: f\n  Scenario: s\n    Given <x>\n    Examples:\n      | x |\n      |  |",
            6,
            "an empty cell in column 'x', for which no step is found",
        ),
    ],
)
def test_what_can_prove_nothing_is_a_pickle_with_a_defect(
    tmp_path: Path, text: str, line: int, defect: str
) -> None:
    [pickle] = pickles(tmp_path, text)
    assert (pickle.line, pickle.defect) == (line, defect)


def test_of_scenarios_with_one_name_all_but_the_last_are_defects_across_rules_too(tmp_path: Path) -> None:
    found = pickles(
        tmp_path,
        """\
        Feature: f
          Scenario: s
            Given a
          Rule: r
            Scenario: s
              Given b
            Scenario: t
              Given c
        """,
    )
    assert [pickle.defect for pickle in found] == [
        "another scenario of this feature has the same name (line 5)",
        "",
        "",
    ]


def test_an_outline_may_lack_rows_in_one_table_and_have_them_in_another(tmp_path: Path) -> None:
    found = pickles(
        tmp_path,
        """\
        Feature: f
          Scenario Outline: s
            Given <x>
            @1.3.1
            Examples: none yet
              | x |
            @1.3.2
            Examples: one
              | x |
              | 1 |
        """,
    )
    assert [(pickle.row, pickle.defect, "1.3.1" in pickle.tags) for pickle in found] == [
        (0, "examples without rows", True),
        (0, "", False),
    ]


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        (b"Feature: f\n  Scenario: s\n    Given x\n  Nonsense\n", 4, "not Gherkin: expected: "),
        (b"# language: tlh-none\nFeature: f\n", 1, "not Gherkin: Language not supported: tlh-none"),
        (b"Feature: \xff\n", None, "can't read the feature: not UTF-8"),
    ],
)
def test_what_isnt_gherkin_is_refused_with_its_line(
    tmp_path: Path, content: bytes, line: int | None, message: str
) -> None:
    (tmp_path / "b.feature").write_bytes(content)
    with pytest.raises(FeatureError) as refused:
        compile_folder(tmp_path, tmp_path)
    assert (refused.value.file, refused.value.line) == ("b.feature", line)
    assert refused.value.message.startswith(message)


@pytest.mark.parametrize(
    ("tag", "message"),
    [
        ("1.9", "tag @1.9 names no item of the checklist"),
        ("9", "tag @9 names no item of the checklist"),
        ("S33", "tag @S33 names no rule"),
        ("S1", "tag @S1 names no rule"),
        ("limitation-nope", "tag @limitation-nope names no known limitation of the mapping"),
    ],
)
def test_a_tag_that_names_nothing_is_refused_with_its_line(tmp_path: Path, tag: str, message: str) -> None:
    known = {"1.2", "1.3.1"}, {"badge"}
    fine = pickles(tmp_path, "@1.2 @S32 @limitation-badge @slow\nFeature: f\n  Scenario: s\n    Given x\n")
    check_tags(fine, *known)
    odd = pickles(tmp_path, f"@1.2\n@{tag}\nFeature: f\n  Scenario: s\n    Given x\n")
    with pytest.raises(FeatureError) as refused:
        check_tags(odd, *known)
    assert str(refused.value) == f"a.feature:2: {message}"

"""The forms of sentences, and what each says."""

from __future__ import annotations

import re

import pytest

from bothways.checklist.statements import KINDS, Sentence, read_sentence, read_sentences

X, Y = "Acme CRM Contact", "Harbour Books Customer"

FORMS = {
    f"Every {X} will be synchronized with a {Y}.": Sentence("every", X, Y),
    f"When a {X} is of type Agent, it  will be synchronized with a {Y}.": Sentence(
        "when", target=Y, whole=f"{X} is of type Agent"
    ),
    f"left out for now until that is settled, it  will be synchronized with a {Y}.": Sentence(
        "note", target=Y, whole="left out for now until that is settled"
    ),
    f"Before any synchronization can take place, a link between a {X} and a {Y} must be established.": Sentence(
        "link_required", X, Y
    ),
    f"A new {Y} will be created from a {X} if it is connected to a Acme CRM Order that is synchronized into Harbour"
    " Books.": Sentence("created_if_connected", X, Y, connected=("Acme CRM Order",), into="Harbour Books"),
    f"If a matching {Y} already exists, the {X} will be merged with the existing one.": Sentence(
        "merge_if_match", X, Y
    ),
    f"If no matching {Y} is found, a new {Y} will be created.": Sentence("create_if_no_match", target=Y),
    f"A {X} will merge with a {Y} if one of the following property combinations match:": Sentence(
        "merge_criteria", X, Y
    ),
    f"Once a link between a {X} and a {Y} is established, it will keep in sync between the two systems,"
    " regardless of where it is edited.": Sentence("stays_in_sync", X, Y),
    f"The following properties are synchronized between a {X} and a {Y}:": Sentence("properties", X, Y),
}


def test_every_kind_is_shown_here() -> None:
    assert {sentence.kind for sentence in FORMS.values()} == set(KINDS)


@pytest.mark.parametrize(("text", "sentence"), FORMS.items(), ids=[each.kind for each in FORMS.values()])
def test_a_form_is_known_and_says_what_it_names(text: str, sentence: Sentence) -> None:
    assert read_sentence(text) == sentence


@pytest.mark.parametrize("kind", KINDS)
def test_articles_vary_and_stand_before_blank_names(kind: str) -> None:
    text = next(text for text, sentence in FORMS.items() if sentence.kind == kind)
    blank = text.replace(X, " Offer").replace(Y, " Invoice").replace("Harbour Books", "")
    vowel = re.sub(rf"\b([Aa]) ({X}|{Y})", r"\1n \2", text).replace(X, "Offer").replace(Y, "Invoice")

    for variant in (blank, vowel):
        read = read_sentence(variant)
        assert read is not None
        assert read.kind == kind
        assert read.source in (None, "Offer")
        assert read.target in (None, "Invoice")


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("when", "note")])
def test_both_names_of_both_sides_may_be_blank(kind: str) -> None:
    text = next(text for text, sentence in FORMS.items() if sentence.kind == kind)

    read = read_sentence(text.replace(X, " ").replace(Y, " "))

    assert read is not None
    assert (read.kind, read.source or "", read.target) == (kind, "", "")


def test_a_name_may_hold_the_words_around_it() -> None:
    read = read_sentence(
        "The following properties are synchronized between a Brand and a Stand and an Island:"
    )

    assert read == Sentence("properties", "Brand", "Stand and an Island")


@pytest.mark.parametrize(
    ("listed", "datatypes"),
    [
        ("Order", ("Order",)),
        ("Order or Sale line", ("Order", "Sale line")),
        ("Order, Sale line, or Contact", ("Order", "Sale line", "Contact")),
        ("Order, a Sale line, or an Offer", ("Order", "Sale line", "Offer")),
        (", ".join(f"Type{n}" for n in range(15)) + ", or Type15", tuple(f"Type{n}" for n in range(16))),
    ],
)
def test_one_to_sixteen_connected_datatypes(listed: str, datatypes: tuple[str, ...]) -> None:
    read = read_sentence(
        f"A new {Y} will be created from a {X} if it is connected to a {listed} that is synchronized into ."
    )

    assert read is not None
    assert (read.connected, read.into) == (datatypes, "")


def test_a_sentence_may_be_broken_over_lines() -> None:
    lines = [
        (7, f"Once a link between a {X} and a {Y} is established,"),
        (8, "it will keep in sync between the two systems, regardless of"),
        (9, "where it is edited."),
        (10, f"If no matching {Y} is found, a new {Y} will be created."),
    ]

    read = [([number for number, _ in each], sentence.kind) for each, sentence in read_sentences(lines)]

    assert read == [([7, 8, 9], "stays_in_sync"), ([10], "create_if_no_match")]


def test_a_line_that_is_a_sentence_ends_what_stands_before_it() -> None:
    lines = [(1, "Every stranger"), (2, f"Every {X} will be synchronized with a {Y}.")]

    read = [([number for number, _ in each], sentence.kind) for each, sentence in read_sentences(lines)]

    assert read == [([1], "note"), ([2], "every")]


def test_lines_without_a_form_are_one_note_up_to_the_next_sentence() -> None:
    lines = [(1, "to be discussed"), (2, "with sales"), (3, f"Every {X} will be synchronized with a {Y}.")]

    read = [([number for number, _ in each], sentence.kind) for each, sentence in read_sentences(lines)]

    assert read == [([1, 2], "note"), ([3], "every")]


def test_a_sentence_that_swallowed_another_does_not_speak_of_its_section() -> None:
    two = read_sentence(f"Every {X} will be synchronized with a {Y}. Or so they say.")

    assert two is not None
    assert not two.speaks_of(X, Y)

"""What the mapping marks `redact` is hidden by the property's name and by where it stands, and nothing else is."""

from __future__ import annotations

from typing import Any

import pytest

from bothways.sync.redaction import Redaction
from tests.sync.pair import TEXT, pair

MAIL = {"name": "mail", "type": "string", "source": "email", "target": "contact.address", "redact": True}
PHONE = {"name": "phone", "type": "string", "source": "phone", "target": "contact.phone", "redact": True}


@pytest.fixture
def redaction() -> Redaction:
    """Of the pair, in which mail and phone are hidden and the name isn't."""
    return Redaction(pair(TEXT, MAIL, PHONE).mapping)


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("mail", "ada@example.org", "(redacted)"),
        ("phone", "", "(redacted)"),
        ("phone", 0, "(redacted)"),
        ("mail", None, None),  # that nothing stands there is no secret
        ("name", "Cup", "Cup"),
        ("email", "a path is no name", "a path is no name"),
    ],
)
def test_a_hidden_property_shows_only_whether_it_has_a_value(
    redaction: Redaction, name: str, value: Any, shown: Any
) -> None:
    assert redaction.named(name, value) == shown


@pytest.mark.parametrize(
    ("place", "hidden"),
    [
        (("left", "Thing", "email"), True),
        (("right", "Item", "contact.address"), True),
        (("left", "Thing", "phone"), True),
        (("right", "Item", "contact.phone"), True),
        (("left", "Thing", "name"), False),
        (("right", "Item", "title"), False),
        (("right", "Item", "email"), False),
        (("left", "Thing", "contact.address"), False),
        (("right", "Thing", "contact.address"), False),
        (("right", "Part", "contact.address"), False),
    ],
)
def test_a_value_is_hidden_on_its_own_side_and_path_only(
    redaction: Redaction, place: tuple[str, str, str], hidden: bool
) -> None:
    assert redaction.at(*place, "ada") == ("(redacted)" if hidden else "ada")
    assert redaction.at(*place, None) is None


def test_a_mapping_that_marks_nothing_hides_nothing() -> None:
    redaction = Redaction(pair(TEXT).mapping)
    assert redaction.named("name", "Cup") == "Cup"
    assert redaction.at("left", "Thing", "name", "Cup") == "Cup"

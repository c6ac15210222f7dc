"""Text from outside as a person should see it: whatever it holds, it is text."""

from __future__ import annotations

import json
import re

from pydantic import JsonValue

_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
"""What acts on a terminal or turns the direction of text instead of showing; tabs and line feeds are shown."""


def visible(text: str) -> str:
    """`text` with each character that acts instead of showing replaced by its picture or its number."""
    return _UNSEEN.sub(lambda found: _picture(ord(found[0])), text)


def _picture(code: int) -> str:
    return chr(0x2400 + code) if code < 0x20 else f"⟨U+{code:04X}⟩"


def value(content: JsonValue, longest: int = 300) -> str:
    """A JSON value on one line: a text in quotes, what is empty as "nothing", cut after `longest` characters."""
    text = "nothing" if content in (None, [], {}) else json.dumps(content, ensure_ascii=False)
    return text if len(text) <= longest else f"{text[:longest]}… ({len(text)} characters)"


def one_line(text: str) -> str:
    """`text` with every run of blanks as one."""
    return " ".join(text.split())

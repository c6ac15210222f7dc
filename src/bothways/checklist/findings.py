"""The catalogue of what can be odd about a checklist. `docs/findings.md` explains each code; a test keeps
them equal.

An *error* is a line that can't be proved as it stands, a *warning* one that can but probably isn't what was
meant, a *note* is about form alone.
"""

from __future__ import annotations

from bothways.checklist.model import Finding, Severity

CATALOGUE: dict[str, tuple[Severity, str]] = {
    "not-understood": (
        "error",
        "Rewrite the lines in the checklist's format, or remove them.",
    ),
    "short-underline": (
        "note",
        "Make the underline as long as its heading: strict readers may take the heading for text.",
    ),
    "heading-without-split": (
        "warning",
        "Write it as `<system> <datatype> to <system> <datatype>`, the systems spelled as in the title.",
    ),
    "leaked-note": (
        "error",
        "Replace the note by the statement that it stands for, or remove it.",
    ),
    "other-record-types": (
        "warning",
        "Name the record types of the section's heading, or move the statement to its section.",
    ),
    "incomplete-row": (
        "error",
        "Give the row exactly one cell for each column of its table.",
    ),
    "lost-cell-marker": (
        "warning",
        "Indent the data type under its row and write `- ` before it.",
    ),
    "damaged-data-type": (
        "warning",
        "Confirm the repaired data type and write it in full.",
    ),
    "unreadable-data-type": (
        "error",
        "Write a known data type or expression: no value of this property can be tested until then.",
    ),
    "odd-property": (
        "warning",
        "Write the property as a dotted path of letters, digits, `.`, `_` and `$`.",
    ),
}
"""code: (severity, what to do about it)."""


def finding(code: str, line: int, message: str) -> Finding:
    """The finding of that code; severity and advice come from the catalogue."""
    severity, advice = CATALOGUE[code]
    return Finding(code, severity, line, message, advice)

"""The catalogue of what can be odd about a checklist. `docs/findings.md` explains each code; a test keeps
them equal.

An *error* is a line that can't be proved as it stands, a *warning* one that can but probably isn't what was
meant, a *note* is about form alone.
"""

from __future__ import annotations

from bothways.checklist.model import Finding, Severity

CATALOGUE: dict[str, tuple[Severity, str]] = {
    "circular-creation": (
        "error",
        "Let one of the sections create its records without a condition, or link them otherwise.",
    ),
    "conflicting-data-types": (
        "warning",
        "Settle on one data type for the property.",
    ),
    "contested-target": (
        "warning",
        "List one source property, or confirm the order: the first that isn't empty wins.",
    ),
    "damaged-data-type": (
        "warning",
        "Confirm the repaired data type and write it in full.",
    ),
    "heading-without-split": (
        "warning",
        "Write it as `<system> <datatype> to <system> <datatype>`, the systems spelled as in the title.",
    ),
    "incomplete-row": (
        "error",
        "Give the row exactly one cell for each column of its table.",
    ),
    "leaked-note": (
        "error",
        "Replace the note by the statement that it stands for, or remove it.",
    ),
    "lost-cell-marker": (
        "warning",
        "Indent the data type under its row and write `- ` before it.",
    ),
    "no-sections": (
        "error",
        "Generate the checklist again once the flow has sections: there is nothing to prove.",
    ),
    "not-understood": (
        "error",
        "Rewrite the line in the checklist's format, or remove it.",
    ),
    "odd-property": (
        "warning",
        "Write the property as a dotted path of letters, digits, `.`, `_` and `$`.",
    ),
    "other-record-types": (
        "warning",
        "Name the record types of the section's heading, or move the statement to its section.",
    ),
    "repeated-section": (
        "warning",
        "Keep one of the sections, unless both are meant.",
    ),
    "section-without-properties": (
        "warning",
        "List the properties, or have those that the mapping assumes confirmed.",
    ),
    "short-underline": (
        "note",
        "Make the underline as long as its heading: strict readers may take the heading for text.",
    ),
    "unavailable-data-type": (
        "warning",
        "Give the property a data type: without one any value is taken to cross unchanged.",
    ),
    "unnamed-system": (
        "warning",
        "Name the system; until then the mapping says which one is meant.",
    ),
    "unreadable-data-type": (
        "error",
        "Write a known data type or expression: no value of this property can be tested until then.",
    ),
    "unsynchronised-connection": (
        "error",
        "Add a section that synchronises one of the datatypes, or drop the condition.",
    ),
    "unsynchronised-criterion": (
        "warning",
        "List the property among the synchronised ones, or match on others.",
    ),
}
"""code: (severity, what to do about it)."""


def finding(code: str, line: int, message: str) -> Finding:
    """The finding of that code; severity and advice come from the catalogue."""
    severity, advice = CATALOGUE[code]
    return Finding(code, severity, line, message, advice)

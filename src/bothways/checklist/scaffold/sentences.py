"""Parts of the features' sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bothways.checklist.scaffold.naming import said

Lines = Iterator[str]


def steps(*steps: str) -> Lines:
    return (f"      {step}" for step in steps)


def then(checks: Sequence[str]) -> list[str]:
    return [f"{'And' if number else 'Then'} {check}" for number, check in enumerate(checks)]


def whose_empty(names: Sequence[str] | dict[str, str]) -> str:
    """` whose a is empty and b is empty`, nothing for no names."""
    return whose([f"{said(name)} is empty" for name in names])


def whose(clauses: Sequence[str]) -> str:
    """` whose a is empty and b is "x"`, nothing for no clauses."""
    return f" whose {' and '.join(clauses)}" if clauses else ""


def a(words: str) -> str:
    return f"{'an' if words[:1].casefold() in 'aeiou' else 'a'} {words}"


def upper(words: str) -> str:
    return words[:1].upper() + words[1:]


def rule_title(text: str) -> str:
    """A sentence as a Rule's title: one line, no stop at the end."""
    return " ".join(text.split()).rstrip(".:")

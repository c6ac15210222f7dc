"""What a checklist that we write ourselves is to say: the plan from which `rendering` writes its text."""

from __future__ import annotations

from dataclasses import dataclass

from bothways.checklist.model import Dependency, Side


@dataclass(frozen=True)
class Row:
    """A row of a properties table; `spilled` loses its data type's cell marker, `oddity` is the code of what
    is found about the data type."""

    source: str
    target: str
    data_type: str
    dependencies: tuple[Dependency, ...] = ()
    spilled: bool = False
    oddity: str | None = None


@dataclass(frozen=True)
class Flow:
    """A section: its sides, and which of the optional statements it has, with what they say."""

    source: Side
    target: Side
    opening: str | None = "every"
    """`every`, `when`, `note`, `link_required` or None."""
    words: str = ""
    """The condition of a `when`, all of a `note` before its comma."""
    connected: tuple[str, ...] = ()
    merges: bool = False
    creates: bool = False
    criteria: tuple[tuple[str, str], ...] = ()
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True)
class Document:
    """A whole checklist. `short`: its underlines miss a mark."""

    source_system: str
    target_system: str
    flows: tuple[Flow, ...] = ()
    generated: str = "2024-03-01 08:15:00"
    introduction: tuple[str, ...] = ("What these two keep in sync.",)
    short: bool = False


def record_type(side: Side) -> str:
    """A side as statements name it. A blank system leaves its blank behind."""
    return f"{side.system} {side.datatype}"

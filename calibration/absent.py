"""The faults of the catalogue that can't be planted in the core, and the scenario that shows their absence."""

from __future__ import annotations

from typing import NamedTuple


class Absent(NamedTuple):
    """Why a fault can't be planted; `scenario` is the title of one that would notice it in another integration."""

    reason: str
    scenario: str


ABSENT = {
    "F31": Absent(
        "neither API pages by offset: their listings go on at a cursor, or after a time",
        "More products than a page holds all cross, though the webshop loses its place between two pages",
    ),
}

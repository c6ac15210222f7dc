"""The mappings under which the simulation runs: the webshop's, two of ours made to be nasty, and a smallest one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from bothways.mapping_file import load

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Scene:
    """A mapping, what its REST systems make of what they are given (`{system: {"Datatype.path": options}}`), and
    how many records they show on a page."""

    name: str
    file: str
    rewrites: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, hash=False)
    page: int = 3

    def mapping(self) -> dict[str, Any]:
        """The mapping as engines get it."""
        return _dumped(self.file)


@cache
def _dumped(file: str) -> dict[str, Any]:
    return load(ROOT / file).model_dump(mode="json", by_alias=True, exclude_defaults=False)


WEBSHOP = Scene("custom_webshop", "mappings/custom_webshop.yaml")
FIVE_MEMBERS = Scene(
    "five_members",
    "properties/mappings/five_members.yaml",
    {
        "crm": {"Contact.name": {"rewrite": "trim"}, "Contact.email": {"rewrite": "lower"}},
        "ledger": {"Customer.note": {"rewrite": "paragraph"}},
    },
)
MANY_TO_ONE = Scene("many_to_one", "properties/mappings/many_to_one.yaml")
SMALLEST = Scene("smallest", "properties/mappings/smallest.yaml", page=50)
DRAWN = (WEBSHOP, FIVE_MEMBERS, MANY_TO_ONE)
SCENES = {scene.name: scene for scene in (*DRAWN, SMALLEST)}

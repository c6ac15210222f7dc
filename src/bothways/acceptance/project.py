"""Which files belong together: a checklist, its mapping, its features."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bothways import mapping_file
from bothways.acceptance.census import Pickle, check_tags, compile_folder
from bothways.acceptance.items import BoundItem, items_of, limitations_of
from bothways.checklist.model import Checklist
from bothways.checklist.parse import parse
from bothways.checklist.scaffold.files import name_of
from bothways.errors import FeatureError
from bothways.mapping import Mapping

DEFAULT_CHECKLIST = Path("checklists/custom-webshop.rst")
RULES_FOLDER = Path("features/rules")
"""Scenarios about rules and about no item; they speak of the default checklist's systems."""


@dataclass(frozen=True)
class Project:
    """The files of one checklist, read: `checklists/a-b.rst`, `mappings/a_b.yaml`, `features/a_b/`."""

    root: Path
    checklist_path: Path
    mapping_path: Path
    folders: tuple[Path, ...]
    checklist: Checklist
    mapping: Mapping
    items: tuple[BoundItem, ...]
    pickles: tuple[Pickle, ...]


def stem(checklist: Path) -> str:
    """The name that the files of a checklist share: `a_b` for `checklists/a-b.rst`."""
    return name_of(checklist)


def mapping_of(folder: str, root: Path) -> Path:
    """The mapping that `features/<folder>` is about: the one of that name, else the default checklist's."""
    own = root / "mappings" / f"{folder}.yaml"
    return own if own.exists() else root / "mappings" / f"{stem(DEFAULT_CHECKLIST)}.yaml"


def read(root: Path, checklist_path: Path = DEFAULT_CHECKLIST, mapping_path: Path | None = None) -> Project:
    """Read and check a checklist with all that belongs to it; paths are from `root`.

    Raises `InputError`: for a file that is missing or isn't what it should be, and for a tag in a feature
    that names nothing. Rules' features come along with the default checklist.
    """
    name = stem(checklist_path)
    mapping_path = mapping_path or Path("mappings") / f"{name}.yaml"
    checklist = parse(root / checklist_path)
    mapping = mapping_file.load(root / mapping_path)
    folder = Path("features") / name
    if not (root / folder).is_dir():
        raise FeatureError(folder, None, f"no such folder: the features of {checklist_path} belong there")
    folders = [folder]
    if name == stem(DEFAULT_CHECKLIST) and (root / RULES_FOLDER).is_dir():
        folders.append(RULES_FOLDER)
    items = tuple(items_of(checklist, mapping))
    pickles = tuple(pickle for folder in folders for pickle in compile_folder(root / folder, root))
    check_tags(pickles, {item.id for item in items}, {limit.id for limit in limitations_of(mapping)})
    return Project(root, checklist_path, mapping_path, tuple(folders), checklist, mapping, items, pickles)

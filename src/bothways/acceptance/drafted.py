"""A checklist that nobody has bound yet, run all the same: drafted in a temporary folder, with our steps."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bothways import mapping_file
from bothways.acceptance import project
from bothways.acceptance.project import Project
from bothways.checklist.model import Checklist
from bothways.checklist.parse import parse
from bothways.checklist.scaffold.files import name_of, scaffold
from bothways.errors import FeatureError

LENT = ("conftest.py", "pyproject.toml", "steps", "fakes")
"""What a temporary project takes from the checkout."""


@contextmanager
def project_of(root: Path, checklist: Path, mapping: Path | None) -> Iterator[Project]:
    """The project of a checklist: its own files, or a draft of them where no mapping is for it.

    Raises `InputError` as `project.read` does.
    """
    if mapping is not None or not (root / checklist).exists() or _is_bound(root, checklist):
        yield project.read(root, checklist, mapping)
        return
    read = parse(root / checklist)
    with tempfile.TemporaryDirectory(prefix="bothways-") as folder:
        yield draft(root.resolve(), checklist, read, Path(folder))


def _is_bound(root: Path, checklist: Path) -> bool:
    """Whether there is a mapping for this very document; one of the same name elsewhere may be another's."""
    own = root / "mappings" / f"{project.stem(checklist)}.yaml"
    return (
        own.exists() and (root / mapping_file.load(own).checklist).resolve() == (root / checklist).resolve()
    )


def draft(checkout: Path, checklist: Path, read: Checklist, folder: Path) -> Project:
    """A project for `checklist`, which has been read, in `folder`. Raises `InputError`."""
    for name in LENT:
        if not (checkout / name).exists():
            raise FeatureError(checkout / name, None, "not here: run bothways from its checkout")
        (folder / name).symlink_to(checkout / name)
    copy = Path("checklists") / checklist.name
    (folder / copy.parent).mkdir()
    shutil.copy(checkout / checklist, folder / copy)
    scaffold(read, copy.as_posix(), name_of(copy), folder)
    return project.read(folder, copy)

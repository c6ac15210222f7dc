"""A copy of an integration's state, put aside as a backup would be (S32)."""

from __future__ import annotations

import shutil
from pathlib import Path


class Kept:
    """What `folder` holds now. Its integration must not be at work."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files = {
            path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()
        }

    def put_back(self) -> None:
        """The folder holds that again, and nothing else."""
        shutil.rmtree(self._folder)
        self._folder.mkdir()
        for name, content in self._files.items():
            place = self._folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)

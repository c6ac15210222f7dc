"""The engine's state on disk: kept aside, lost, or put back as it was when the engine was killed."""

from __future__ import annotations

import shutil
from pathlib import Path


class State:
    """`folder` is the engine's; copies stand beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._copy = folder.with_name(f"{folder.name}.kept")
        self._image = folder.with_name(f"{folder.name}.image")
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def kept(self) -> bool:
        """Whether there is a copy to go back to."""
        return self._copy.exists()

    def keep(self) -> None:
        """Make a copy."""
        _replace(self._copy, self.folder)

    def lose(self, *, older: bool) -> None:
        """The state is gone, or the copy takes its place."""
        if older:
            _replace(self.folder, self._copy)
        else:
            shutil.rmtree(self.folder)
            self.folder.mkdir()

    def take_image(self) -> None:
        """Remember the files as they are now: what is left of a process that dies here."""
        _replace(self._image, self.folder)

    def back_to_last_image(self) -> None:
        """Undo what the dying engine still wrote while it unwound."""
        _replace(self.folder, self._image)


def memory() -> str | None:
    """A folder whose files live in memory, where the platform has one: commits then cost no disk."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  # temporary folders are made in it


def _replace(there: Path, here: Path) -> None:
    if there.exists():
        shutil.rmtree(there)
    shutil.copytree(here, there)

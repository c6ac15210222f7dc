"""A small project of our own in a temporary folder, run as a person would run it."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bothways.cli import main

ROOT = Path(__file__).parents[2]
LIBRARY = Path(__file__).parent / "library"
BOOKS = "features/library_kiosk/1_book_to_entry.feature"
STEPS = "steps/library.py"
CHECKLIST = "checklists/library-kiosk.rst"
ENGINE = "python:clerk:build"
MAPPING = "mappings/library_kiosk.yaml"
_PYPROJECT = """\
[tool.pytest.ini_options]
addopts = "--strict-markers -p no:schemathesis"
testpaths = ["features"]
pythonpath = ["."]
bdd_features_base_dir = "features"
filterwarnings = ["error"]
"""


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it left."""

    code: int
    out: str
    err: str
    folder: Path

    @property
    def result(self) -> dict[str, Any]:
        """Its `result.json`."""
        read: dict[str, Any] = json.loads((self.folder / "out" / "result.json").read_text(encoding="utf-8"))
        return read

    def item(self, id: str) -> dict[str, Any]:
        """One item of the result."""
        found: dict[str, Any] = next(item for item in self.result["items"] if item["id"] == id)
        return found

    def verdicts(self) -> dict[str, str]:
        """The verdict of each item."""
        return {item["id"]: item["verdict"] for item in self.result["items"]}


class Suite:
    """The library's checklist with its features, steps and the clerk that syncs it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(LIBRARY, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "conftest.py", folder)
        self.write("pyproject.toml", _PYPROJECT)

    def write(self, path: str, text: str) -> None:
        """Put a file."""
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")

    def add(self, path: str, text: str) -> None:
        """Put more at the end of a file."""
        self.write(path, (self.folder / path).read_text(encoding="utf-8") + text)

    def replace(self, path: str, old: str, new: str) -> None:
        """Change the one place where `old` stands in a file."""
        text = (self.folder / path).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path}"
        self.write(path, text.replace(old, new))

    def run(self, *arguments: str) -> Ended:
        """`bothways run` on the library's checklist, with the clerk as the integration."""
        return self.bothways("run", CHECKLIST, "--engine", ENGINE, *arguments)

    def bothways(self, *arguments: str) -> Ended:
        """The command `bothways`, in this process."""
        return self._inside(lambda: main(list(arguments)))

    def pytest(self, *arguments: str) -> Ended:
        """Plain pytest, in this process, with the clerk as the integration."""
        return self._inside(lambda: pytest.main(["--engine", ENGINE, "-pno:cacheprovider", *arguments]))

    def outside(self, module: str, *arguments: str) -> Ended:
        """A command in a process of its own, as a person starts it."""
        return start(self.folder, module, *arguments)

    def _inside(self, start: Callable[[], object]) -> Ended:
        out, err = io.StringIO(), io.StringIO()
        with self._alone(), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                code = start()
            except SystemExit as ended:
                code = ended.code
        return Ended(int(code or 0), out.getvalue(), err.getvalue(), self.folder)  # type: ignore[call-overload]

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Without the modules that our own project and this one both have, in this one's folder."""
        modules, path = dict(sys.modules), list(sys.path)
        ours = [name for name in modules if name.partition(".")[0] in ("steps", "conftest")]
        for name in ours:
            del sys.modules[name]
        try:
            with contextlib.chdir(self.folder), pytest.MonkeyPatch.context() as patch:
                patch.setenv("COLUMNS", "80")
                yield
        finally:
            for name in set(sys.modules) - set(modules):
                if str(self.folder) in str(getattr(sys.modules[name], "__file__", "")):
                    del sys.modules[name]
            sys.modules.update({name: modules[name] for name in ours})
            sys.path[:] = path


def start(folder: Path, module: str, *arguments: str) -> Ended:
    """Start a Python module as a program in `folder`, and wait for it."""
    ended = subprocess.run(  # noqa: S603 - our own command, on files of ours
        [sys.executable, "-m", module, *arguments],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    return Ended(ended.returncode, ended.stdout, ended.stderr, folder)


def environment() -> dict[str, str]:
    """What a program finds around it: the simulated systems to import, a screen of 80 columns."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return inherited | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")]), "COLUMNS": "80"}

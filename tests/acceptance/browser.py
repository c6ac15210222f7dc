"""A real browser, and packages of the JavaScript world, for tests that need them; elsewhere these are skipped."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

CHROMIUM = shutil.which("chromium")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, without a network to go to. Skips the test where it isn't installed."""
    if CHROMIUM is None:
        pytest.skip("needs a browser: apt-get install chromium")
    arguments = ["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


def npm_package(name: str) -> Path:
    """The folder of a globally installed package. Skips the test where it isn't installed."""
    npm = shutil.which("npm")
    root = "" if npm is None else subprocess.check_output([npm, "root", "-g"], text=True).strip()  # noqa: S603 - asks npm for a path
    folder = Path(root) / name
    if not root or not folder.is_dir():
        pytest.skip(f"needs a package: npm install -g {name}")
    return folder

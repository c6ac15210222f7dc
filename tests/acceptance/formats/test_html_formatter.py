"""Cucumber's own formatter renders our messages."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from bothways.acceptance.formats import messages
from bothways.acceptance.project import Project
from tests.acceptance.browser import chromium, npm_package
from tests.acceptance.recorded import concluded, failed, passed, turned

RENDER = """
import { pathToFileURL } from 'node:url'
import { createReadStream, createWriteStream } from 'node:fs'
import { createInterface } from 'node:readline'
const [entry, source, target] = process.argv.slice(2)
const { CucumberHtmlStream } = await import(pathToFileURL(entry))
const stream = new CucumberHtmlStream()
stream.pipe(createWriteStream(target))
for await (const line of createInterface({ input: createReadStream(source) })) stream.write(JSON.parse(line))
stream.end()
"""


def test_it_renders_every_feature_and_the_failure(library: Project, tmp_path: Path) -> None:
    entry = npm_package("@cucumber/html-formatter") / "dist" / "src" / "index.js"
    told, script, page = tmp_path / "messages.ndjson", tmp_path / "render.mjs", tmp_path / "page.html"
    conclusion = concluded(library, turned(passed(library), "1.1", failed))
    told.write_text(messages.to_ndjson(conclusion), encoding="utf-8")
    script.write_text(RENDER, encoding="utf-8")
    node = shutil.which("node") or "node"
    subprocess.run([node, script, entry, told, page], check=True, timeout=60)  # noqa: S603 - our own script
    with chromium() as browser:
        shown = browser.new_page()
        errors: list[str] = []
        shown.on("pageerror", lambda error: errors.append(str(error)))
        shown.goto(page.as_uri())
        shown.get_by_text("1 Library Book to Kiosk Entry").first.wait_for()
        text = shown.inner_text("body")
    assert errors == []
    assert "features/library_kiosk/2_member_to_visitor.feature" in text
    assert f"PASSED {len(conclusion.run.records) - 1}\nFAILED 1" in text

"""The report in a real browser: accessible, printable, readable at every width, and without a network."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from bothways.acceptance.conclude import Conclusion
from bothways.acceptance.project import Project
from bothways.acceptance.report import page as report
from bothways.acceptance.signoff.signing import Signed
from bothways.acceptance.waivers import read as read_waivers
from tests.acceptance.browser import chromium, npm_package
from tests.acceptance.recorded import concluded, failed, passed, turned, unproven

WIDTHS = (360, 820, 1280)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LONG = "Donaudampfschifffahrt" * 40


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all."""
    with chromium() as started:
        yield started


def accepted(library: Project) -> Conclusion:
    return concluded(library)


def rejected(library: Project) -> Conclusion:
    """With all that a report can hold: a failure, a waiver, very long words."""
    records = turned(passed(library), "1.1", lambda record: failed(record, LONG))
    records = turned(records, "2.1", lambda record: record.model_copy(update={"name": LONG}))
    records = turned(records, "1.3.2", failed)
    key = next(item.key for item in library.items if item.id == "1.3.2")
    entry = f"{{item: {key}, reason: {LONG}, approver: Ada, expires: 2027-01-01, workaround: Wait}}"
    (library.root / "waivers.yaml").write_text(f"waivers:\n- {entry}\n", encoding="utf-8")
    return concluded(library, records, read_waivers(Path("waivers.yaml"), library.root))


def incomplete(library: Project) -> Conclusion:
    return concluded(library, turned(passed(library), "2.1", unproven))


def written(conclusion: Conclusion, folder: Path) -> Path:
    """The report as a file, signed by somebody."""
    path = folder / "index.html"
    signed = Signed("Ada Lovelace, QA", "author", "2026-03-01T12:00:00Z", "0" * 64)
    path.write_text(report.signed(report.to_html(conclusion), [signed]), encoding="utf-8")
    return path


@pytest.fixture
def file(library: Project, tmp_path: Path) -> Path:
    """The fullest of reports."""
    return written(rejected(library), tmp_path)


def opened(browser: Browser, file: Path, width: int = 1280, **options: Any) -> Page:
    page = browser.new_page(viewport={"width": width, "height": 900}, **options)
    page.goto(file.as_uri())
    return page


@pytest.mark.parametrize(
    ("made", "scheme"),
    [(rejected, "light"), (rejected, "dark"), (accepted, "light"), (incomplete, "dark")],
)
def test_axe_finds_nothing(
    browser: Browser, library: Project, tmp_path: Path, made: Callable[[Project], Conclusion], scheme: str
) -> None:
    file = written(made(library), tmp_path)
    axe = npm_package("axe-core") / "axe.min.js"
    page = opened(browser, file, color_scheme=scheme, bypass_csp=True)
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    page.add_script_tag(path=axe)
    found = page.evaluate(f"axe.run(document, {{runOnly: {RULES}}})")
    told = [
        (broken["id"], [node["html"][:120] for node in broken["nodes"]]) for broken in found["violations"]
    ]
    assert told == []
    assert len(found["passes"]) > 20


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_sticks_out_at_any_width(browser: Browser, file: Path, width: int) -> None:
    page = opened(browser, file, width)
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_it_reads_the_same_without_javascript(browser: Browser, file: Path) -> None:
    with_it, without = opened(browser, file), opened(browser, file, java_script_enabled=False)
    assert without.inner_text("main") == with_it.inner_text("main")
    assert without.locator("h1").is_visible()


def test_it_asks_for_nothing(browser: Browser, file: Path) -> None:
    asked: list[str] = []
    page = browser.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    assert asked == [file.as_uri()]


def test_evidence_is_one_click_away_from_its_line(browser: Browser, file: Path) -> None:
    page = opened(browser, file)
    line = page.locator("#item-2\\.2")
    line.locator("summary").click()
    link = line.locator(".evidence a").first
    target = page.locator(link.get_attribute("href") or "")
    assert not target.is_visible()
    link.click()
    assert target.is_visible()
    assert target.locator(".steps li").first.is_visible()


def test_paper_gets_all_pages_with_the_fingerprint_on_each(browser: Browser, file: Path) -> None:
    page = opened(browser, file, color_scheme="dark")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.querySelector('h2')).color") == "rgb(0, 0, 0)"
    assert not page.locator("footer").is_visible()
    pdf = page.pdf(prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF-")
    fingerprint = (page.locator("footer code").text_content() or "")[:16]
    assert f'@bottom-left {{ content: "Record {fingerprint}' in page.content()

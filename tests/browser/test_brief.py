"""The brief in a real browser: both languages, phone to desktop, light, dark and on paper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from intendance.review.demo import demonstrate
from intendance.review.html import render

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    playwright: Any = pytest.importorskip("playwright.sync_api", reason="playwright is missing")
    if not CHROMIUM.exists():
        pytest.skip("the system's Chromium is missing")
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"]
        )
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The winter portfolio's brief in both languages, as files."""
    folder = tmp_path_factory.mktemp("briefs")
    found = {}
    for language in ("en", "fr"):
        ledger = str(folder / f"{language}.db")
        made = demonstrate("winter-energy", language, ledger, progress=lambda _: None)
        found[language] = folder / f"{language}.html"
        found[language].write_text(render(made.brief), "utf-8")
    return found


def opened(browser: Browser, path: Path, width: int, scheme: str = "light") -> Page:
    """Open a page without scripts, and note every request that it makes."""
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme=scheme,  # type: ignore[arg-type]
        java_script_enabled=True,
        offline=True,
    )
    page = context.new_page()
    page.requests = []  # type: ignore[attr-defined]
    page.on("request", lambda request: page.requests.append(request.url))  # type: ignore[attr-defined]
    page.goto(path.as_uri())
    return page


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("width", [360, 768, 1440])
def test_page_fits_the_width_and_asks_for_nothing(
    browser: Browser, pages: dict[str, Path], language: str, width: int
) -> None:
    page = opened(browser, pages[language], width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.requests == [pages[language].as_uri()]  # type: ignore[attr-defined]
    assert page.evaluate("document.documentElement.lang") == language
    narrow = page.locator("figure .narrow svg").first.is_visible()
    assert narrow is (width < 640)
    assert page.locator("figure .wide svg").first.is_visible() is not narrow
    page.context.close()


def test_a_number_leads_to_its_entries(browser: Browser, pages: dict[str, Path]) -> None:
    page = opened(browser, pages["en"], 1440)
    page.locator("#gaps a.n").first.click()
    assert page.evaluate("document.querySelector(':target') !== null")
    page.locator(":target a, :target").first.wait_for(state="visible")
    page.context.close()


LUMINANCE = """(selector) => {
  const parse = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
    .map((c) => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (node) => {
    for (; node; node = node.parentElement) {
      const colour = parse(getComputedStyle(node).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  let worst = 99;
  for (const node of document.querySelectorAll(selector)) {
    if (!node.textContent.trim() || !node.getClientRects().length) continue;
    const a = light(parse(getComputedStyle(node).color)), b = light(ground(node));
    worst = Math.min(worst, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05));
  }
  return worst;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_keeps_its_contrast(browser: Browser, pages: dict[str, Path], scheme: str) -> None:
    """WCAG 2 AA asks for 4.5 to 1; tinted rows (not opaque) count with the ground below."""
    page = opened(browser, pages["fr"], 1440, scheme)
    selector = "main p, main td, main th, main .tag, main .u, main small, nav a, main a, figcaption"
    assert page.evaluate(LUMINANCE, selector) >= 4.5
    page.context.close()


def test_dark_and_light_differ_in_charts_too(browser: Browser, pages: dict[str, Path]) -> None:
    seen = set()
    for scheme in ("light", "dark"):
        page = opened(browser, pages["en"], 1440, scheme)
        text = page.locator("figure .wide svg text").first
        seen.add(text.evaluate("node => getComputedStyle(node).fill"))
        page.context.close()
    assert len(seen) == 2


def test_it_prints_on_a_few_pages(browser: Browser, pages: dict[str, Path]) -> None:
    page = opened(browser, pages["fr"], 1440, "dark")
    data = page.pdf(prefer_css_page_size=True)
    assert data.startswith(b"%PDF")
    from io import BytesIO

    from pypdf import PdfReader

    paper = PdfReader(BytesIO(data))
    assert 4 <= len(paper.pages) <= 14
    width, height = (float(side) for side in paper.pages[0].mediabox[2:])
    assert (round(width), round(height)) == (595, 842)
    page.context.close()

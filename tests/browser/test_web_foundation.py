"""The pages in a real browser: both languages, phone to desktop, light and dark, by keyboard."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import uvicorn
from tests.app.web.conftest import PASSWORD, made

from intendance.app.web.serving import create_app
from intendance.app.web.settings import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = pytest.mark.browser
PATHS = ("/", "/ledger", "/ledger/entry?id=own:D", "/ledger/totals", "/account", "/admin", "/jobs")
_ = made  # the fixture that makes the small ledger


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
def base(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server on loopback in a thread, on a copy of the small ledger."""
    folder = tmp_path_factory.mktemp("served")
    path = shutil.copy(made, folder / "aid.db")
    app = create_app(Settings(ledger=str(path), data=folder / "data"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


def entered(
    browser: Browser, base: str, *, name: str = "admin", language: str = "en", **more: Any
) -> Page:
    """Sign in as people do, and note every request that leaves the server's address."""
    context = browser.new_context(locale=language, **more)
    page = context.new_page()
    page.outside = []  # type: ignore[attr-defined]
    page.troubles = []  # type: ignore[attr-defined]
    page.on("request", lambda each: None if each.url.startswith((base, "data:"))
            else page.outside.append(each.url))  # type: ignore[attr-defined]  # fmt: skip
    page.on("console", lambda each: page.troubles.append(each.text)  # type: ignore[attr-defined]
            if each.type == "error" else None)  # fmt: skip
    page.goto(f"{base}/login")
    page.fill("[name=name]", name)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"{base}/")
    return page


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("width", [360, 1440])
def test_pages_fit_and_ask_for_nothing_outside(browser, base, language, width):
    page = entered(browser, base, language=language, viewport={"width": width, "height": 800})
    for path in PATHS:
        page.goto(base + path)
        assert page.evaluate("document.documentElement.lang") == language
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert page.locator("h1").count() == 1
        assert page.locator("main").count() == 1
        unnamed = page.evaluate(
            "[...document.querySelectorAll('input:not([type=hidden]):not([hidden]),select,textarea')]"
            ".filter(e => !e.labels?.length && !e.getAttribute('aria-label')).length"
        )
        assert unnamed == 0, path
    assert page.outside == []
    assert page.troubles == []
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_keeps_its_contrast(browser, base, scheme):
    from tests.browser.test_brief import LUMINANCE

    page = entered(browser, base, color_scheme=scheme)
    selector = "main p, main td, main th, main label > span, nav a, main a, button, footer p, .tag"
    for path in PATHS:
        page.goto(base + path)
        assert page.evaluate(LUMINANCE, selector) >= 4.5, path
    page.context.close()


def test_a_correction_by_keyboard_and_without_script(browser, base):
    """A clerk corrects a line with the keyboard alone, in a browser that runs no script."""
    page = entered(browser, base, name="clerk", java_script_enabled=False)
    page.goto(f"{base}/ledger/entry?id=own:C")
    page.keyboard.press("Tab")
    assert page.locator(".skip:focus").count() == 1
    page.focus("[name=amount]")
    page.keyboard.press("Control+A")
    page.keyboard.type("41000")
    page.focus("[name=reason]")
    page.keyboard.type("told by the embassy")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/ledger/entry?id=e*")
    assert "told by the embassy" in page.content()
    page.goto(f"{base}/ledger/entry?id=own:C")
    assert page.locator("tbody tr").count() == 2
    page.context.close()


def test_the_slider_moves_the_clock_and_the_address_is_the_view(browser, base):
    page = entered(browser, base)
    page.goto(f"{base}/ledger")
    assert page.locator("input[type=range]").count() == 2
    slider = page.locator("input[type=range]").nth(1)
    slider.focus()
    with page.expect_navigation():
        slider.press("Home")
    assert "known_at=2024-01-31" in page.url
    shown = page.locator("main").inner_text()
    page.goto(page.url)
    assert page.locator("main").inner_text() == shown
    page.context.close()


def test_help_opens_by_its_key(browser, base):
    page = entered(browser, base)
    page.keyboard.press("?")
    assert page.locator("#help").get_attribute("open") is not None
    page.context.close()

"""axe-core finds nothing on any page: both languages, both grounds, phone and desktop."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import uvicorn
from tests.app.web.addresses import pages
from tests.app.web.conftest import made
from tests.app.web.test_leaks import PUBLIC_SHA, furnish
from tests.browser.test_web_foundation import browser, entered

from intendance.app.web.serving import create_app
from intendance.app.web.settings import Settings

if TYPE_CHECKING:
    from fastapi import FastAPI
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
_ = (browser, made)  # fixtures
# Pages that need a name: an entry, a document with its proposals, a frozen review, a job.
NAMED = (
    "/ledger/entry?id=own:D", f"/inbox?document={PUBLIC_SHA}&state=all", "/jobs/jobofadmin",
    "/review/frozen/review-open", "/imports/jobofadmin", f"/claims?document={PUBLIC_SHA}",
)  # fmt: skip
# Pages that say what they lack when nothing is named: that answer is looked at too.
ASKING = ("/ledger/entry", "/plan/compare")
# What the width and the ground can spoil, when the same page is looked at a second time.
AGAIN = ["color-contrast", "scrollable-region-focusable", "target-size", "region", "link-name"]
RUN = """async (rules) => (await axe.run(document, {resultTypes: ["violations"],
    ...(rules.length ? {runOnly: rules} : {})})).violations.map(
    each => `${each.id}: ${each.nodes.slice(0, 3).map(one => one.target + " " +
        one.failureSummary.split("\\n").slice(1, 2)).join(" | ")}`)"""


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """Serve an application on loopback from a thread."""
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


@pytest.fixture(scope="module")
def full(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, FastAPI]]:
    """A server whose pages all have something to show."""
    folder = tmp_path_factory.mktemp("full")
    path = shutil.copy(made, folder / "aid.db")
    app = create_app(Settings(ledger=str(path), data=folder / "data"))
    furnish(app.state.context, "admin", everything=True)
    with served(app) as base:
        yield base, app


def faults(page: Page, rules: Sequence[str] = ()) -> list[str]:
    """Give what axe finds on a page as it stands."""
    package: Any = pytest.importorskip("axe_playwright_python", reason="axe-core is missing")
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(files(package).joinpath("axe.min.js").read_text("utf-8") + ";0")
    found: list[str] = page.evaluate(RUN, list(rules))
    return found


@pytest.mark.parametrize(("language", "first", "second"), [("en", "light", "dark"),
                                                           ("fr", "dark", "light")])  # fmt: skip
def test_axe_finds_nothing(browser, full, language, first, second):
    """Any two of language, ground and width meet on every page."""
    base, app = full
    page = entered(browser, base, language=language, bypass_csp=True)
    found = {}
    for path in (*pages(app), *NAMED):
        page.set_viewport_size({"width": 1440, "height": 900})
        page.emulate_media(color_scheme=first)
        answer = page.goto(base + path)
        assert answer.ok or path in ASKING, path
        found[path, "wide", first] = faults(page)
        page.set_viewport_size({"width": 360, "height": 800})
        page.emulate_media(color_scheme=second)
        found[path, "narrow", second] = faults(page, AGAIN)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
    assert "\n".join(f"{key} {each}" for key, each in found.items() if each) == ""
    assert page.outside == []
    page.context.close()


def test_axe_would_find_something(browser, full):
    """A picture without words is a fault: the check is awake."""
    base, _app = full
    page = entered(browser, base, bypass_csp=True)
    page.evaluate("document.querySelector('main').append(new Image())")
    assert any("image-alt" in each for each in faults(page))
    page.context.close()


def test_the_sign_in_has_no_fault(browser, full):
    base, _app = full
    page = browser.new_context(bypass_csp=True).new_page()
    for path in ("/login", "/welcome/nothing", "/nowhere"):
        page.goto(base + path)
        assert faults(page) == [], path
    page.context.close()

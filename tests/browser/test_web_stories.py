"""The week of three people in a real browser, by keyboard alone and once without script."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.app.web.conftest import made
from tests.app.web.test_leaks import PUBLIC_SHA
from tests.browser.test_web_axe import full, served
from tests.browser.test_web_foundation import browser, entered

pytestmark = pytest.mark.browser
_ = (browser, full, made)  # fixtures
IMAGES = Path(__file__).parents[2] / "docs" / "images"


def go(page, selector: str) -> None:
    """Go to a link or a button by Tab, as somebody without a mouse does, and press Enter."""
    for _step in range(150):
        if page.evaluate("s => document.activeElement?.matches(s) ?? false", selector):
            page.keyboard.press("Enter")
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {selector}")


@pytest.mark.parametrize("script", [True, False])
def test_the_coordinators_week(browser, full, script):
    """Today, an article in the inbox, an accepted line, the review, a frozen brief."""
    base, _app = full
    page = entered(browser, base, name="coordinator", java_script_enabled=script)
    assert page.locator("#t-gaps tbody tr").count() == 1
    page.goto(f"{base}/inbox?document={PUBLIC_SHA}&state=open")
    cards = page.locator("[data-proposal]")
    assert cards.count() >= 1
    chosen = page.locator(".proposal:has(button[value=accept])").first
    name = chosen.get_attribute("id")
    sentence = chosen.locator("blockquote").inner_text()
    if script:
        page.keyboard.press("j")
        page.keyboard.press("k")
        assert page.evaluate("document.activeElement.hasAttribute('data-proposal')")
        page.keyboard.press("e")
        assert page.locator(f"#{name} [data-edit]").get_attribute("open") is not None
        page.keyboard.press("Escape")
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("r")
        assert page.locator(f"#{name} input[name=reason]:focus").count() == 1
    else:
        page.focus(f"#{name} input[name=reason]")
    page.keyboard.type("as the minister said")
    page.keyboard.press("Tab")
    if page.locator(f"#{name} input[name=again]").count():
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.goto(f"{base}/inbox?document={PUBLIC_SHA}&state=all")
    card = page.locator(f"#{name}")
    assert "confirmed" in card.get_attribute("class")
    entry = card.locator("a[href*='/ledger/entry']").first.get_attribute("href")
    page.goto(base + entry)
    for said in (sentence, "as the minister said", "coordinator"):
        assert said in page.locator("main").inner_text()
    if script:
        page.goto(f"{base}/inbox?document={PUBLIC_SHA}&state=confirmed#{name}")
        with page.expect_navigation():
            page.keyboard.press("u")
        _reject_and_accept(page, base, name)
        _freeze(page, base)
    assert page.outside == []
    page.context.close()


def _reject_and_accept(page, base: str, name: str) -> None:
    """Reject with r, a reason and Enter; take it back with u; accept with a; take it back."""
    address = f"{base}/inbox?document={PUBLIC_SHA}"
    page.goto(f"{address}&state=open#{name}")
    page.keyboard.press("r")
    page.keyboard.type("not said so")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    for state, key in (("rejected", "u"), ("open", "a"), ("confirmed", "u")):
        page.goto(f"{address}&state={state}#{name}")
        card = page.locator(f"#{name}")
        assert card.count() == 1, state
        if key == "a" and card.locator("input[name=again]").count():
            card.locator("input[name=again]").focus()
            page.keyboard.press("Space")
            page.evaluate("document.activeElement.blur()")
        with page.expect_navigation():
            page.keyboard.press(key)
    page.goto(f"{address}&state=open")
    assert page.locator(f"#{name}").count() == 1


def _freeze(page, base: str) -> None:
    page.goto(f"{base}/review")
    page.focus("form[action='/review/freeze'] input[name=title]")
    page.keyboard.type("Friday")
    page.keyboard.press("Enter")
    page.wait_for_url("**/jobs/*")
    page.wait_for_selector("a[href*='/review/frozen/']", timeout=90_000)
    go(page, "a[href*='/review/frozen/']")
    page.wait_for_url("**/review/frozen/*")
    with page.expect_download() as told:
        go(page, "a[href$='brief.html']")
    assert "SECRET" not in Path(told.value.path()).read_text("utf-8")


def test_the_donors_officers_week(browser, full):
    """An officer sees the own private line, and nothing of another's."""
    base, app = full
    page = entered(browser, base, name="poland")
    for nav in app.state.context.nav:
        if "donor" in nav.roles:
            page.goto(base + nav.path)
            assert "SECRET-NO" not in page.content(), nav.path
    page.goto(f"{base}/ledger?stage=pledge")
    assert page.goto(f"{base}/ledger/entry?id=own:N").status == 404
    assert page.goto(f"{base}/ledger/entry?id=own:P").status == 200
    assert "SECRET-PL" in page.locator("main").inner_text()
    assert page.outside == []
    page.context.close()


def test_the_analysts_week(browser, full):
    """A quoted total, the reading's figure down to its entries, and what changed since."""
    base, _app = full
    page = entered(browser, base, name="reader")
    go(page, "nav a[href='/claims']")
    page.wait_for_url("**/claims")
    assert "1.45 million" in page.locator("main").inner_text()
    go(page, ".claim td a[href*='/ledger?']")
    page.wait_for_url("**/ledger?*")
    assert "stage=" in page.url
    go(page, "main a[href*='/ledger/entr']")
    page.wait_for_url("**/ledger/entr*")
    page.goto(f"{base}/ledger/changes?since=2024-01-31&until=2024-03-31")
    assert "200" in page.locator("main").inner_text()
    assert "SECRET" not in page.content()
    assert page.outside == []
    assert page.troubles == []
    page.context.close()


SHOWN = {
    "today": "/", "inbox": "/inbox?state=all", "ledger": "/ledger", "claims": "/claims",
    "review": "/review", "meeting": "/meeting", "imports": "/imports", "plan": "/plan",
    "sustain": "/sustain", "donor": "/donor",
}  # fmt: skip


@pytest.mark.skipif(not os.environ.get("INTENDANCE_SCREENSHOTS"),
                    reason="INTENDANCE_SCREENSHOTS=1 writes docs/images/web-*.png")  # fmt: skip
def test_screenshots_of_the_pages(browser, tmp_path):
    """Write the pictures of the documentation from the sample portfolio."""
    from tests.app.web.conftest import PASSWORD

    from intendance.app.accounts import people
    from intendance.app.web import desk
    from intendance.app.web.serving import create_app
    from intendance.app.web.settings import Settings
    from intendance.exchange import portfolio
    from intendance.review import demo

    path = tmp_path / "sample.db"
    sample = portfolio.load(demo.DEFAULT_NAME)
    demo._build(sample, str(path))
    app = create_app(Settings(ledger=str(path), data=tmp_path / "data"))
    context = app.state.context
    person = people.add(context.office, "admin", "admin", may_confirm=True)
    people.set_password(context.office, person, PASSWORD)
    article = sample.articles["en"]
    desk.take(context.office, context.book(desk.CELL), article.text, published=article.published,
              outlet=article.outlet, language="en", restricted=False, person="admin")  # fmt: skip
    with served(app) as base:
        page = entered(browser, base, viewport={"width": 1120, "height": 760})
        for name, where in SHOWN.items():
            if page.goto(base + where).ok:
                page.screenshot(path=IMAGES / f"web-{name}.png", scale="css")
                assert (IMAGES / f"web-{name}.png").stat().st_size < 150_000, name
        page.context.close()

"""The page: self-contained, linked throughout, repeatable, whole in both languages."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from intendance.review.facts import Brief
from intendance.review.html import render
from intendance.review.summary import bottom_line
from intendance.review.typography import Typography
from intendance.words import catalogue

from .messages import all_messages


class Reader(HTMLParser):
    """Collects ids, links, loads, visible text and the headings' levels."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.targets: set[str] = set()
        self.loads: list[str] = []
        self.texts: list[str] = []
        self.levels: list[int] = []
        self.tags: set[str] = set()
        self._skipped = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags.add(tag)
        self._skipped += tag in ("style", "q") or (values.get("lang") is not None and tag != "html")
        if values.get("id"):
            self.ids.append(str(values["id"]))
        href = values.get("href") or ""
        if href.startswith("#"):
            self.targets.add(href[1:])
        elif tag != "a" and href:
            self.loads.append(href)
        self.loads += [str(values[name]) for name in ("src", "srcset", "data") if values.get(name)]
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))

    def handle_endtag(self, tag: str) -> None:
        if self._skipped and tag in ("style", "q", "p"):
            self._skipped -= 1

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self.texts.append(data)


@pytest.fixture(scope="session")
def pages(winter: dict[str, Brief]) -> dict[str, str]:
    return {language: render(found) for language, found in winter.items()}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_link_has_its_target(pages: dict[str, str], language: str) -> None:
    found = Reader(pages[language])
    assert found.targets
    assert found.targets <= set(found.ids)
    assert len(found.ids) == len(set(found.ids))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_nothing_is_loaded_from_outside(pages: dict[str, str], language: str) -> None:
    page = pages[language]
    assert Reader(page).loads == []
    assert not re.search(r"@import|url\((?!#)", page)
    assert "<script" not in page
    assert "<link" not in page


@pytest.mark.parametrize("language", ["en", "fr"])
def test_headings_descend_one_by_one(pages: dict[str, str], language: str) -> None:
    levels = Reader(pages[language]).levels
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_two_renderings_are_the_same_bytes(winter: dict[str, Brief], pages: dict[str, str]) -> None:
    assert render(winter["fr"]) == pages["fr"]


def test_every_sentence_is_french_too() -> None:
    french = catalogue("review", "fr")
    missing = []
    for message in all_messages():
        try:
            known = french._catalog  # type: ignore[attr-defined]
        except AttributeError:
            pytest.skip("the catalogues are not compiled")
        if message not in known and (message, 0) not in known:
            missing.append(message)
    # The second form of a counting message stands under its first.
    assert [each for each in missing if not _is_plural(each)] == []


def _is_plural(message: str) -> bool:
    french = catalogue("review", "fr")
    return "{n}" in message and french.ngettext("", message, 2) == message


def test_no_english_sentence_is_left_in_the_french_page(pages: dict[str, str]) -> None:
    shown = " ".join(" ".join(Reader(pages["fr"]).texts).split())
    french = Typography("fr")
    left = []
    for message in all_messages():
        plain = re.split(r"\{\w+\}", message)
        longest = max(plain, key=len).strip()
        if len(longest.split()) < 3 or longest in french.text(message):
            continue
        if longest in shown:
            left.append(longest)
    assert left == []


def test_french_numbers_have_narrow_blanks(pages: dict[str, str]) -> None:
    assert re.search(r"\d\u202f\d{3}", pages["fr"])
    # Rates have many digits behind their decimal comma; nothing else has three.
    rates = r'<p class="rates">.*?</p>'
    assert re.search(r">\w+ [A-Z]{3} \d+,\d+<", re.search(rates, pages["fr"])[0])  # type: ignore[index]
    rest = " ".join(Reader(re.sub(rates, "", pages["fr"])).texts)
    assert not re.search(r"\d,\d{3}\b(?!\s*Md)", rest)
    assert re.search(r"\d,\d{3}", pages["en"])


def test_what_others_wrote_cannot_break_out(brief: Brief) -> None:
    """Texts of the record are escaped; an address that is no web address is never a link."""
    page = render(brief)
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "The &lt;b&gt;mayor&lt;/b&gt;" in page
    assert "javascript:" not in page
    assert "Pumps &amp; &lt;tents&gt;" in page


def test_sections_appear_only_with_their_matter(brief: Brief) -> None:
    page = render(brief)
    assert 'id="voices"' not in page
    assert 'id="claims"' not in page
    numbers = re.findall(r'<span class="no">(\d)</span>', page)
    assert numbers == [str(place) for place in range(1, len(numbers) + 1)]


def test_figures_of_the_page_are_the_briefs(brief: Brief) -> None:
    page = render(brief)
    assert brief.turn is not None
    for amount in (brief.turn.total_before.best, brief.turn.total_after.best):
        assert f">{amount:,.2f}<" in page
    assert brief.head.root in page


def test_long_lists_are_folded_without_a_script(pages: dict[str, str]) -> None:
    page = pages["en"]
    entries = page[page.index('id="entries"') :]
    assert entries.count('<details class="fold">') == 2
    assert entries.index("<details") < entries.index('<table class="entries">')
    # The readings of the day stand open, those of today are folded.
    claims = page[page.index('id="claims"') : page.index('id="coverage"')]
    assert claims.count('<details class="fold" open>') == claims.count('<article class="claim">')
    assert "details-content{content-visibility:visible" in page


def test_every_cell_of_a_stacked_table_names_its_column(pages: dict[str, str]) -> None:
    for table in re.findall(r'<table class="cards.*?</table>', pages["fr"], re.DOTALL):
        heads = [
            re.sub("<[^>]*>", "", each) for each in re.findall(r"<th scope=.col.*?</th>", table)
        ]
        for row in re.findall(r"<tr.*?</tr>", table[table.index("<tbody>") :], re.DOTALL):
            cells = re.findall(r"<(th|td)[^>]*?(?: data-l=\"([^\"]*)\")?>", row)
            assert len(cells) == len(heads)
            for (tag, name), head in zip(cells, heads, strict=True):
                assert tag == "th" or name == head


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_bottom_line_says_which_money_the_quoted_totals_fit(
    winter: dict[str, Brief], pages: dict[str, str], language: str
) -> None:
    told = " ".join(bottom_line(winter[language]))
    words = {"en": "fits in euros", "fr": "s\u2019accorde en euros"}[language]
    assert told.count(words) == len(winter[language].claims)
    assert str(len(winter[language].coverage)) in told
    assert words in pages[language]

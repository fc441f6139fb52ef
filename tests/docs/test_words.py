"""Every sentence for people is French and English, and every word of the catalogue is used."""

from __future__ import annotations

import ast
import re
import string
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src/intendance"
CATALOGUES = sorted((SOURCE / "locale/fr/LC_MESSAGES").glob("*.po"))
# The names under which modules call their catalogue's gettext.
CALLED = {"words", "gettext", "_", "say_in", "told", "tell", "text_of", "names"}


def translated(path: Path) -> dict[str, str]:
    with path.open("rb") as stream:
        return {str(message.id): str(message.string) for message in read_po(stream) if message.id}


def sentences() -> list[tuple[str, str]]:
    found = []
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = getattr(node.func, "id", "")
            if getattr(node.func, "attr", "") == "gettext":
                name = "gettext"
            first = node.args[0]
            if name in CALLED and isinstance(first, ast.Constant) and isinstance(first.value, str):
                found.append((str(path.relative_to(ROOT)), first.value))
    return found


def test_every_sentence_in_the_code_has_its_french():
    known = {key for path in CATALOGUES for key, value in translated(path).items() if value}
    missing = sorted({text for _, text in sentences()} - known)
    assert not missing, missing[:20]


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_catalogues_are_complete_and_keep_their_places(path):
    with path.open("rb") as stream:
        messages = [message for message in read_po(stream) if message.id]
    assert messages
    for message in messages:
        assert message.string, message.id
        assert not message.fuzzy, message.id
        if isinstance(message.id, str) and "{" in message.id:
            first, second = (
                {name for _, name, _, _ in string.Formatter().parse(text) if name}
                for text in (message.id, str(message.string))
            )
            assert first == second, message.id


def test_reference_tables_have_both_languages():
    from intendance.model import catalogue

    for party in catalogue.parties().values():
        assert party.french, party.name
    for thing in (*catalogue.capabilities().values(), *catalogue.items().values()):
        assert thing.english, thing.name
        assert thing.french, thing.name
    for each in catalogue.equivalences():
        assert each.note, each
        assert each.note_french, each
        assert {each.capability, each.substitute} <= set(catalogue.capabilities())


def test_the_portfolios_articles_come_in_both_languages():
    from intendance.exchange import portfolio

    for name in portfolio.names():
        articles = portfolio.load(name).articles
        assert set(articles) == {"fr", "en"}
        for article in articles.values():
            assert 150 <= len(re.findall(r"\w+", article.text)) <= 400

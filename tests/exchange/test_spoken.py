"""Everything an import or export says has its French."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import intendance
from intendance.exchange import spoken as module

ROOT = Path(intendance.__file__).parent
VALUE = re.compile(r"\{\w+\}")
CODE = sorted((ROOT / "exchange").glob("*.py"))


@pytest.fixture(scope="module")
def french():
    with (ROOT / "locale/fr/LC_MESSAGES/exchange.po").open("rb") as stream:
        return {each.id: each for each in read_po(stream, locale="fr") if each.id}


def said():
    """Find the sentences that findings are made with, as they stand in the code."""
    found = set()
    for path in CODE:
        if path.name.startswith("portfolio"):
            continue
        text = path.read_text("utf-8")
        for pattern in (
            r'BadCellError\(f?"([^"{]+)"\)',
            r'ImpossibleDateError\(f?"([^"{]+)"\)',
            r'_UnusableError\("\w+", "([^"{]+)"\)',
            r'return "[\w/@-]+", "([^"{]+)"',
            r'found\.append\(\("\w+", "([^"{]+)"\)\)',
            r'put_aside\(\s*number,\s*"[^"]*",\s*"([^"{]+)"',
            r'put_aside\(row, "\w+", "[\w-]+", "([^"{]+)"',
        ):
            found |= set(re.findall(pattern, text))
    return found


def test_every_sentence_has_its_french(french):
    sentences = said()
    assert len(sentences) >= 30
    assert {each for each in sentences if each not in french} == set()
    assert {each for each in module._WITH_VALUES if each not in french} == set()


def test_no_translation_is_fuzzy_empty_or_loses_a_value(french):
    for name, each in french.items():
        assert each.string
        assert not each.fuzzy
        assert sorted(VALUE.findall(name)) == sorted(VALUE.findall(each.string))


def test_values_are_carried_over(monkeypatch):
    class Upper:
        def gettext(self, text):
            return f"<{text}>"

    monkeypatch.setattr(module, "catalogue", lambda room, language: Upper())
    assert module.spoken("the year 2922 is out of range", "fr") == "<the year 2922 is out of range>"
    assert module.spoken("yes", "fr") == "<yes>"

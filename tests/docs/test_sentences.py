"""Every sentence that is said to people has its French: errors, findings, progress and help."""

from __future__ import annotations

import re
import sys
from functools import cache
from pathlib import Path

import pytest
import typer

from intendance.app.main import app
from intendance.app.speaking import asked_language, commands_of
from intendance.words import translated

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import write_sentences  # noqa: E402

HOW = "run .venv/bin/python tools/write_sentences.py and write the French in sentences.po"


@cache
def known() -> dict[str, str]:
    found: dict[str, str] = {}
    for path in write_sentences.CATALOGUE.parent.glob("*.po"):
        found.update(write_sentences.translated(path))
    return found


def test_every_sentence_that_is_said_has_its_french():
    french = known()
    missing = [
        f"{place}: {text!r}"
        for text, place in write_sentences.sentences().items()
        if text not in french
    ]
    assert not missing, "\n".join([HOW, *missing])


def test_no_sentence_is_kept_that_nobody_says():
    said = write_sentences.sentences()
    left = [
        text for text in write_sentences.translated(write_sentences.CATALOGUE) if text not in said
    ]
    assert not left, "\n".join([HOW, *left])


def test_every_help_text_has_its_french():
    french = known()
    missing = set()
    for command in commands_of(typer.main.get_command(app)):
        texts = [command.help, *(getattr(each, "help", None) for each in command.params)]
        missing |= {text for text in texts if text and text not in french}
    assert not missing, "\n".join(["write the French of these in help.po", *sorted(missing)])


def test_sentences_are_found_in_the_source():
    said = write_sentences.sentences()
    assert len(said) > 400
    # An f-string, a name that was given one, a part of a tuple, a finding's, a next step.
    for text in (
        "There is no article {1}.",
        "there is no folder {1}",
        "a sourced row has no link",
        "this column is not used",
        "Make one with: intendance init.",
    ):
        assert text in said


@pytest.mark.parametrize("text", sorted(write_sentences.sentences()))
def test_a_sentence_with_its_fields_filled_in_is_told_in_french(text: str):
    """Each sentence is found by its shape, whatever stands in its fields."""
    fields = set(re.findall(r"\{(\w+)\}", text))
    filled = re.sub(r"\{(\w+)\}", lambda each: f"X{each[1]}x", text)
    shown = translated(filled, "fr")
    french = known()[text]
    if french == text:  # a command, or words that both languages share
        return
    assert shown != filled
    for name in fields:
        assert f"X{name}x" in shown


@pytest.mark.parametrize(
    ("sentence", "french"),
    [
        ("There is no folder 'a b'.", "Il n’y a pas de dossier «\u00a0a b\u00a0»."),
        (
            "stocks.csv:4:node: this does not stand in links.csv (x); 3 more",
            "stocks.csv:4:node: ceci ne figure pas dans links.csv (x) ; et 3 de plus",
        ),
        ("portfolio.toml cannot be read: the file is missing.", None),
        ("something that no one ever said", "something that no one ever said"),
    ],
)
def test_places_values_and_sentences_within_sentences(sentence: str, french: str | None):
    shown = translated(sentence, "fr")
    if french is not None:
        assert shown == french
    else:
        assert "missing" not in shown
    assert translated(sentence, "en") == sentence


def test_the_language_of_a_call(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("INTENDANCE_LANG", "fr")
    assert asked_language(["total"]) == "fr"
    assert asked_language(["total", "--lang", "en"]) == "en"
    # The language of a document is not the reader's.
    assert asked_language(["read", "--lang", "en", "a.txt"]) == "fr"

"""Decomposed accents, soft hyphens and unseen marks: the same reading, with offsets that replay."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intendance.intake import read
from intendance.intake.folding import folded

TEXT = (
    "« Nous livrerons 1 200 chars à l'Ukraine, a déclaré vendredi le ministre Jürgen Müller, "
    "et des ponts. » Près de 150 millions d'euros ont été versés, dont 20 millions en février "
    "2022, a ajouté Zoé Lefèvre. La Norvège hésite à céder des chars, faute de stocks."
)
DAY = date(2024, 7, 19)
MADE = {
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "soft hyphens": lambda text: text.replace("is", "i\u00ads").replace("er", "e\u00adr"),
    "cut at line ends": lambda text: text.replace("livrerons", "livre\u00ad\nrons"),
    "unseen": lambda text: text.replace("ü", "ü\u200b").replace("é", "\u2060é"),
}


def replays(reading):
    text = reading.document.text
    for kind, surface in (("statements", "content"), ("amounts", "text"), ("quantities", "text"),
                          ("dates", "text"), ("aid", "trigger")):  # fmt: skip
        for each in getattr(reading, kind):
            assert text[each.start : each.end] == getattr(each, surface)
    for each in reading.statements:
        for span, own in ((each.speaker_span, each.speaker), (each.cue_span, each.cue)):
            assert span is None or text[slice(*span)] == own
        assert all(each.start <= start < end <= each.end for start, end in each.parts)
    for each in reading.proposals:
        assert all(0 <= start < end <= len(text) for start, end in each.spans)


@pytest.mark.parametrize("name", MADE)
def test_cut_up_letters_change_nothing_but_the_offsets(name):
    plain, text = read(TEXT, published=DAY, language="fr"), MADE[name](TEXT)
    assert text != TEXT
    reading = read(text, published=DAY, language="fr")
    assert reading.document.text == text
    replays(reading)
    assert [each.speaker_name for each in reading.statements] == ["Jürgen Müller", "Zoé Lefèvre"]
    for kind, fields in (
        ("statements", ("speaker_name", "act", "type", "rule")),
        ("amounts", ("low", "high", "currency", "part_of")),
        ("quantities", ("low", "item")), ("dates", ("value",)), ("aid", ("status", "causes")),
    ):  # fmt: skip
        pairs = zip(getattr(plain, kind), getattr(reading, kind), strict=True)
        for one, other in pairs:
            assert [getattr(one, f) for f in fields] == [getattr(other, f) for f in fields]


@given(st.text(st.sampled_from("ae\u0301\u0308\u00ad\u200b .,«»\n1Ôé"), max_size=60))
@settings(max_examples=200, deadline=None)
def test_any_mixture_of_marks_replays(text):
    replays(read(f"« {text} », a dit Zoé. {text} 12 chars {text}", language="fr"))
    plain = folded(text)
    if plain is not None:
        assert len(plain[1]) == len(plain[0]) + 1
        assert plain[1] == sorted(plain[1])

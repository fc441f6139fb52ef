"""Whatever the text: spans replay, intervals are ordered, nothing is raised, time is linear."""

from __future__ import annotations

import contextlib
import time
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intendance.errors import InputError
from intendance.intake import read
from intendance.intake.numbers import parse_digits
from intendance.intake.reader import MAX_CHARACTERS

PIECES = (
    "« » “ ” \" ' , . : ; ! ? ( ) – le la ministre Paul Durand a déclaré que selon dont de 155 mm "
    "milliards millions d'euros $ € 40 3,5 1.200 livrera refuse stocks hier vendredi en mars 2022 "
    "said told according to the minister will send tanks more than un deux cent mille il elle "
    "a-t-il dit ne pas plus entre et ou"
)
WORDS = st.sampled_from([*PIECES.split(), "\n", "\n\n", "\x00", "\ufeff", "\u202f", "É", "ß", "İ"])
TEXTS = st.one_of(st.lists(WORDS, max_size=60).map(" ".join), st.text(max_size=200))


@settings(max_examples=150, deadline=None)
@given(text=TEXTS, language=st.sampled_from(["fr", "en", "de"]))
def test_spans_replay(text: str, language: str) -> None:
    """Every surface equals its span; low never exceeds high; parts never exceed wholes."""
    reading = read(text, language=language, published=date(2024, 1, 17))
    shown = reading.document.text
    for each in reading.statements:
        assert shown[each.start : each.end] == each.content
        assert all(each.start <= a < b <= each.end for a, b in each.parts)
        if each.speaker_span:
            assert shown[slice(*each.speaker_span)] == each.speaker
        if each.cue_span:
            assert shown[slice(*each.cue_span)] == each.cue
    for each in (*reading.amounts, *reading.quantities):
        assert shown[each.start : each.end] == each.text
        if each.low is not None and each.high is not None:
            assert Decimal(each.low) <= Decimal(each.high)
    by_id = {each.id: each for each in reading.amounts}
    for each in reading.amounts:
        if each.part_of:
            whole = by_id[each.part_of]
            assert Decimal(each.low or each.high or 0) <= Decimal(whole.low or whole.high or 0)
    for each in reading.dates:
        assert shown[each.start : each.end] == each.text
    for each in reading.aid:
        assert shown[each.start : each.end] == each.trigger


@settings(max_examples=200, deadline=None)
@given(value=st.integers(0, 10**12), mark=st.sampled_from([" ", "\u202f", "\u00a0"]))
def test_grouped_digits_come_back(value: int, mark: str) -> None:
    """A number printed with group marks is read as itself in both languages."""
    grouped = f"{value:,}"
    assert parse_digits(grouped.replace(",", mark), ",") == value
    assert parse_digits(grouped, ".") == value
    assert parse_digits(grouped.replace(",", "."), ",") == value


HOSTILE = {
    "quotes": '"' * 1_000_000,
    "unclosed": "« " * 200_000,
    "numbers": "123 456 789 " * 20_000,
    "nul": "\x00" * 1_000_000,
    "line": "a" * 1_000_000,
    "cues": "a dit que " * 100_000,
    "parts": "1 million de dollars dont " * 40_000,
    "sources": "selon le ministre, " * 50_000,
    "commas": "," * 1_000_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_read_or_refused_fast(name: str) -> None:
    """A megabyte of anything, and the longest text that is still read, take bounded time."""
    text = HOSTILE[name]
    if len(text) > MAX_CHARACTERS:
        with pytest.raises(InputError, match="limit"):
            read(text, language="fr")
    begin = time.process_time()
    with contextlib.suppress(InputError):
        read(text[:MAX_CHARACTERS], language="fr")
    assert time.process_time() - begin < 2  # a second on a quiet machine

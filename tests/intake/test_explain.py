"""Each field stands in the text where it says, with the rule that fired: for any text."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intendance.intake import read
from intendance.intake.explain import explain

DEV = Path(__file__).parents[2] / "benchmarks/gold/dev"
DAY = date(2024, 2, 9)


@cache
def sentences() -> tuple[str, ...]:
    """Sentences of our own gold's dev part, French and English."""
    found = []
    for path in sorted(DEV.glob("*.gold")):
        for block in path.read_text("utf-8").split("\n= "):
            body = block.partition("\n")[2].partition("\n--\n")[0]
            found += [each for each in body.splitlines() if each.strip()]
    return tuple(found)


texts = st.lists(
    st.one_of(
        st.sampled_from(sentences()),
        st.text(alphabet="«»“”\"' \n.,:;0123456789éàLe dit €%-–\u202f\u00a0😀", max_size=30),
    ),
    max_size=6,
).map("\n".join)


def check_spans(text: str, language: str) -> None:
    reading = read(text, published=DAY, language=language)
    whole = reading.document.text
    assert whole == text
    for each in reading.statements:
        assert whole[each.start : each.end] == each.content
        assert all(each.start <= a < b <= each.end for a, b in each.parts)
        if each.speaker_span and each.speaker:
            assert whole[slice(*each.speaker_span)] == each.speaker
        if each.cue_span and each.cue:
            assert whole[slice(*each.cue_span)] == each.cue
    for group in (reading.amounts, reading.quantities, reading.dates):
        assert all(whole[each.start : each.end] == each.text for each in group)
    for event in reading.aid:
        assert event.trigger
        assert whole[event.start : event.end]
        assert len(event.cause_spans) >= len(event.causes)
    for proposal in reading.proposals:
        assert all(0 <= start < end <= len(whole) for start, end in proposal.spans)
    told = explain(reading)
    things = (
        *reading.statements, *reading.amounts, *reading.quantities, *reading.dates, *reading.aid,
    )  # fmt: skip
    assert {each.id for each in told} == {each.id for each in things}
    for each in told:
        assert each.rule
        assert each.surface == whole[each.start : each.end]


@settings(max_examples=120, deadline=None)
@given(texts, st.sampled_from(["fr", "en", "de"]))
def test_every_span_replays_and_every_rule_is_named(text, language):
    check_spans(text, language)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_spans_replay_on_the_whole_gold(language):
    check_spans("\n".join(sentences()[:400]), language)

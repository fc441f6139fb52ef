"""Torn, shuffled and shouted articles: never an exception, and every span replays."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pytest

from intendance.intake import read

GOLD = Path(__file__).parents[2] / "benchmarks/gold/dev"
ODD = [
    *"«»“”\"'’‘„‹›()[]-–—…·*/\\%€$£\u00a0\u202f\u00ad\u200b\u0301\u2028\x0b\r\n\tİßﬁ中ع½①",
    "« »", "9" * 40, "1,5,5", "1.000,00 €", "dont dont", "-t-IL", "n't", "'s", "M. ", "U.S.",
]  # fmt: skip


def articles() -> list[tuple[str, str]]:
    found = []
    for path in sorted(GOLD.glob("*.gold")):
        for block in path.read_text("utf-8").split("\n= "):
            head, _, body = block.removeprefix("= ").partition("\n")
            found.append((head.split()[1], body.partition("\n--\n")[0]))
    return found


def torn(text: str, chance: random.Random) -> str:
    words, marks, way = text.split(" "), list(text), chance.randrange(6)
    if way == 0:
        for _ in range(40):
            marks.insert(chance.randrange(len(marks) + 1), chance.choice(ODD))
        return "".join(marks)
    if way == 1:
        chance.shuffle(words)
        return " ".join(words)
    if way == 2:
        return text[chance.randrange(len(text)) :] + text[: chance.randrange(300)]
    if way == 3:
        return "".join(chance.choice(words) + chance.choice([*ODD, *" " * 30]) for _ in range(200))
    return text.upper() if way == 4 else text.title()


@pytest.mark.parametrize("seed", range(4))
def test_torn_articles_are_read_and_their_spans_replay(seed):
    chance, every = random.Random(seed), articles()
    for _ in range(150):
        language, text = chance.choice(every)
        own = torn(text, chance)
        day = chance.choice([None, date(2024, 2, 29), date(2023, 12, 31)])
        reading = read(own, published=day, language=chance.choice([language, language, "de"]))
        said, text = reading.statements, reading.document.text
        spans = [(each.start, each.end, each.content) for each in said]
        spans += [(*each.speaker_span, each.speaker) for each in said if each.speaker_span]
        spans += [(*each.cue_span, each.cue) for each in said if each.cue_span]
        for each in (*reading.amounts, *reading.quantities, *reading.dates):
            spans.append((each.start, each.end, each.text))
        spans += [(each.start, each.end, each.trigger) for each in reading.aid]
        assert all(text[start:end] == surface for start, end, surface in spans), own
        bounds = [(each.low, each.high) for each in (*reading.amounts, *reading.quantities)]
        assert all(float(a) <= float(b) for a, b in bounds if a and b), own


@pytest.mark.parametrize("part", range(4))
def test_a_text_may_end_after_any_word(part):
    for number, (language, text) in enumerate(articles()):
        for line in text.split("\n")[part::4]:
            words = line.split(" ")
            for end in range(1 + number % 9, len(words), 9):
                read(" ".join(words[:end]).rstrip(".,;:"), language=language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "Pressé de"),
        ("fr", "Le représentant de Kiev auprès"),
        ("fr", "Les États insulaires demandent au moins 39"),
        ("fr", "Le budget prévoit"),
        ("fr", "La Suède ne livrera"),
        ("en", "Trucks were sent. Trained"),
        ("en", "Japan has bought 14 tonnes of maize; Oslo has bought 9,000 more"),
        ("en", '"We need fuel," said a rescuer in'),
    ],
)
def test_a_text_may_end_where_words_are_looked_for(language, text):
    assert read(text, language=language).document.text == text

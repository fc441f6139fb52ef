"""A sentence with each quotation as one word, and the words that name a speaker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from intendance.intake.segment import Quote, Segmented, Sentence

QUOTE: Final = "\ue000"


@dataclass(slots=True)
class Matrix:
    """A sentence with each quotation as one word: parallel lists of words and spans."""

    lows: list[str]
    starts: list[int]
    ends: list[int]
    quotes: list[Quote | None]
    sentence: Sentence
    shown: str = ""  # the whole text, for its capitals

    def __len__(self) -> int:
        return len(self.lows)


def matrix_of(seg: Segmented, sentence: Sentence, first_offset: int) -> Matrix:
    """Fold the quotations of a sentence into single words."""
    matrix = Matrix([], [], [], [], sentence, seg.text)
    first, last = sentence.first, sentence.last
    if not sentence.quotes and first < last and seg.starts[first] >= first_offset:
        lows = seg.lows[first:last]
        if "(" not in lows:  # nothing to fold
            return Matrix(
                lows, seg.starts[first:last], seg.ends[first:last], [None] * len(lows), sentence,
                seg.text,
            )  # fmt: skip
    at = first
    pending = list(sentence.quotes)
    while at < sentence.last:
        start = seg.starts[at]
        if start < first_offset:
            at += 1
            continue
        if pending and start >= pending[0].start:
            quote = pending.pop(0)
            matrix.lows.append(QUOTE)
            matrix.starts.append(quote.start)
            matrix.ends.append(quote.end)
            matrix.quotes.append(quote)
            at = max(at + 1, seg.token_at(quote.end))
            continue
        if seg.lows[at] == "(":
            close = next(
                (k for k in range(at + 2, min(at + 5, sentence.last)) if seg.lows[k] == ")"), 0
            )
            if close:
                at = close + 1  # "l'Organisation mondiale de la santé (OMS)"
                continue
        matrix.lows.append(seg.lows[at])
        matrix.starts.append(start)
        matrix.ends.append(seg.ends[at])
        matrix.quotes.append(None)
        at += 1
    return matrix


@dataclass(slots=True)
class Speaker:
    """The words that name a speaker, and what stands in them."""

    start: int
    end: int
    surface: str
    name: str | None
    role: str | None
    gender: str | None = None
    pronoun: bool = False
